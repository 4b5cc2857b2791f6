/**
 * Strings by the strings module, by the loops, by TextEncoder and TextDecoder: what one says, all say. And who is asked when.
 */

import type { PlanType, TypeIndex } from '@gangway/component/plan';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CoreValue } from '../../../packages/host/src/abi/joins.ts';
import { stringAccess } from '../../../packages/host/src/abi/string-access.ts';
import { loadString, storeString } from '../../../packages/host/src/abi/strings.ts';
import { AbiTrap } from '../../../packages/host/src/call/abi-trap.ts';
import { unicodeText } from '../../support/unicode.ts';
import { abis, FakeGuest, type FakeOptions, makeExport, PAGE, ROOT_FLAGS } from './fake-guest.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Both guests; the first uses the module. */
function guests(options: FakeOptions = {}): [FakeGuest, FakeGuest] {
  const both: [FakeGuest, FakeGuest] = [new FakeGuest({ ...options, strings: true }), new FakeGuest(options)];
  return both;
}

interface Stored {
  readonly address: number;
  readonly bytes: string;
  readonly reallocs: readonly number[][];
}

function store(guest: FakeGuest, text: string): Stored {
  guest.reallocs.length = 0;
  const side = guest.side_;
  const address = storeString(side, text);
  assert.is(side.tagged, false);
  assert.is(guest.words[ROOT_FLAGS], 1, 'may leave again');
  return {
    address,
    bytes: Buffer.from(guest.bytes.subarray(address, address + side.length)).toString('hex'),
    reallocs: [...guest.reallocs],
  };
}

/** The text, or the code of the trap. */
function load(guest: FakeGuest, address: number, length: number): string | { code: string } {
  const { memory } = guest.side_;
  if (memory.u8.length === 0) memory.refresh();
  try {
    return loadString(guest.side_, address, length);
  } catch (error) {
    if (error instanceof AbiTrap) return { code: error.code };
    throw error;
  }
}

/** Texts with characters of all lengths, unpaired surrogates, and byte order marks. */
const texts = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 12 }) },
      unicodeText({ maxLength: 6 }),
      fc.constantFrom('\x7f', '\x80', '\u07ff', '\u0800', '\ufeff', '\uffff', '\u{10000}', '\u{10ffff}'),
      fc.constantFrom('\ud800', '\udbff', '\udc00', '\udfff', '\ud800\ud800\udc00'),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

test('stores what TextEncoder makes, with the calls of realloc that the loops make', () => {
  const [fast, slow] = guests();
  fc.assert(
    fc.property(texts, (text) => {
      // The bump allocators must agree on where the next string goes.
      fast.top = slow.top = 1024;
      const stored = store(fast, text);
      assert.equal(stored, store(slow, text));
      assert.is(stored.bytes, Buffer.from(encoder.encode(text)).toString('hex'));
    }),
    { numRuns: 2000 },
  );
});

test('every length around the boundaries', () => {
  const [fast, slow] = guests();
  for (const character of ['x', 'é', '☃', '𝄞', 'x☃']) {
    for (let length = 0; length <= 260; length++) {
      const text = character.repeat(length);
      fast.top = slow.top = 1024;
      const stored = store(fast, text);
      assert.equal(stored, store(slow, text));
      const bytes = stored.bytes.length / 2;
      assert.is(load(fast, stored.address, bytes), text);
      assert.is(load(slow, stored.address, bytes), text);
    }
  }
});

/** Bytes that are nearly UTF-8. */
const nearly = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: texts.map((text) => [...encoder.encode(text.slice(0, 12))]) },
      fc.array(fc.integer({ min: 0x78, max: 0xff }), { maxLength: 5 }),
      fc.constantFrom(
        [0xc0, 0x80],
        [0xe0, 0x9f, 0xbf],
        [0xed, 0xa0, 0x80],
        [0xf0, 0x8f, 0xbf, 0xbf],
        [0xf4, 0x90, 0x80, 0x80],
      ),
    ),
    { maxLength: 6 },
  )
  .chain((parts) => {
    const bytes = parts.flat();
    return fc.integer({ min: 0, max: 3 }).map((cut) => bytes.slice(0, bytes.length - cut));
  });

test('loads what TextDecoder decodes, and refuses what it refuses, with the codes that the loops give', () => {
  const [fast, slow] = guests();
  let refused = 0;
  fc.assert(
    fc.property(nearly, fc.integer({ min: 0, max: 7 }), (bytes, offset) => {
      const at = 2048 + offset;
      for (const guest of [fast, slow]) guest.bytes.set(bytes, at);
      const loaded = load(fast, at, bytes.length);
      assert.equal(loaded, load(slow, at, bytes.length));
      let wanted: string | null = null;
      try {
        wanted = decoder.decode(Uint8Array.from(bytes));
      } catch {
        refused++;
      }
      assert.is(typeof loaded === 'string' ? loaded : null, wanted);
    }),
    { numRuns: 3000 },
  );
  assert.ok(refused > 300, `only ${refused} were ill-formed`);
});

