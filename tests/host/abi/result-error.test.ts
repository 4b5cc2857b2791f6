/** The error that stands for a result's error case: what it says, and what is left of it on the other side of a clone. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ComponentError,
  componentError,
  errorPayload,
  isErrorCase,
} from '../../../packages/host/src/abi/result-error.ts';
import { instance } from '../../support/assemble.ts';

const payloads: readonly unknown[] = [
  'broken',
  undefined,
  5,
  7n,
  { tag: 'a', val: [1, 2] },
  new Uint8Array([1, 2]),
  '',
];

function posted(value: unknown): unknown {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const message = (receiveMessageOnPort(port2) as { message: unknown }).message;
  port1.close();
  return message;
}

test('an error has name, message and payload; with a stack when it is asked for', () => {
  for (const payload of payloads) {
    for (const withStack of [false, true]) {
      const error = componentError(payload, withStack);
      assert.instance(error, ComponentError);
      assert.instance(error, Error);
      assert.is(error.name, 'ComponentError');
      assert.is(error.message, typeof payload === 'string' ? payload : 'the component returned an error');
      assert.is(error.payload, payload);
      assert.is(error.stack?.includes('\n    at '), withStack);
      assert.ok(error.stack?.startsWith(`ComponentError${error.message && `: ${error.message}`}`));
      assert.ok(isErrorCase(error));
      assert.is(errorPayload(error), payload);
    }
  }
});

test('a clone is a plain error with message and, as its cause, payload', () => {
  for (const payload of payloads) {
    for (const copy of [structuredClone, posted]) {
      const error = componentError(payload, false);
      const cloned = copy(error) as Error;
      assert.is(Object.getPrototypeOf(cloned), Error.prototype);
      assert.is(cloned.message, error.message);
      assert.equal(cloned.cause, payload);
      // It does not pass for the error case: that is what an own payload says.
      assert.not(isErrorCase(cloned));
    }
  }
  assert.throws(() => structuredClone(componentError({ call: () => 1 }, false)), /could not be cloned/);
});

test('what a component returns arrives', async () => {
  const { exports } = await instance(`(component
    (core module $m
      (memory (export "memory") 1)
      (data (i32.const 32) "out of cake")
      (func (export "f") (result i32)
        (i32.store (i32.const 16) (i32.const 1))
        (i32.store (i32.const 20) (i32.const 32))
        (i32.store (i32.const 24) (i32.const 11))
        (i32.const 16)))
    (core instance $i (instantiate $m))
    (func (export "f") (result (result (error string)))
      (canon lift (core func $i "f") (memory (core memory $i "memory")))))`);
  try {
    exports['f']!();
    assert.unreachable();
  } catch (error) {
    const cloned = structuredClone(error) as Error;
    assert.equal([cloned.message, cloned.cause], ['out of cake', 'out of cake']);
  }
});

test.run();
