/** Borrows that a guest passes to the host: lent by the trampoline, which hands on their representations. */
import assert from 'node:assert/strict';
import { HANDLE_BORROW, HANDLE_KIND_BITS, HANDLE_OWN, handleSlot } from '@gangway/offsets';
import { handleTable } from '@gangway/vmctx/handle-table';
import { test } from 'uvu';
import { planOfText } from '../support/plan.ts';
import { type CoreValue, resourceId, Trampolines } from './instance.ts';

const text = `(component
  (import "host" (instance $host
    (export "a" (type $a (sub resource)))
    (export "b" (type $b (sub resource)))
    (export "f" (func (param "x" u32) (param "a" (borrow $a)) (param "b" (borrow $b)) (param "again" (borrow $a)) (result u32)))))
  (alias export $host "f" (func $f))
  (core func $f' (canon lower (func $f)))
  (core module $Main (import "" "f" (func (param i32 i32 i32 i32) (result i32))))
  (core instance (instantiate $Main (with "" (instance (export "f" (func $f')))))))`;

const A = (resourceId(0) << HANDLE_KIND_BITS) | HANDLE_OWN;
const B = (resourceId(1) << HANDLE_KIND_BITS) | HANDLE_BORROW;

for (const codegen of ['binaryen', 'direct'] as const) {
  for (const pointerSize of [4, 8] as const) {
    for (const form of ['', ' array'] as const) {
      test(`${codegen}, ${pointerSize}-byte pointers${form}`, async () => {
        const plan = await planOfText(text);
        const name = `trampoline[0]${form}`;
        const seen: CoreValue[][] = [];
        let during = (): void => {};
        const t = await Trampolines.create(plan, {
          pointerSize,
          codegen,
          callees: {
            typed(_, values) {
              seen.push(values);
              during();
              return 7;
            },
            spilled(_, [, , , , slots]) {
              const at = Number(slots);
              const view = new DataView(t.memory.memory.buffer);
              seen.push([0, 1, 2, 3].map((i) => view.getInt32(at + i * 16, true)));
              during();
              new DataView(t.memory.memory.buffer).setInt32(at, 7, true);
              return 1;
            },
          },
        });
        const table = handleTable(t.vmctx, 0);
        const lends = (index: number): number => t.memory.u32[(table.slot(index) + handleSlot.lends) >>> 2]!;
        const a = table.add(1001, A, 0);
        const b = table.add(1002, B, 0);
        during = () => assert.deepEqual([lends(a), lends(b)], [2, 1]);
        assert.equal(t.call(name, 5, a, b, a), 7);
        assert.deepEqual(seen.splice(0), [[5, 1001, 1002, 1001]]);
        assert.deepEqual([lends(a), lends(b)], [0, 0]);

        // The callee adds handles (a result may hold some): the table moves.
        const address = table.address;
        during = () => {
          for (let i = 0; i < 40; i++) table.add(i, A, 0);
        };
        assert.equal(t.call(name, 5, a, b, a), 7);
        assert.notEqual(table.address, address);
        assert.deepEqual([lends(a), lends(b)], [0, 0]);
        seen.length = 0;

        // What is no such handle never reaches the callee.
        assert.equal(t.trapOf(name, 5, 999, b, a), 'unknown-handle');
        assert.equal(t.trapOf(name, 5, 0, b, a), 'unknown-handle');
        assert.equal(t.trapOf(name, 5, -1, b, a), 'unknown-handle');
        assert.equal(t.trapOf(name, 5, b, b, a), 'wrong-handle-type');
        assert.equal(t.trapOf(name, 5, a, a, a), 'wrong-handle-type');
        table.remove(b);
        assert.equal(t.trapOf(name, 5, a, b, a), 'unknown-handle');
        assert.deepEqual(seen, []);
      });
    }
  }
}

test.run();
