/** Run-time linking: functions of one instance given as imports of another, in the same store and in different ones. */
import { DisposedError, InstancePre, instantiate, LinkError, Linker, Store, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentInstance } from '../../../packages/host/src/instance/instance.ts';
import { component, type DynamicExports, debugEngine, engineWith } from '../../support/assemble.ts';

/** A bump allocator in a module of its own, so that a lowered import can name its memory. */
const libc = `(core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (if (i32.and (i32.ne (local.get 0) (i32.const 0)) (i32.le_u (local.get 3) (local.get 1)))
        (then (return (local.get 0))))
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (memory.copy (global.get $next) (local.get 0) (local.get 1))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))`;
const options = '(memory (core memory $memory)) (realloc (core func $realloc))';

/** `a:b/text`: puts an exclamation mark behind a string; and a record of it. */
const shout = `(component $shouter
  ${libc}
  (core module $m
    (import "libc" "memory" (memory 1))
    (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (func $shout (export "shout") (param $p i32) (param $n i32) (result i32) (local $to i32)
      (local.set $to (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $n) (i32.const 1))))
      (memory.copy (local.get $to) (local.get $p) (local.get $n))
      (i32.store8 (i32.add (local.get $to) (local.get $n)) (i32.const 33))
      (i32.store (i32.const 16) (local.get $to))
      (i32.store (i32.const 20) (i32.add (local.get $n) (i32.const 1)))
      (i32.const 16))
    (func (export "longer") (param $p i32) (param $n i32) (param $x f64) (result i32)
      (i32.store (i32.const 32) (local.get $p))
      (i32.store (i32.const 36) (local.get $n))
      (f64.store (i32.const 40) (f64.mul (local.get $x) (f64.const 2)))
      (i32.const 32))
    (func (export "fail") unreachable))
  (core instance $i (instantiate $m (with "libc" (instance $libc))))
  (type $label' (record (field "text" string) (field "x" f64)))
  (export $label "label" (type $label'))
  (func (export "longer") (param "l" $label) (result $label) (canon lift (core func $i "longer") ${options}))
  (func $shout (param "s" string) (result string) (canon lift (core func $i "shout") ${options}))
  (func $fail (canon lift (core func $i "fail")))
  (instance $text (export "shout" (func $shout)) (export "fail" (func $fail)))
  (export "a:b/text@1.2.0" (instance $text)))`;

/** Exports what it imports, through its own memory. Strings are utf16 here: the adapter has something to do. */
const caller = `(component $caller
  (import "a:b/text@1.0.0" (instance $text
    (export "shout" (func (param "s" string) (result string)))
    (export "fail" (func))))
  (type $label' (record (field "text" string) (field "x" f64)))
  (import "label" (type $label (eq $label')))
  (import "longer" (func $longer (param "l" $label) (result $label)))
  ${libc}
  (core func $shout (canon lower (func $text "shout") string-encoding=utf16 ${options}))
  (core func $fail (canon lower (func $text "fail")))
  (core func $longer (canon lower (func $longer) string-encoding=utf16 ${options}))
  (core module $m
    (import "" "shout" (func $shout (param i32 i32 i32)))
    (import "" "fail" (func $fail))
    (import "" "longer" (func $longer (param i32 i32 f64 i32)))
    (func (export "shout") (param i32 i32) (result i32)
      (call $shout (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))
    (func (export "fail") (call $fail))
    (func (export "longer") (param i32 i32 f64) (result i32)
      (call $longer (local.get 0) (local.get 1) (local.get 2) (i32.const 96)) (i32.const 96)))
  (core instance $i (instantiate $m (with "" (instance
    (export "shout" (func $shout)) (export "fail" (func $fail)) (export "longer" (func $longer))))))
  (export $label2 "label" (type $label'))
  (func (export "shout") (param "s" string) (result string)
    (canon lift (core func $i "shout") string-encoding=utf16 ${options}))
  (func (export "fail") (canon lift (core func $i "fail")))
  (func (export "longer") (param "l" $label2) (result $label2)
    (canon lift (core func $i "longer") string-encoding=utf16 ${options})))`;

