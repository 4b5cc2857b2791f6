/**
 * Memory in the receiving instance. In: old pointer, old size, alignment, new size. Out: the pointer that the guest's
 * realloc returned, checked. While realloc runs, its instance may not leave, and it has its own context slots.
 *
 * Rejected: the flags word in a local of the adapter. Lists and strings allocate in helpers that would all have to be
 * given it; a load of a cached word is cheaper than a parameter.
 */
import { InternalError } from '@gangway/component/errors';
import type { TrapCode } from '@gangway/component/traps';
import { FLAG_MAY_LEAVE, instanceCell } from '@gangway/offsets';
import type { Expr, Func, FunctionBuilder, Local } from '../builder.ts';
import { freshContextSlots } from '../fresh-context-slots.ts';
import { storeContext } from '../store-context.ts';
import { checkRange, trap } from './checks.ts';
import { memoryOf } from './memory.ts';
import { type AdapterSide, type Crossing, instanceOf } from './side.ts';

/** Sets or clears the may-leave bit of the side's instance. */
export function setMayLeave(f: FunctionBuilder, cx: Crossing, side: AdapterSide, may: boolean): Expr {
  const { i32 } = f;
  const offset = side.offsets.flags(side.options.instance) + instanceCell.bits;
  const bits = i32.load(cx.context, f.global(side.vmctx), offset);
  const changed = may ? i32.or(bits, i32.const(FLAG_MAY_LEAVE)) : i32.and(bits, i32.const(~FLAG_MAY_LEAVE));
  return i32.store(cx.context, f.global(side.vmctx), changed, offset);
}

/** A call into a guest with what it throws turned into a trap, where anything can be thrown. */
export function guarded(f: FunctionBuilder, cx: Crossing, side: AdapterSide, call: Expr): Expr {
  return cx.mayThrow ? f.try_catch_all([call], [trap(f, cx, side, 'guest-exception')]) : call;
}

/** The receiving side's realloc and the type of its operands. */
function reallocOf(cx: Crossing): { readonly guest: Func; readonly type: 'i32' | 'i64' } {
  const { to } = cx;
  if (to.realloc === null) throw new InternalError(`the ${to.role} of an adapter has no realloc`);
  return { guest: to.realloc, type: memoryOf(to).address };
}

/** Sets `pointer` to what realloc returns; the operands are old pointer, old size, alignment, new size. */
function callRealloc(f: FunctionBuilder, cx: Crossing, pointer: Local, operands: readonly Expr[]): readonly Expr[] {
  const { to } = cx;
  // What is around the call is outlined only when it is more than the flags.
  if (cx.mayThrow || cx.contextSlots) return [f.set(pointer, f.call(guardedRealloc(cx), operands))];
  return [
    setMayLeave(f, cx, to, false),
    f.set(pointer, f.call(reallocOf(cx).guest, operands)),
    setMayLeave(f, cx, to, true),
  ];
}

/** `(old pointer, old size, alignment, new size) -> pointer` of the receiving side; the result is not checked. */
function guardedRealloc(cx: Crossing): Func {
  const { to } = cx;
  const { guest, type } = reallocOf(cx);
  return cx.module.outlined(`realloc ${to.key}`, () =>
    cx.module.func(
      `${to.role}.realloc`,
      [
        ['old_pointer', type],
        ['old_size', type],
        ['alignment', type],
        ['new_size', type],
      ],
      [type],
      (f) => {
        const pointer = f.local('pointer', type);
        const slots = ownContextSlots(f, cx, to);
        const operands = f.params.map((param) => f.get(param));
        return [
          setMayLeave(f, cx, to, false),
          ...slots.enter,
          guarded(f, cx, to, f.set(pointer, f.call(guest, operands))),
          ...slots.leave,
          setMayLeave(f, cx, to, true),
          f.get(pointer),
        ];
      },
    ),
  );
}

/** Context slots for the duration of a task of its own, where anything can see them. */
function ownContextSlots(
  f: FunctionBuilder,
  cx: Crossing,
  side: AdapterSide,
): { readonly enter: readonly Expr[]; readonly leave: readonly Expr[] } {
  if (!cx.contextSlots) return { enter: [], leave: [] };
  const at = instanceOf(cx, side);
  const store = f.local('store', 'i32');
  const { enter, leave } = freshContextSlots(f, at, store);
  return { enter: [f.set(store, storeContext(f, at)), ...enter], leave };
}

export interface Allocation {
  /** Set to the new address. */
  readonly pointer: Local;
  /** Bytes, in the receiving memory's address type. */
  readonly size: () => Expr;
  readonly align: number;
  /** What a pointer outside the memory is called. */
  readonly code: TrapCode;
  /** Address and size to grow or shrink; without it, the allocation is new. */
  readonly old?: { readonly pointer: () => Expr; readonly size: () => Expr };
}

/** Allocates in the receiving memory and checks what realloc returned. */
export function allocate(f: FunctionBuilder, cx: Crossing, allocation: Allocation): Expr[] {
  const { pointer, size, align, code, old } = allocation;
  const memory = memoryOf(cx.to);
  const ops = f.int(memory.address);
  const call = callRealloc(f, cx, pointer, [
    old?.pointer() ?? ops.const(0),
    old?.size() ?? ops.const(0),
    ops.const(align),
    size(),
  ]);
  return [...call, ...checkRange(f, cx, cx.to, memory, pointer, { align, bytes: size, code })];
}
