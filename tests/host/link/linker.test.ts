/** Linking: where an import's value comes from, and what is said when it is missing or wrong. */
import { InstancePre, LinkError, Linker, Store } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, debugEngine, instance } from '../../support/assemble.ts';

/** A component whose export `run` calls the one function that it imports. */
const one = (decl: string, path: string) => `(component
  ${decl}
  (core func $f (canon lower (func ${path})))
  (core module $m (import "" "f" (func $f (result i32))) (func (export "run") (result i32) (call $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))`;
const plain = one('(import "get-it" (func $f (result u32)))', '$f');
const inInstance = (name: string) =>
  one(`(import "${name}" (instance $n (export "get-it" (func (result u32)))))`, '$n "get-it"');

test('plain names: exact, then camelCase, then a default export', async () => {
  assert.is((await instance(plain, { getIt: () => 1 })).exports.run(), 1);
  assert.is((await instance(plain, { 'get-it': () => 2, getIt: () => 1 })).exports.run(), 2);
  assert.is((await instance(plain, { getIt: { default: () => 3 } })).exports.run(), 3);
  assert.is(
    (
      await instance(
        plain,
        new Linker().func('get-it', () => 4),
      )
    ).exports.run(),
    4,
  );
});

test('versions: exact, then the newest compatible, then none', async () => {
  const get = (value: number) => ({ getIt: () => value });
  const cases: readonly (readonly [string, Record<string, unknown>, number | null])[] = [
    ['a:b/c@1.2.3', { 'a:b/c@1.2.3': get(1), 'a:b/c@1.9.0': get(2), 'a:b/c': get(3) }, 1],
    ['a:b/c@1.2.3', { 'a:b/c@1.0.0': get(1), 'a:b/c@1.9.0': get(2), 'a:b/c@2.0.0': get(4), 'a:b/c': get(3) }, 2],
    ['a:b/c@1.2.3', { 'a:b/c@2.0.0': get(1), 'a:b/c': get(3) }, 3],
    ['a:b/c@1.2.3', { 'a:b/c@2.0.0': get(1) }, null],
    ['a:b/c@0.2.3', { 'a:b/c@0.3.0': get(1), 'a:b/c@0.2.9': get(2), 'a:b/c@0.2.10': get(3) }, 3],
    ['a:b/c@0.0.3', { 'a:b/c@0.0.4': get(1) }, null],
    ['a:b/c@0.0.3', { 'a:b/c@0.0.3': get(1) }, 1],
    ['a:b/c@1.2.3-rc.1', { 'a:b/c@1.2.3': get(1) }, null],
    ['a:b/c@1.2.3', { 'a:b/c@1.2.3-rc.1': get(1) }, null],
    ['a:b/c@1.2.3', { 'a:b/d@1.2.3': get(1), 'a:b/c-d@1.2.3': get(1) }, null],
    ['a:b/c', { 'a:b/c@1.2.3': get(1) }, null],
  ];
  for (const [name, imports, expected] of cases) {
    const compiled = await component(inInstance(name));
    const linker = new Linker();
    for (const [key, members] of Object.entries(imports)) linker.instance(key, members as Record<string, unknown>);
    for (const source of [imports, linker]) {
      if (expected === null) {
        assert.throws(
          () => InstancePre.link(compiled, source),
          (e: unknown) => e instanceof LinkError,
          name,
        );
      } else {
        assert.is(InstancePre.link(compiled, source).instantiateSync().exports.run(), expected, name);
      }
    }
  }
});

