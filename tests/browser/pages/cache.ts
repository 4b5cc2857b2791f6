/**
 * `storageCache` on the browser's Cache Storage. In: `?step=`: `first` starts with an empty storage and fills it, `second` is
 * another load of the page, which finds what the first has left, `together` compiles in several workers at once.
 */
import { type CodeCache, Engine, instantiate, storageCache } from '@gangway/host';
import * as assert from 'uvu/assert';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

const NAME = 'gangway-tests';
const step = new URL(location.href).searchParams.get('step');
const bytesOf = async (name: string): Promise<ArrayBuffer> => (await fetch(`/components/${name}.wasm`)).arrayBuffer();

/** The storage, with what is asked of it written down. */
class Watched implements CodeCache {
  readonly log: string[] = [];
  readonly #inner = storageCache(NAME);
  #written: () => void = () => undefined;
  /** Resolves when an entry has been put. */
  readonly written = new Promise<void>((resolve) => {
    this.#written = resolve;
  });
  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const found = await this.#inner.get(key);
    this.log.push(found === undefined ? 'miss' : 'hit');
    return found;
  }
  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#inner.put(key, bytes);
    this.log.push('put');
    this.#written();
  }
}

async function run(name: string, cache: CodeCache): Promise<number> {
  const { instance } = await instantiate<{ run(): number }>(await bytesOf(name), {}, { engine: new Engine({ cache }) });
  return instance.exports.run();
}

/** The addresses of the entries. */
async function entries(): Promise<string[]> {
  return (await (await caches.open(NAME)).keys()).map(({ url }) => url).sort();
}

/** Changes the bytes of an entry. */
async function damage(url: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): Promise<void> {
  const storage = await caches.open(NAME);
  const found = new Uint8Array(await (await storage.match(url))!.arrayBuffer());
  await storage.put(url, new Response(change(found)));
}

/** Time for what is not awaited. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

if (step === 'first') {
  test('what is made is kept', async () => {
    await caches.delete(NAME);
    const cache = new Watched();
    assert.is(await run('linked', cache), 42);
    await cache.written;
    assert.equal(cache.log, ['miss', 'put']);
    assert.is((await entries()).length, 1);
    assert.match((await entries())[0]!, /\/[0-9a-f]{64}-[0-9a-f]{16}$/);
  });
}

if (step === 'second') {
  test('another load finds it', async () => {
    const cache = new Watched();
    assert.is(await run('linked', cache), 42);
    await settle();
    assert.equal(cache.log, ['hit']);
  });

  test('a damaged entry is made again and put in its place', async () => {
    const [url] = await entries();
    for (const change of [
      (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, bytes.length - 1),
      (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)),
      () => new Uint8Array(),
    ]) {
      await damage(url!, change);
      const cache = new Watched();
      assert.is(await run('linked', cache), 42);
      await cache.written;
      assert.equal(cache.log, ['hit', 'put']);
      const after = new Watched();
      assert.is(await run('linked', after), 42);
      await settle();
      assert.equal(after.log, ['hit']);
    }
    assert.equal(await entries(), [url]);
  });

  test('a storage that is gone is a cache that is empty', async () => {
    await caches.delete(NAME);
    const cache = new Watched();
    assert.is(await run('linked', cache), 42);
    await cache.written;
    assert.equal(cache.log, ['miss', 'put']);
  });
}

if (step === 'together') {
  test('workers and tabs may fill it at once', async () => {
    const workers = Array.from(
      { length: 4 },
      () => new Worker('/pages/browser/pages/cache-worker.js', { type: 'module', name: NAME }),
    );
    const answers = workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
          worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
        }),
    );
    assert.equal(await Promise.all([run('linked', storageCache(NAME)), ...answers]), Array(5).fill(42));
    // What the last one has made may be on its way to the storage, also from another tab; an entry that is being replaced
    // while it is read is made again. In the end there is one that all find.
    let log: readonly string[] = [];
    for (let tries = 0; tries < 50 && log.join() !== 'hit'; tries += 1) {
      await settle();
      const cache = new Watched();
      assert.is(await run('linked', cache), 42);
      await settle();
      log = cache.log;
    }
    for (const worker of workers) worker.terminate();
    assert.equal(log, ['hit']);
    assert.is((await entries()).length, 1);
  });
}

await report(() => runTests());
