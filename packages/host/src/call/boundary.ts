/**
 * What the closures of exports share: the way in and out, errors, the call itself, post-return. Each is a small function: see
 * straight-closures.ts.
 */
import { located, publicError } from '../abi/argument-error.ts';
import type { CoreValue } from '../abi/joins.ts';
import type { Slots } from '../abi/lower.ts';
import { enterInner, enterSlowly, leaveInner, leaveSlowly } from './export-call.ts';
import { type CoreFunction, type GuestSide, INSIDE, OPEN } from './guest-side.ts';
import type { JsFunction } from './requests.ts';

/** Where a call is: reading parameter 0, 1, …, then these. */
export const ENTERING = -1;
export const CALLING = -2;

/** What a call does at the boundary; see export-call.ts. `failed`: what the embedder gets for an error. */
export function boundary(
  side: GuestSide,
  name: string,
  names: readonly string[],
): { inside: () => void; outside: () => void; failed: (error: unknown, at: number) => unknown } {
  const { context } = side;
  const nested = side.innerFlags.length > 0;
  return {
    inside: () => {
      if (context.gate === OPEN) context.gate = INSIDE;
      else enterSlowly(side, name);
      if (nested) enterInner(side);
    },
    outside: () => {
      if (context.shared) leaveSlowly(side);
      else context.gate = OPEN;
      if (nested) leaveInner(side);
    },
    failed: (error, at) => {
      if (at >= 0) return publicError(located(error, names[at]!));
      return at === CALLING ? side.runtime.translate(side, error, name) : error;
    },
  };
}

/** Gives a function the name and the arity of the component function. */
export function named(func: JsFunction, name: string, count: number): JsFunction {
  Object.defineProperty(func, 'length', { value: count, configurable: true });
  return Object.defineProperty(func, 'name', { value: name, configurable: true });
}

/** Calls with the first `width` slots, without the cost of spreading, which is most of what short calls cost. */
export function applying(core: CoreFunction, width: number): (slots: Slots) => CoreValue {
  type Values = CoreValue[];
  const func = core as (...values: Values) => CoreValue;
  switch (width) {
    case 0:
      return () => func();
    case 1:
      return (slots) => func((slots as Values)[0]!);
    case 2:
      return (slots) => func((slots as Values)[0]!, (slots as Values)[1]!);
    case 3:
      return (slots) => func((slots as Values)[0]!, (slots as Values)[1]!, (slots as Values)[2]!);
    case 4:
      return (slots) =>
        func((slots as Values)[0]!, (slots as Values)[1]!, (slots as Values)[2]!, (slots as Values)[3]!);
    default:
      return (slots) => func(...(slots.slice(0, width) as Values));
  }
}

/** Lifts what the core function has returned, and ends the call in the guest. CanonicalABI.md#canon-lift */
export function withPostReturn(
  side: GuestSide,
  lift: (returned: never) => unknown,
  postReturn: CoreFunction | null,
): (returned: CoreValue) => unknown {
  if (postReturn === null) return lift as (returned: CoreValue) => unknown;
  return (returned) => {
    const value = lift(returned as never);
    const words = side.forbidLeave();
    if (returned === undefined) postReturn();
    else postReturn(returned);
    side.allowLeave(words);
    return value;
  };
}
