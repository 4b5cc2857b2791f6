/**
 * Entering component instances from emitted code: adapters and destructor calls. In: the instances that a call enters,
 * outermost first, as the may-enter rule says (`@gangway/component/may-enter`). Out: the check that none of them has been
 * entered, and code that sets and clears their entered bits (CanonicalABI.md#component-instances).
 */
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { FLAG_ENTERED, instanceCell } from '@gangway/offsets';
import type { Expr, FunctionBuilder } from './builder.ts';
import { getVariable, type InstanceRef } from './store-context.ts';
import { trapIf } from './trap.ts';

interface Entering {
  /** Traps with `cannot-enter` when one has been entered. Comes before the others. */
  readonly check: readonly Expr[];
  readonly set: readonly Expr[];
  readonly clear: readonly Expr[];
}

/** The bits are those of `instances`, in the vmctx of `at`; a trap names the instance of `at`. */
export function entering(f: FunctionBuilder, at: InstanceRef, instances: readonly ComponentInstanceIndex[]): Entering {
  const { i32 } = f;
  const cells = instances.map((instance) => {
    return { offset: at.offsets.flags(instance) + instanceCell.bits, bits: f.local('entered_flags', 'i32') };
  });
  const vmctx = (): Expr => getVariable(f, at.vmctx);
  return {
    check: cells.flatMap(({ bits, offset }) => [
      f.set(bits, i32.load(at.context, vmctx(), offset)),
      trapIf(f, i32.and(f.get(bits), i32.const(FLAG_ENTERED)), { ...at, code: 'cannot-enter' }),
    ]),
    set: cells.map(({ bits, offset }) =>
      i32.store(at.context, vmctx(), i32.or(f.get(bits), i32.const(FLAG_ENTERED)), offset),
    ),
    // Realloc and post-return put the other bits back, so they are what they were.
    clear: cells.map(({ bits, offset }) => i32.store(at.context, vmctx(), f.get(bits), offset)),
  };
}
