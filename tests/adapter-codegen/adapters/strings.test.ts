import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'uvu';
import type { TrapCode } from '../../../packages/component/src/traps.ts';
import { CALLEE, CALLER, type CoreValue, Fused, type Guest, type Linked, Types } from './fused.ts';

type Encoding = 'utf8' | 'utf16' | 'latin1+utf16';
const encodings: readonly Encoding[] = ['utf8', 'utf16', 'latin1+utf16'];
const pairs = encodings.flatMap((from) => encodings.map((to) => ({ from, to })));

/** A string in the caller's memory, in one of the forms that its encoding allows. */
interface Encoded {
  readonly bytes: Uint8Array;
  /** Code units, without the tag. */
  readonly units: number;
  readonly tagged: boolean;
  readonly form: 'utf8' | 'utf16' | 'latin1';
}

const utf8 = (bytes: Uint8Array): Encoded => ({ bytes, units: bytes.length, tagged: false, form: 'utf8' });
const utf16 = (bytes: Uint8Array, tagged: boolean): Encoded => ({
  bytes,
  units: bytes.length / 2,
  tagged,
  form: 'utf16',
});
const latin1 = (bytes: Uint8Array): Encoded => ({ bytes, units: bytes.length, tagged: false, form: 'latin1' });

function utf16Bytes(units: Iterable<number>): Uint8Array {
  return new Uint8Array(Uint16Array.from(units).buffer);
}
function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}
const isLatin1 = (text: string): boolean => unitsOf(text).every((unit) => unit < 0x100);

/** Every form of `text` that a guest with this encoding may pass. */
function formsOf(text: string, encoding: Encoding): Encoded[] {
  if (encoding === 'utf8') return [utf8(new TextEncoder().encode(text))];
  if (encoding === 'utf16') return [utf16(utf16Bytes(unitsOf(text)), false)];
  const wide = utf16(utf16Bytes(unitsOf(text)), true);
  return isLatin1(text) ? [latin1(Uint8Array.from(unitsOf(text))), wide] : [wide];
}

/** definitions.py `store_string_into_range`: old size, alignment and new size of each realloc, and what is stored. */
function store(text: string, source: Encoded, to: Encoding): { reallocs: number[][]; stored: Encoded } {
  const n = source.units;
  const as8 = new TextEncoder().encode(text);
  const as16 = utf16Bytes(unitsOf(text));
  const grown = (first: number, align: number, worst: number, size: number): number[][] => [
    [0, align, first],
    [first, align, worst],
    ...(size < worst ? [[worst, align, size]] : []),
  ];
  if (to === 'utf8') {
    const stored = utf8(as8);
    if (source.form === 'utf8' || as8.length === n) return { reallocs: [[0, 1, n]], stored };
    return { reallocs: grown(n, 1, n * (source.form === 'utf16' ? 3 : 2), as8.length), stored };
  }
  if (to === 'utf16') {
    const shrink = source.form === 'utf8' && as16.length < 2 * n ? [[2 * n, 2, as16.length]] : [];
    return { reallocs: [[0, 2, 2 * n], ...shrink], stored: utf16(as16, false) };
  }
  const narrow = isLatin1(text);
  const stored = narrow ? latin1(Uint8Array.from(unitsOf(text))) : utf16(as16, true);
  if (source.form === 'latin1') return { reallocs: [[0, 2, n]], stored };
  if (source.tagged) return { reallocs: [[0, 2, 2 * n], ...(narrow ? [[2 * n, 1, n]] : [])], stored };
  if (!narrow) return { reallocs: grown(n, 2, 2 * n, as16.length), stored };
  return { reallocs: [[0, 2, n], ...(stored.units < n ? [[n, 2, stored.units]] : [])], stored };
}

const modules = new Map<string, Promise<Fused>>();
function transcoder(from: Encoding, to: Encoding, fromAddress: 'i32' | 'i64' = 'i32', toAddress = fromAddress) {
  const key = `${from} ${to} ${fromAddress} ${toAddress}`;
  let made = modules.get(key);
  if (made === undefined) {
    const types = new Types();
    const params = [types.add({ kind: 'string' })];
    made = Fused.make({
      types,
      params,
      caller: { encoding: from, address: fromAddress },
      callee: { encoding: to, address: toAddress },
    });
    modules.set(key, made);
  }
  return made;
}

function tag(guest: Guest): bigint {
  return guest.address === 'i64' ? 1n << 63n : 1n << 31n;
}

