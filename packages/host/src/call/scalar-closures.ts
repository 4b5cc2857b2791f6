// biome-ignore-all lint/complexity/noArguments: a rest parameter would make an array a call.
/**
 * Closures for functions whose parameters and result are single core values without memory or handles: numbers, bools,
 * chars, enums, flags. A queue, a list of core values and rest parameters would cost ten times such a call, so each value
 * goes through one function, and arguments stay arguments, up to four of them.
 *
 * In: a request. Out: a maker as the general closures', or null when the function is of another kind.
 */
import type { AbiPlan, FlatType, FuncAbi } from '@gangway/component/abi';
import { located, publicError } from '../abi/argument-error.ts';
import { fieldNames } from '../abi/field-names.ts';
import { type CoreValue, zero } from '../abi/joins.ts';
import { liftEnum, liftFlags } from '../abi/lift.ts';
import { checkEnum, checkFlags } from '../abi/lower.ts';
import { scalars } from '../abi/scalars.ts';
import { enter, leave, tooFewArguments } from './export-call.ts';
import type { CoreFunction, GuestSide } from './guest-side.ts';
import { resultError } from './host-results.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import type { CalleeRequest, ExportMaker, ExportRequest, JsFunction } from './requests.ts';

/** JS → core value, or throws. */
export type Read = (value: unknown) => CoreValue;
/** Core value → JS. */
export type Lift = (value: never) => unknown;

/** Most parameters that have a form of their own. */
const MOST = 4;

/** The check of a type of one core value, whose result is that value; null for other types, and for flags. */
export function checkOf(plan: AbiPlan): Read | null {
  if (plan.kind === 'enum') return checkEnum(plan);
  return Object.hasOwn(scalars, plan.kind) ? scalars[plan.kind as keyof typeof scalars].check : null;
}

/** As {@link checkOf}, with flags, for which a Promise passes. */
export function readOf(plan: AbiPlan): Read | null {
  return plan.kind === 'flags' ? checkFlags(plan.names) : checkOf(plan);
}

export function liftOf(plan: AbiPlan): Lift | null {
  if (plan.kind === 'enum') return liftEnum(plan);
  if (plan.kind === 'flags') return liftFlags(plan.names);
  return Object.hasOwn(scalars, plan.kind) ? scalars[plan.kind as keyof typeof scalars].lift : null;
}

function nothing(): undefined {
  return undefined;
}

/** One function for each of `plans`, or null. */
function all<T>(plans: readonly AbiPlan[], make: (plan: AbiPlan) => T | null): T[] | null {
  const made = plans.map(make);
  return plans.length <= MOST && made.every((item) => item !== null) ? (made as T[]) : null;
}

const paramTypes = (abi: FuncAbi): AbiPlan[] => abi.params.map((param) => param.type);

