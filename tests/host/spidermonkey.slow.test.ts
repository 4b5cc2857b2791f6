/**
 * A real, big component end to end: SpiderMonkey (12 MB, WASI 0.2) running `examples/guest-js`. Every kind of value in
 * both directions, through its exports and its imports; and 10,000 calls without growth.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Component, Instance } from '@gangway/host';
import { compile, instantiate } from '@gangway/host';
import { wasiImports } from '@gangway/wasi';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spiderMonkeyComponent } from '../support/spidermonkey.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Article {
  name: string;
  price: number;
  unit: string;
  traits: { fragile?: boolean; cold?: boolean; heavy?: boolean };
  count: bigint;
}
interface Failure {
  tag: string;
  val?: unknown;
}
interface Shop {
  total(articles: Article[]): number;
  find(prefix: string, cheapest: boolean): Article | undefined;
  buy(name: string, count: bigint): [string, bigint];
  describe(failure: Failure): string;
  merge(a: Article['traits'], b: Article['traits']): Article['traits'];
  next(unit: string): string;
  double(value: bigint): bigint;
  reverse(text: string): string;
  swap(pair: [string, number]): [number, string];
  maybe(value: number | undefined): number | undefined;
  bytes(data: Uint8Array): Uint8Array;
}

const shelf: Article[] = [
  { name: 'apple', price: 0.25, unit: 'piece', traits: {}, count: 10n },
  { name: 'apricot', price: 4.5, unit: 'kilogram', traits: { fragile: true }, count: 3n },
  { name: 'milk ☃', price: 1.1, unit: 'litre', traits: { cold: true, heavy: true }, count: 2n ** 63n },
];
const logged: string[] = [];

/** What the guest imports. */
const host = {
  log: (text: string) => logged.push(text),
  'example:shop/stock': {
    search: (prefix: string) => shelf.filter((article) => article.name.startsWith(prefix)),
    take(name: string, count: bigint): bigint {
      const article = shelf.find((candidate) => candidate.name === name);
      if (!article) throw Object.assign(new Error('unknown'), { payload: { tag: 'unknown', val: name } });
      if (article.count === count) throw Object.assign(new Error('sold out'), { payload: { tag: 'sold-out' } });
      if (article.count < count)
        throw Object.assign(new Error('limit'), {
          payload: { tag: 'limit', val: [Number(article.count), Number(count)] },
        });
      return article.count - count;
    },
  },
};
const jcoHost = { ...host, log: { default: host.log } };

async function start(
  wasi: (component: Component) => ReturnType<typeof wasiImports> = wasiImports,
): Promise<Instance<Shop>> {
  const component = await compile(await spiderMonkeyComponent());
  return instantiate<Shop>(component, { ...(await wasi(component)), ...host });
}

/** WASI with clocks that go on by a microsecond each time, and no chance: when SpiderMonkey collects depends on both. */
async function steadyWasi(component: Component): ReturnType<typeof wasiImports> {
  let nanoseconds = 0n;
  const now = (): bigint => (nanoseconds += 1000n);
  const steady: Record<string, object> = {
    'wasi:clocks/monotonic-clock': { now },
    'wasi:clocks/wall-clock': {
      now: () => ({
        seconds: 1_700_000_000n + now() / 1_000_000_000n,
        nanoseconds: Number(nanoseconds % 1_000_000_000n),
      }),
    },
    'wasi:random/random': {
      getRandomBytes: (length: bigint) => new Uint8Array(Number(length)).fill(7),
      getRandomU64: () => 7n,
    },
  };
  const wasi = Object.entries(await wasiImports(component));
  return Object.fromEntries(
    wasi.map(([name, one]) => [name, { ...(one as object), ...steady[name.replace(/@.*/, '')] }]),
  );
}

const instance = await start();
const shop = instance.exports;

