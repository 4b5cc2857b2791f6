/** Handles from table to table: owned ones move, borrows are lent and counted. */

import assert from 'node:assert/strict';
import { handleTable } from '@gangway/vmctx/handle-table';
import { test } from 'uvu';
import type { ComponentInstanceIndex, PlanResource, ResourceIndex } from '../../../packages/component/src/plan.ts';
import type { TrapCode } from '../../../packages/component/src/traps.ts';
import { CallFrameOffsets, HANDLE_BORROW, HANDLE_OWN, handleSlot } from '../../../packages/offsets/src/index.ts';
import { CALLEE, CALLER, type CoreFunc, Fused, type Linked, RESOURCE_ID, Types } from './fused.ts';

const resource = (instance: number): PlanResource => ({
  kind: 'defined',
  instance: instance as ComponentInstanceIndex,
  rep: 'i32',
  dtor: null,
  name: null,
});
const R0 = 0 as ResourceIndex;
const word = (kind: number, type = 0): number => ((RESOURCE_ID + type) << 4) | kind;

/** Parameter and result types by name; the resource belongs to `owner`. */
async function make(
  params: readonly ('own' | 'borrow' | 'list<own>' | 'list<borrow>')[],
  result: 'own' | null,
  owner: number,
): Promise<Fused> {
  const types = new Types();
  const handle = { own: types.add({ kind: 'own', resource: R0 }), borrow: types.add({ kind: 'borrow', resource: R0 }) };
  const index = (name: string) =>
    name.startsWith('list') ? types.list_(handle[name.slice(5, -1) as 'own']) : handle[name as 'own'];
  return Fused.make({
    types,
    params: params.map(index),
    result: result === null ? null : handle[result],
    resources: [resource(owner), resource(owner)],
  });
}

const table = (linked: Linked, instance: number) => handleTable(linked.vmctx, instance);
function slot(linked: Linked, instance: number, index: number) {
  const address = table(linked, instance).slot(index);
  if (address === 0) return null;
  const at = (offset: number) => linked.context.u32[(address + offset) >>> 2]!;
  return {
    rep: at(handleSlot.rep),
    type: at(handleSlot.type),
    lends: at(handleSlot.lends),
    scope: at(handleSlot.scope),
  };
}

test('an owned handle moves', async () => {
  const linked = (await make(['own'], 'own', 0)).link((index) => {
    assert.equal(slot(linked, CALLER, 1), null);
    assert.deepEqual(slot(linked, CALLEE, index as number), { rep: 77, type: word(HANDLE_OWN), lends: 0, scope: 0 });
    return index;
  });
  assert.equal(table(linked, CALLER).add(77, word(HANDLE_OWN), 0), 1);
  assert.equal(linked.call(1), 1);
  assert.equal(slot(linked, CALLEE, 1), null);
  assert.deepEqual(slot(linked, CALLER, 1), { rep: 77, type: word(HANDLE_OWN), lends: 0, scope: 0 });
  assert.ok(linked.atRest());
});

test('many owned handles in a list, so that the table of the callee grows', async () => {
  const count = 100;
  const linked = (await make(['list<own>'], null, 0)).link((pointer) => {
    for (let i = 0; i < count; i += 1) {
      const index = linked.callee.view.getUint32((pointer as number) + 4 * i, true);
      assert.equal(index, i + 1);
      assert.equal(slot(linked, CALLEE, index)?.rep, 1000 + i);
    }
  });
  for (let i = 0; i < count; i += 1) {
    linked.caller.view.setUint32(64 + 4 * i, table(linked, CALLER).add(1000 + i, word(HANDLE_OWN), 0), true);
  }
  linked.call(64, count);
  assert.equal(slot(linked, CALLER, 1), null);
  assert.ok(linked.atRest());
});

