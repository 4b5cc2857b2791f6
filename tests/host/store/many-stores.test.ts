/** Many stores and many instances: they share memories, and nothing of one is seen in another. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DisposedError, InstancePre, instanceContext, instantiate, Store, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentInstance, type Instance } from '../../../packages/host/src/instance/instance.ts';
import { storeState } from '../../../packages/host/src/store/store.ts';
import { component, engineWith } from '../../support/assemble.ts';

/** Counts in a global, tells its embedder, keeps handles, and can trap. */
const counter = `(component
  (import "tell" (func $tell (param "n" u32)))
  (core func $tell (canon lower (func $tell)))
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core module $m
    (import "" "tell" (func $tell (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (global $n (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (call $tell (global.get $n))
      (call $new (global.get $n)))
    (func (export "boom") unreachable))
  (core instance $i (instantiate $m (with "" (instance (export "tell" (func $tell)) (export "new" (func $new))))))
  (func (export "count") (result u32) (canon lift (core func $i "count")))
  (func (export "boom") (canon lift (core func $i "boom"))))`;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const memoryOf = (store: Store): WebAssembly.Memory => storeState(store).memory.memory;
const isDisposed = (error: unknown): boolean => error instanceof DisposedError;

test('600 instances alive at once, each in its own store: a dozen memories', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(counter, engine), { tell: () => undefined });
  const instances = Array.from({ length: 600 }, () => pre.instantiateSync());
  instances.forEach((instance, i) => {
    for (let n = 1; n <= 1 + (i % 3); n++) assert.is(instance.exports.count(), n);
  });
  assert.is(new Set(instances.map(({ store }) => store)).size, 600);
  const memories = new Set(instances.map(({ store }) => memoryOf(store)));
  assert.ok(memories.size <= 16, `${memories.size} memories`);
  // They end one by one, and leave the others alone.
  instances.forEach((instance, i) => {
    if (i % 2 === 0) instance.store.dispose();
  });
  instances.forEach((instance, i) => {
    if (i % 2 === 0) assert.throws(() => instance.exports.count(), isDisposed);
    else assert.is(instance.exports.count(), 2 + (i % 3));
  });
});

test('10,000 instances, made and disposed in one store: everything is used again', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(counter, engine), { tell: () => undefined });
  const store = new Store({ engine });
  pre.instantiateSync(store).dispose();
  const { memory, objects } = storeState(store);
  const state = () => [store.usedBytes, memory.usedFunctions, objects.size, storeState(store).instances().length];
  const before = state();
  const { byteLength } = memory.memory.buffer;
  let previous: Instance[] = [];
  for (let round = 0; round < 100; round++) {
    const made = Array.from({ length: 100 }, () => pre.instantiateSync(store));
    for (const instance of made.slice(-10)) assert.is(instance.exports.count(), 1);
    for (const instance of previous) instance.dispose();
    previous = made as Instance[];
  }
  for (const instance of previous) instance.dispose();
  assert.equal(state(), before);
  assert.ok(memory.memory.buffer.byteLength <= byteLength * 3, 'two rounds at a time had to fit');
  assert.ok(memory.functions.length < 4096);
});

test('2,000 stores, one after the other, need one memory', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(counter, engine), { tell: () => undefined });
  const memories = new Set<WebAssembly.Memory>();
  for (let i = 0; i < 2000; i++) {
    using store = new Store({ engine });
    const made = pre.instantiateSync(store);
    if (i % 100 === 0) assert.is(made.exports.count(), 1);
    memories.add(memoryOf(store));
  }
  assert.is(memories.size, 1);
});

test('a trap locks its own store, not those in the same memory', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(counter, engine), { tell: () => undefined });
  const instances = Array.from({ length: 7 }, () => pre.instantiateSync());
  const [, second, third] = instances as [Instance, Instance, Instance];
  assert.is(memoryOf(second.store), memoryOf(third.store));
  assert.throws(
    () => second.exports['boom']!(),
    (error: unknown) => error instanceof Trap && error.code === 'unreachable',
  );
  assert.is(second.store.trap?.name, 'Trap');
  assert.is(third.store.trap, null);
  assert.is(third.exports['count']!(), 1);
  assert.throws(() => second.exports['count']!(), /cannot enter/);
});

test('what is left of a disposed store does not reach the store that has its bytes now', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(counter, engine), { tell: () => undefined });
  pre.instantiateSync();
  const old = pre.instantiateSync();
  const { count } = old.exports;
  assert.is(count(), 1);
  const { address } = componentInstance(old).vmctx;
  old.store.dispose();
  const heir = pre.instantiateSync();
  assert.is(memoryOf(heir.store), memoryOf(old.store));
  assert.is(componentInstance(heir).vmctx.address, address);
  assert.throws(() => count(), isDisposed);
  assert.is(heir.exports.count(), 1);
  assert.throws(() => count(), isDisposed);
  old.dispose();
  old.store.dispose();
  assert.is(heir.exports.count(), 2);
});

test('a store with data has a memory of its own: embedders see the bytes around the data', () => {
  const engine = engineWith({ debug: false });
  const stores = [64, 0, 0, 64, 0].map((data) => new Store({ engine, data }));
  const [a, , , b] = stores as [Store, Store, Store, Store];
  const others = new Set(stores.filter((store) => store !== a && store !== b).map(memoryOf));
  assert.is.not(memoryOf(a), memoryOf(b));
  assert.not.ok(others.has(memoryOf(a)) || others.has(memoryOf(b)));
  assert.is(a.data.length, 64);
  assert.is(a.data.buffer, memoryOf(a).buffer);
});

