/**
 * The polyfill in this engine; the suite in browsers (`tests/browser/pages/polyfill.ts`) compares it with the engine's own
 * functions, call by call.
 */
import { Engine } from '@gangway/host';
import { installPolyfill } from '@gangway/host/install-polyfill';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../../support/assemble.ts';

interface Namespace {
  Component?: new (bytes: Uint8Array) => object;
  ComponentInstance?: new (component: object, imports?: object) => { exports: { run(): number } };
  ComponentError?: new (...args: never[]) => Error;
}
const namespace = WebAssembly as Namespace;

const bytes = await assemble(`(component
  (import "f" (func $f (result u32)))
  (core func $f (canon lower (func $f)))
  (core module $m (import "" "f" (func $f (result i32))) (func (export "run") (result i32) (call $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "run") (result u32) (canon lift (core func $i "run")))
  (component $inner
    (core module $m (func (export "run") (result i32) (i32.const 9)))
    (core instance $i (instantiate $m))
    (func (export "run") (result u32) (canon lift (core func $i "run"))))
  (export "inner" (component $inner)))`);
const failing = await assemble(`(component
  (type $e (result (error string)))
  (core module $m (memory (export "m") 1) (data (i32.const 16) "no")
    (func (export "run") (result i32)
      (i32.store8 (i32.const 0) (i32.const 1)) (i32.store (i32.const 4) (i32.const 16))
      (i32.store (i32.const 8) (i32.const 2)) (i32.const 0)))
  (core instance $i (instantiate $m))
  (func (export "run") (result $e) (canon lift (core func $i "run") (memory (core memory $i "m")))))`);
const imports = { f: () => 7 };

test('nothing is patched before, and again after', async () => {
  const natives = [WebAssembly.compile, WebAssembly.instantiate, WebAssembly.validate];
  assert.not('Component' in namespace);
  const uninstall = installPolyfill();
  assert.ok('Component' in namespace);
  uninstall();
  assert.equal([WebAssembly.compile, WebAssembly.instantiate, WebAssembly.validate], natives);
  assert.not('Component' in namespace);
});

test('compile and instantiate, at once and later', async () => {
  const uninstall = installPolyfill({ engine: new Engine({ evaluate: 'never', debug: true }) });
  try {
    const { Component, ComponentInstance } = namespace;
    const compiled: object = await WebAssembly.compile(bytes);
    assert.instance(compiled, Component);
    for (const component of [compiled, new Component!(bytes)]) {
      const instance = new ComponentInstance!(component, imports);
      assert.is(instance.exports.run(), 7);
      const { inner } = instance.exports as unknown as { inner: object };
      assert.instance(inner, Component);
      const nested = (await WebAssembly.instantiate(inner as never)) as unknown as typeof instance;
      assert.is(nested.exports.run(), 9);
    }
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    assert.is(WebAssembly.validate(shared as never), true);
    assert.instance((await WebAssembly.compile(shared as never)) as object, Component);
  } finally {
    uninstall();
  }
});

test('the error case of a result is a ComponentError', async () => {
  const uninstall = installPolyfill();
  try {
    const { exports } = new namespace.ComponentInstance!(new namespace.Component!(failing));
    assert.throws(
      () => exports.run(),
      (error: unknown) =>
        error instanceof namespace.ComponentError! && (error as Error & { payload: unknown }).payload === 'no',
    );
  } finally {
    uninstall();
  }
});

test.run();
