// biome-ignore-all lint/complexity/noArguments: a rest parameter would make an array a call.
/**
 * Closures for functions whose parameters and result are single core values without memory or handles: numbers, bools,
 * chars, enums, flags. A queue, a list of core values and rest parameters would cost ten times such a call, so each value
 * goes through one function, and arguments stay arguments, up to four of them.
 *
 * In: a request. Out: a maker as the general closures', or null when the function is of another kind.
 */
import type { AbiPlan, FlatType, FuncAbi } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import { type CoreValue, zero } from '../abi/joins.ts';
import type { Single } from '../abi/scalars.ts';
import { singleOf } from '../abi/singles.ts';
import { boundary, CALLING, ENTERING, withPostReturn } from './boundary.ts';
import { tooFewArguments } from './export-call.ts';
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

  return (side, core, postReturn) => {
    const { inside, outside, failed } = boundary(side, name, names);
    const finish = withPostReturn(side, result.lift, postReturn);
    switch (types.length) {
      case 0:
        return {
          [name]() {
            inside();
            let value: unknown;
            try {
              value = finish(core()!);
            } catch (error) {
              throw failed(error, CALLING);
            }
            outside();
            return value;
          },
        }[name] as JsFunction;
      case 1:
        return {
          [name](a: unknown) {
            if (arguments.length < 1) throw tooFewArguments(1, arguments.length);
            let value: unknown;
            let at = 0;
            try {
              const x = A.check(a);
              at = ENTERING;
              inside();
              at = CALLING;
              value = finish(core(x)!);
            } catch (error) {
              throw failed(error, at);
            }
            outside();
            return value;
          },
        }[name] as JsFunction;
      case 2:
        return {
          [name](a: unknown, b: unknown) {
            if (arguments.length < 2) throw tooFewArguments(2, arguments.length);
            let value: unknown;
            let at = 0;
            try {
              const x = A.check(a);
              at = 1;
              const y = B.check(b);
              at = ENTERING;
              inside();
              at = CALLING;
              value = finish(core(x, y)!);
            } catch (error) {
              throw failed(error, at);
            }
            outside();
            return value;
          },
        }[name] as JsFunction;
      case 3:
        return {
          [name](a: unknown, b: unknown, c: unknown) {
            if (arguments.length < 3) throw tooFewArguments(3, arguments.length);
            let value: unknown;
            let at = 0;
            try {
              const x = A.check(a);
              at = 1;
              const y = B.check(b);
              at = 2;
              const z = C.check(c);
              at = ENTERING;
              inside();
              at = CALLING;
              value = finish(core(x, y, z)!);
            } catch (error) {
              throw failed(error, at);
            }
            outside();
            return value;
          },
        }[name] as JsFunction;
      default:
        return {
          [name](a: unknown, b: unknown, c: unknown, d: unknown) {
            if (arguments.length < 4) throw tooFewArguments(4, arguments.length);
            let value: unknown;
            let at = 0;
            try {
              const x = A.check(a);
              at = 1;
              const y = B.check(b);
              at = 2;
              const z = C.check(c);
              at = 3;
              const w = D.check(d);
              at = ENTERING;
              inside();
              at = CALLING;
              value = finish(core(x, y, z, w)!);
            } catch (error) {
              throw failed(error, at);
            }
            outside();
            return value;
          },
        }[name] as JsFunction;
    }
  };
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
