/** What an instance looks like from JavaScript: names, shapes, and what a component's names must not reach. */
import { compile, instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, component, type DynamicExports, debugEngine, instance } from '../../support/assemble.ts';

/** A component whose exports all return a number of their own. */
function exporting(...names: readonly string[]): string {
  const funcs = names.map(
    (name, i) => `
    (core module $m${i} (func (export "f") (result i32) (i32.const ${i})))
    (core instance $i${i} (instantiate $m${i}))
    (func $f${i} (result u32) (canon lift (core func $i${i} "f")))
    (export "${name}" (func $f${i}))`,
  );
  return `(component ${funcs.join('')})`;
}

test('plain names are camelCase, acronyms are kept', async () => {
  const { exports } = await instance(exporting('greet', 'get-stdin', 'inner-HTML', 'URL-parser', 'a1-b2'));
  assert.equal(Object.keys(exports), ['greet', 'getStdin', 'innerHTML', 'URLParser', 'a1B2']);
  assert.is(exports.getStdin(), 1);
  assert.is(exports.getStdin.name, 'get-stdin');
  assert.is(exports.greet, exports.greet);
});

test('ordinary names: constructor, then, name, prototype, to-string', async () => {
  const made = await instance(exporting('constructor', 'then', 'name', 'prototype', 'to-string', 'has-own-property'));
  const { exports } = made;
  assert.is(Object.getPrototypeOf(exports), null);
  assert.is(exports.constructor(), 0);
  assert.is(exports.then(), 1);
  assert.is(exports.toString(), 4);
  assert.is(made.getFunc('then')?.(), 1);
  assert.is(await made, made);
  assert.ok(Object.isFrozen(exports) || !Object.isExtensible(exports));
  assert.throws(() => {
    (exports as Record<string, unknown>)['then'] = 1;
  }, TypeError);
});

test('members of a resource have ordinary names too', async () => {
  const made = await instance(`(component
    (type $r' (resource (rep i32)))
    (core func $new (canon resource.new $r'))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 7)))
      (func (export "rep") (param i32) (result i32) (local.get 0))
      (func (export "three") (result i32) (i32.const 3)))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $r "big-resource" (type $r'))
    (func $make (result (own $r)) (canon lift (core func $i "make")))
    (func $rep (param "self" (borrow $r)) (result u32) (canon lift (core func $i "rep")))
    (func $three (result u32) (canon lift (core func $i "three")))
    (export "make" (func $make))
    (export "[method]big-resource.constructor" (func $rep))
    (export "[method]big-resource.then" (func $rep))
    (export "[static]big-resource.name" (func $three))
    (export "[static]big-resource.prototype" (func $three)))`);
  const { BigResource, make } = made.exports;
  assert.equal(Object.keys(made.exports), ['BigResource', 'make']);
  const object = make!();
  assert.instance(object, BigResource);
  assert.is(object.constructor!(), 7);
  assert.is(object.then!(), 7);
  assert.is((BigResource as unknown as { name: () => number }).name(), 3);
  assert.is(made.getFunc('[static]big-resource.prototype')?.(), 3);
  assert.is(made.getFunc('[method]big-resource.then')?.(object), 7);
  assert.throws(() => new BigResource!(), /no constructor/);
});

test('names that collide in JavaScript stay reachable', async () => {
  const made = await instance(exporting('a-b-c', 'a-BC'));
  assert.equal(Object.keys(made.exports), ['aBC']);
  assert.is(made.exports.aBC(), 0);
  assert.is(made.getFunc('a-b-c')?.(), 0);
  assert.is(made.getFunc('a-BC')?.(), 1);
  assert.is(made.getFunc('aBC'), undefined);
  assert.is(made.getFunc(), undefined);
});