/** The same component, run by jco. */
async function startWithJco(): Promise<{ shop: Shop; memory: WebAssembly.Memory }> {
  const { transpile } = await import('@bytecodealliance/jco');
  const bytes = await spiderMonkeyComponent();
  const { files } = await transpile(bytes, { name: 'shop', instantiation: 'async', noTypescript: true });
  const folder = new URL('../../.cache/shop-jco/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(new URL(name.split('/').pop()!, folder), content);
  writeFileSync(new URL('package.json', folder), '{"type":"module"}');
  const module = (await import(new URL('shop.js', folder).href)) as {
    instantiate(
      core: (path: string) => WebAssembly.Module,
      imports: object,
      instantiateCore: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
    ): Promise<Shop>;
  };
  const wasi = Object.entries(await steadyWasi(await compile(bytes)));
  let memory: WebAssembly.Memory | undefined;
  const made = await module.instantiate(
    (path) => new WebAssembly.Module(readFileSync(new URL(path, folder))),
    // jco looks imports up without their version.
    { ...Object.fromEntries(wasi.map(([name, value]) => [name.replace(/@.*/, ''), value])), ...jcoHost },
    (core, imports) => {
      const result = new WebAssembly.Instance(core, imports);
      for (const value of Object.values(result.exports)) if (value instanceof WebAssembly.Memory) memory ??= value;
      return result;
    },
  );
  return { shop: made, memory: memory! };
}

test('records, enums, flags, u64 and f64 in a list', () => {
  assert.is(shop.total(shelf.slice(0, 2)), 0.25 * 10 + 4.5 * 3);
  assert.is(shop.total([]), 0);
});

test('an import that returns a list of records; an option of a record', () => {
  logged.length = 0;
  assert.equal(shop.find('ap', true), { ...shelf[0], traits: { fragile: false, cold: false, heavy: false } });
  assert.equal(shop.find('ap', false)?.name, 'apricot');
  assert.equal(shop.find('milk', true), { ...shelf[2], traits: { fragile: false, cold: true, heavy: true } });
  assert.is(shop.find('zebra', true), undefined);
  assert.equal(logged, ['found 2 for “ap”', 'found 2 for “ap”', 'found 1 for “milk”', 'found 0 for “zebra”']);
});

test('results: returned, and thrown with a payload, through guest and host', () => {
  assert.equal(shop.buy('apple', 4n), ['APPLE', 6n]);
  const failure = (name: string, count: bigint): unknown => {
    try {
      shop.buy(name, count);
    } catch (error) {
      assert.instance(error, Error);
      return (error as Error & { payload: unknown }).payload;
    }
    return assert.unreachable('the call should have thrown');
  };
  assert.equal(failure('pear', 1n), { tag: 'unknown', val: 'pear' });
  assert.equal(failure('apple', 10n), { tag: 'sold-out' });
  assert.equal(failure('apple', 11n), { tag: 'limit', val: [10, 11] });
});

test('variants, flags, enums, u64, tuples, options, strings, bytes', () => {
  assert.is(shop.describe({ tag: 'unknown', val: 'x' }), 'no article x');
  assert.is(shop.describe({ tag: 'sold-out' }), 'sold-out');
  assert.is(shop.describe({ tag: 'limit', val: [1, 2] }), 'only 1 of 2');
  assert.equal(shop.merge({ fragile: true }, { heavy: true }), { fragile: true, cold: false, heavy: true });
  assert.is(shop.next('piece'), 'kilogram');
  assert.is(shop.next('litre'), 'piece');
  assert.is(shop.double(2n ** 62n + 1n), 2n ** 63n + 2n);
  assert.is(shop.reverse('añ☃𝄞'), '𝄞☃ña');
  assert.equal(shop.swap(['left', -7]), [-7, 'left']);
  assert.is(shop.maybe(undefined), undefined);
  assert.is(shop.maybe(41), 42);
  const data = new Uint8Array(100_000).map((_, i) => i);
  assert.equal(
    shop.bytes(data),
    data.map((byte) => byte ^ 0xff),
  );
});

/** Calls every 100th of which leaves a list of records behind; the embedder's side of them is garbage at once. */
function mixedCalls(target: Shop, count: number, each: (call: number) => void): void {
  for (let call = 0; call < count; call++) {
    each(call);
    const text = `call ${call} ☃`;
    assert.is(target.reverse(text).length, text.length);
    if (call % 10 === 0) target.find('ap', true);
    if (call % 100 === 0) logged.length = 0;
  }
}

test('10,000 calls: what grows is the guest’s own garbage, to the page; the heap stays within 1 MB', async () => {
  const page = 65536;
  // SpiderMonkey collects its garbage when it sees fit (this one lets some 60 MB gather first), so its memory grows
  // whoever calls it. Another host that makes the same calls shows how much: what we leaked would come on top.
  const control = await startWithJco();
  const fresh = await start(steadyWasi);
  let heap = 0;
  mixedCalls(fresh.exports, 10_000, (call) => {
    if (call !== 1_000) return;
    collect();
    heap = process.memoryUsage().heapUsed;
  });
  logged.length = 0;
  collect();
  const growth = process.memoryUsage().heapUsed - heap;
  mixedCalls(control.shop, 10_000, () => {});
  assert.ok(fresh.memoryBytes > 100 * page, `${fresh.memoryBytes} bytes of linear memory`);
  const extra = (fresh.memoryBytes - control.memory.buffer.byteLength) / page;
  assert.is(extra, 0, `${extra} pages more than with the other host`);
  assert.ok(growth < 1_000_000, `the heap grew by ${growth} bytes`);
});

test.run();