function lengthOf(guest: Guest, encoded: Encoded): CoreValue {
  const length = BigInt(encoded.units) | (encoded.tagged ? tag(guest) : 0n);
  return guest.address === 'i64' ? length : Number(length);
}

/** What the callee was given. */
interface Received {
  pointer: number;
  units: number;
  tagged: boolean;
}

function linkReceiver(fused: Fused): { linked: Linked; received: Received[] } {
  const received: Received[] = [];
  const linked = fused.link((pointer, length) => {
    const raw = typeof length === 'bigint' ? BigInt.asUintN(64, length) : BigInt((length as number) >>> 0);
    const mark = tag(linked.callee);
    received.push({
      pointer: typeof pointer === 'bigint' ? Number(pointer) : (pointer as number) >>> 0,
      units: Number(raw & ~mark),
      tagged: (raw & mark) !== 0n,
    });
  });
  return { linked, received };
}

function send(linked: Linked, source: Encoded, slack = 0): void {
  const align = linked.caller.put(source.bytes, 2, slack);
  linked.call(linked.caller.core(align), lengthOf(linked.caller, source));
}

function check(linked: Linked, received: Received[], text: string, source: Encoded, to: Encoding, slack = 0): void {
  linked.callee.reallocs.length = 0;
  received.length = 0;
  send(linked, source, slack);
  const want = store(text, source, to);
  assert.deepEqual(
    linked.callee.reallocs.map(([, ...rest]) => rest),
    want.reallocs,
  );
  const [got] = received;
  assert.ok(got !== undefined);
  const { stored } = want;
  assert.deepEqual({ units: got.units, tagged: got.tagged }, { units: stored.units, tagged: stored.tagged });
  assert.deepEqual(
    linked.callee.bytes.slice(got.pointer, got.pointer + stored.bytes.length),
    new Uint8Array(stored.bytes),
  );
  assert.ok(linked.atRest());
}

const alphabets = [
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.integer({ min: 0, max: 0xff }),
  fc.integer({ min: 0x80, max: 0x7ff }),
  fc.integer({ min: 0x800, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0xffff }),
  fc.integer({ min: 0x10000, max: 0x10ffff }),
];
/** Runs of one alphabet, so that fast paths are entered and left in the middle of strings. */
const run = fc
  .tuple(fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4, 5), fc.nat({ max: 40 }))
  .chain(([which, length]) => fc.array(alphabets[which]!, { minLength: length, maxLength: length }));
const anyText = fc
  .array(run, { maxLength: 4 })
  .map((runs) => runs.map((points) => String.fromCodePoint(...points)).join(''));

for (const { from, to } of pairs) {
  test(`${from} to ${to}: what the platform's encoders say, with the reallocs of the specification`, async () => {
    const fused = await transcoder(from, to);
    const { linked, received } = linkReceiver(fused);
    fc.assert(
      fc.property(anyText, fc.nat({ max: 3 }), (text, slack) => {
        linked.caller.next = linked.callee.next = 1024;
        for (const source of formsOf(text, from)) {
          check(linked, received, text, source, to, from === 'utf8' ? slack : slack & 2);
        }
      }),
      { numRuns: 60 },
    );
  });

  test(`${from} to ${to}: every length across the fast paths, with one odd character at every place`, async () => {
    const fused = await transcoder(from, to);
    const { linked, received } = linkReceiver(fused);
    for (const length of [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33]) {
      for (const odd of ['', 'ÿ', 'Ā', '\ufeff', '\u{10ffff}']) {
        for (let at = 0; at <= length; at += odd === '' ? length + 1 : 1 + (at >> 2)) {
          linked.caller.next = linked.callee.next = 1024;
          const text = 'x'.repeat(at) + odd + 'y'.repeat(length - at);
          for (const source of formsOf(text, from)) check(linked, received, text, source, to);
        }
      }
    }
  });
}

for (const [fromAddress, toAddress] of [
  ['i64', 'i64'],
  ['i64', 'i32'],
  ['i32', 'i64'],
] as const) {
  test(`all pairs, ${fromAddress} to ${toAddress}`, async () => {
    for (const { from, to } of pairs) {
      const fused = await transcoder(from, to, fromAddress, toAddress);
      const { linked, received } = linkReceiver(fused);
      for (const text of [
        '',
        'a',
        'ascii and more than sixteen of them',
        'é'.repeat(20),
        'Ω'.repeat(9),
        'x☃🍰y'.repeat(7),
      ]) {
        for (const source of formsOf(text, from)) check(linked, received, text, source, to);
      }
    }
  });
}