test('what a store shows of its context memory is its own', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(counter, engine), { tell: () => undefined });
  const instances = Array.from({ length: 3 }, () => pre.instantiateSync());
  const [, a, b] = instances as [Instance, Instance, Instance];
  assert.is(memoryOf(a.store), memoryOf(b.store));
  for (const [own, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const { address, bytes } = instanceContext(other);
    assert.equal(other.store.contextBytes(address, bytes.length), bytes);
    const { storeContext } = storeState(other.store).memory;
    for (const [at, length] of [
      [address, bytes.length],
      [storeContext.address, 4],
      [0, 4],
      [instanceContext(own).address, memoryOf(own.store).buffer.byteLength],
      [instanceContext(own).address, -1],
      [instanceContext(own).address, Number.NaN],
      [Number.NaN, 4],
      [2 ** 32, 4],
    ] as const) {
      assert.throws(
        () => own.store.contextBytes(at, length),
        (error: unknown) => error instanceof RangeError && /are not the store's own/.test(error.message),
      );
    }
  }
  assert.is(a.store.contextBytes(instanceContext(a).address, 0).length, 0);
});

const scalar = `(component
  (core module $m (func (export "next") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
  (core instance $i (instantiate $m))
  (func (export "next") (param "x" u32) (result u32) (canon lift (core func $i "next"))))`;

test('a store has a spill stack from the first instance on that puts something there', async () => {
  for (const [text, lowering, wanted] of [
    [scalar, 'typed', false],
    [scalar, 'spilled', true],
    [counter, 'typed', true],
  ] as const) {
    const engine = engineWith({ debug: false, lowering });
    const store = new Store({ engine });
    const { memory } = storeState(store);
    assert.is(memory.spillBase, 0);
    await instantiate(await component(text, engine), { tell: () => undefined }, { store });
    assert.is(memory.spillBase !== 0, wanted, `${lowering} ${wanted}`);
  }
});

test('stores that nobody disposes are collected, and the memories that they were in', async () => {
  const engine = engineWith({ debug: false });
  const pre = InstancePre.link(await component(scalar, engine));
  const collected = { stores: 0, memories: 0 };
  const registry = new FinalizationRegistry<keyof typeof collected>((what) => {
    collected[what] += 1;
  });
  const memories = new Set<WeakRef<WebAssembly.Memory>>();
  const serve = (requests: number): void => {
    let last: WebAssembly.Memory | undefined;
    for (let i = 0; i < requests; i++) {
      const instance = pre.instantiateSync();
      assert.is(instance.exports['next']!(i), i + 1);
      const memory = memoryOf(instance.store);
      if (i % 10 === 0) registry.register(instance.store, 'stores');
      if (memory === last) continue;
      last = memory;
      memories.add(new WeakRef(memory));
      registry.register(memory, 'memories');
    }
  };
  /** Bytes of heap and outside of it. */
  const used = async (): Promise<number> => {
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  serve(3000);
  const before = await used();
  serve(3000);
  const after = await used();
  assert.ok(collected.stores >= 590, `${collected.stores} of 600 stores`);
  const live = [...memories].filter((memory) => memory.deref() !== undefined);
  assert.ok(live.length <= 4, `${live.length} of ${memories.size} memories`);
  assert.ok(after - before < 1_000_000, `${after - before} bytes`);
});

test('a store that has trapped is disposed with a guest on the stack: nobody gets its bytes, and the guest stops', async () => {
  const engine = engineWith({ debug: false });
  const made = await component(counter, engine);
  new Store({ engine });
  const store = new Store({ engine });
  const other = InstancePre.link(made, { tell: () => undefined }).instantiateSync(store);
  let heirs: Store[] = [];
  const tell = () => {
    assert.throws(() => other.exports.boom(), /unreachable/);
    store.dispose();
    heirs = Array.from({ length: 100 }, () => new Store({ engine }));
  };
  const guest = InstancePre.link(made, { tell }).instantiateSync(store);
  const { address } = storeState(store).memory.storeContext;
  assert.throws(() => guest.exports.count());
  assert.is(heirs.length, 100);
  for (const heir of heirs) {
    const { memory, storeContext } = storeState(heir).memory;
    assert.ok(memory !== memoryOf(store) || storeContext.address !== address);
    assert.is(storeContext.trapCode, 0);
    assert.not(storeContext.locked);
  }
});

test('a start function whose store is disposed does not write into another', async () => {
  const engine = engineWith({ debug: false });
  const starting = await component(
    `(component
      (import "tell" (func $tell (param "n" u32)))
      (core func $tell (canon lower (func $tell)))
      (core module $m
        (import "" "tell" (func $tell (param i32)))
        (func $start (call $tell (i32.const 1)) (call $tell (i32.const 2)))
        (start $start))
      (core instance (instantiate $m (with "" (instance (export "tell" (func $tell)))))))`,
    engine,
  );
  new Store({ engine });
  const store = new Store({ engine });
  const { address } = storeState(store).memory.storeContext;
  let heirs: Store[] = [];
  const tell = () => {
    store.dispose();
    heirs = Array.from({ length: 100 }, () => new Store({ engine }));
  };
  try {
    InstancePre.link(starting, { tell }).instantiateSync(store);
  } catch {
    // Whether it comes to an end or traps on its second call.
  }
  assert.ok(store.disposed);
  for (const heir of heirs) {
    const { memory, storeContext } = storeState(heir).memory;
    assert.ok(memory !== memoryOf(store) || storeContext.address !== address);
    assert.is(storeContext.trapCode, 0);
  }
});

test.run();
