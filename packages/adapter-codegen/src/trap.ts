/**
 * How emitted code traps. In: a trap code, where it happened and a detail or two. Out: code that records them in the
 * store context and then executes `unreachable`, the one thing that a guest cannot catch.
 *
 * Recording is outlined, once a module: a check in hot code costs a call that is never made, and no stores.
 */
import { type TrapCode, trapNumber } from '@gangway/component/traps';
import { FLAG_MAY_LEAVE, instanceCell } from '@gangway/offsets';
import type { Expr, Func, FunctionBuilder } from './builder.ts';
import { getVariable, type InstanceRef, type Site, storeContextOffsets, storePointer } from './store-context.ts';

/** A trap with the instance that is to blame. */
export interface RecordedTrap extends Site {
  readonly code: TrapCode;
  /** What the text of the trap names, u32: a handle index. */
  readonly detail?: Expr;
}

/** Records the trap, then stops. What follows is unreachable. */
export function recordTrap(f: FunctionBuilder, trap: RecordedTrap): Expr {
  const { i32 } = f;
  const call = f.call(recorder(f, trap), [
    getVariable(f, trap.vmctx),
    typeof trap.instance === 'number' ? i32.const(trap.instance) : f.get(trap.instance),
    trap.detail ?? i32.const(0),
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

/** `(vmctx, instance, detail)`; one a trap code, whose name the text of the module then shows. */
function recorder(f: FunctionBuilder, at: RecordedTrap): Func {
  const { module } = f;
  const { code } = at;
  const params = [
    ['vmctx', 'i32'],
    ['instance', 'i32'],
    ['detail', 'i32'],
  ] as const;
  const record = module.helper('trap', [...params, ['code', 'i32']], [], (g) => recording(g, at));
  return module.helper(`trap.${code}`, params, [], (g) => [
    g.call(record, [...g.params.map((param) => g.get(param)), g.i32.const(trapNumber(code))]),
  ]);
}

/** `(vmctx, instance, detail, code)`: writes them down. */
function recording(f: FunctionBuilder, at: RecordedTrap): readonly Expr[] {
  const { i32 } = f;
  const { context, offsets } = at;
  const [vmctx, instance, detail, number] = f.params;
  const store = f.local('store', 'i32');
  const fields = storeContextOffsets(offsets);
  const put = (value: Expr, offset: number): Expr => i32.store(context, f.get(store), value, offset);
  return [
    f.set(store, i32.load(context, f.get(vmctx!), offsets.vmStoreContext)),
    put(f.get(number!), fields.trapCode),
    put(f.get(detail!), fields.trapDetail0),
    put(i32.const(0), fields.trapDetail1),
    storePointer(f, at, f.get(store), f.get(vmctx!), fields.trapVmctx),
    put(f.get(instance!), fields.trapInstance),
    f.unreachable(),
  ];
}