type Started = Awaited<ReturnType<typeof start>>;
const start = async (text: string, imports: object, store: Store) =>
  instantiate<DynamicExports>(await component(text, store.engine), imports as Record<string, unknown>, { store });

/** How many of an instance's imports are connected by adapters. */
const linked = (instance: Started): number => componentInstance(instance).links.size;

/** What linking gives the caller, as an imports object and as a linker. */
const sources = ({ exports }: Started): readonly object[] => [
  { 'a:b/text': exports['a:b/text@1.2.0'], longer: exports.longer },
  exports,
  (() => {
    const linker = new Linker().func('longer', exports.longer!);
    linker.instance('a:b/text@1.1.0', exports['a:b/text@1.2.0'] as never);
    return linker;
  })(),
];

test('strings and records go from instance to instance', async () => {
  for (const engine of [debugEngine, engineWith({ codegen: 'binaryen' }), engineWith({ lowering: 'spilled' })]) {
    const store = new Store({ engine });
    const shouter = await start(shout, {}, store);
    for (const imports of sources(shouter)) {
      const one = await start(caller, imports, store);
      assert.is(linked(one), 3);
      assert.is(one.exports.shout!('grüße ☃ 🦔'), 'grüße ☃ 🦔!');
      assert.equal(one.exports.longer!({ text: 'é', x: 1.25 }), { text: 'é', x: 2.5 });
      one.dispose();
    }
  }
});

test('the func ref of the trampoline names the adapter', async () => {
  const store = new Store({ engine: debugEngine });
  const one = componentInstance(await start(caller, (await start(shout, {}, store)).exports, store));
  for (const { trampoline } of one.links.values()) {
    const { offsets } = one.vmctx;
    const ref = one.vmctx.funcRef(offsets.trampolineFuncRefs, trampoline);
    assert.is(ref.wasmCall, ref.arrayCall);
    assert.is(one.functionAt(ref.wasmCall).name.length > 0, true);
    assert.is(one.vmctx.get(offsets.lowerings, 0), 0);
  }
});

test('an adapter is made once for two components', async () => {
  const store = new Store({ engine: debugEngine });
  const provider = await component(shout);
  const [first, second] = [await instantiate(provider, {}, { store }), await instantiate(provider, {}, { store })];
  const compiled = await component(caller);
  const [a, b] = [
    await instantiate(compiled, first.exports, { store }),
    await instantiate(compiled, second.exports, { store }),
  ].map((one) => [...componentInstance(one).links.values()].map((link) => link.adapter));
  assert.is(a!.length, 3);
  a!.forEach((adapter, i) => {
    assert.ok(adapter === b![i]);
  });
});

test('without waiting: the direct writer emits at once, binaryen is not waited for', async () => {
  for (const [codegen, count] of [
    ['auto', 3],
    ['binaryen', 0],
  ] as const) {
    const store = new Store({ engine: engineWith({ codegen }) });
    const { exports } = await start(shout, {}, store);
    const pre = InstancePre.link(await component(caller, store.engine), exports);
    const one = pre.instantiateSync<DynamicExports>(store);
    assert.is(linked(one), count);
    assert.is(one.exports.shout!('x'), 'x!');
    // What has been compiled is used.
    assert.is(linked(await pre.instantiate<DynamicExports>(store)), 3);
    assert.is(linked(pre.instantiateSync(store)), 3);
    // Of the same kind, in a store of its own: the functions belong to another store.
    assert.is(linked(await one.instancePre().instantiate<DynamicExports>()), 0);
  }
});

