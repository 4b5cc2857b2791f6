/**
 * In: a function type of a plan and the options of one side of a call. Out: what that side sees as core parameters and
 * results, and where spilled values stand in memory.
 */
import type { ComponentPlan, FuncTypeIndex, PlanFuncType, ResourceIndex } from '../plan.ts';
import type { FuncAbi } from './abi-plan.ts';
import { type AddressType, flattenFunc } from './layout.ts';
import { abiPlans, NO_TYPE, recordPlan } from './plans.ts';

/** What the core type depends on; `CanonicalOptions` of a plan are such options. */
export interface FuncAbiOptions {
  readonly address: AddressType;
  readonly async?: boolean;
  /** Anything but null and undefined: there is a callback. */
  readonly callback?: number | null;
}

/**
 * CanonicalABI.md#flattening. `direction` is `lift` for the side that implements the function, `lower` for the side
 * that calls it.
 */
export function funcAbi(
  plan: Pick<ComponentPlan, 'types' | 'funcTypes'>,
  funcType: FuncTypeIndex | PlanFuncType,
  options: FuncAbiOptions,
  direction: 'lift' | 'lower',
): FuncAbi {
  const { address, async = false, callback = null } = options;
  const type = typeof funcType === 'number' ? (plan.funcTypes[funcType] as PlanFuncType) : funcType;
  const plans = abiPlans(plan.types, address);
  const named = type.params.map((param) => ({ name: param.name, type: plans[param.type]! }));
  const tuple = recordPlan(NO_TYPE, 'tuple', named);
  const result = type.result === null ? null : plans[type.result]!;
  const params = named.map((param) => param.type);
  const flat = flattenFunc(params, result, { address, async, callback: callback !== null }, direction);
  return Object.freeze({
    address,
    params: tuple.fields,
    result,
    spilledParams: flat.spilledParams ? tuple : null,
    spilledResult: flat.spilledResult,
    flatParams: Object.freeze(flat.params),
    flatResults: Object.freeze(flat.results),
  });
}

/** A parameter of a lowered import that the trampoline lends to the callee. */
export interface LentParam {
  /** Index of the parameter. */
  readonly param: number;
  /** Index of its core parameter. */
  readonly flat: number;
  readonly resource: ResourceIndex;
}

/**
 * The parameters of a lowered import that are borrows themselves and core parameters. Their handles are checked and lent in the
 * trampoline, and what its callee gets in their place is the representation. Borrows inside other values, and those that
 * are spilled, reach the callee as handles.
 */
export function lentParams(abi: FuncAbi): LentParam[] {
  if (abi.spilledParams !== null) return [];
  const found: LentParam[] = [];
  let flat = 0;
  abi.params.forEach(({ type }, param) => {
    if (type.kind === 'borrow') found.push({ param, flat, resource: type.resource });
    flat += type.flat.length;
  });
  return found;
}
