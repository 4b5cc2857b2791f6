/**
 * Entering component instances from emitted code. In: the instances that a call enters, outermost first, as the may-enter
 * rule says (`@gangway/component/may-enter`). Out: the check that none of them has been entered, and code that sets and
 * clears their entered bits (CanonicalABI.md#component-instances).
 */
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { FLAG_ENTERED, instanceCell } from '@gangway/offsets';
import type { Expr, FunctionBuilder } from './builder.ts';
import { getVariable, type InstanceRef } from './store-context.ts';
import { trapIf } from './trap.ts';

interface Entering {
  /** Traps with `cannot-enter` when one has been entered. */
  readonly check: readonly Expr[];
  readonly set: readonly Expr[];
  readonly clear: readonly Expr[];
}

/** `at.instance` does not matter: the bits are those of `instances`, in the vmctx of `at`. */
export function entering(f: FunctionBuilder, at: InstanceRef, instances: readonly ComponentInstanceIndex[]): Entering {
  const { i32 } = f;
  const offset = (instance: number): number => at.offsets.flags(instance) + instanceCell.bits;
  const bits = (instance: number): Expr => i32.load(at.context, getVariable(f, at.vmctx), offset(instance));
  const write = (instance: number, value: Expr): Expr =>
    i32.store(at.context, getVariable(f, at.vmctx), value, offset(instance));
  return {
    check: instances.map((instance) =>
      trapIf(f, i32.and(bits(instance), i32.const(FLAG_ENTERED)), { ...at, instance, code: 'cannot-enter' }),
    ),
    set: instances.map((instance) => write(instance, i32.or(bits(instance), i32.const(FLAG_ENTERED)))),
    clear: instances.map((instance) => write(instance, i32.and(bits(instance), i32.const(~FLAG_ENTERED)))),
  };
}
