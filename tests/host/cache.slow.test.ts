/** `Engine({ cache })`: what is kept, under which key, what happens to damaged entries, and to a directory that is shared. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  type CodeCache,
  compile,
  compileStreaming,
  Engine,
  type EngineOptions,
  instantiate,
  storageCache,
  ValidationError,
  VERSION,
} from '@gangway/host';
import { directoryCache } from '@gangway/host/node-cache';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports } from '../support/assemble.ts';
import { composed, greeter, nested } from '../support/stored-samples.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A cache in memory that counts, and tells when it has been written. */
class MemoryCache implements CodeCache {
  readonly entries = new Map<string, Bytes>();
  gets = 0;
  puts = 0;
  #written: () => void = () => {};
  async get(key: string): Promise<Bytes | undefined> {
    this.gets += 1;
    return this.entries.get(key)?.slice();
  }
  async put(key: string, bytes: Bytes): Promise<void> {
    this.entries.set(key, bytes);
    this.puts += 1;
    this.#written();
  }
  /** Compiles, and waits for the entry. */
  async fill(bytes: Bytes, options: EngineOptions = {}): Promise<string> {
    const written = new Promise<void>((resolve) => (this.#written = resolve));
    const before = new Set(this.entries.keys());
    await compile(bytes, { engine: new Engine({ ...options, cache: this }) });
    await written;
    return [...this.entries.keys()].find((key) => !before.has(key)) ?? '';
  }
}

const twice = (x: number): number => 2 * x;

async function runGreeter(bytes: Bytes, engine: Engine): Promise<unknown[]> {
  const { instance } = await instantiate<DynamicExports>(bytes, { twice }, { engine });
  return [instance.exports.run!(21), instance.exports.greet!()];
}

/** The time for everything that is not awaited. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('the second time nothing is made', async () => {
  const cache = new MemoryCache();
  const bytes = await assemble(greeter);
  const key = await cache.fill(bytes);
  assert.match(key, /^[0-9a-f]{64}-[0-9a-f]{16}$/);
  for (const evaluate of ['auto', 'never'] as const) {
    assert.equal(await runGreeter(bytes, new Engine({ cache, evaluate })), [42, 'hello']);
  }
  await settle();
  assert.equal([cache.gets, cache.puts], [3, 1]);
  assert.ok(cache.entries.get(key)!.length < 20_000);
});

test('what is kept is what is used', async () => {
  const cache = new MemoryCache();
  const other = await assemble(greeter.replace('import "twice"', 'import "other"'));
  const bytes = await assemble(greeter);
  const otherKey = await cache.fill(other);
  const key = await cache.fill(bytes);
  assert.is.not(key, otherKey);
  cache.entries.set(key, cache.entries.get(otherKey)!);
  const component = await compile(bytes, { engine: new Engine({ cache }) });
  assert.equal(
    component.imports.map(({ name }) => name),
    ['other'],
  );
});

test('adapters between components are kept', async () => {
  const cache = new MemoryCache();
  const bytes = await assemble(composed);
  await cache.fill(bytes);
  const { instance } = await instantiate<DynamicExports>(bytes, {}, { engine: new Engine({ cache }) });
  assert.is(instance.exports.inc2!(40), 42);
  assert.is(cache.puts, 1);
});

test('options that change the code change the key; others do not', async () => {
  const cache = new MemoryCache();
  const bytes = await assemble(composed);
  const keys = new Set<string>();
  for (const options of [
    {},
    { pointerSize: 8 },
    { codegen: 'direct' },
    { codegen: 'binaryen' },
    { multiMemory: 'never' },
    { lowering: 'spilled' },
    { features: { 'error-context': true } },
  ] satisfies EngineOptions[]) {
    keys.add(await cache.fill(bytes, options));
  }
  assert.is(keys.size, 7);
  assert.not(keys.has(''));
  const { puts } = cache;
  for (const options of [{ debug: true }, { evaluate: 'never' }] satisfies EngineOptions[]) {
    const engine = new Engine({ ...options, cache });
    const { instance } = await instantiate<DynamicExports>(bytes, {}, { engine });
    assert.is(instance.exports.inc2!(40), 42);
  }
  await settle();
  assert.is(cache.puts, puts);
});

test('damaged entries are made again and replaced', async () => {
  const cache = new MemoryCache();
  const bytes = await assemble(greeter);
  const key = await cache.fill(bytes);
  const good = cache.entries.get(key)!;
  const damaged: Bytes[] = [
    new Uint8Array(0),
    new Uint8Array(100),
    good.subarray(0, 43),
    good.subarray(0, 44),
    good.subarray(0, good.length - 1),
    good.subarray(0, good.length - 4),
    new Uint8Array([...good, 0]),
    new Uint8Array([...good, 0, 0, 0, 0]),
  ];
  // A bit in the magic, the checksum, the sizes, the JSON, the code, the modules.
  for (const at of [0, 7, 8, 11, 12, 15, 16, 19, 20, 300, good.length >> 1, good.length - 9, good.length - 1]) {
    const bad = good.slice();
    bad[at]! ^= 0x10;
    damaged.push(bad);
  }
  for (const bad of damaged) {
    cache.entries.set(key, bad.slice());
    await cache.fill(bytes);
    assert.equal(cache.entries.get(key), good);
    assert.equal(await runGreeter(bytes, new Engine({ cache })), [42, 'hello']);
  }
  assert.is(cache.puts, 1 + damaged.length);
});

test('a cache that fails is no cache', async () => {
  const fail = (): Promise<never> => Promise.reject(new Error('no cache today'));
  const bytes = await assemble(greeter);
  assert.equal(await runGreeter(bytes, new Engine({ cache: { get: fail, put: fail } })), [42, 'hello']);
  await settle();
  assert.throws(() => new Engine({ cache: {} as CodeCache }), /'cache' must have the methods get and put/);
});

test('an invalid component is rejected each time, and not kept', async () => {
  const cache = new MemoryCache();
  const engine = new Engine({ cache });
  const bytes = await assemble('(component (import "f" (func)) (export "g" (func 0)))');
  const broken = bytes.slice();
  // The function index of the export, the last but one byte: there is no function 7.
  broken[broken.lastIndexOf(0, broken.length - 2)] = 7;
  for (let i = 0; i < 2; i++) {
    await compile(broken, { engine }).then(
      () => assert.unreachable(),
      (error: unknown) => {
        assert.ok(error instanceof ValidationError, String(error));
      },
    );
  }
  await settle();
  assert.is(cache.puts, 0);
});

test('bytes that change while the cache is asked', async () => {
  const cache = new MemoryCache();
  const bytes = (await assemble(greeter)).slice();
  const compiling = compile(bytes, { engine: new Engine({ cache }) });
  bytes.fill(0);
  const instance = await instantiate<DynamicExports>(await compiling, { twice });
  assert.is(instance.exports.greet!(), 'hello');
});

test('what arrives as a stream', async () => {
  const cache = new MemoryCache();
  const engine = new Engine({ cache });
  const bytes = await assemble(greeter);
  for (let i = 0; i < 2; i++) {
    const component = await compileStreaming(new Response(bytes), { engine });
    const instance = await instantiate<DynamicExports>(component, { twice });
    assert.is(instance.exports.run!(4), 8);
    await settle();
  }
  assert.is(cache.puts, 1);
  await compile(bytes, { engine });
  await settle();
  assert.is(cache.puts, 1);
});

test('what arrives as a stream and is no component', async () => {
  // In a process of its own: where nothing has been compiled, the cache is asked first.
  const text = `
    const { compileStreaming, Engine } = await import('@gangway/host/compile');
    const engine = new Engine({ cache: { get: async () => undefined, put: async () => {} } });
    const told = (response) => compileStreaming(response, { engine }).catch((error) => error.name + ': ' + error.message);
    console.log(await told(new Response('no', { status: 404 })));
    console.log(await told(new Response(null)));
    console.log(await told(new Response(new Uint8Array([0, 97, 115]))));`;
  const run = promisify(execFile);
  const there = { cwd: fileURLToPath(new URL('.', import.meta.url)) };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', text], there);
  const engine = new Engine();
  const here: string[] = [];
  for (const response of [
    new Response('no', { status: 404 }),
    new Response(null),
    new Response(new Uint8Array([0, 97, 115])),
  ]) {
    here.push(
      await compileStreaming(response, { engine }).then(String, (error: Error) => `${error.name}: ${error.message}`),
    );
  }
  assert.equal(stdout.trim().split('\n'), here);
  assert.match(here[0]!, 'HTTP status 404');
});

test('a component from the cache is linked into another as a compiled one is', async () => {
  const adder = await assemble(`(component
    (core module $m (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $i (instantiate $m))
    (func (export "add") (param "x" u32) (result u32) (canon lift (core func $i "add"))))`);
  const user = await assemble(`(component
    (import "adder" (component $adder (export "add" (func (param "x" u32) (result u32)))))
    (instance $a (instantiate $adder))
    (export "add" (func $a "add")))`);
  const cache = new MemoryCache();
  const engine = new Engine({ cache });
  await cache.fill(adder);
  const { instance } = await instantiate<DynamicExports>(user, { adder: await compile(adder, { engine }) }, { engine });
  assert.is(instance.exports.add!(41), 42);
  await settle();
  assert.is(cache.puts, 1);
});

test('a component that exports components works, kept or not', async () => {
  const cache = new MemoryCache();
  const engine = new Engine({ cache });
  for (let i = 0; i < 2; i++) {
    const component = await compile(await assemble(nested), { engine });
    const inner = component.nestedAt(['a']).nestedAt(['b']);
    const instance = await instantiate<DynamicExports>(inner, { f: () => 40 });
    assert.is(instance.exports.g!(), 42);
    await settle();
  }
});

test('Cache Storage', async () => {
  const kept = new Map<string, Response>();
  const opened: string[] = [];
  const storage = {
    open: async (name: string) => {
      opened.push(name);
      return {
        match: async (url: string) => kept.get(url)?.clone(),
        put: async (url: string, response: Response) => void kept.set(url, response),
      };
    },
  };
  assert.throws(() => storageCache(), /no Cache Storage here/);
  Object.defineProperty(globalThis, 'caches', { value: storage, configurable: true });
  try {
    const engine = new Engine({ cache: storageCache('mine') });
    const bytes = await assemble(greeter);
    assert.equal(await runGreeter(bytes, engine), [42, 'hello']);
    await settle();
    assert.equal([opened, kept.size], [['mine'], 1]);
    assert.equal(await runGreeter(bytes, engine), [42, 'hello']);
  } finally {
    Reflect.deleteProperty(globalThis, 'caches');
  }
});

test('a directory that several processes fill and damage at once', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gangway-cache-'));
  const child = fileURLToPath(new URL('./cache-child.ts', import.meta.url));
  const file = join(directory, 'greeter.wasm');
  const folder = join(directory, 'entries');
  try {
    writeFileSync(file, await assemble(greeter));
    const run = promisify(execFile);
    const outputs = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, ['--no-warnings', child, folder, file])),
    );
    for (const { stdout, stderr } of outputs) assert.equal([stdout, stderr], ['12 × 42 hello\n', '']);
    const entries = readdirSync(folder);
    assert.equal(entries.length, 1, entries.join(' '));
    // What the last writer left is whole.
    const cache = directoryCache(pathToFileURL(`${folder}/`));
    const puts: string[] = [];
    const engine = new Engine({ cache: { get: cache.get, put: async (key) => void puts.push(key) } });
    writeFileSync(join(folder, entries[0]!), readFileSync(join(folder, entries[0]!)).subarray(0, 99));
    assert.equal(await runGreeter(await assemble(greeter), engine), [42, 'hello']);
    await settle();
    assert.equal(puts, [entries[0]!.replace('.gangway', '')]);
    assert.is(await cache.get('absent'), undefined);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the version in the key is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../packages/host/package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  assert.is(VERSION, manifest.version);
});

test.run();
