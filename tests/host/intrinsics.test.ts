/** A buffer that host and guest share: `Store({ data })`, and the intrinsics of a component that the embedder names. */
import {
  type CompileOptions,
  compile,
  DisposedError,
  instantiate,
  LinkError,
  Store,
  Trap,
  ValidationError,
} from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentInstance } from '../../packages/host/src/instance/instance.ts';
import { assemble, type DynamicExports, debugEngine, engineWith } from '../support/assemble.ts';

const NAME = 'unsafe-intrinsics';
const declared = `(import "${NAME}" (instance $data
  (export "store-data-address" (func (result u64)))
  (export "u8-native-load" (func (param "address" u64) (result u8)))
  (export "u8-native-store" (func (param "address" u64) (param "value" u8)))
  (export "u64-native-load" (func (param "address" u64) (result u64)))))`;

/** Adds one to each of the first `n` bytes, and returns how many calls of intrinsics that took. Has an import of its own. */
const text = `(component $counter
  (import "log" (func $log (param "x" u32)))
  ${declared}
  (core func $log (canon lower (func $log)))
  (core func $address (canon lower (func $data "store-data-address")))
  (core func $load (canon lower (func $data "u8-native-load")))
  (core func $store (canon lower (func $data "u8-native-store")))
  (core func $wide (canon lower (func $data "u64-native-load")))
  (core module $m
    (import "" "log" (func $log (param i32)))
    (import "" "address" (func $address (result i64)))
    (import "" "load" (func $load (param i64) (result i32)))
    (import "" "store" (func $store (param i64 i32)))
    (import "" "wide" (func $wide (param i64) (result i64)))
    (func (export "increment") (param $n i32) (local $at i64)
      (local.set $at (call $address))
      (block $done (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (call $store (local.get $at) (i32.add (call $load (local.get $at)) (i32.const 1)))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
      (call $log (i32.const 1)))
    (func (export "wide") (param i64) (result i64) (call $wide (i64.add (call $address) (local.get 0)))))
  (core instance $i (instantiate $m (with "" (instance
    (export "log" (func $log)) (export "address" (func $address)) (export "load" (func $load))
    (export "store" (func $store)) (export "wide" (func $wide))))))
  (func (export "increment") (param "n" u32) (canon lift (core func $i "increment")))
  (func (export "wide") (param "offset" u64) (result u64) (canon lift (core func $i "wide"))))`;

async function start(store: Store, options: CompileOptions = { intrinsics: NAME }) {
  const component = await compile(await assemble(text), { engine: store.engine, ...options });
  const logged: number[] = [];
  const instance = await instantiate<DynamicExports>(component, { log: (x: number) => logged.push(x) }, { store });
  return { component, instance, logged };
}

test('host and guest see the same bytes', async () => {
  for (const engine of [
    debugEngine,
    engineWith({ codegen: 'binaryen' }),
    engineWith({ pointerSize: 8, lowering: 'spilled' }),
  ]) {
    const store = new Store({ engine, data: 4096 });
    assert.is(store.data.length, 4096);
    assert.ok(store.data.every((byte) => byte === 0));
    const { component, instance, logged } = await start(store);
    store.data.set([1, 2, 255]);
    instance.exports.increment!(4);
    assert.equal([...store.data.subarray(0, 5)], [2, 3, 0, 1, 0]);
    assert.equal(logged, [1]);
    new DataView(store.data.buffer, store.data.byteOffset).setBigUint64(4088, 0x0102030405060708n, true);
    assert.is(instance.exports.wide!(4088n), 0x0102030405060708n);
    // It is no import of the embedder's any more.
    assert.equal(
      component.imports.map(({ name }) => name),
      ['log'],
    );
  }
});

test('the view survives growth: the getter gives the one that is good now', async () => {
  const store = new Store({ engine: debugEngine, data: 64 });
  const before = store.data;
  assert.is(store.data, before);
  const { instance } = await start(store);
  store.data[0] = 9;
  const { buffer } = store.data;
  // What a large context or handle table would do.
  componentInstance(instance).store.memory.allocateBytes(buffer.byteLength);
  assert.is.not(store.data.buffer, buffer);
  assert.is(before.length, 0);
  assert.is(store.data.length, 64);
  assert.is(store.data[0], 9);
  instance.exports.increment!(1);
  assert.is(store.data[0], 10);
});

test('two instances share the bytes of one store; stores share nothing', async () => {
  const store = new Store({ engine: debugEngine, data: 8 });
  const { component, instance } = await start(store);
  const second = await instantiate<DynamicExports>(component, { log() {} }, { store });
  instance.exports.increment!(8);
  second.exports.increment!(8);
  assert.is(second.exports.wide!(0n), 0x0202020202020202n);
  const other = new Store({ engine: debugEngine, data: 8 });
  const third = await instantiate<DynamicExports>(component, { log() {} }, { store: other });
  assert.is(third.exports.wide!(0n), 0n);
});