test('all sequences of two bytes, and all first bytes with what may follow them', () => {
  const [fast] = guests();
  load(fast, 0, 0);
  const { strings } = fast.side_;
  assert.ok(strings !== null);
  const { bytes } = fast;
  const check = (...sequence: number[]): void => {
    bytes.set(sequence, 4096);
    let wanted: string | null = null;
    try {
      wanted = decoder.decode(Uint8Array.from(sequence));
    } catch {
      // Ill-formed.
    }
    assert.is(strings.load(4096, sequence.length), wanted, sequence.join(' '));
  };
  const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) check(first, second);
    if (first < 0xdf) continue;
    for (const second of edges) {
      for (const third of edges) {
        check(first, second, third);
        for (const fourth of edges) check(first, second, third, fourth);
      }
    }
  }
});

test('bounds: up to the last byte of the memory and no further', () => {
  const [fast, slow] = guests();
  const end = 2 * PAGE;
  for (const guest of [fast, slow]) {
    guest.bytes.fill(0x61, end - 8);
    assert.is(load(guest, end - 8, 8), 'aaaaaaaa');
    assert.is(load(guest, end, 0), '');
    assert.equal(load(guest, end - 8, 9), { code: 'string-out-of-bounds' });
    assert.equal(load(guest, end + 1, 0), { code: 'string-out-of-bounds' });
    assert.equal(load(guest, 2 ** 32 - 4, 16), { code: 'string-out-of-bounds' });
    assert.equal(load(guest, 0, 2 ** 32 - 1), { code: 'string-too-long' });
  }
});

test('what realloc returns is checked, and its traps pass through', () => {
  for (const text of ['sixteen bytes ok', 'ein schöner Täg☃', '']) {
    const size = encoder.encode(text).length;
    for (const [at, code] of [
      [2 * PAGE - size, null],
      [2 * PAGE - size + 1, 'realloc-out-of-bounds'],
      [2 ** 32 - 1, 'realloc-out-of-bounds'],
    ] as const) {
      for (const guest of guests({ realloc: () => at })) {
        if (code === null) assert.is(store(guest, text).address, at);
        else
          assert.throws(
            () => store(guest, text),
            (error: unknown) => error instanceof AbiTrap && error.code === code,
          );
      }
    }
    const failure = new Error('out of memory');
    const realloc = (): number => {
      throw failure;
    };
    for (const guest of guests({ realloc }))
      assert.throws(
        () => store(guest, text),
        (error: unknown) => error === failure,
      );
  }
});

test('may not leave while realloc runs', () => {
  for (const strings of [true, false]) {
    const seen: (number | undefined)[] = [];
    const guest: FakeGuest = new FakeGuest({
      strings,
      realloc: () => {
        seen.push(guest.words[ROOT_FLAGS]);
        return 1024;
      },
    });
    store(guest, 'sixteen bytes ok');
    assert.equal(seen, [0]);
  }
});

test('a memory that grows in realloc', () => {
  const [fast, slow] = guests();
  for (let i = 0; i < 3000; i++) {
    // The bump allocator reaches the end of the memory again and again.
    const text = `${'n°'.repeat(i % 40)} ${i}`;
    const stored = store(fast, text);
    assert.equal(stored, store(slow, text));
    assert.is(load(fast, stored.address, stored.bytes.length / 2), text);
  }
  assert.ok(fast.memory.buffer.byteLength > 2 * PAGE);
  assert.is(fast.side_.memory.u8.length, fast.memory.buffer.byteLength);
});

test('ropes, slices and what an engine keeps in other ways', () => {
  const [fast] = guests();
  let rope = '';
  for (let i = 0; i < 20; i++) rope = rope + String(i) + (i % 7 === 0 ? 'é' : '');
  const slice = `${'long enough to be a slice of it'.repeat(3)}☃`.slice(20, 70);
  for (const text of [rope, slice, Symbol('text').description as string, `${1.5}`, 'A'.toLowerCase()]) {
    const stored = store(fast, text);
    assert.is(load(fast, stored.address, stored.bytes.length / 2), text);
  }
});

const t = (index: number): TypeIndex => index as TypeIndex;
const types: readonly PlanType[] = [
  { kind: 'string' },
  { kind: 'f64' },
  {
    kind: 'record',
    fields: [
      { name: 'x', type: t(1) },
      { name: 'label', type: t(0) },
    ],
  },
  { kind: 'option', type: t(2) },
  { kind: 'list', element: t(3), length: null },
];

