/**
 * A call from one component to another on an engine whose modules have one memory. In: both sides, the function type as
 * each sees it, and what the call enters. Out: a JavaScript function of the core parameters, which the emitted shim
 * (adapter-codegen, adapters/fallback.ts) calls. It never throws: what fails is recorded, and the shim traps.
 */
import type { FuncAbi } from '@gangway/component/abi';
import { FLAG_ENTERED, FLAG_MAY_LEAVE } from '@gangway/offsets';
import type { ContextMemory } from '@gangway/vmctx';
import { setTaskMayBlock, taskMayBlock } from '@gangway/vmctx/instance-flags';
import type { CoreFunction } from '../call/guest-side.ts';
import {
  addressOf,
  allocate,
  type CallState,
  type Crossing,
  checkRange,
  type FallbackSide,
  fail,
  flagsWord,
  putContextSlots,
  refresh,
  setMayLeave,
  takeContextSlots,
} from './crossing.ts';
import { frameOffsets, returnLent } from './handles.ts';
import { type CoreValue, type FlatMove, type MemoryMove, Moves } from './values.ts';

export interface FallbackCall {
  readonly context: ContextMemory;
  readonly caller: FallbackSide;
  readonly callee: FallbackSide;
  readonly lower: FuncAbi;
  readonly lift: FuncAbi;
  /** The callee's core function. */
  readonly func: CoreFunction;
  readonly postReturn: CoreFunction | null;
  /** Instances of the callee's component that the call enters; null: it always traps. */
  readonly entering: readonly number[] | null;
  readonly async: boolean;
  /** Whether a core module of either side can see its task's context slots. */
  readonly contextSlots: boolean;
  /** Keeps an error, once, with the instance that is to blame. */
  readonly record: (side: FallbackSide, error: unknown) => void;
}

type Move<F> = { readonly move: F; readonly slots: number };

export function fallbackAdapter(call: FallbackCall): CoreFunction {
  const { context, caller, callee, lower, lift } = call;
  const state: CallState = { blame: caller, frame: 0, lenders: [] };
  const common = { context, call: state, contextSlots: call.contextSlots };
  const params: Crossing = { ...common, ...nothing, from: caller, to: callee };
  const results: Crossing = { ...common, ...nothing, from: callee, to: caller };
  const moveParams = paramMove(lower, lift);
  const moveResult = resultMove(lower, lift);
  const zero: CoreValue | undefined = lower.flatResults[0] === 'i64' ? 0n : 0;
  const entering = call.entering?.map((instance) => flagsWord(callee.vmctx, instance));
  const callerFlags = flagsWord(caller.vmctx, caller.instance);

  const run = (args: readonly CoreValue[]): CoreValue | undefined => {
    state.blame = caller;
    if ((context.u32[callerFlags]! & FLAG_MAY_LEAVE) === 0) fail(params, caller, 'cannot-leave');
    const mayBlock = taskMayBlock(callee.vmctx);
    if (call.async && !taskMayBlock(caller.vmctx)) fail(params, caller, 'cannot-block');
    if (entering === undefined) fail(params, callee, 'cannot-enter');
    for (const word of entering) {
      if ((context.u32[word]! & FLAG_ENTERED) !== 0) fail(params, callee, 'cannot-enter');
      context.u32[word]! |= FLAG_ENTERED;
    }
    setTaskMayBlock(callee.vmctx, call.async);
    const { storeContext } = context;
    const slots = takeContextSlots(params);
    pushFrame(params);
    const { frame } = state;
    refresh(caller);
    refresh(callee);

    const lowered = moveParams(params, args);
    state.blame = callee;
    const returned = call.func(...lowered);
    refresh(caller);
    refresh(callee);
    const { borrows, link } = frameOffsets[context.pointerSize];
    if (context.u32[(frame + borrows) / 4] !== 0) fail(params, callee, 'borrow-remains');
    const result = moveResult(results, returned, args);
    if (call.postReturn !== null) {
      state.blame = callee;
      setMayLeave(params, callee, false);
      call.postReturn(...(returned === undefined ? [] : [returned]));
      setMayLeave(params, callee, true);
    }
    returnLent(params);
    putContextSlots(params, slots);
    storeContext.frame = context.u32[(frame + link) / 4] as number;
    storeContext.spillPointer = frame;
    setTaskMayBlock(callee.vmctx, mayBlock);
    for (const word of entering) context.u32[word]! &= ~FLAG_ENTERED;
    return result;
  };

  return (...args) => {
    try {
      return run(args);
    } catch (error) {
      call.record(state.blame, error);
      return zero;
    }
  };
}

