/**
 * The trampoline between a guest and a lowered host function, in the form that guests are given: the typed one. In: a
 * `lower-import` trampoline of the plan. Out: a function with the core type that the guest imports. It checks that its
 * instance may leave, calls the callee, and stops when a trap has been recorded. The callee is an import, bound to the
 * instance; it gets the core values as they are, and the trap word is looked at after the call:
 *   typed[lowering]: (...parameters) -> results
 * The other form is in spilled-form.ts.
 *
 * A parameter that is a borrow is checked and lent here (CanonicalABI.md#flat-lifting: lift_borrow), and the callee gets the
 * representation: three loads and a store, where the same took the callee six times as long, in JavaScript on the same bytes.
 * So a handle that is none traps before an invalid string in a parameter before it does.
 */
import type { AbiPlan, FuncAbi } from '@gangway/component/abi';
import type { Trampoline } from '@gangway/component/plan';
import type { Expr, Func, FuncType, FunctionBuilder, ModuleBuilder, NamedParam } from './builder.ts';
import type { Lending } from './lending.ts';
import { type InstanceRef, storeContext, storeContextOffsets } from './store-context.ts';
import type { TrampolineModule } from './trampolines.ts';
import { checkMayLeave, recordTrap } from './trap.ts';

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
export function coreParams(abi: FuncAbi): NamedParam[] {
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
  const at = t.instance(t.plan.options[trampoline.options]!.instance);
  const callee = importCallee(t.module, trampoline.lowering, 'typed', {
    params: abi.flatParams,
    results: abi.flatResults,
  });
  return t.module.func(name, coreParams(abi), abi.flatResults, (f) => typedForm(f, t, at, abi, callee));
}

function typedForm(
  f: FunctionBuilder,
  t: TrampolineModule,
  at: InstanceRef,
  abi: FuncAbi,
  callee: Func,
): readonly Expr[] {
  const { i32 } = f;
  const lending = t.resources?.lendParams(f, at, abi) ?? noLending;
  const call = f.call(
    callee,
    f.params.map((param, i) => lending.representation(i) ?? f.get(param)),
  );
  const [resultType] = abi.flatResults;
  const result = resultType === undefined ? null : f.local('result', resultType);
  const trapWord = i32.load(t.context, storeContext(f, at), storeContextOffsets(t.offsets).trapCode);
  return [
    checkMayLeave(f, at),
    ...lending.before,
    guard(f, t, at.instance, result === null ? call : f.set(result, call)),
    f.if(trapWord, [f.unreachable()]),
    ...lending.after,
    ...(result === null ? [] : [f.get(result)]),
  ];
}

export const noLending: Lending = { before: [], representation: () => null, after: [] };

/**
 * A callee never throws, but an engine that is out of stack does on entering it, and a guest that can catch must not
 * catch that.
 */
export function guard(f: FunctionBuilder, t: TrampolineModule, instance: number, call: Expr): Expr {
  if (!t.plan.mayThrow) return call;
  return f.try_catch_all([call], [recordTrap(f, { ...t.instance(instance), code: 'stack-overflow' })]);
}
