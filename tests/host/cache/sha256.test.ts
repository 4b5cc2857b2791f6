/** Our own SHA-256, as both back ends write it, against Node's. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emitSha256, sha256Layout } from '../../../packages/adapter-codegen/src/sha256.ts';
import { checksum, sha256 } from '../../../packages/host/src/cache/sha256.ts';
import { SHA256_MODULE } from '../../../packages/host/src/cache/sha256-module.ts';

const wanted = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const got = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => Buffer.from(await sha256(bytes)).toString('hex');

test('every length around the ends of blocks and of pieces', async () => {
  const pieces = 65536 - sha256Layout.blocks;
  const bytes = Uint8Array.from({ length: 3 * pieces }, (_, i) => (i * 2654435761) >>> 13);
  const ends = [0, 64, 128, 192, pieces, 2 * pieces];
  const lengths = new Set(ends.flatMap((end) => Array.from({ length: 20 }, (_, i) => end + i - 10)));
  for (const length of lengths) {
    if (length >= 0) assert.is(await got(bytes.slice(0, length)), wanted(bytes.subarray(0, length)), `${length} bytes`);
  }
});

test('any bytes, and views that begin anywhere', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.nat(40), async (bytes, skip) => {
    const view = new Uint8Array(bytes).subarray(Math.min(skip, bytes.length));
    assert.is(await got(view), wanted(view));
  });
  await fc.assert(property, { numRuns: 300 });
});

test('the checksum of words: every piece, and one bit anywhere', () => {
  const words = new Uint32Array(40_000).map((_, i) => Math.imul(i, 2654435761));
  const wantedSum = (count: number): number => {
    let sum = 4 * count;
    for (const word of words.subarray(0, count)) {
      sum = Math.imul(sum ^ word, 0x9e3779b1);
      sum ^= sum >>> 15;
    }
    return sum >>> 0;
  };
  const bytes = new Uint8Array(words.buffer);
  for (const count of [0, 1, 2, 16_191, 16_192, 16_193, 32_384, 40_000]) {
    assert.is(checksum(bytes.subarray(0, 4 * count)), wantedSum(count), `${count} words`);
  }
  const good = checksum(bytes);
  for (const at of [0, 3, 64_767, 64_768, bytes.length - 1]) {
    bytes[at]! ^= 0x20;
    assert.is.not(checksum(bytes), good);
    bytes[at]! ^= 0x20;
  }
});

test('long inputs, which the platform hashes', async () => {
  for (const length of [2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1]) {
    const bytes = new Uint8Array(length).fill(length & 0xff);
    assert.is(await got(bytes), wanted(bytes));
  }
});

test('the host has the bytes of the direct writer, without names; binaryen writes the same function', async () => {
  const emitted = Buffer.from(await emitSha256('direct'));
  const kept = Buffer.from(SHA256_MODULE, 'base64');
  assert.ok(kept.length > 500);
  assert.equal(emitted.subarray(0, kept.length), kept, 'run scripts/kept-modules.ts');
  assert.is(emitted[kept.length], 0);
  const results = [kept, await emitSha256('binaryen')].map((bytes) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const words = new Uint8Array(memory.buffer).map((_, i) => (i * 40503) >>> 5);
    new Uint8Array(memory.buffer).set(words);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), { host: { memory } });
    (exports['blocks'] as (at: number, end: number) => void)(sha256Layout.blocks, sha256Layout.blocks + 64 * 40);
    return new Uint8Array(memory.buffer).slice(sha256Layout.hash, sha256Layout.hash + 32);
  });
  assert.equal(results[0], results[1]);
});

test.run();
