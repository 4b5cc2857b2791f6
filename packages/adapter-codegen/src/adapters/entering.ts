/**
 * Entering and leaving the callee. In: the instances that the call enters. Out: what runs before and after it: their
 * entered bits, the record of the call chain, the task's context slots and its leave to block.
 *
 * The may-enter rule itself is not here: the plan says which instances are entered.
 */
import { InternalError } from '@gangway/component/errors';
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { FLAG_ENTERED, instanceCell } from '@gangway/offsets';
import type { Expr, FunctionBuilder } from '../builder.ts';
import { callFrameOffsets, returnLent } from '../handle-table.ts';
import { popFrame, pushFrame } from '../spill-stack.ts';
import { freshContextSlots, storeContext } from '../store-context.ts';
import { trap, trapIf } from './checks.ts';
import { type AdapterSide, type Crossing, instanceOf } from './side.ts';

/** The call, as the bookkeeping sees it. `cx` is the direction of the parameters. */
export interface Entering {
  readonly cx: Crossing;
  /** Instances of the callee's component whose entered bit is set for the call; the callee itself is one. */
  readonly instances: readonly ComponentInstanceIndex[];
  /** Whether the function may block: it is declared `async`. */
  readonly async: boolean;
  /** Whether a core module of either side can block its task, so that `task_may_block` matters. */
  readonly mayBlock: boolean;
  /** Whether the parameters hold borrows. */
  readonly borrows: boolean;
}

export interface EnteredCall {
  readonly enter: readonly Expr[];
  /** Right after the callee has returned: its borrows must be dropped. CanonicalABI.md#canon-lift (Task.return_) */
  readonly checkBorrows: () => readonly Expr[];
  readonly leave: () => readonly Expr[];
}

export function enterCall(f: FunctionBuilder, call: Entering): EnteredCall {
  const { cx } = call;
  const caller = instanceOf(cx, cx.from);
  const callee = instanceOf(cx, cx.to);
  const store = f.local('store', 'i32');
  const frame = f.local('frame', 'i32');
  const offsets = callFrameOffsets(caller.offsets);
  const bits = call.instances.map((instance) => enteredBit(f, cx, instance));
  const slots = cx.contextSlots ? freshContextSlots(f, caller, store) : { enter: [], leave: [] };
  const blocking = call.mayBlock ? leaveToBlock(f, call) : { enter: [], leave: [] };
  if (bits.length === 0) throw new InternalError('an adapter enters no instance');
  return {
    enter: [
      ...blocking.enter,
      ...bits.flatMap((bit) => bit.enter),
      f.set(store, storeContext(f, caller)),
      ...pushFrame(f, caller, callee, store, frame, offsets),
      ...slots.enter,
    ],
    checkBorrows: () => {
      if (!call.borrows) return [];
      const remaining = f.i32.load(cx.context, f.get(frame), offsets.borrows);
      return [trapIf(f, cx, cx.to, remaining, 'borrow-remains')];
    },
    leave: () => [
      ...(call.borrows ? [returnLent(f, caller, f.get(frame))] : []),
      ...slots.leave,
      ...popFrame(f, caller, store, frame, offsets),
      ...bits.flatMap((bit) => bit.leave),
      ...blocking.leave,
    ],
  };
}

interface Around {
  readonly enter: readonly Expr[];
  readonly leave: readonly Expr[];
}

/** Checks that the instance is not entered yet, and says that it is. */
function enteredBit(f: FunctionBuilder, cx: Crossing, instance: ComponentInstanceIndex): Around {
  const { i32 } = f;
  const side: AdapterSide = cx.to;
  const offset = side.offsets.flags(instance) + instanceCell.bits;
  const bits = f.local('entered_flags', 'i32');
  return {
    enter: [
      f.set(bits, i32.load(cx.context, f.global(side.vmctx), offset)),
      f.if(i32.and(f.get(bits), i32.const(FLAG_ENTERED)), [trap(f, cx, side, 'cannot-enter')]),
      i32.store(cx.context, f.global(side.vmctx), i32.or(f.get(bits), i32.const(FLAG_ENTERED)), offset),
    ],
    // Realloc and post-return put the other bits back, so they are what they were.
    leave: [i32.store(cx.context, f.global(side.vmctx), f.get(bits), offset)],
  };
}

/**
 * Only a task that may block may call an `async` function synchronously. The callee may block when its own function is
 * `async`.
 */
function leaveToBlock(f: FunctionBuilder, call: Entering): Around {
  const { cx } = call;
  const { i32 } = f;
  const { from, to } = cx;
  const saved = f.local('saved_may_block', 'i32');
  const may = (): Expr => i32.load(cx.context, f.global(from.vmctx), from.offsets.taskMayBlock);
  const at = to.offsets.taskMayBlock;
  return {
    enter: [
      ...(call.async ? [trapIf(f, cx, from, i32.eqz(may()), 'cannot-block')] : []),
      f.set(saved, i32.load(cx.context, f.global(to.vmctx), at)),
      i32.store(cx.context, f.global(to.vmctx), i32.const(call.async ? 1 : 0), at),
    ],
    leave: [i32.store(cx.context, f.global(to.vmctx), f.get(saved), at)],
  };
}
