/**
 * The general form of the trampoline of lower-import.ts, for engines with `lowering: 'spilled'`. In: a `lower-import`
 * trampoline of the plan. Out: a function that calls what the vmctx names, with 16-byte slots on the spill stack; the
 * callee's result says whether it trapped:
 *   lowerings[lowering].callee: (vmctx, data, type, options, slots, number of slots) -> i32
 *
 * Rejected: the trap word in both forms. This form is wasmtime's, where the result says it.
 */
import type { Expr, Func, FuncType, Local } from './builder.ts';
import { coreParams, guard, type Lowering, noLending } from './lower-import.ts';
import { releaseSpill, reserveSpill } from './spill-stack.ts';
import { getVariable, storeContext } from './store-context.ts';
import type { TrampolineModule } from './trampolines.ts';
import { checkMayLeave } from './trap.ts';

/** Bytes of a spilled core value. */
export const VALUE_SLOT = 16;

/** The type of every spilled callee. */
export const spilledCallee: FuncType = { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] };

export function emitSpilledForm(t: TrampolineModule, { trampoline, abi, name }: Lowering): Func {
  const { context, functions, offsets } = t;
  const at = t.instance(t.plan.options[trampoline.options]!.instance);
  const slots = Math.max(abi.flatParams.length, abi.flatResults.length);
  return t.module.func(`${name} spilled`, coreParams(abi), abi.flatResults, (f) => {
    const { i32 } = f;
    const store = f.local('store', 'i32');
    const values = f.local('values', 'i32');
    const ok = f.local('ok', 'i32');
    const slot = (offset: number): Expr => i32.load(context, getVariable(f, at.vmctx), offset);
    const lending = t.resources?.lendParams(f, at, abi) ?? noLending;
    const spill = (param: Local, i: number): Expr =>
      f[abi.flatParams[i]!].store(context, f.get(values), lending.representation(i) ?? f.get(param), i * VALUE_SLOT);
    const call = f.call_indirect(functions, spilledCallee, slot(offsets.loweringCallee(trampoline.lowering)), [
      getVariable(f, at.vmctx),
      slot(offsets.loweringData(trampoline.lowering)),
      i32.const(trampoline.type),
      i32.const(trampoline.options),
      f.get(values),
      i32.const(slots),
    ]);
    const [resultType] = abi.flatResults;
    return [
      checkMayLeave(f, at),
      ...lending.before,
      f.set(store, storeContext(f, at)),
      ...reserveSpill(f, at, store, values, slots * VALUE_SLOT),
      ...f.params.map(spill),
      guard(f, t, at.instance, f.set(ok, call)),
      f.if(i32.eqz(f.get(ok)), [f.unreachable()]),
      ...lending.after,
      releaseSpill(f, at, store, values),
      ...(resultType === undefined ? [] : [f[resultType].load(context, f.get(values))]),
    ];
  });
}