test('across stores, and with one memory a module, values are lifted to JavaScript', async () => {
  const { exports } = await start(shout, {}, new Store({ engine: debugEngine }));
  const other = await start(caller, exports, new Store({ engine: debugEngine }));
  const store = new Store({ engine: engineWith({ multiMemory: 'never' }) });
  const single = await start(caller, (await start(shout, {}, store)).exports, store);
  for (const one of [other, single]) {
    assert.is(linked(one), 0);
    assert.is(one.exports.shout!('☃'), '☃!');
    assert.equal(one.exports.longer!({ text: '', x: -0.5 }), { text: '', x: -1 });
  }
});

/** A component that calls what it imports, and the other way round. */
const passing = (name: string) => `(component $${name}
  (import "f" (func $f (param "x" u32) (result u32)))
  (core func $f (canon lower (func $f)))
  (core module $m
    (import "" "f" (func $f (param i32) (result i32)))
    (func (export "g") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1))))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "g")))
  (export "again" (func $f)))`;

test('instances of one component call each other; a function that is exported again is followed to its instance', async () => {
  const store = new Store({ engine: debugEngine });
  const text = passing('link');
  const a = await start(text, { f: (x: number) => 10 * x }, store);
  const b = await start(text, a.exports, store);
  const c = await start(text, b.exports, store);
  assert.is(c.exports.f!(1), 13);
  const again = await start(text, { f: b.exports.again }, store);
  assert.is(linked(again), 1);
  assert.is([...componentInstance(again).links.values()][0]!.callee, componentInstance(a));
  assert.is(again.exports.f!(1), 12);
  assert.is(a.exports.again!(4), 40);
});

/** The trap that `run` ends in. */
function trapOf(run: () => unknown): Trap {
  try {
    run();
  } catch (error) {
    if (error instanceof Trap) return error;
    throw error;
  }
  throw new Error('it does not trap');
}

test('a trap in the callee names both components, has no JavaScript between them, and locks the store', async () => {
  const store = new Store({ engine: debugEngine });
  const shouter = await start(shout, {}, store);
  const one = await start(caller, shouter.exports, store);
  const trap = trapOf(() => one.exports.fail!());
  assert.is(trap.code, 'unreachable');
  assert.equal(trap.componentStack, [
    { instance: 'shouter', function: null },
    { instance: 'caller', function: 'fail' },
  ]);
  const frames = trap.stack!.split('\n').filter((line) => /^\s+at /.test(line));
  const outermost = frames.findIndex((line) => !line.includes('wasm://'));
  assert.ok(outermost >= 3, frames.join('\n'));
  assert.not(frames.slice(outermost).some((line) => line.includes('wasm://')));
  for (const { exports } of [shouter, one]) {
    const run = exports.fail ?? exports['a:b/text@1.2.0']!['fail']!;
    assert.is(trapOf(() => run()).code, 'cannot-enter');
  }
});

test('the component call stack goes through the host and other instances in order', async () => {
  const store = new Store({ engine: debugEngine });
  const last = await start(
    `(component $last (core module $m (func (export "f") (param i32) (result i32) unreachable))
      (core instance $i (instantiate $m))
      (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f"))))`,
    {},
    store,
  );
  const third = await start(passing('third'), { f: (x: number) => last.exports.f!(x) }, store);
  const second = await start(passing('second'), third.exports, store);
  const first = await start(passing('first'), { f: second.exports.f }, store);
  const trap = trapOf(() => first.exports.f!(0));
  assert.equal(
    trap.componentStack.map(({ instance }) => instance),
    ['last', 'third', 'second', 'first'],
  );
});

test('an instance that is being called cannot be entered through a link', async () => {
  const store = new Store({ engine: debugEngine });
  let back: () => unknown = () => assert.unreachable('never');
  const a = await start(passing('a'), { f: () => back() }, store);
  const b = await start(passing('b'), a.exports, store);
  back = () => b.exports.f!(1);
  const trap = trapOf(() => a.exports.f!(1));
  assert.is(trap.code, 'cannot-enter');
  assert.match(trap.message, 'cannot enter component instance');
  assert.ok(store.trap !== null);
});

