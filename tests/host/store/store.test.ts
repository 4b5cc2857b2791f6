/** Stores: many instances in one context memory, their end, and the way from an address to its instance. */
import { compile, DisposedError, InstancePre, Store } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentInstance } from '../../../packages/host/src/instance/instance.ts';
import { storeState } from '../../../packages/host/src/store/store.ts';
import { assemble, component, debugEngine, engineWith } from '../../support/assemble.ts';

/** Counts in a global and in its own memory, and tells its embedder through an import; has a handle table as well. */
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
      (drop (call $new (global.get $n)))
      (global.get $n)))
  (core instance $i (instantiate $m (with "" (instance (export "tell" (func $tell)) (export "new" (func $new))))))
  (func (export "count") (result u32) (canon lift (core func $i "count"))))`;

test('1,000 instances in one store, each with its own state; then the store is disposed', async () => {
  const engine = engineWith({ debug: false });
  const told: number[] = [];
  const pre = InstancePre.link(await component(counter, engine), { tell: (n: number) => told.push(n) });
  const store = new Store({ engine });
  const before = store.usedBytes;
  const instances = Array.from({ length: 1000 }, () => pre.instantiateSync(store));
  instances.forEach((instance, i) => {
    for (let n = 1; n <= i % 5; n++) assert.is(instance.exports.count(), n);
  });
  assert.is(told.length, 2000);
  assert.ok(store.usedBytes > before + 1000 * 100);
  const { count } = instances[7]!.exports;
  store.dispose();
  assert.is(store.usedBytes, before);
  assert.is(storeState(store).memory.usedFunctions, 0);
  assert.throws(
    () => count(),
    (error: unknown) => error instanceof DisposedError && /disposed/.test(error.message),
  );
  assert.throws(
    () => instances[8]!.exports.count(),
    (error: unknown) => error instanceof DisposedError,
  );
  assert.throws(
    () => instances[8]!.getFunc('count'),
    (error: unknown) => error instanceof DisposedError,
  );
  assert.throws(
    () => pre.instantiateSync(store),
    (error: unknown) => error instanceof DisposedError,
  );
  store.dispose();
});

test('address and instance lead to each other; the magic is checked', async () => {
  const pre = InstancePre.link(await component(counter), { tell: () => undefined });
  const store = new Store({ engine: debugEngine });
  const state = storeState(store);
  const inner = [1, 2, 3].map(() => componentInstance(pre.instantiateSync(store)));
  for (const one of inner) {
    assert.is(state.instanceAt(one.vmctx.address), one);
    assert.is(one.store, state);
  }
  const [first] = inner;
  assert.throws(() => state.instanceAt(first!.vmctx.address + 4), /no component context/);
  state.memory.u32[first!.vmctx.address >>> 2] = 0;
  assert.throws(() => state.instanceAt(first!.vmctx.address), /magic is gone/);
});

test('an instance is disposed alone; the others live on, and its space is used again', async () => {
  const pre = InstancePre.link(await component(counter), { tell: () => undefined });
  const store = new Store({ engine: debugEngine });
  const a = pre.instantiateSync(store);
  const before = store.usedBytes;
  const b = pre.instantiateSync(store);
  assert.is(b.exports.count(), 1);
  const { count } = b.exports;
  b.dispose();
  b.dispose();
  assert.is(store.usedBytes, before);
  const c = pre.instantiateSync(store);
  assert.is(c.exports.count(), 1);
  assert.throws(
    () => count(),
    (error: unknown) => error instanceof DisposedError,
  );
  assert.is(a.exports.count(), 1);
  assert.is(c.exports.count(), 2);
});

test('`using` ends a store, but not during a call into it', async () => {
  const text = await component(counter);
  let dispose: () => void = () => undefined;
  let inside: unknown;
  let stale: () => unknown;
  {
    using store = new Store({ engine: debugEngine });
    const tell = () => {
      try {
        dispose();
      } catch (error) {
        inside = error;
      }
    };
    const made = await InstancePre.link(text, { tell }).instantiate(store);
    dispose = () => store.dispose();
    assert.is(made.exports.count(), 1);
    assert.instance(inside, TypeError);
    dispose = () => made.dispose();
    assert.is(made.exports.count(), 2);
    assert.match((inside as Error).message, 'during a call');
    stale = made.exports.count;
    dispose = () => undefined;
  }
  assert.throws(
    () => stale(),
    (error: unknown) => error instanceof DisposedError,
  );
});

test('instancePre of an instance makes more of the same kind', async () => {
  const told: number[] = [];
  const first = await InstancePre.link(await component(counter), { tell: (n: number) => told.push(n) }).instantiate();
  first.exports.count();
  first.exports.count();
  const second = await first.instancePre().instantiate(first.store);
  const third = await first.instancePre().instantiate();
  assert.is(second.exports.count(), 1);
  assert.is(third.exports.count(), 1);
  assert.is(second.store, first.store);
  assert.is.not(third.store, first.store);
  assert.equal(told, [1, 2, 1, 1]);
});

test('a store and a component of different engines do not go together', async () => {
  const pre = InstancePre.link(await component(counter), { tell: () => undefined });
  assert.throws(() => pre.instantiateSync(new Store()), /different engines/);
});

test('both lowering forms and both pointer sizes give the same', async () => {
  for (const lowering of ['typed', 'spilled'] as const) {
    for (const pointerSize of [4, 8] as const) {
      const engine = engineWith({ lowering, pointerSize });
      const told: number[] = [];
      const made = await InstancePre.link(await compile(await assemble(counter), { engine }), {
        tell: (n: number) => told.push(n),
      }).instantiate();
      assert.is(made.exports.count(), 1);
      assert.is(made.exports.count(), 2);
      assert.equal(told, [1, 2]);
      const { vmctx } = componentInstance(made);
      const ref = vmctx.funcRef(vmctx.offsets.trampolineFuncRefs, 0);
      assert.is(ref.vmctx, vmctx.address);
      assert.is.not(ref.wasmCall, ref.arrayCall);
      const { u32, storeContext } = storeState(made.store).memory;
      assert.is(u32[(vmctx.address + vmctx.offsets.vmStoreContext) >>> 2], storeContext.address);
    }
  }
});

test('poison: a slot that is read too early or set twice is an error that names it', async () => {
  const made = await InstancePre.link(await component(counter), { tell: () => undefined }).instantiate();
  const { vmctx } = componentInstance(made);
  const { lowerings, trampolineFuncRefs } = vmctx.offsets;
  assert.throws(() => vmctx.set(lowerings, 0, 1), /lowerings\[0\] is set twice/);
  const fresh = storeState(made.store).memory.allocate(made.component.offsets);
  assert.throws(() => fresh.get(lowerings, 0), /lowerings\[0\] is read before it is set/);
  assert.throws(() => fresh.funcRef(trampolineFuncRefs, 1), /trampoline_func_refs\[1\] is read before it is set/);
});

test.run();
