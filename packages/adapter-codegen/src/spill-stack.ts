/**
 * The spill stack of the store: spilled values of a call and the records of the component call chain lie on it. In: where
 * the code belongs and how many bytes; out: code that takes and gives them back. It grows up; all of it is given back
 * after a trap by nobody, because the store is locked then.
 */
import { type CallFrameOffsets, SPILL_ALIGN } from '@gangway/offsets';
import type { Expr, FunctionBuilder, Local } from './builder.ts';
import { getVariable, type Site, storeContextOffsets, storePointer } from './store-context.ts';
import { trapIf } from './trap.ts';

/** Traps unless `[pointer, pointer + bytes)` fits; then moves the spill pointer. `pointer` is set to the first byte. */
export function reserveSpill(
  f: FunctionBuilder,
  at: Site,
  store: Local,
  pointer: Local,
  bytes: number,
): readonly Expr[] {
  const { i32 } = f;
  const { spillPointer, spillLimit } = storeContextOffsets(at.offsets);
  const size = Math.ceil(bytes / SPILL_ALIGN) * SPILL_ALIGN;
  const room = i32.sub(
    i32.load(at.context, f.get(store), spillLimit),
    f.tee(pointer, i32.load(at.context, f.get(store), spillPointer)),
  );
  return [
    trapIf(f, i32.lt_u(room, i32.const(size)), { ...at, code: 'spill-stack-overflow' }),
    // The high word of a wide slot is 0 from the beginning.
    i32.store(at.context, f.get(store), i32.add(f.get(pointer), i32.const(size)), spillPointer),
  ];
}

/** Gives back what `reserveSpill` took, and what was taken since. */
export function releaseSpill(f: FunctionBuilder, at: Site, store: Local, pointer: Local): Expr {
  return f.i32.store(at.context, f.get(store), f.get(pointer), storeContextOffsets(at.offsets).spillPointer);
}

/**
 * Pushes a record of the component call chain: `frame` is set to its address, which is where the spill pointer was.
 * It goes when the frame is popped.
 */
export function pushFrame(
  f: FunctionBuilder,
  caller: Site,
  callee: Omit<Site, 'context'>,
  store: Local,
  frame: Local,
  offsets: CallFrameOffsets,
): readonly Expr[] {
  const { i32 } = f;
  const { context } = caller;
  const head = storeContextOffsets(caller.offsets).frame;
  const pointer = (value: Expr, offset: number): Expr => storePointer(f, caller, f.get(frame), value, offset);
  const word = (value: number | Local, offset: number): Expr =>
    i32.store(context, f.get(frame), typeof value === 'number' ? i32.const(value) : f.get(value), offset);
  return [
    ...reserveSpill(f, caller, store, frame, offsets.size),
    pointer(i32.load(context, f.get(store), head), offsets.link),
    pointer(getVariable(f, caller.vmctx), offsets.callerVmctx),
    pointer(getVariable(f, callee.vmctx), offsets.calleeVmctx),
    word(caller.instance, offsets.callerInstance),
    word(callee.instance, offsets.calleeInstance),
    word(0, offsets.borrows),
    pointer(i32.const(0), offsets.lenders),
    i32.store(context, f.get(store), f.get(frame), head),
  ];
}

/** Takes the record off the chain and off the spill stack. */
export function popFrame(
  f: FunctionBuilder,
  caller: Site,
  store: Local,
  frame: Local,
  offsets: CallFrameOffsets,
): readonly Expr[] {
  const { i32 } = f;
  const link = i32.load(caller.context, f.get(frame), offsets.link);
  return [
    i32.store(caller.context, f.get(store), link, storeContextOffsets(caller.offsets).frame),
    releaseSpill(f, caller, store, frame),
  ];
}
