/**
 * The trampoline between a guest and a lowered host function, in both forms. In: a `lower-import` trampoline of the plan.
 * Out: two functions with the core type that the guest imports. Each checks that its instance may leave, calls the callee,
 * and stops when a trap has been recorded.
 *
 * The typed form imports its callee, which is bound to the instance, passes the core values as they are, and looks at the
 * trap word after the call:
 *   typed[lowering]: (...parameters) -> results
 * The spilled form calls what the vmctx names, with 16-byte slots on the spill stack; the callee's result says whether it
 * trapped:
 *   lowerings[lowering].callee: (vmctx, data, type, options, slots, number of slots) -> i32
 *
 * A parameter that is a borrow is checked and lent here (CanonicalABI.md#flat-lifting: lift_borrow), and the callee gets the
 * representation: three loads and a store, where the same took the callee six times as long, in JavaScript on the same bytes.
 * So a handle that is none traps before an invalid string in a parameter before it does.
 *
 * Rejected: the trap word in both forms. The general form is wasmtime's, where the result says it.
 */
import type { AbiPlan, FuncAbi } from '@gangway/component/abi';
import type { Trampoline } from '@gangway/component/plan';
import type { Expr, Func, FuncType, FunctionBuilder, Local, ModuleBuilder, NamedParam } from './builder.ts';
import type { Lending } from './lending.ts';
import { releaseSpill, reserveSpill } from './spill-stack.ts';
import { getVariable, storeContext, storeContextOffsets } from './store-context.ts';
import type { TrampolineModule } from './trampolines.ts';
import { checkMayLeave, recordTrap } from './trap.ts';

/** Bytes of a spilled core value. */
export const VALUE_SLOT = 16;

/** The type of every spilled callee. */
export const spilledCallee: FuncType = { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] };

/** The name of the module that callees are imported from. */
export const CALLEES_MODULE = 'callees';

/** A JavaScript callee, as an import. */
export function importCallee(module: ModuleBuilder, lowering: number, form: 'typed' | 'spilled', type: FuncType): Func {
  const name = `${form}[${lowering}]`;
  return module.importFunc(
    { name, module: CALLEES_MODULE, base: name, source: { kind: 'callee', lowering, form } },
    type,
  );
}

type LowerImport = Extract<Trampoline, { kind: 'lower-import' }>;

export interface Lowering {
  readonly trampoline: LowerImport;
  readonly abi: FuncAbi;
  /** For people: what is imported. */
  readonly name: string;
}

/** The core parameters, named after the parameters of the function type. */
function coreParams(abi: FuncAbi): NamedParam[] {
  const names =
    abi.spilledParams !== null ? ['parameters'] : abi.params.flatMap(({ name, type }) => partNames(name, type));
  return abi.flatParams.map((type, i) => [names[i] ?? 'result_pointer', type] as const);
}

/** The flat values of one parameter. */
function partNames(name: string, type: AbiPlan): string[] {
  if (type.flat.length === 1) return [name];
  const fixed = type.kind === 'list' && type.length !== null;
  const array = (type.kind === 'string' || type.kind === 'list' || type.kind === 'map') && !fixed;
  return array ? [`${name}.pointer`, `${name}.length`] : type.flat.map((_, i) => `${name}.${i}`);
}

export function emitTypedForm(t: TrampolineModule, { trampoline, abi, name }: Lowering): Func {
  const { context, offsets } = t;
  const at = t.instance(t.plan.options[trampoline.options]!.instance);
  const callee = importCallee(t.module, trampoline.lowering, 'typed', {
    params: abi.flatParams,
    results: abi.flatResults,
  });
  return t.module.func(name, coreParams(abi), abi.flatResults, (f) => {
    const { i32 } = f;
    const lending = t.resources?.lendParams(f, at, abi) ?? noLending;
    const call = f.call(
      callee,
      f.params.map((param, i) => lending.representation(i) ?? f.get(param)),
    );
    const [resultType] = abi.flatResults;
    const result = resultType === undefined ? null : f.local('result', resultType);
    const trapWord = i32.load(context, storeContext(f, at), storeContextOffsets(offsets).trapCode);
    return [
      checkMayLeave(f, at),
      ...lending.before,
      guard(f, t, at.instance, result === null ? call : f.set(result, call)),
      f.if(trapWord, [f.unreachable()]),
      ...lending.after,
      ...(result === null ? [] : [f.get(result)]),
    ];
  });
}

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

const noLending: Lending = { before: [], representation: () => null, after: [] };

/**
 * A callee never throws, but an engine that is out of stack does on entering it, and a guest that can catch must not
 * catch that.
 */
function guard(f: FunctionBuilder, t: TrampolineModule, instance: number, call: Expr): Expr {
  if (!t.plan.mayThrow) return call;
  return f.try_catch_all([call], [recordTrap(f, { ...t.instance(instance), code: 'stack-overflow' })]);
}
