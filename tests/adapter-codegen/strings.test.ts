/**
 * The strings module by both back ends: valid, without imports left over, of the same behaviour; and the bytes that the host
 * has are the direct writer's. What the functions do is tested in tests/host/abi/strings.test.ts.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emitStrings } from '../../packages/adapter-codegen/src/strings.ts';
import { STRINGS_MODULE } from '../../packages/host/src/abi/strings-module.ts';

interface Strings {
  store(text: string): number;
  load(address: number, bytes: number): string | null;
}

const Module = WebAssembly.Module as new (bytes: Uint8Array<ArrayBuffer>, options: object) => WebAssembly.Module;

function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Strings {
  const module = new Module(bytes, { builtins: ['js-string'] });
  assert.equal(WebAssembly.Module.imports(module), [
    { module: 'guest', name: 'memory', kind: 'memory' },
    { module: 'guest', name: 'realloc', kind: 'function' },
  ]);
  const realloc = (_old: number, _size: number, _align: number, bytes: number): number => 65536 - bytes;
  return new WebAssembly.Instance(module, { guest: { memory, realloc } }).exports as unknown as Strings;
}

test('both back ends write the same functions', async () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [direct, binaryen] = [
    instantiate(await emitStrings('direct'), memory),
    instantiate(await emitStrings('binaryen'), memory),
  ];
  const bytes = new Uint8Array(memory.buffer);
  const encoder = new TextEncoder();
  for (const text of [
    '',
    'a',
    'abcd',
    'sixteen bytes ok',
    'é',
    '☃x',
    '𝄞',
    'ab\ud800',
    '\udc00☃',
    'x'.repeat(255),
    'é'.repeat(128),
  ]) {
    const encoded = encoder.encode(text);
    const wanted = 65536 - encoded.length + encoded.length * 2 ** 32;
    for (const { store, load } of [direct, binaryen]) {
      bytes.fill(0);
      assert.is(store(text), wanted);
      assert.equal(bytes.slice(65536 - encoded.length), encoded);
      assert.is(load(65536 - encoded.length, encoded.length), text.toWellFormed());
      assert.is(load(65537 - encoded.length, encoded.length), null, 'out of bounds');
    }
  }
  // Strings that are cut off, with bytes behind them that would complete them.
  bytes.set([0xc3, 0xa9, 0xe2, 0x98, 0x83, 0xf0, 0x9d, 0x84, 0x9e], 0);
  for (const { load } of [direct, binaryen]) {
    assert.is(load(0, 9), 'é☃𝄞');
    for (const length of [1, 3, 4, 6, 7, 8]) assert.is(load(0, length), null);
  }
});

test('the host has the bytes of the direct writer, without names', async () => {
  const emitted = Buffer.from(await emitStrings('direct'));
  const kept = Buffer.from(STRINGS_MODULE, 'base64');
  assert.ok(kept.length > 1000);
  assert.equal(emitted.subarray(0, kept.length), kept, 'run scripts/kept-modules.ts');
  // What is left is one custom section.
  assert.is(emitted[kept.length], 0);
});

test.run();