test('a LinkError names the import and both types', async () => {
  const store = new Store({ engine: debugEngine });
  const provider = await start(
    `(component (core module $m (func (export "f") (param i64) (result i32) unreachable))
      (core instance $i (instantiate $m))
      (func (export "f") (param "x" u64) (result u32) (canon lift (core func $i "f"))))`,
    {},
    store,
  );
  const compiled = await component(passing('main'));
  const pre = InstancePre.link(compiled, provider.exports);
  for (const run of [
    () => instantiate(compiled, provider.exports, { store }),
    () => new Linker().func('f', provider.exports.f!).instantiate(compiled, store),
    async () => pre.instantiateSync(store),
  ]) {
    let error: unknown;
    await run().catch((caught: unknown) => {
      error = caught;
    });
    assert.instance(error, LinkError);
    assert.equal((error as LinkError).path, ['f']);
    assert.is((error as LinkError).expected, 'func(x: u32) -> u32');
    assert.is(
      (error as LinkError).message,
      'import "f": the function of the other instance is func(x: u64) -> u32 (expected func(x: u32) -> u32)',
    );
  }
  // Nothing is left of the attempts.
  const before = store.usedBytes;
  await instantiate(compiled, provider.exports, { store }).catch(() => undefined);
  assert.is(store.usedBytes, before);
});

test('structure and names decide whether types match', async () => {
  const provider = (type: string) => `(component
    (core module $m (memory (export "m") 1) (func (export "f") (param i32 i32) unreachable)
      (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (type $t' ${type}) (export $t "t" (type $t'))
    (func (export "f") (param "x" (list $t))
      (canon lift (core func $i "f") (memory (core memory $i "m")) (realloc (core func $i "r")))))`;
  const consumer = (type: string) => `(component
    (type $t' ${type}) (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" (list $t))))
    (core module $libc (memory (export "m") 1))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "m"))))
    (core module $m (import "" "f" (func (param i32 i32))))
    (core instance (instantiate $m (with "" (instance (export "f" (func $f)))))))`;
  const types = [
    'u8',
    's8',
    'bool',
    'char',
    '(list u8)',
    '(list u8 4)',
    '(list u8 5)',
    '(tuple u8 u8)',
    '(tuple u8)',
    '(record (field "a" u8) (field "b" u8))',
    '(record (field "a" u8) (field "c" u8))',
    '(record (field "a" u8) (field "b" s8))',
    '(variant (case "a" u8) (case "b"))',
    '(variant (case "a" u8) (case "b" u8))',
    '(variant (case "a" u8))',
    '(enum "a" "b")',
    '(enum "b" "a")',
    '(flags "a" "b")',
    '(option u8)',
    '(result u8)',
    '(result (error u8))',
    '(result)',
    '(map string u8)',
    '(map string s8)',
  ];
  const store = new Store({ engine: debugEngine });
  const providers = await Promise.all(types.map((type) => start(provider(type), {}, store)));
  for (const [i, type] of types.entries()) {
    const compiled = await component(consumer(type));
    for (const [j, { exports }] of providers.entries()) {
      const made = instantiate(compiled, exports, { store }).then(
        (one) => componentInstance(one).links.size === 1,
        (error: unknown) => error instanceof LinkError && false,
      );
      assert.is(await made, i === j, `${type} and ${types[j]}`);
    }
  }
});

