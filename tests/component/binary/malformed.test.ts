/**
 * Hostile bytes: only `DecodeError` and `ValidationError`, each with an offset inside the bytes, and always soon.
 * The streamed decoder must agree with the whole one, wherever the chunks end.
 */

import { readFileSync } from 'node:fs';
import {
  allFeatures,
  BinaryError,
  type ByteRange,
  ComponentStreamDecoder,
  type Definition,
  decode,
  readCoreModule,
} from '@gangway/component';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asyncText, component, everything, modulePreamble, preamble, section, text } from './assemble.ts';

const all = { features: allFeatures };
const samples: Uint8Array[] = await Promise.all([text(everything), text(asyncText)]);

/** Decodes; errors of ours are a result, anything else fails the test. Core modules are read too. */
function outcome(bytes: Uint8Array): 'ok' | BinaryError {
  try {
    visit(bytes, decode(bytes, all).definitions);
    return 'ok';
  } catch (error) {
    assert.instance(error, BinaryError);
    const { offset } = error as BinaryError;
    assert.ok(Number.isInteger(offset) && offset >= 0 && offset <= bytes.length, `${(error as Error).message}`);
    return error as BinaryError;
  }
}

function visit(bytes: Uint8Array, definitions: readonly Definition[]): void {
  for (const definition of definitions) {
    if (definition.kind === 'core-module') readCoreModule(bytes, definition.range);
    else if (definition.kind === 'component') visit(bytes, definition.component.definitions);
  }
}

/** The ends of the top-level sections: where a truncated component is a component again. */
function sectionEnds(bytes: Uint8Array): Set<number> {
  const ends = new Set([8]);
  for (let at = 8; at < bytes.length; ) {
    let size = 0;
    let shift = 0;
    let byte: number;
    at++;
    do {
      byte = bytes[at++] as number;
      size |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    at += size;
    ends.add(at);
  }
  return ends;
}

test('truncated at every byte: an error, except after a whole section', () => {
  for (const bytes of samples) {
    const ends = sectionEnds(bytes);
    assert.ok(ends.has(bytes.length));
    for (let length = 0; length < bytes.length; length++) {
      const result = outcome(bytes.slice(0, length));
      assert.is(result === 'ok', ends.has(length), `length ${length}: ${String(result)}`);
    }
  }
});

test('every bit flipped', () => {
  for (const bytes of samples) {
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      if (outcome(flipped) !== 'ok') refused++;
    }
    assert.ok(refused > 64, `${refused} flips refused`);
  }
});

test('the C example: truncated, and bytes changed, in sampled places', () => {
  const bytes = new Uint8Array(readFileSync(new URL('../../../examples/hello-c/hello.wasm', import.meta.url)));
  assert.is(outcome(bytes), 'ok');
  const ends = sectionEnds(bytes);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(bytes.length - 1), fc.nat(255), (length, at, byte) => {
      assert.is(outcome(bytes.subarray(0, length)) === 'ok', ends.has(length));
      const changed = bytes.slice();
      changed[at] = byte;
      outcome(changed);
    }),
    { numRuns: 400 },
  );
});

test('random bytes, as a file and as the contents of every section', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 15 }), (bytes, id) => {
      outcome(bytes);
      outcome(Uint8Array.from([...preamble, ...bytes]));
      outcome(component(section(id, [...bytes])));
      outcome(component(section(1, modulePreamble, [...bytes])));
    }),
    { numRuns: 3000 },
  );
});

test('vectors that claim to be huge cost nothing', () => {
  const started = process.threadCpuUsage();
  for (const id of [2, 3, 5, 6, 7, 8, 10, 11, 12]) {
    assert.instance(outcome(component(section(id, 0xff, 0xff, 0xff, 0xff, 0x0f, 0))), BinaryError);
  }
  const info = readCoreModule(component(section(1, modulePreamble, [1, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0])), {
    start: 10,
    end: 26,
  });
  assert.ok(info.problem);
  const { user, system } = process.threadCpuUsage(started);
  assert.ok(user + system < 200_000, `${user + system} microseconds`);
});

/** Streams in chunks that end at `cuts`. */
function stream(bytes: Uint8Array, cuts: readonly number[]): { ast: unknown; modules: [ByteRange, number[]][] } {
  const modules: [ByteRange, number[]][] = [];
  const decoder = new ComponentStreamDecoder({
    ...all,
    onModule: (range, module) => void modules.push([range, [...module]]),
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    decoder.push(bytes.slice(from, cut));
    from = cut;
  }
  return { ast: decoder.end(), modules };
}

test('a stream gives the same, wherever its chunks end', () => {
  for (const bytes of samples) {
    const ast = decode(bytes, all);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 }), (cuts) => {
        const streamed = stream(
          bytes,
          cuts.toSorted((a, b) => a - b),
        );
        assert.equal(streamed.ast, ast);
        assert.is(streamed.modules.length, 1);
        for (const [range, module] of streamed.modules) assert.equal(module, [...bytes.slice(range.start, range.end)]);
      }),
      { numRuns: 100 },
    );
    assert.equal(stream(bytes, [...bytes.keys()]).ast, ast);
  }
});

test('a stream fails exactly when the whole does', () => {
  const [bytes] = samples as [Uint8Array];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
      fc.nat(bytes.length),
      fc.array(fc.nat(bytes.length), { maxLength: 6 }),
      (edits, length, cuts) => {
        const broken = bytes.slice(0, length);
        for (const [at, byte] of edits) if (at < length) broken[at] = byte;
        const whole = outcome(broken);
        let streamed: unknown = 'ok';
        try {
          stream(
            broken,
            cuts.filter((cut) => cut <= length).toSorted((a, b) => a - b),
          );
        } catch (error) {
          streamed = error;
        }
        if (whole === 'ok') assert.is(streamed, 'ok');
        else assert.instance(streamed, BinaryError);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a module is handed out before the bytes after it come', async () => {
  const bytes = await text('(component (component (core module $a)) (core module $b (func (export "f"))) (component))');
  const seen: number[] = [];
  const decoder = new ComponentStreamDecoder({ onModule: (range) => void seen.push(range.end) });
  const early: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    decoder.push(bytes.subarray(i, i + 1));
    while (early.length < seen.length) early.push(i + 1);
  }
  assert.is(seen.length, 2);
  assert.equal(early, seen);
  decoder.end();
  assert.throws(() => decoder.push(new Uint8Array(1)), TypeError);
  assert.throws(() => decoder.end(), TypeError);
});

test('a stream reports an error with the bytes that cause it', () => {
  const decoder = new ComponentStreamDecoder();
  decoder.push(Uint8Array.from(preamble));
  assert.throws(
    () => decoder.push(Uint8Array.from([0x3c])),
    /^0x8: malformed section id: 60$|malformed section id: 60/,
  );
  assert.throws(() => new ComponentStreamDecoder().push(Uint8Array.from(modulePreamble)), /expected a version header/);
});

test.run();
