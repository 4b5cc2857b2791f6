/** The slots of a layout: every byte belongs to one, on whatever page it is. */
import { vmctxLayout } from '@gangway/offsets';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type BlockLayout,
  blockSize,
  handleTableLayout,
  type Slot,
  slotAt,
  slotOf,
  slotsIn,
} from '../../../packages/inspector/src/model/slots.ts';

const counts = {
  componentInstances: 3,
  trampolines: 70,
  intrinsics: 0,
  lowerings: 60,
  memories: 2,
  tables: 1,
  reallocs: 3,
  callbacks: 0,
  postReturns: 1,
  resources: 5,
};
const blocks: readonly (readonly [string, BlockLayout])[] = [
  ['vmctx', { layout: vmctxLayout({ pointerSize: 4, counts }), times: 1 }],
  ['vmctx of 8-byte pointers', { layout: vmctxLayout({ pointerSize: 8, counts }), times: 1 }],
  ['handle table', handleTableLayout(100)],
];

for (const [name, block] of blocks) {
  for (const row of [8, 16]) {
    test(`${name}: pages in rows of ${row} have every byte once`, () => {
      const page = 256;
      const found: Slot[] = [];
      for (let at = 0; at < blockSize(block); at += page) found.push(...slotsIn(block, at, at + page, row));
      let at = 0;
      for (const slot of found) {
        assert.is(slot.offset, at, slot.name);
        assert.is(Math.floor(slot.offset / row), Math.floor((slot.offset + slot.size - 1) / row), 'in one row');
        at += slot.size;
      }
      assert.is(at, blockSize(block));
    });
  }
}

test('a slot is found by its offset, and by its name', () => {
  const layout = vmctxLayout({ pointerSize: 4, counts });
  for (const slot of slotsIn({ layout, times: 1 }, 0, layout.size, 16)) {
    if (slot.field < 0 || slot.kind === 'spare') continue;
    assert.is(slotAt(layout, slot.offset)?.name, slot.name);
    assert.is(slotOf(layout, layout.fields[slot.field]!.name, slot.element, slot.part)?.offset, slot.offset);
  }
  assert.is(slotAt(layout, layout.size), null);
  assert.is(slotOf(layout, 'flags', 3), null);
  assert.is(slotOf(layout, 'flags', 2, 'free')?.name, 'flags[2].free');
});

test('slots of a handle table are named by the handle', () => {
  const names = slotsIn(handleTableLayout(4), 16, 32, 16).map((slot) => slot.name);
  assert.equal(names, ['handle 1: rep', 'handle 1: type', 'handle 1: lends', 'handle 1: scope']);
});

test.run();