test('a borrow is lent for the call, and must be dropped in it', async () => {
  let drop = true;
  const fused = await make(['borrow', 'list<borrow>'], null, 0);
  const callee: CoreFunc = (index, pointer, length) => {
    const { storeContext } = linked.context;
    const indices = [index as number];
    for (let i = 0; i < (length as number); i += 1) {
      indices.push(linked.callee.view.getUint32((pointer as number) + 4 * i, true));
    }
    assert.deepEqual(indices, [1, 2, 3]);
    for (const i of indices) {
      assert.deepEqual(slot(linked, CALLEE, i), {
        rep: i === 2 ? 6 : 5,
        type: word(HANDLE_BORROW),
        lends: 0,
        scope: storeContext.frame,
      });
    }
    // The same handle twice, and another one.
    assert.equal(slot(linked, CALLER, 1)?.lends, 2);
    assert.equal(slot(linked, CALLER, 2)?.lends, 1);
    if (!drop) return;
    for (const i of indices) table(linked, CALLEE).remove(i);
    setBorrows(linked, storeContext.frame, 0);
  };
  let linked = fused.link(callee);
  const prepare = (): void => {
    table(linked, CALLER).add(5, word(HANDLE_OWN), 0);
    table(linked, CALLER).add(6, word(HANDLE_BORROW), 0);
    linked.caller.view.setUint32(64, 2, true);
    linked.caller.view.setUint32(68, 1, true);
  };
  prepare();
  const stack = linked.context.storeContext.spillPointer;
  linked.call(1, 64, 2);
  assert.deepEqual([slot(linked, CALLER, 1)?.lends, slot(linked, CALLER, 2)?.lends], [0, 0]);
  assert.equal(linked.context.storeContext.spillPointer, stack);
  assert.ok(linked.atRest());

  drop = false;
  linked = fused.link(callee);
  prepare();
  assert.deepEqual(linked.trap(1, 64, 2), { code: 'borrow-remains', instance: CALLEE, detail: 0 });
});

function setBorrows(linked: Linked, frame: number, count: number): void {
  const { borrows } = new CallFrameOffsets(4);
  linked.context.u32[(frame + borrows) >>> 2] = count;
}

test('the instance that defines the resource gets the representation of a borrow', async () => {
  const linked = (await make(['borrow', 'borrow'], null, CALLEE)).link((a, b) => {
    assert.deepEqual([a, b], [5, 5]);
    assert.equal(slot(linked, CALLEE, 1), null);
    assert.equal(slot(linked, CALLER, 1)?.lends, 2);
  });
  table(linked, CALLER).add(5, word(HANDLE_OWN), 0);
  linked.call(1, 1);
  assert.equal(slot(linked, CALLER, 1)?.lends, 0);
  assert.ok(linked.atRest());
});

test('wrong handles', async () => {
  const own = await make(['own'], null, 0);
  const borrow = await make(['borrow'], null, 0);
  const cases: [Fused, number, TrapCode, number][] = [
    [own, 0, 'unknown-handle', 0],
    [own, 5, 'unknown-handle', 5],
    [own, -1, 'unknown-handle', 0xffff_ffff],
    [own, 2, 'wrong-handle-type', 2],
    [own, 3, 'not-owned', 3],
    [own, 4, 'not-a-resource', 4],
    [own, 6, 'owned-is-lent', 6],
    [borrow, 0, 'unknown-handle', 0],
    [borrow, 2, 'wrong-handle-type', 2],
    [borrow, 4, 'not-a-resource', 4],
    [borrow, 1000, 'unknown-handle', 1000],
  ];
  for (const [fused, index, code, detail] of cases) {
    const linked = fused.link(() => assert.fail('the call must not happen'));
    const handles = table(linked, CALLER);
    handles.add(1, word(HANDLE_OWN), 0);
    handles.add(2, word(HANDLE_OWN, 1), 0);
    handles.add(3, word(HANDLE_BORROW), 0);
    handles.add(4, 3, 0);
    handles.remove(handles.add(5, word(HANDLE_OWN), 0));
    handles.add(0, word(HANDLE_OWN), 0);
    handles.add(6, word(HANDLE_OWN), 0);
    handles.remove(5);
    linked.context.u32[(handles.slot(6) + handleSlot.lends) >>> 2] = 1;
    assert.deepEqual(linked.trap(index), { code, instance: CALLER, detail });
  }
});

test('an owned handle that an earlier parameter has lent', async () => {
  const linked = (await make(['borrow', 'own'], null, CALLEE)).link(() => {});
  table(linked, CALLER).add(5, word(HANDLE_OWN), 0);
  assert.deepEqual(linked.trap(1, 1), { code: 'owned-is-lent', instance: CALLER, detail: 1 });
});

test('a result that the callee does not own', async () => {
  const linked = (await make([], 'own', 0)).link(() => 9);
  assert.deepEqual(linked.trap(), { code: 'unknown-handle', instance: CALLEE, detail: 9 });
});

test.run();
