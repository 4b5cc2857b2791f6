/** Handles from table to table: `lift_own` and `lower_own`, `lift_borrow` and `lower_borrow`. */
import type { AbiHandle } from '@gangway/component/abi';
import {
  CallFrameOffsets,
  HANDLE_BORROW,
  HANDLE_KIND_BITS,
  HANDLE_KIND_MASK,
  HANDLE_OWN,
  handleSlot,
} from '@gangway/offsets';
import { type Crossing, fail } from './crossing.ts';

export function crossHandle(cx: Crossing, from: AbiHandle, to: AbiHandle, index: number): number {
  const slot = findSlot(cx, from, index);
  const words = cx.context.u32;
  const rep = words[slot + handleSlot.rep / 4] as number;
  if (from.kind === 'own') {
    if (words[slot + handleSlot.lends / 4] !== 0) fail(cx, cx.from, 'owned-is-lent', index);
    if (((words[slot + handleSlot.type / 4] as number) & HANDLE_KIND_MASK) !== HANDLE_OWN) {
      fail(cx, cx.from, 'not-owned', index);
    }
    cx.from.table.remove(index);
    return add(cx, to, rep, HANDLE_OWN, 0);
  }
  words[slot + handleSlot.lends / 4]! += 1;
  cx.call.lenders.push(index);
  if (cx.to.definesResource(to.resource)) return rep;
  const { frame } = cx.call;
  cx.context.u32[(frame + frameOffsets[cx.context.pointerSize].borrows) / 4]! += 1;
  return add(cx, to, rep, HANDLE_BORROW, frame);
}

/** The layouts of a call frame record. */
export const frameOffsets = { 4: new CallFrameOffsets(4), 8: new CallFrameOffsets(8) } as const;

/** Ends the lending of the call. */
export function returnLent(cx: Crossing): void {
  for (const index of cx.call.lenders) {
    // A lent handle cannot be dropped, so its slot is still its own.
    cx.context.u32[(cx.from.table.slot(index) + handleSlot.lends) / 4]! -= 1;
  }
}

/** Word index of the slot of a handle of the type; traps when there is none. */
function findSlot(cx: Crossing, type: AbiHandle, index: number): number {
  const { table } = cx.from;
  const slot = table.slot(index) / 4;
  if (slot === 0) fail(cx, cx.from, 'unknown-handle', index);
  const word = cx.context.u32[slot + handleSlot.type / 4] as number;
  if ((word & HANDLE_KIND_MASK) > HANDLE_BORROW) fail(cx, cx.from, 'not-a-resource', index);
  if (word >>> HANDLE_KIND_BITS !== cx.from.resourceId(type.resource)) fail(cx, cx.from, 'wrong-handle-type', index);
  return slot;
}

function add(cx: Crossing, type: AbiHandle, rep: number, kind: number, scope: number): number {
  const word = ((cx.to.resourceId(type.resource) << HANDLE_KIND_BITS) | kind) >>> 0;
  const index = cx.to.table.add(rep, word, scope);
  if (index === 0) fail(cx, cx.to, 'handle-table-full');
  return index;
}