test('interfaces by their full names, nested instances, core modules and components', async () => {
  const text = `(component
    (core module $inner (func (export "run") (result i32) (i32.const 5)))
    (core instance $i (instantiate $inner))
    (func $run (result u32) (canon lift (core func $i "run")))
    (component $nested
      (core module $c (func (export "two") (result i32) (i32.const 2)))
      (core instance $c (instantiate $c))
      (func (export "two") (result u32) (canon lift (core func $c "two"))))
    (instance $deep (export "run" (func $run)))
    (instance $api (export "run" (func $run)) (export "deep-down" (instance $deep)) (export "code" (core module $inner)))
    (export "wasi:cli/run@0.2.0" (instance $api))
    (export "plain-api" (instance $api))
    (export "part" (component $nested)))`;
  const { component: compiled, instance: made } = await instantiate<DynamicExports>(
    await assemble(text),
    {},
    {
      engine: debugEngine,
    },
  );
  const { exports } = made;
  assert.equal(Object.keys(exports), ['wasi:cli/run@0.2.0', 'plainApi', 'part']);
  const api = exports['wasi:cli/run@0.2.0']!;
  assert.is(Object.getPrototypeOf(api), null);
  assert.is(api.run(), 5);
  assert.is(api.deepDown!.run(), 5);
  assert.instance(api.code, WebAssembly.Module);
  assert.is(made.getFunc('wasi:cli/run@0.2.0', 'deep-down', 'run')?.(), 5);
  const part = exports.part as unknown as typeof compiled;
  assert.instance(part, compiled.constructor);
  assert.is((await instantiate<DynamicExports>(part)).exports.two!(), 2);
  assert.equal(
    compiled.exports.map((one) => [one.name, one.kind]),
    [
      ['wasi:cli/run@0.2.0', 'instance'],
      ['plain-api', 'instance'],
      ['part', 'component'],
    ],
  );
});

test('an imported function that is exported again is the function', async () => {
  const f = (): number => 3;
  const { exports } = await instance('(component (import "f" (func $f (result u32))) (export "g" (func $f)))', { f });
  assert.is(exports.g(), 3);
});

test('reflection: full types, one object a type and a resource', async () => {
  const compiled = await component(`(component
    (type $level' (enum "low" "high"))
    (import "level" (type $level (eq $level')))
    (import "log" (func $log (param "level" $level) (param "text" (option string))))
    (type $r (resource (rep i32)))
    (export $e "handle" (type $r))
    (core module $m
      (memory (export "m") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
      (func (export "f") (param i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (type $point' (record (field "x" f64) (field "y" f64)))
    (export $point "point" (type $point'))
    (func (export "f") (param "p" (list $point)) (result (result (own $e) (error (tuple $point u8))))
      (canon lift (core func $i "f") (memory (core memory $i "m")) (realloc (core func $i "realloc"))))
    (export "log-again" (func $log)))`);
  const log = compiled.imports.find((one) => one.name === 'log');
  assert.equal(log, {
    name: 'log',
    kind: 'func',
    type: {
      async: false,
      params: [
        { name: 'level', type: { kind: 'enum', names: ['low', 'high'] } },
        { name: 'text', type: { kind: 'option', type: { kind: 'string' } } },
      ],
      result: null,
    },
  });
  const point = {
    kind: 'record',
    fields: [
      { name: 'x', type: { kind: 'f64' } },
      { name: 'y', type: { kind: 'f64' } },
    ],
  };
  const f = compiled.exports.find((one) => one.name === 'f');
  assert.ok(f?.kind === 'func');
  assert.equal(f.type.params, [{ name: 'p', type: { kind: 'list', element: point, length: null } }]);
  const handle = compiled.exports.find((one) => one.name === 'handle');
  assert.ok(handle?.kind === 'resource' && f.type.result?.kind === 'result' && f.type.result.ok?.kind === 'own');
  assert.is(f.type.result.ok.resource, handle.resource);
  assert.is(handle.resource.origin, 'defined');
});

test('a component that is compiled once gives instances that do not share state', async () => {
  const text = `(component
    (core module $m (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
    (core instance $i (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $i "next"))))`;
  const compiled = await compile(await assemble(text));
  const [a, b] = [await instantiate<DynamicExports>(compiled), await instantiate<DynamicExports>(compiled)];
  assert.equal([a.exports.next!(), a.exports.next!(), b.exports.next!()], [1, 2, 1]);
});

test.run();
