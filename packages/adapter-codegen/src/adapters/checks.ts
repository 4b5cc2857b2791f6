/**
 * The checks that lifting and lowering make of addresses, and how a failed check traps. All conditions are i32
 * expressions that are nonzero when the check fails; addresses have the width of the memory that they belong to.
 *
 * Rejected: one outlined check function a memory. A check is five to eight instructions, and a call costs as much as it.
 */
import type { TrapCode } from '@gangway/component/traps';
import type { Expr, FunctionBuilder, Local, Memory } from '../builder.ts';
import { recordTrap } from '../trap.ts';
import type { AdapterSide, Crossing } from './side.ts';

/** log2 of the bytes in a page. */
const PAGE_BITS = 16;

/** Records the trap in the store context, with `side` as the instance that is to blame, and stops. */
export function trap(f: FunctionBuilder, cx: Crossing, side: AdapterSide, code: TrapCode, detail?: Expr): Expr {
  return recordTrap(f, {
    code,
    context: cx.context,
    vmctx: side.vmctx,
    offsets: side.offsets,
    instance: side.options.instance,
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Traps when `failed` is nonzero. */
export function trapIf(
  f: FunctionBuilder,
  cx: Crossing,
  side: AdapterSide,
  failed: Expr,
  code: TrapCode,
  detail?: Expr,
): Expr {
  return f.if(failed, [trap(f, cx, side, code, detail)]);
}

/** Whether `[pointer, pointer + bytes)` is not inside the memory. `bytes` has the memory's address type. */
export function outOfBounds(f: FunctionBuilder, memory: Memory, pointer: Local, bytes: () => Expr): Expr {
  const { i32, i64 } = f;
  if (memory.address === 'i32') {
    const end = i64.add(i64.extend_i32_u(f.get(pointer)), i64.extend_i32_u(bytes()));
    return i64.gt_u(end, i64.shl(i64.extend_i32_u(f.memory_size(memory)), i64.const(PAGE_BITS)));
  }
  const length = (): Expr => i64.shl(f.memory_size(memory), i64.const(PAGE_BITS));
  return i32.or(i64.gt_u(f.get(pointer), length()), i64.gt_u(bytes(), i64.sub(length(), f.get(pointer))));
}

/** Whether the pointer is not a multiple of `align`; null when every pointer is. */
export function unaligned(f: FunctionBuilder, memory: Memory, pointer: Local, align: number): Expr | null {
  if (align === 1) return null;
  const ops = f.int(memory.address);
  return ops.ne(ops.and(f.get(pointer), ops.const(align - 1)), ops.const(0));
}

/** The alignment check and the bounds check, in the order of the specification. */
export function checkRange(
  f: FunctionBuilder,
  cx: Crossing,
  side: AdapterSide,
  memory: Memory,
  pointer: Local,
  range: { readonly align: number; readonly bytes: () => Expr; readonly code: TrapCode },
): Expr[] {
  const odd = unaligned(f, memory, pointer, range.align);
  const outside = trapIf(f, cx, side, outOfBounds(f, memory, pointer, range.bytes), range.code);
  return odd === null ? [outside] : [trapIf(f, cx, side, odd, 'unaligned-pointer'), outside];
}