test('the func refs of the intrinsics are in the vmctx', async () => {
  const store = new Store({ engine: debugEngine, data: 8 });
  const { instance } = await start(store);
  const { vmctx, component } = componentInstance(instance);
  const { plan } = component;
  assert.is(vmctx.offsets.counts.intrinsics, 8);
  assert.is(plan.intrinsics?.length, 4);
  for (const index of plan.intrinsics ?? []) {
    const ref = vmctx.funcRef(vmctx.offsets.intrinsicFuncRefs, index);
    assert.is(ref.vmctx, vmctx.address);
    assert.is(ref.wasmCall, ref.arrayCall);
    assert.type(store && componentInstance(instance).functionAt(ref.wasmCall), 'function');
  }
  // u16-native-load is not used: nothing has set it.
  assert.throws(
    () => vmctx.funcRef(vmctx.offsets.intrinsicFuncRefs, 3),
    /intrinsic_func_refs\[3\] is read before it is set/,
  );
});

test('outside of the data it traps', async () => {
  for (const offset of [1n, 8n, 4096n, 2n ** 32n, 2n ** 64n - 1n]) {
    const store = new Store({ engine: debugEngine, data: 8 });
    const { instance } = await start(store);
    assert.is(instance.exports.wide!(0n), 0n);
    try {
      instance.exports.wide!(offset);
      assert.unreachable('it returned');
    } catch (error) {
      assert.instance(error, Trap);
      assert.is((error as Trap).code, 'data-out-of-bounds');
      assert.match((error as Trap).message, 'wasm trap: native address out of bounds of the data of the store');
      assert.equal((error as Trap).componentStack, [{ instance: 'counter', function: 'wide' }]);
    }
    assert.is(store.trap?.code, 'data-out-of-bounds');
  }
});

test('only a component that is named gets them', async () => {
  const store = new Store({ engine: debugEngine, data: 8 });
  for (const options of [{}, { intrinsics: 'something-else' }]) {
    let error: unknown;
    await start(store, options).catch((caught: unknown) => {
      error = caught;
    });
    assert.instance(error, LinkError);
    assert.equal((error as LinkError).path, [NAME, 'store-data-address']);
  }
});

test('the import must have intrinsics only, of their types', async () => {
  const cases = [
    ['(export "u128-native-load" (func))', 'u128-native-load', 'there is no such intrinsic'],
    [
      '(export "u8-native-load" (func (param "a" u32) (result u8)))',
      'u8-native-load',
      'the intrinsic has another type',
    ],
    ['(export "u8-native-load" (func (param "a" u64)))', 'u8-native-load', 'the intrinsic has another type'],
    ['(export "store-data-address" (func (param "a" u64) (result u64)))', 'store-data-address', 'has another type'],
    ['(export "r" (type (sub resource)))', 'r', 'intrinsics are functions'],
  ] as const;
  for (const [member, name, problem] of cases) {
    const bytes = await assemble(`(component (import "${NAME}" (instance ${member})))`);
    let error: unknown;
    await compile(bytes, { engine: debugEngine, intrinsics: NAME }).catch((caught: unknown) => {
      error = caught;
    });
    assert.instance(error, ValidationError);
    assert.match((error as Error).message, `import "${NAME}" / "${name}"`);
    assert.match((error as Error).message, problem);
    await compile(bytes, { engine: debugEngine });
  }
});

test('a nested component gets them from the root, and a lowered one can be lifted again', async () => {
  const bytes = await assemble(`(component
    ${declared}
    (component $inner
      (import "load" (func $load (param "address" u64) (result u8)))
      (import "address" (func $address (result u64)))
      (core func $load (canon lower (func $load)))
      (core func $address (canon lower (func $address)))
      (core module $m
        (import "" "load" (func $load (param i64) (result i32)))
        (import "" "address" (func $address (result i64)))
        (func (export "first") (result i32) (call $load (call $address))))
      (core instance $i (instantiate $m (with "" (instance
        (export "load" (func $load)) (export "address" (func $address))))))
      (func (export "first") (result u8) (canon lift (core func $i "first")))
      (func (export "where") (result u64) (canon lift (core func $address))))
    (instance $inner (instantiate $inner
      (with "load" (func $data "u8-native-load")) (with "address" (func $data "store-data-address"))))
    (export "first" (func $inner "first"))
    (export "where" (func $inner "where")))`);
  const store = new Store({ engine: debugEngine, data: 16 });
  const { instance } = await instantiate<DynamicExports>(bytes, {}, { store, intrinsics: NAME });
  store.data[0] = 77;
  assert.is(instance.exports.first!(), 77);
  assert.is(instance.exports.where!(), BigInt(store.data.byteOffset));
});

test('an intrinsic cannot be exported', async () => {
  const bytes = await assemble(`(component ${declared} (export "f" (func $data "store-data-address")))`);
  let error: unknown;
  await compile(bytes, { engine: debugEngine, intrinsics: NAME }).catch((caught: unknown) => {
    error = caught;
  });
  assert.match(String(error), 'an intrinsic cannot be exported');
});

test('the size of the data is a size; a disposed store has none', () => {
  for (const data of [-1, 0.5, Number.NaN, 2 ** 40, '8' as never]) {
    assert.throws(() => new Store({ engine: debugEngine, data }), /the data of a store has 0 to 1073741824 bytes/);
  }
  assert.is(new Store({ engine: debugEngine }).data.length, 0);
  const store = new Store({ engine: debugEngine, data: 8 });
  store.dispose();
  assert.throws(
    () => store.data,
    (error: unknown) => error instanceof DisposedError,
  );
});

test.run();
