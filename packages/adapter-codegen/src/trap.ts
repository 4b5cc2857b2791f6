/**
 * How emitted code traps. In: a trap code, where it happened and a detail or two. Out: code that records them in the
 * store context and then executes `unreachable`, the one thing that a guest cannot catch.
 *
 * Recording is outlined, once a module: a check in hot code costs a call that is never made, and no stores.
 */
import { type TrapCode, traps } from '@gangway/component/traps';
import { FLAG_MAY_LEAVE, instanceCell } from '@gangway/offsets';
import type { Expr, Func, FunctionBuilder } from './builder.ts';
import { getVariable, type InstanceRef, type Site, storeContextOffsets, storePointer } from './store-context.ts';

/** A trap with the instance that is to blame. */
export interface RecordedTrap extends Site {
  readonly code: TrapCode;
  /** What the text of the trap names, u32: a handle index. */
  readonly detail?: Expr;
  readonly detail1?: Expr;
}

/** Records the trap, then stops. What follows is unreachable. */
export function recordTrap(f: FunctionBuilder, trap: RecordedTrap): Expr {
  const { i32 } = f;
  const call = f.call(recorder(f, trap), [
    getVariable(f, trap.vmctx),
    typeof trap.instance === 'number' ? i32.const(trap.instance) : f.get(trap.instance),
    i32.const(traps[trap.code].number),
    trap.detail ?? i32.const(0),
    trap.detail1 ?? i32.const(0),
  ]);
  return f.seq([call, f.unreachable()]);
}

/** Records the trap and stops when `failed` is nonzero. */
export function trapIf(f: FunctionBuilder, failed: Expr, trap: RecordedTrap): Expr {
  return f.if(failed, [recordTrap(f, trap)]);
}

/** CanonicalABI.md#canon-lower: traps when the instance's may-leave bit is clear. */
export function checkMayLeave(f: FunctionBuilder, at: InstanceRef): Expr {
  const bits = f.i32.load(at.context, getVariable(f, at.vmctx), at.offsets.flags(at.instance) + instanceCell.bits);
  return trapIf(f, f.i32.eqz(f.i32.and(bits, f.i32.const(FLAG_MAY_LEAVE))), { ...at, code: 'cannot-leave' });
}

/** `(vmctx, instance, code, detail0, detail1)`. */
function recorder(f: FunctionBuilder, at: Site): Func {
  const { context } = at;
  return f.module.outlined('trap', () =>
    f.module.func(
      'trap',
      [
        ['vmctx', 'i32'],
        ['instance', 'i32'],
        ['code', 'i32'],
        ['detail0', 'i32'],
        ['detail1', 'i32'],
      ],
      [],
      (g) => {
        const [vmctx, instance, code, detail0, detail1] = g.params;
        const store = g.local('store', 'i32');
        const offsets = storeContextOffsets(at.offsets);
        return [
          g.set(store, g.i32.load(context, g.get(vmctx!), at.offsets.vmStoreContext)),
          g.i32.store(context, g.get(store), g.get(code!), offsets.trapCode),
          g.i32.store(context, g.get(store), g.get(detail0!), offsets.trapDetail0),
          g.i32.store(context, g.get(store), g.get(detail1!), offsets.trapDetail1),
          storePointer(g, at, g.get(store), g.get(vmctx!), offsets.trapVmctx),
          g.i32.store(context, g.get(store), g.get(instance!), offsets.trapInstance),
          g.unreachable(),
        ];
      },
    ),
  );
}
