/** Classes of resources as V8 sees them: tests/host/resources.test.ts, which browsers run too, has what programs see. */
import { setFlagsFromString } from 'node:v8';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { instance } from '../../support/assemble.ts';

/** A resource whose representation is a count, which its method returns. */
const guest = `(component
  (type $thing (resource (rep i32)))
  (core func $new (canon resource.new $thing))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "value") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (export $exported "thing" (type $thing))
  (func (export "[constructor]thing") (param "n" u32) (result (own $exported)) (canon lift (core func $i "make")))
  (func (export "[method]thing.get-value") (param "self" (borrow $exported)) (result u32) (canon lift (core func $i "value"))))`;

test('methods that are made on first use leave the prototype as engines want it', async () => {
  setFlagsFromString('--allow-natives-syntax');
  const isFast = new Function('object', 'return %HasFastProperties(object)') as (object: object) => boolean;
  const { Thing } = (await instance(guest)).exports;
  const thing = new Thing(3) as unknown as { getValue(): number; readonly other?: unknown };
  const meet = (object: typeof thing): unknown => object.other;
  for (let i = 0; i < 10_000; i++) meet(thing);
  assert.ok(isFast(Thing.prototype));
  assert.is(thing.getValue(), 3);
  assert.ok(isFast(Thing.prototype));
});

test.run();
