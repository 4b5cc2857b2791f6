/**
 * Handle indices that a guest makes up. What lies beyond its table is not its own, even where the bytes there are another
 * instance's handle of the same type: whoever reads an index, JavaScript or emitted code, looks at the length of the table first.
 */
import { type Instance, InstancePre, instanceContext, Store, Trap } from '@gangway/host';
import { handleSlot, instanceCell } from '@gangway/offsets';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { storeState } from '../../../packages/host/src/store/store.ts';
import { component, type DynamicExports, engineWith } from '../../support/assemble.ts';

const text = `(component
  (import "thing" (type $t (sub resource)))
  (import "take" (func $take (param "t" (own $t))))
  (import "look" (func $look (param "t" (borrow $t))))
  (core func $take (canon lower (func $take)))
  (core func $look (canon lower (func $look)))
  (core func $drop (canon resource.drop $t))
  (core module $m
    (import "" "take" (func $take (param i32)))
    (import "" "look" (func $look (param i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "keep") (param i32) (result i32) (local.get 0))
    (func (export "give") (param i32) (result i32) (local.get 0))
    (func (export "pass") (param i32) (call $take (local.get 0)))
    (func (export "lend") (param i32) (call $look (local.get 0)))
    (func (export "drop") (param i32) (call $drop (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance
    (export "take" (func $take)) (export "look" (func $look)) (export "drop" (func $drop))))))
  (func (export "keep") (param "t" (own $t)) (result u32) (canon lift (core func $i "keep")))
  (func (export "give") (param "index" u32) (result (own $t)) (canon lift (core func $i "give")))
  (func (export "pass") (param "index" u32) (canon lift (core func $i "pass")))
  (func (export "lend") (param "index" u32) (canon lift (core func $i "lend")))
  (func (export "drop") (param "index" u32) (canon lift (core func $i "drop"))))`;

class Thing {}

/** Address of the handle table and its length in slots. */
function tableOf(instance: Instance<DynamicExports>): { address: number; capacity: number } {
  const { bytes } = instanceContext(instance);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const cell = instance.component.offsets.flags(0);
  return {
    address: view.getUint32(cell + instanceCell.handles, true),
    capacity: view.getUint32(cell + instanceCell.capacity, true),
  };
}

for (const [form, options] of Object.entries({
  generated: {},
  closures: { evaluate: 'never' },
  'spilled, 8-byte pointers': { lowering: 'spilled', pointerSize: 8 },
} as const)) {
  const engine = engineWith(options);

  test(`beyond the end of the table (${form})`, async () => {
    const pre = InstancePre.link(await component(text, engine), {
      thing: Thing,
      take: () => undefined,
      look: () => undefined,
    });
    for (const use of ['give', 'pass', 'lend', 'drop'] as const) {
      const store = new Store({ engine });
      const both = [pre.instantiateSync(store), pre.instantiateSync(store)] as unknown as Instance<DynamicExports>[];
      const kept = both.map(({ exports }) => Number(exports['keep']!(new Thing())));
      // Ascending addresses: the second one's handle is at an index of the first.
      const [first, second] = tableOf(both[0]!).address < tableOf(both[1]!).address ? [0, 1] : [1, 0];
      const [own, other] = [tableOf(both[first]!), tableOf(both[second]!)];
      const index = (other.address - own.address) / handleSlot.size + kept[second]!;
      assert.ok(Number.isInteger(index) && index >= own.capacity, `${index}`);
      const { exports } = both[first]!;
      assert.throws(
        () => exports[use]!(index),
        (error: unknown) =>
          error instanceof Trap &&
          error.code === 'unknown-handle' &&
          error.message.includes(`unknown handle index ${index}`),
        use,
      );
      assert.ok(store.trap !== null);
    }
  });

  test(`the first index that is too large (${form})`, async () => {
    const pre = InstancePre.link(await component(text, engine), {
      thing: Thing,
      take: () => undefined,
      look: () => undefined,
    });
    for (const use of ['give', 'pass', 'lend', 'drop'] as const) {
      const made = pre.instantiateSync() as unknown as Instance<DynamicExports>;
      const kept = Number(made.exports['keep']!(new Thing()));
      const { address, capacity } = tableOf(made);
      // What lies there looks like the handle itself.
      const at = address + kept * handleSlot.size;
      storeState(made.store).memory.u8.copyWithin(address + capacity * handleSlot.size, at, at + handleSlot.size);
      assert.throws(
        () => made.exports[use]!(capacity),
        (error: unknown) => error instanceof Trap && error.code === 'unknown-handle',
        use,
      );
    }
  });

  test(`within it (${form})`, async () => {
    const taken: unknown[] = [];
    const made = await component(text, engine);
    const imports = { thing: Thing, take: (thing: Thing) => taken.push(thing), look: () => undefined };
    const { exports } = InstancePre.link(made, imports as never).instantiateSync() as Instance<DynamicExports>;
    const thing = new Thing();
    const index = exports['keep']!(thing);
    exports['lend']!(index);
    exports['pass']!(index);
    assert.equal(taken, [thing]);
    assert.is(exports['give']!(exports['keep']!(thing)), thing);
    exports['drop']!(exports['keep']!(thing));
    assert.throws(
      () => exports['drop']!(index),
      (error: unknown) => error instanceof Trap && error.code === 'unknown-handle',
    );
  });
}

test.run();