/** Uses everything that it imports. */
const needy = `(component
  (import "a:b/c@1.0.0" (instance $n
    (export "blob" (type $blob (sub resource)))
    (type $point' (record (field "x" u32) (field "label" (option string))))
    (export "point" (type $point (eq $point')))
    (export "[constructor]blob" (func (result (own $blob))))
    (export "[static]blob.both-of" (func (param "a" (tuple s8 f64)) (result (result))))
    (export "[method]blob.read-all"
      (func (param "self" (borrow $blob)) (param "at" (list $point)) (result (result (list u8) (error string)))))))
  (import "mod" (core module $mod (import "x" "y" (func)) (export "run" (func))))
  (core module $memory
    (memory (export "m") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $memory (instantiate $memory))
  (core func $new (canon lower (func $n "[constructor]blob")))
  (core func $both (canon lower (func $n "[static]blob.both-of")))
  (core func $read (canon lower (func $n "[method]blob.read-all")
    (memory (core memory $memory "m")) (realloc (core func $memory "realloc"))))
  (core module $y (func (export "y")))
  (core instance $y (instantiate $y))
  (core instance $i (instantiate $mod (with "x" (instance (export "y" (func $y "y"))))))
  (core module $m
    (import "" "new" (func (result i32))) (import "" "both" (func (param i32 f64) (result i32)))
    (import "" "read" (func (param i32 i32 i32 i32))))
  (core instance (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "both" (func $both)) (export "read" (func $read)))))))`;

class Blob {
  static bothOf(): void {}
  readAll(): Uint8Array {
    return new Uint8Array();
  }
}

test('a LinkError names the path and the expected type', async () => {
  const compiled = await component(needy);
  const good = new WebAssembly.Module(
    // (module (import "x" "y" (func)) (func (export "run")))
    new Uint8Array([
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x78, 1, 0x79, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3,
      0x72, 0x75, 0x6e, 0, 1, 10, 4, 1, 2, 0, 0x0b,
    ]),
  );
  const empty = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  InstancePre.link(compiled, { 'a:b/c': { Blob }, mod: good });
  const path = (...rest: string[]) => ['a:b/c@1.0.0', ...rest];
  const readAll =
    'func(self: borrow<blob>, at: list<record { x: u32, label: option<string> }>) -> result<list<u8>, string>';
  const cases: readonly (readonly [unknown, readonly string[], string, string])[] = [
    [{ mod: good }, path('blob'), 'resource blob', 'import "a:b/c@1.0.0" / "blob": not found (expected resource blob)'],
    [{ 'a:b/c': { Blob: 3 }, mod: good }, path('blob'), 'resource blob', 'a number is no class'],
    [{ 'a:b/c': {}, mod: good }, path('blob'), 'resource blob', 'not found'],
    [
      { 'a:b/c': { Blob: class {} }, mod: good },
      path('[static]blob.both-of'),
      'func(a: tuple<s8, f64>) -> result',
      'its class has no "bothOf"',
    ],
    [
      {
        'a:b/c': {
          Blob: class extends Object {
            static bothOf() {}
          },
        },
        mod: good,
      },
      path('[method]blob.read-all'),
      readAll,
      'the prototype of its class has no "readAll"',
    ],
    [{ 'a:b/c': { Blob } }, ['mod'], 'core module', 'not found'],
    [{ 'a:b/c': { Blob }, mod: {} }, ['mod'], 'core module', 'an object is no WebAssembly.Module'],
    [{ 'a:b/c': { Blob }, mod: empty }, ['mod'], 'core module', 'it does not export "run"'],
  ];
  for (const [imports, wanted, expected, problem] of cases) {
    let error: unknown;
    try {
      InstancePre.link(compiled, imports as Record<string, unknown>);
    } catch (caught) {
      error = caught;
    }
    assert.instance(error, LinkError);
    assert.equal((error as LinkError).path, wanted);
    assert.is((error as LinkError).expected, expected);
    assert.match((error as LinkError).message, problem);
    assert.match((error as LinkError).message, `(expected ${expected})`);
  }
});

test('functions by their full names go before members of the class', async () => {
  const compiled = await component(`(component
    (import "blob" (type $blob (sub resource)))
    (import "[static]blob.name" (func $name (result u32)))
    (import "[method]blob.constructor" (func $c (param "self" (borrow $blob)) (result u32)))
    (core func $name (canon lower (func $name)))
    (core func $c (canon lower (func $c)))
    (core func $drop (canon resource.drop $blob))
    (core module $m (import "" "name" (func $n (result i32))) (import "" "c" (func $c (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "name") (result i32) (call $n))
      (func (export "c") (param i32) (result i32) (call $c (local.get 0)) (call $drop (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance
      (export "name" (func $name)) (export "c" (func $c)) (export "drop" (func $drop))))))
    (func (export "name") (result u32) (canon lift (core func $i "name")))
    (func (export "c") (param "b" (borrow $blob)) (result u32) (canon lift (core func $i "c"))))`);
  // `name` of a class is a string, and `constructor` of a prototype is the class: neither is meant.
  assert.throws(() => InstancePre.link(compiled, { Blob }), /its class has no "name"/);
  const linker = new Linker().resource('blob', Blob).func('[static]blob.name', () => 5);
  assert.throws(() => linker.instancePre(compiled), /the prototype of its class has no "constructor"/);
  linker.func('[method]blob.constructor', (self: Blob) => (self instanceof Blob ? 6 : 0));
  const { exports } = await linker.instantiate(compiled, new Store({ engine: debugEngine }));
  assert.is(exports.name(), 5);
  assert.is(exports.c(new Blob()), 6);
});