/** Defines `blob`: a number with a destructor that says so to `dropped`. */
const blobs = `(component $blobs
  (import "dropped" (func $dropped (param "rep" u32)))
  (core func $dropped (canon lower (func $dropped)))
  (core module $d (import "" "dropped" (func $dropped (param i32)))
    (func (export "dtor") (param i32) (call $dropped (local.get 0))))
  (core instance $d (instantiate $d (with "" (instance (export "dropped" (func $dropped))))))
  (type $blob' (resource (rep i32) (dtor (core func $d "dtor"))))
  (core func $new (canon resource.new $blob'))
  (core func $rep (canon resource.rep $blob'))
  (core func $drop (canon resource.drop $blob'))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "size") (param i32) (result i32) (local.get 0))
    (func (export "join") (param i32 i32) (result i32) (local $sum i32)
      (local.set $sum (i32.add (call $rep (local.get 0)) (local.get 1)))
      (call $drop (local.get 0))
      (call $new (local.get $sum))))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
  (component $interface
    (import "blob" (type $blob (sub resource)))
    (import "make" (func $make (param "size" u32) (result (own $blob))))
    (import "size" (func $size (param "self" (borrow $blob)) (result u32)))
    (import "join" (func $join (param "a" (own $blob)) (param "b" (borrow $blob)) (result (own $blob))))
    (export $blob2 "blob" (type $blob))
    (export "[constructor]blob" (func $make) (func (param "size" u32) (result (own $blob2))))
    (export "[method]blob.size" (func $size) (func (param "self" (borrow $blob2)) (result u32)))
    (export "[static]blob.join" (func $join)
      (func (param "a" (own $blob2)) (param "b" (borrow $blob2)) (result (own $blob2)))))
  (func $make (param "size" u32) (result (own $blob')) (canon lift (core func $i "make")))
  (func $size (param "self" (borrow $blob')) (result u32) (canon lift (core func $i "size")))
  (func $join (param "a" (own $blob')) (param "b" (borrow $blob')) (result (own $blob'))
    (canon lift (core func $i "join")))
  (instance $blobs (instantiate $interface
    (with "blob" (type $blob')) (with "make" (func $make)) (with "size" (func $size)) (with "join" (func $join))))
  (export "a:b/blobs" (instance $blobs)))`;

/** Makes blobs of 20 and 22, joins them, and returns the size. `leak`: joins with a handle that it has given away. */
const user = `(component $user
  (import "a:b/blobs" (instance $blobs
    (export "blob" (type $blob (sub resource)))
    (export "[constructor]blob" (func (param "size" u32) (result (own $blob))))
    (export "[method]blob.size" (func (param "self" (borrow $blob)) (result u32)))
    (export "[static]blob.join" (func (param "a" (own $blob)) (param "b" (borrow $blob)) (result (own $blob))))))
  (alias export $blobs "blob" (type $blob))
  (core func $make (canon lower (func $blobs "[constructor]blob")))
  (core func $size (canon lower (func $blobs "[method]blob.size")))
  (core func $join (canon lower (func $blobs "[static]blob.join")))
  (core func $drop (canon resource.drop $blob))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "size" (func $size (param i32) (result i32)))
    (import "" "join" (func $join (param i32 i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (result i32) (local $a i32) (local $b i32) (local $n i32)
      (local.set $a (call $make (i32.const 20)))
      (local.set $b (call $make (i32.const 22)))
      (local.set $a (call $join (local.get $a) (local.get $b)))
      (local.set $n (call $size (local.get $a)))
      (call $drop (local.get $b))
      (call $drop (local.get $a))
      (local.get $n))
    (func (export "sized") (param i32) (result i32) (local $n i32)
      (local.set $n (call $size (local.get 0)))
      (call $drop (local.get 0))
      (local.get $n))
    (func (export "same") (param i32) (result i32) (call $join (local.get 0) (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "size" (func $size)) (export "join" (func $join)) (export "drop" (func $drop))))))
  (func (export "run") (result u32) (canon lift (core func $i "run")))
  (func (export "sized") (param "b" (borrow $blob)) (result u32) (canon lift (core func $i "sized")))
  (func (export "same") (param "b" (own $blob)) (result (own $blob)) (canon lift (core func $i "same"))))`;