/** A direction before its first string. */
const nothing = { sourceTagged: false, length: 0, tagged: false };

function paramMove(lower: FuncAbi, lift: FuncAbi): (cx: Crossing, args: readonly CoreValue[]) => CoreValue[] {
  const moves = new Moves();
  const code = 'pointer-out-of-bounds';
  if (lower.spilledParams !== null && lift.spilledParams !== null) {
    const from = lower.spilledParams;
    const to = lift.spilledParams;
    const move: MemoryMove = moves.memory(from, to);
    return (cx, args) => {
      const source = addressOf(args[0]!);
      checkRange(cx, cx.from, source, from.size, from.align, code);
      const target = allocate(cx, to.align, to.size, code);
      move(cx, source, target);
      return [cx.to.address === 'i32' ? target : BigInt(target)];
    };
  }
  const each: Move<FlatMove>[] = lower.params.map(({ type }, i) => ({
    move: moves.flat(type, lift.params[i]!.type),
    slots: type.flat.length,
  }));
  return (cx, args) => {
    const out: CoreValue[] = [];
    let first = 0;
    for (const { move, slots } of each) {
      move(cx, args, first, out);
      first += slots;
    }
    return out;
  };
}

function resultMove(
  lower: FuncAbi,
  lift: FuncAbi,
): (cx: Crossing, returned: CoreValue | undefined, args: readonly CoreValue[]) => CoreValue | undefined {
  const from = lift.result;
  const to = lower.result;
  if (from === null || to === null) return () => undefined;
  const moves = new Moves();
  const code = 'pointer-out-of-bounds';
  if (lift.spilledResult) {
    const move = moves.memory(from, to);
    return (cx, returned, args) => {
      const source = addressOf(returned as CoreValue);
      const target = addressOf(args.at(-1) as CoreValue);
      checkRange(cx, cx.from, source, from.size, from.align, code);
      checkRange(cx, cx.to, target, to.size, to.align, code);
      move(cx, source, target);
      return undefined;
    };
  }
  const move = moves.flat(from, to);
  return (cx, returned) => {
    const out: CoreValue[] = [];
    move(cx, returned === undefined ? [] : [returned], 0, out);
    return out[0];
  };
}

/** A record of the component call chain, on the spill stack. */
function pushFrame(cx: Crossing): void {
  const { context, from, to } = cx;
  const { storeContext } = context;
  const offsets = frameOffsets[context.pointerSize];
  const frame = storeContext.spillPointer;
  const size = Math.ceil(offsets.size / 16) * 16;
  if (frame + size > storeContext.spillLimit) fail(cx, from, 'spill-stack-overflow');
  storeContext.spillPointer = frame + size;
  context.writePointer(frame + offsets.link, storeContext.frame);
  context.writePointer(frame + offsets.callerVmctx, from.vmctx.address);
  context.writePointer(frame + offsets.calleeVmctx, to.vmctx.address);
  const words = context.u32;
  words[(frame + offsets.callerInstance) / 4] = from.instance;
  words[(frame + offsets.calleeInstance) / 4] = to.instance;
  words[(frame + offsets.borrows) / 4] = 0;
  context.writePointer(frame + offsets.lenders, 0);
  storeContext.frame = frame;
  cx.call.frame = frame;
  cx.call.lenders = [];
}