test('Object.prototype supplies nothing', async () => {
  const compiled = await component(one('(import "to-string" (func $f (result u32)))', '$f'));
  assert.throws(() => InstancePre.link(compiled, {}), /import "to-string": not found/);
  const inherited = Object.create({ toString: () => 8 });
  assert.is(InstancePre.link(compiled, inherited).instantiateSync().exports.run(), 8);
});

test('a Linker refuses to define a name twice unless it is told so', () => {
  const linker = new Linker();
  linker.func('f', () => 1);
  assert.throws(() => linker.func('f', () => 2), /"f" is defined already/);
  linker.allowShadowing = true;
  linker.func('f', () => 2);
  assert.throws(() => linker.func('g', 3 as never), /must be a function/);
  assert.throws(() => linker.module('m', {} as never), /WebAssembly.Module/);
  assert.is((linker.get('f') as () => number)(), 2);
});

test('an instance of exports serves as an import', async () => {
  const provider = await instance(
    `(component
      (core module $m (func (export "f") (result i32) (i32.const 11)))
      (core instance $i (instantiate $m))
      (func $f (result u32) (canon lift (core func $i "f")))
      (instance $n (export "get-it" (func $f)))
      (export "a:b/c@1.4.0" (instance $n)))`,
  );
  const consumer = await component(inInstance('a:b/c@1.2.0'));
  assert.is(InstancePre.link(consumer, provider.exports).instantiateSync(provider.store).exports.run(), 11);
});

test('a component import is linked in, checked and named when it is missing', async () => {
  const text = `(component
    (import "deps" (instance $deps
      (export "adder" (component $adder
        (import "log" (func (param "x" u32)))
        (export "add" (func (param "a" u32) (param "b" u32) (result u32)))))))
    (import "log" (func $log (param "x" u32)))
    (alias export $deps "adder" (component $adder))
    (instance $a (instantiate $adder (with "log" (func $log))))
    (instance $b (instantiate $adder (with "log" (func $log))))
    (export "a" (func $a "add"))
    (export "b" (func $b "add")))`;
  const adder = await component(`(component
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (global $sum (mut i32) (i32.const 0))
      (func (export "add") (param i32 i32) (result i32)
        (global.set $sum (i32.add (global.get $sum) (i32.add (local.get 0) (local.get 1))))
        (call $log (global.get $sum))
        (global.get $sum)))
    (core instance $i (instantiate $m (with "" (instance (export "log" (func $log))))))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))`);
  const compiled = await component(text);
  const logged: number[] = [];
  const log = (x: number) => logged.push(x);
  const { exports } = await new Linker()
    .func('log', log)
    .define('deps', { adder })
    .instantiate(compiled, new Store({ engine: debugEngine }));
  assert.equal([exports['a']!(1, 2), exports['a']!(1, 2), exports['b']!(5, 6)], [3, 6, 11]);
  assert.equal(logged, [3, 6, 11]);
  const pre = await InstancePre.prepare(compiled, { log, deps: { adder } });
  assert.is(pre.instantiateSync().exports['b']!(1, 1), 2);
  assert.throws(() => InstancePre.link(compiled, { log, deps: { adder } }), /InstancePre.prepare/);
  for (const deps of [{}, { adder: 3 }]) {
    let error: unknown;
    try {
      await InstancePre.prepare(compiled, { log, deps });
    } catch (caught) {
      error = caught;
    }
    assert.instance(error, LinkError);
    assert.equal((error as LinkError).path, ['deps', 'adder']);
  }
});

test.run();