test('lists of records with strings: may-leave is cleared for all of them together', () => {
  const { lift } = abis(types, [['items', 4]], 4);
  const list = fc.array(
    fc.option(fc.record({ x: fc.double(), label: fc.oneof(texts, fc.constantFrom('y'.repeat(97), 'é'.repeat(150))) }), {
      nil: undefined,
    }),
    { maxLength: 12 },
  );
  const flags: (number | undefined)[] = [];
  const [fast, slow] = [true, false].map((strings) => {
    const guest: FakeGuest = new FakeGuest({ strings });
    const { side_: side } = guest;
    const { realloc } = side;
    // What the word says is looked at through the real realloc.
    Object.defineProperty(side, 'realloc', {
      value: (...args: number[]) => {
        flags.push(guest.words[ROOT_FLAGS]);
        return realloc!(...args);
      },
    });
    return { guest, echo: makeExport(guest, lift, (address, length) => result(guest, address, length), 'auto') };
  }) as [Echo, Echo];
  fc.assert(
    fc.property(list, (items) => {
      fast.guest.top = slow.guest.top = 1024;
      const wanted = items.map((item) => item && { x: item.x, label: item.label.toWellFormed() });
      assert.equal(fast.echo(items), wanted);
      assert.equal(slow.echo(items), wanted);
      assert.equal(fast.guest.reallocs.splice(0), slow.guest.reallocs.splice(0));
      assert.is(fast.guest.words[ROOT_FLAGS]! & 1, 1);
    }),
    { numRuns: 300 },
  );
  assert.ok(flags.length > 1000);
  assert.ok(flags.every((word) => (word! & 1) === 0));
});

interface Echo {
  readonly guest: FakeGuest;
  readonly echo: (items: unknown) => unknown;
}

/** A result in memory: the pair itself. */
function result(guest: FakeGuest, address: CoreValue, length: CoreValue): number {
  guest.view.setInt32(16, address as number, true);
  guest.view.setInt32(20, length as number, true);
  return 16;
}

test('lists longer than what arrays are made for at once', () => {
  const { lift } = abis(types, [['items', 4]], 4);
  const guest = new FakeGuest({ strings: true });
  const echo = makeExport(guest, lift, (address, length) => result(guest, address, length), 'auto');
  const items = Array.from({ length: 70_000 }, (_, i) => (i % 3 === 0 ? { x: i / 2, label: `${i}` } : undefined));
  const echoed = echo(items) as typeof items;
  assert.is(echoed.length, items.length);
  assert.equal(echoed[69_999], { x: 34_999.5, label: '69999' });
  assert.ok(echoed.every((item, i) => item?.label === items[i]?.label));
});

test('after so many strings a side asks once; sides with the same memory and realloc share what there is', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const realloc = (): number => 0;
  const access = stringAccess(memory, realloc);
  assert.ok(access !== null);
  assert.is(stringAccess(memory, realloc), access);
  assert.is.not(stringAccess(memory, null), access);
  assert.is(stringAccess(memory, null)?.load(0, 0), '');

  const asked: number[] = [];
  const prepared: number[] = [];
  let strings = 0;
  const guest = new FakeGuest({
    stringsOption: {
      after: 10,
      prepare: () => {
        prepared.push(strings);
      },
      // Loaded by the second time.
      find: (...all) => {
        asked.push(strings);
        return asked.length === 1 ? undefined : stringAccess(...all);
      },
    },
  });
  for (; strings < 100; strings++) {
    const { address, bytes } = store(guest, 'text');
    assert.is(load(guest, address, bytes.length / 2), 'text');
    strings++;
  }
  assert.equal(asked, [10, 20]);
  assert.equal(prepared, [0, 10], 'says beforehand that it will ask');
});

test('loops where there can be no module: 64-bit and shared memories, other encodings', () => {
  const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  assert.is(stringAccess(shared, null), null);
  assert.is(stringAccess(new WebAssembly.Memory({ initial: 1n, address: 'i64' } as never), null), null);
  for (const options of [{ address: 'i64' }, { encoding: 'utf16' }, { encoding: 'latin1+utf16' }] as const) {
    const guest = new FakeGuest({ ...options, strings: true });
    const text = 'ein schöner Täg☃';
    const address = storeString(guest.side_, text);
    const { length, tagged } = guest.side_;
    assert.is(loadString(guest.side_, address, tagged ? length + 2 ** 31 : length), text);
    assert.is(guest.side_.strings, null);
  }
});

test.run();
