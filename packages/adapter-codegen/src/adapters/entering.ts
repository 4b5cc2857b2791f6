/**
 * Entering and leaving the callee. In: the instances that the call enters. Out: what runs before and after it: their
 * entered bits, the record of the call chain, the task's context slots and its leave to block.
 *
 * The may-enter rule itself is not here: the plan says which instances are entered.
 */
import { InternalError } from '@gangway/component/errors';
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import type { Expr, FunctionBuilder, Local } from '../builder.ts';
import { entering } from '../entering.ts';
import { freshContextSlots } from '../fresh-context-slots.ts';
import { callFrameOffsets, returnLent } from '../handle-table.ts';
import { popFrame, pushFrame } from '../spill-stack.ts';
import { storeContext, storeContextOffsets, storePointer } from '../store-context.ts';
import { trapIf } from './checks.ts';
import { frameAddress, type StaticFrame } from './frames.ts';
import { type Crossing, instanceOf } from './side.ts';

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
  /** The adapter's own call frame record; null: one on the spill stack. */
  readonly frame: StaticFrame | null;
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
  const store = f.local('store', 'i32');
  if (call.instances.length === 0) throw new InternalError('an adapter enters no instance');
  const bits = entering(f, instanceOf(cx, cx.to), call.instances);
  const slots = cx.contextSlots ? freshContextSlots(f, caller, store) : { enter: [], leave: [] };
  const blocking = call.mayBlock ? leaveToBlock(f, call) : { enter: [], leave: [] };
  const frame = call.frame === null ? stackFrame(f, call, store) : staticFrame(f, call, call.frame, store);
  return {
    enter: [
      ...blocking.enter,
      ...bits.check,
      ...bits.set,
      f.set(store, storeContext(f, caller)),
      ...frame.enter,
      ...slots.enter,
    ],
    checkBorrows: () => {
      if (!call.borrows) return [];
      const { borrows } = callFrameOffsets(caller.offsets);
      return [trapIf(f, cx, cx.to, f.i32.load(cx.context, frame.address(), borrows), 'borrow-remains')];
    },
    leave: () => [
      ...(call.borrows ? [returnLent(f, caller, frame.address())] : []),
      ...slots.leave,
      ...frame.leave,
      ...bits.clear,
      ...blocking.leave,
    ],
  };
}

interface Frame extends Around {
  readonly address: () => Expr;
}

/** A record on the spill stack: the task may be suspended during the call, and another one make the same call. */
function stackFrame(f: FunctionBuilder, call: Entering, store: Local): Frame {
  const { cx } = call;
  const caller = instanceOf(cx, cx.from);
  const frame = f.local('frame', 'i32');
  const offsets = callFrameOffsets(caller.offsets);
  return {
    enter: pushFrame(f, caller, instanceOf(cx, cx.to), store, frame, offsets),
    leave: popFrame(f, caller, store, frame, offsets),
    address: () => f.get(frame),
  };
}

/** The adapter's own record. The records of lenders are on the spill stack, which is put back. */
function staticFrame(f: FunctionBuilder, call: Entering, frame: StaticFrame, store: Local): Frame {
  const { cx } = call;
  const { i32 } = f;
  const caller = instanceOf(cx, cx.from);
  const offsets = callFrameOffsets(caller.offsets);
  const { frame: head, spillPointer } = storeContextOffsets(caller.offsets);
  const link = f.local('outer_frame', 'i32');
  const field = (value: Expr, offset: number): Expr =>
    storePointer(f, caller, f.global(frame.block), value, frame.offset + offset);
  const inStore = (value: Expr, offset: number): Expr => i32.store(cx.context, f.get(store), value, offset);
  const enter = [
    f.set(link, i32.load(cx.context, f.get(store), head)),
    field(f.get(link), offsets.link),
    inStore(frameAddress(f, frame), head),
  ];
  const leave = [inStore(f.get(link), head)];
  if (call.borrows) {
    const stack = f.local('spill_pointer', 'i32');
    enter.push(
      i32.store(cx.context, f.global(frame.block), i32.const(0), frame.offset + offsets.borrows),
      field(i32.const(0), offsets.lenders),
      f.set(stack, i32.load(cx.context, f.get(store), spillPointer)),
    );
    leave.push(inStore(f.get(stack), spillPointer));
  }
  return { enter, leave, address: () => frameAddress(f, frame) };
}

interface Around {
  readonly enter: readonly Expr[];
  readonly leave: readonly Expr[];
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
