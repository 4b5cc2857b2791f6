/**
 * Synchronous instantiation of what was not prepared. Each component comes to a thread of its own, in which nothing has been
 * loaded yet, as it is sent to a worker.
 */
import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, engineWith } from '../../support/assemble.ts';

const scalar = `(component
  (core module $m (func (export "f") (result i32) (i32.const 42)))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))`;

const resource = `(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "f") (result i32) (call $drop (call $new (i32.const 1))) (i32.const 42)))
  (core instance $i (instantiate $m
    (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))`;

const host = new URL('../../../packages/host/src/', import.meta.url).href;

/** What the thread says: the error of a first attempt (null: there was none), then what `f` returns. */
async function inThread(text: string, first: string): Promise<{ error: string | null; result: number }> {
  const sent = await (await component(text, engineWith({ debug: false }))).toTransferable();
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    (async () => {
      ${first}
      const { Component, InstancePre } = await import(${JSON.stringify(`${host}runtime.ts`)});
      const component = Component.from(workerData);
      const make = () => InstancePre.link(component).instantiateSync().exports.f();
      let error = null;
      let result;
      try {
        result = make();
      } catch (thrown) {
        error = thrown.name + ': ' + thrown.message;
        await component.prepare();
        result = make();
      }
      parentPort.postMessage({ error, result });
    })();`;
  const worker = new Worker(source, { eval: true, workerData: sent });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', resolve);
      worker.on('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}

test('what is missing, and what to do, is said; after prepare() it works', async () => {
  for (const text of [scalar, resource]) {
    const { error, result } = await inThread(text, '');
    assert.match(
      error ?? 'no error',
      /^TypeError: .+ have not been loaded: await component\.prepare\(\) first, or import '@gangway\/host\/parts'$/,
    );
    assert.is(result, 42);
  }
});

test('a program that loads all parts never has to wait', async () => {
  for (const text of [scalar, resource]) {
    const { error, result } = await inThread(text, `await import(${JSON.stringify(`${host}forms/all-parts.ts`)});`);
    assert.equal([error, result], [null, 42]);
  }
});

test.run();
