/** Bad input: truncated and bit-flipped copies of the example component fail with an offset, never with an internal error. */
import { readFile } from 'node:fs/promises';
import { BinaryError, compile } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const bytes = new Uint8Array(await readFile(new URL('../../../examples/hello-c/hello.wasm', import.meta.url)));
// The code generator is loaded once, and not in the time of a copy.
await compile(bytes);
/** Milliseconds that one copy may take. */
const LIMIT = 2000;

/** A small generator of numbers (xorshift32), so that a failure can be had again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

async function refused(copy: Uint8Array<ArrayBuffer>, what: string): Promise<boolean> {
  const start = performance.now();
  let failure: unknown;
  try {
    await compile(copy);
  } catch (error) {
    failure = error;
  }
  const took = performance.now() - start;
  assert.ok(took < LIMIT, `${what} took ${took} ms`);
  if (failure === undefined) return false;
  const known = failure instanceof BinaryError || failure instanceof WebAssembly.CompileError;
  assert.ok(known, `${what}: ${String(failure)}`);
  assert.match((failure as Error).message, /^0x[0-9a-f]+: /);
  return true;
}

test('truncated copies', async () => {
  const next = numbers(20261122);
  const lengths = [
    ...Array.from({ length: 60 }, (_, i) => i),
    ...Array.from({ length: 150 }, () => next() % bytes.length),
  ];
  for (const length of lengths) {
    const whole = await refused(bytes.slice(0, length), `the first ${length} bytes`);
    // Cut between two sections, it may be a smaller component.
    assert.ok(whole || length >= 8);
  }
});

test('bit-flipped copies', async () => {
  const next = numbers(6281640);
  let count = 0;
  for (let i = 0; i < 400; i++) {
    const copy = bytes.slice();
    // Half of the flips hit the component's own sections, which stand behind the large core module.
    const at = i % 2 === 0 ? next() % bytes.length : bytes.length - 1 - (next() % 6000);
    const bit = next() % 8;
    copy[at]! ^= 1 << bit;
    if (await refused(copy, `bit ${bit} of byte ${at} flipped`)) count += 1;
  }
  assert.ok(count > 50, `${count} refused`);
});

test.run();
