/** The types that the polyfill adds to `WebAssembly`: what the compiler says of these calls, and that they run. */
import '@gangway/host/polyfill';
import type { Component } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../../support/assemble.ts';

const bytes = await assemble(`(component
  (import "f" (func $f (result u32)))
  (core func $f (canon lower (func $f)))
  (core module $m (import "" "f" (func $f (result i32))) (func (export "run") (result i32) (call $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))`);
const moduleBytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

interface Run {
  run(): number;
}
const imports = { f: () => 7 };

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

test('a component: compiled, instantiated, at once and later', async () => {
  const component = await WebAssembly.compile<WebAssembly.Component>(bytes);
  same<typeof component, WebAssembly.Component>(true);
  const ours: Component = component;
  assert.is(ours.imports[0]?.name, 'f');
  const instance = await WebAssembly.instantiate<Run>(component, imports);
  same<typeof instance, WebAssembly.ComponentInstance<Run>>(true);
  assert.is(instance.exports.run(), 7);
  // Without a type argument too: a component is no module.
  const other = await WebAssembly.instantiate(component, imports);
  assert.is(other.exports['run']!(), 7);
  const both = await WebAssembly.instantiate<Run>(bytes, imports);
  same<typeof both.component, WebAssembly.Component>(true);
  assert.is(both.instance.exports.run(), 7);
  const now = new WebAssembly.ComponentInstance<Run>(new WebAssembly.Component(bytes), imports);
  assert.is(now.exports.run(), 7);
  assert.is(Object.prototype.toString.call(component), '[object WebAssembly.Component]');
  // @ts-expect-error it returns a number
  const text: string = now.exports.run();
  assert.type(text, 'number');
});

test('a response', async () => {
  const response = (): Promise<Response> =>
    Promise.resolve(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }));
  const { instance } = await WebAssembly.instantiateStreaming<Run>(response(), imports);
  assert.is(instance.exports.run(), 7);
  const component = await WebAssembly.compileStreaming<WebAssembly.Component>(response());
  assert.is((await WebAssembly.instantiate<Run>(component, imports)).exports.run(), 7);
});

test('modules are as before', async () => {
  const module = await WebAssembly.compile(moduleBytes);
  same<typeof module, WebAssembly.Module>(true);
  const instance = await WebAssembly.instantiate(module);
  same<typeof instance, WebAssembly.Instance>(true);
  const both = await WebAssembly.instantiate(moduleBytes, {});
  same<typeof both, WebAssembly.WebAssemblyInstantiatedSource>(true);
  assert.instance(new WebAssembly.Instance(module), WebAssembly.Instance);
  assert.is(Object.prototype.toString.call(module), '[object WebAssembly.Module]');
  const component = new WebAssembly.Component(bytes);
  assert.throws(
    // @ts-expect-error a component is no module
    () => new WebAssembly.Instance(component),
    (error: unknown) => error instanceof TypeError,
  );
});

test('ComponentError', () => {
  const read = (error: unknown): unknown => (error instanceof WebAssembly.ComponentError ? error.payload : error);
  assert.is(read(new WebAssembly.ComponentError(5)), 5);
});

test.run();