test('resources: constructors, methods and statics are linked; handles move in wasm', async () => {
  for (const engine of [debugEngine, engineWith({ pointerSize: 8 })]) {
    const store = new Store({ engine });
    const dropped: number[] = [];
    const maker = await start(blobs, { dropped: (rep: number) => dropped.push(rep) }, store);
    const one = await start(user, { 'a:b/blobs': maker.exports['a:b/blobs'] }, store);
    assert.is(linked(one), 3);
    assert.is(one.exports.run!(), 42);
    assert.equal(dropped, [20, 22, 42]);
    // A handle that JavaScript holds is the same resource.
    const { Blob } = maker.exports['a:b/blobs']! as unknown as { Blob: new (size: number) => Disposable };
    const blob = new Blob(7);
    assert.is(one.exports.sized!(blob), 7);
    const trap = trapOf(() => one.exports.same!(blob));
    assert.is(trap.code, 'unknown-handle');
    assert.is(trap.componentStack.at(-1)?.instance, 'user');
  }
});

test('resources of the same name are not the same', async () => {
  const store = new Store({ engine: debugEngine });
  const makers = [await start(blobs, { dropped() {} }, store), await start(blobs, { dropped() {} }, store)];
  const a = makers[0]!.exports['a:b/blobs']!;
  const linker = new Linker();
  linker
    .instance('a:b/blobs')
    .resource('blob', a['Blob'] as never)
    .func('[constructor]blob', makers[1]!.getFunc('a:b/blobs', '[constructor]blob')!)
    .func('[static]blob.join', a['Blob']!['join'] as never);
  let error: unknown;
  await linker.instantiate(await component(user), store).catch((caught: unknown) => {
    error = caught;
  });
  assert.instance(error, LinkError);
  assert.equal((error as LinkError).path, ['a:b/blobs', '[constructor]blob']);
  assert.match(
    (error as LinkError).message,
    'func(size: u32) -> blob, of other resources (expected func(size: u32) -> blob)',
  );
});

test('calling an instance that has been disposed traps, and says so', async () => {
  const store = new Store({ engine: debugEngine });
  const before = store.usedBytes;
  const shouter = await start(shout, {}, store);
  const one = await start(caller, shouter.exports, store);
  const two = await start(caller, shouter.exports, store);
  const pre = two.instancePre();
  shouter.dispose();
  // Its context is kept as long as adapters have its address: nothing else may take its place.
  two.dispose();
  const another = await start(shout, {}, store);
  assert.is.not(componentInstance(another).vmctx.address, componentInstance(shouter).vmctx.address);
  another.dispose();
  await pre.instantiate(store).then(
    () => assert.unreachable('it was linked'),
    (error: unknown) => assert.instance(error, DisposedError),
  );
  const trap = trapOf(() => one.exports.shout!('x'));
  assert.is(trap.code, 'cannot-enter');
  assert.match(trap.message, 'cannot enter component instance: shouter has been disposed');
  assert.instance(trap.cause, DisposedError);
  one.dispose();
  assert.is(store.usedBytes, before);
});

test('linking and disposing in any order leaves nothing behind', async () => {
  const store = new Store({ engine: debugEngine });
  const before = { bytes: store.usedBytes };
  for (let i = 0; i < 6; i += 1) {
    const text = passing('one');
    const a = await start(text, { f: (x: number) => x }, store);
    const b = await start(text, a.exports, store);
    const c = await start(text, b.exports, store);
    assert.is(c.exports.f!(0), 3);
    const orders = [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ] as const;
    for (const one of orders[i]!) one.dispose();
    assert.is(store.usedBytes, before.bytes, `order ${i}`);
  }
});

test('a store ends with its links; an instance that is being called through one is not disposed', async () => {
  const store = new Store({ engine: debugEngine });
  let during: () => unknown = () => 0;
  const a = await start(passing('a'), { f: () => during() }, store);
  const b = await start(passing('b'), a.exports, store);
  during = () => {
    assert.throws(() => a.dispose(), /cannot be disposed during a call into it/);
    assert.throws(() => b.dispose(), /cannot be disposed during a call into it/);
    return 5;
  };
  assert.is(b.exports.f!(1), 7);
  a.dispose();
  const after = store.usedBytes;
  assert.ok(after > 0);
  store.dispose();
  assert.throws(
    () => b.exports.f!(1),
    (error: unknown) => error instanceof DisposedError,
  );
});

test.run();