// --- what is not a string -------------------------------------------------------------------------------------------

/** Rust's and WHATWG's reading of a broken sequence: cut short by the end, or wrong. */
function utf8Fault(bytes: Uint8Array): TrapCode | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return undefined;
  } catch {
    // A streaming decoder accepts a prefix of a character, and only that.
    try {
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
      return 'incomplete-utf8';
    } catch {
      return 'invalid-utf8';
    }
  }
}

/** Bytes that are nearly UTF-8. */
const nearlyUtf8 = fc
  .tuple(
    anyText,
    fc.array(
      fc.tuple(fc.nat(), fc.constantFrom(0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff, 0xa0, 0x9f, 0x90)),
      {
        maxLength: 3,
      },
    ),
    fc.nat({ max: 3 }),
  )
  .map(([text, changes, cut]) => {
    const bytes = new TextEncoder().encode(text);
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes.subarray(0, Math.max(0, bytes.length - cut));
  });

for (const to of encodings) {
  test(`bad UTF-8 to ${to}`, async () => {
    const { linked } = linkReceiver(await transcoder('utf8', to));
    let faults = 0;
    fc.assert(
      fc.property(fc.oneof(nearlyUtf8, fc.uint8Array({ maxLength: 8 })), (bytes) => {
        const want = utf8Fault(bytes);
        linked.caller.next = linked.callee.next = 1024;
        const got = linked.trap(linked.caller.put(bytes), bytes.length);
        assert.equal(got?.code, want);
        if (want !== undefined) {
          faults += 1;
          assert.equal(got?.instance, CALLER);
          reset(linked);
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(faults > 20);
  });

  test(`all sequences of two bytes and the borders of longer ones to ${to}`, async () => {
    const fused = await transcoder('utf8', to);
    const { linked } = linkReceiver(fused);
    const seconds = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    const sequences: number[][] = [];
    for (let lead = 0x7f; lead <= 0xff; lead += 1) {
      sequences.push([lead]);
      for (const second of seconds) {
        sequences.push([lead, second], [lead, second, 0x80], [lead, second, 0x80, 0xbf], [lead, second, 0x41, 0x80]);
      }
    }
    for (const sequence of sequences) {
      linked.caller.next = linked.callee.next = 1024;
      const bytes = Uint8Array.from(sequence);
      const got = linked.trap(linked.caller.put(bytes), bytes.length);
      assert.equal(got?.code, utf8Fault(bytes), sequence.map((byte) => byte.toString(16)).join(' '));
      // The store is not locked here, so that the next sequence can be tried: what a trap leaves behind is put right.
      if (got !== undefined) reset(linked);
    }
  });

  for (const from of ['utf16', 'latin1+utf16'] as const) {
    test(`bad UTF-16 from ${from} to ${to}`, async () => {
      const { linked } = linkReceiver(await transcoder(from, to));
      const unit = fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
        fc.constantFrom(0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xff, 0x100),
      );
      let faults = 0;
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
          const text = String.fromCharCode(...units);
          linked.caller.next = linked.callee.next = 1024;
          const source = utf16(utf16Bytes(units), from !== 'utf16');
          const got = linked.trap(linked.caller.put(source.bytes, 2), lengthOf(linked.caller, source));
          assert.equal(got?.code, text.isWellFormed() ? undefined : 'invalid-utf16');
          if (got === undefined) return;
          faults += 1;
          reset(linked);
        }),
        { numRuns: 300 },
      );
      assert.ok(faults > 20);
    });
  }
}

function reset(linked: Linked): void {
  const { storeContext } = linked.context;
  storeContext.trapCode = 0;
  if (storeContext.frame !== 0) storeContext.spillPointer = storeContext.frame;
  storeContext.frame = 0;
  linked.flags(CALLER).bits = 3;
  linked.flags(CALLEE).bits = 1;
}