export function scalarExport(request: ExportRequest): ExportMaker | null {
  const { name, abi } = request;
  const reads = all(paramTypes(abi), readOf);
  const lift = abi.result === null ? nothing : liftOf(abi.result);
  if (reads === null || lift === null) return null;
  const names = fieldNames(abi.params.map((param) => param.name));
  const [readA, readB, readC, readD] = reads as [Read, Read, Read, Read];
  const wrong = (error: unknown, index: number): unknown => publicError(located(error, names[index]!));

  return (side, core, postReturn) => {
    const finish = (result: CoreValue | undefined): unknown => {
      const value = lift(result as never);
      if (postReturn !== null) callPostReturn(side, postReturn, result);
      return value;
    };
    const failure = (error: unknown): unknown => side.runtime.translate(side, error, name);
    switch (reads.length) {
      case 0:
        return {
          [name]() {
            enter(side, name);
            let value: unknown;
            try {
              value = finish(core());
            } catch (error) {
              throw failure(error);
            }
            leave(side);
            return value;
          },
        }[name] as JsFunction;
      case 1:
        return {
          [name](a: unknown) {
            if (arguments.length < 1) throw tooFewArguments(1, arguments.length);
            let x: CoreValue;
            try {
              x = readA(a);
            } catch (error) {
              throw wrong(error, 0);
            }
            enter(side, name);
            let value: unknown;
            try {
              value = finish(core(x));
            } catch (error) {
              throw failure(error);
            }
            leave(side);
            return value;
          },
        }[name] as JsFunction;
      case 2:
        return {
          [name](a: unknown, b: unknown) {
            if (arguments.length < 2) throw tooFewArguments(2, arguments.length);
            let x: CoreValue;
            let y: CoreValue;
            let index = 0;
            try {
              x = readA(a);
              index = 1;
              y = readB(b);
            } catch (error) {
              throw wrong(error, index);
            }
            enter(side, name);
            let value: unknown;
            try {
              value = finish(core(x, y));
            } catch (error) {
              throw failure(error);
            }
            leave(side);
            return value;
          },
        }[name] as JsFunction;
      case 3:
        return {
          [name](a: unknown, b: unknown, c: unknown) {
            if (arguments.length < 3) throw tooFewArguments(3, arguments.length);
            let x: CoreValue;
            let y: CoreValue;
            let z: CoreValue;
            let index = 0;
            try {
              x = readA(a);
              index = 1;
              y = readB(b);
              index = 2;
              z = readC(c);
            } catch (error) {
              throw wrong(error, index);
            }
            enter(side, name);
            let value: unknown;
            try {
              value = finish(core(x, y, z));
            } catch (error) {
              throw failure(error);
            }
            leave(side);
            return value;
          },
        }[name] as JsFunction;
      default:
        return {
          [name](a: unknown, b: unknown, c: unknown, d: unknown) {
            if (arguments.length < 4) throw tooFewArguments(4, arguments.length);
            let x: CoreValue;
            let y: CoreValue;
            let z: CoreValue;
            let w: CoreValue;
            let index = 0;
            try {
              x = readA(a);
              index = 1;
              y = readB(b);
              index = 2;
              z = readC(c);
              index = 3;
              w = readD(d);
            } catch (error) {
              throw wrong(error, index);
            }
            enter(side, name);
            let value: unknown;
            try {
              value = finish(core(x, y, z, w));
            } catch (error) {
              throw failure(error);
            }
            leave(side);
            return value;
          },
        }[name] as JsFunction;
    }
  };
}

export function callPostReturn(side: GuestSide, postReturn: CoreFunction, result: CoreValue | undefined): void {
  const words = side.forbidLeave();
  if (result === undefined) postReturn();
  else postReturn(result);
  side.allowLeave(words);
}

export function scalarCallee(request: CalleeRequest): TypedCalleeMaker | null {
  const { abi, options, name } = request;
  const lifts = all(paramTypes(abi), liftOf);
  const read = abi.result === null ? nothing : readOf(abi.result);
  // Without a result, or with flags, a Promise would pass the check.
  if (lifts === null || read === null || abi.result === null || abi.result.kind === 'flags') return null;
  const [liftA, liftB, liftC, liftD] = lifts as [Lift, Lift, Lift, Lift];
  const failed = zero(abi.flatResults[0] as FlatType);

  return (runtime, vmctx, host) => {
    const fail = (error: unknown, origin: 'guest' | 'host', value: unknown): CoreValue => {
      runtime.record(runtime.side(vmctx, options), resultError(error, 'result', value, name), origin);
      return failed;
    };
    switch (lifts.length) {
      case 0:
        return () => {
          let value: unknown;
          try {
            return read((value = host()));
          } catch (error) {
            return fail(error, 'host', value);
          }
        };
      case 1:
        return (a) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = liftA(a as never);
            origin = 'host';
            return read((value = host(x)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
      case 2:
        return (a, b) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = liftA(a as never);
            const y = liftB(b as never);
            origin = 'host';
            return read((value = host(x, y)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
      case 3:
        return (a, b, c) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = liftA(a as never);
            const y = liftB(b as never);
            const z = liftC(c as never);
            origin = 'host';
            return read((value = host(x, y, z)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
      default:
        return (a, b, c, d) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = liftA(a as never);
            const y = liftB(b as never);
            const z = liftC(c as never);
            const w = liftD(d as never);
            origin = 'host';
            return read((value = host(x, y, z, w)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
    }
  };
}
