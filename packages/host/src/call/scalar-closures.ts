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
import type { Single } from '../abi/scalars.ts';
import { singleOf } from '../abi/singles.ts';
import { enter, leave, tooFewArguments } from './export-call.ts';
import type { CoreFunction, GuestSide } from './guest-side.ts';
import { resultError } from './host-results.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import type { CalleeRequest, ExportMaker, ExportRequest, JsFunction } from './requests.ts';

/** Most parameters that have a form of their own. */
const MOST = 4;

/** For a function without a result. */
export const nothing: Single = {
  check: () => 0,
  store: () => undefined,
  load: () => undefined,
  lift: () => undefined,
};

/** The types of parameters, if each is one core value and there are at most `most`; else null. */
export function singlesOf(params: readonly { readonly type: AbiPlan }[], most: number): Single[] | null {
  const types = params.map(({ type }) => singleOf(type));
  return types.length <= most && !types.includes(null) ? (types as Single[]) : null;
}

export function scalarExport(request: ExportRequest): ExportMaker | null {
  const { name, abi } = request;
  const types = singlesOf(abi.params, MOST);
  const result = abi.result === null ? nothing : singleOf(abi.result);
  if (types === null || result === null) return null;
  const names = fieldNames(abi.params.map((param) => param.name));
  const [A, B, C, D] = types as [Single, Single, Single, Single];
  const wrong = (error: unknown, index: number): unknown => publicError(located(error, names[index]!));

  return (side, core, postReturn) => {
    const finish = (returned: CoreValue | undefined): unknown => {
      const value = result.lift(returned as never);
      if (postReturn !== null) callPostReturn(side, postReturn, returned);
      return value;
    };
    const failure = (error: unknown): unknown => side.runtime.translate(side, error, name);
    switch (types.length) {
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
              x = A.check(a);
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
              x = A.check(a);
              index = 1;
              y = B.check(b);
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
              x = A.check(a);
              index = 1;
              y = B.check(b);
              index = 2;
              z = C.check(c);
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
              x = A.check(a);
              index = 1;
              y = B.check(b);
              index = 2;
              z = C.check(c);
              index = 3;
              w = D.check(d);
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

/** The type of a result of one core value whose check refuses a Promise: without a result, or with flags, it would pass. */
export function checkedResult({ result }: FuncAbi): Single | null {
  return result === null || result.kind === 'flags' ? null : singleOf(result);
}

export function scalarCallee(request: CalleeRequest): TypedCalleeMaker | null {
  const { abi, options, name } = request;
  const types = singlesOf(abi.params, MOST);
  const result = checkedResult(abi);
  if (types === null || result === null) return null;
  const [A, B, C, D] = types as [Single, Single, Single, Single];
  const failed = zero(abi.flatResults[0] as FlatType);

  return (runtime, vmctx, host) => {
    const fail = (error: unknown, origin: 'guest' | 'host', value: unknown): CoreValue => {
      runtime.record(runtime.side(vmctx, options), resultError(error, 'result', value, name), origin);
      return failed;
    };
    switch (types.length) {
      case 0:
        return () => {
          let value: unknown;
          try {
            return result.check((value = host()));
          } catch (error) {
            return fail(error, 'host', value);
          }
        };
      case 1:
        return (a) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = A.lift(a as never);
            origin = 'host';
            return result.check((value = host(x)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
      case 2:
        return (a, b) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = A.lift(a as never);
            const y = B.lift(b as never);
            origin = 'host';
            return result.check((value = host(x, y)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
      case 3:
        return (a, b, c) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = A.lift(a as never);
            const y = B.lift(b as never);
            const z = C.lift(c as never);
            origin = 'host';
            return result.check((value = host(x, y, z)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
      default:
        return (a, b, c, d) => {
          let value: unknown;
          let origin: 'guest' | 'host' = 'guest';
          try {
            const x = A.lift(a as never);
            const y = B.lift(b as never);
            const z = C.lift(c as never);
            const w = D.lift(d as never);
            origin = 'host';
            return result.check((value = host(x, y, z, w)));
          } catch (error) {
            return fail(error, origin, value);
          }
        };
    }
  };
}