test('where a string may not be', async () => {
  const memory = 65_536;
  const cases: [Encoding, number, number, TrapCode | undefined][] = [
    ['utf8', memory, 0, undefined],
    ['utf8', memory + 1, 0, 'string-content-out-of-bounds'],
    ['utf8', memory - 1, 2, 'string-content-out-of-bounds'],
    ['utf8', 0x8000_0000, 1, 'string-content-out-of-bounds'],
    ['utf8', 0xffff_ffff, 1, 'string-content-out-of-bounds'],
    ['utf8', 0, 2 ** 28 - 1, 'string-content-out-of-bounds'],
    ['utf8', 0, 2 ** 28, 'string-too-long'],
    ['utf8', 0, 0xffff_ffff, 'string-too-long'],
    ['utf16', 1, 0, 'unaligned-pointer'],
    ['utf16', memory, 0, undefined],
    ['utf16', memory - 2, 2, 'string-content-out-of-bounds'],
    ['utf16', 1, 2 ** 27, 'string-too-long'],
    ['utf16', 0, 2 ** 27 - 1, 'string-content-out-of-bounds'],
    ['latin1+utf16', 1, 0, 'unaligned-pointer'],
    ['latin1+utf16', 1, 0x8000_0000, 'unaligned-pointer'],
    ['latin1+utf16', memory - 2, 2, undefined],
    ['latin1+utf16', memory - 2, 3, 'string-content-out-of-bounds'],
    ['latin1+utf16', memory - 2, 0x8000_0002, 'string-content-out-of-bounds'],
    ['latin1+utf16', 0, 0x8800_0000, 'string-too-long'],
    ['latin1+utf16', 0, 0x1000_0000, 'string-too-long'],
  ];
  for (const [from, pointer, length, want] of cases) {
    for (const to of encodings) {
      const { linked } = linkReceiver(await transcoder(from, to));
      const got = linked.trap(pointer, length);
      assert.equal(got?.code, want, `${from} to ${to}, ${pointer}, ${length}`);
      if (want !== undefined) assert.deepEqual([got?.instance, linked.callee.reallocs.length], [CALLER, 0]);
    }
  }
});

test('a realloc that returns nonsense, at each of its calls', async () => {
  // Per pair: a string for which realloc is called as often as it can be.
  for (const { from, to } of pairs) {
    const fused = await transcoder(from, to);
    for (const source of [...formsOf('xé☃', from), ...formsOf('xé', from)]) {
      const text = isLatin1(new TextDecoder().decode(source.bytes)) ? 'xé' : 'xé☃';
      const probe = linkReceiver(fused);
      send(probe.linked, source);
      const calls = probe.linked.callee.reallocs;
      for (let bad = 0; bad < calls.length; bad += 1) {
        for (const [pointer, code] of [
          [-1, (calls[bad]?.[2] ?? 1) > 1 ? 'unaligned-pointer' : 'string-content-out-of-bounds'],
          [-2, 'string-content-out-of-bounds'],
          [65_537, (calls[bad]?.[2] ?? 1) > 1 ? 'unaligned-pointer' : 'string-content-out-of-bounds'],
          [65_536, (calls[bad]?.[3] ?? 0) > 0 ? 'string-content-out-of-bounds' : undefined],
        ] as const) {
          const { linked } = linkReceiver(fused);
          let call = 0;
          const { callee } = linked;
          callee.onRealloc = (old, oldSize, align, size) => {
            if (call++ === bad) return pointer;
            return old !== 0 && size <= oldSize ? old : callee.reserve(size, align);
          };
          const at = linked.caller.put(source.bytes, 2);
          const got = linked.trap(at, lengthOf(linked.caller, source));
          assert.equal(got?.code, code, `${from} to ${to}, ${text}, call ${bad}, ${pointer}`);
          if (code !== undefined) assert.equal(got?.instance, CALLEE);
        }
      }
    }
  }
});

test('a string that ends at the end of the memory', async () => {
  for (const { from, to } of pairs) {
    const { linked, received } = linkReceiver(await transcoder(from, to));
    for (const text of ['x', 'é', 'sixteen letters!', 'sixteen letters!é', '☃'.repeat(8)]) {
      for (const source of formsOf(text, from)) {
        const pointer = 65_536 - source.bytes.length;
        if (pointer % 2 !== 0 && from !== 'utf8') continue;
        linked.caller.bytes.set(source.bytes, pointer);
        received.length = 0;
        linked.call(pointer, lengthOf(linked.caller, source));
        const want = store(text, source, to).stored;
        const [got] = received;
        assert.deepEqual(
          linked.callee.bytes.slice(got!.pointer, got!.pointer + want.bytes.length),
          new Uint8Array(want.bytes),
        );
      }
    }
  }
});

test.run();
