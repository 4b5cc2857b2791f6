/** The class of a guest's resource is made when it is first asked for: not of an instance that is no more. */
import { DisposedError, InstancePre } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, type Dynamic, engineWith } from '../../support/assemble.ts';

const text = `(component
  (type $thing' (resource (rep i32)))
  (export $thing "thing" (type $thing'))
  (core func $new (canon resource.new $thing'))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (result i32) (call $new (i32.const 1))))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func (export "[constructor]thing") (result (own $thing)) (canon lift (core func $i "make"))))`;

for (const what of ['instance', 'store'] as const) {
  test(`the ${what} that defines it has been disposed`, async () => {
    const engine = engineWith({ debug: false });
    const pre = InstancePre.link(await component(text, engine), {});
    const [asked, unasked] = [pre.instantiateSync(), pre.instantiateSync()];
    const Thing = asked.exports['Thing'] as unknown as Dynamic;
    assert.is(new Thing().constructor, Thing);
    for (const instance of [asked, unasked]) {
      if (what === 'instance') instance.dispose();
      else instance.store.dispose();
    }
    assert.throws(
      () => unasked.exports['Thing'],
      (error: unknown) => error instanceof DisposedError && /the instance that defines thing/.test(error.message),
    );
    // A class that was made makes no more things.
    assert.throws(
      () => new Thing(),
      (error: unknown) => error instanceof DisposedError,
    );
  });
}

test.run();
