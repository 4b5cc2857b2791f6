// biome-ignore-all lint/complexity/noArguments: a rest parameter would make an array a call.
/**
 * Closures for methods and constructors whose other parameters and result are scalars, in the manner of scalar-closures.ts:
 * a first parameter that is a borrow, a result that is an own. As general closures they took 40 times a hand-written call.
 *
 * In: a request. Out: a maker as the general closures', or null when the function is of another kind. An instance that
 * does not define the resource of its method's `self` gets what `general` makes: it takes a handle and a call frame.
 */
import { type AbiPlan, type FlatType, lentParams } from '@gangway/component/abi';
import { located, publicError } from '../abi/argument-error.ts';
import { fieldNames } from '../abi/field-names.ts';
import { type CoreValue, zero } from '../abi/joins.ts';
import { endedMeanwhile } from '../abi/read-handle.ts';
import type { Single } from '../abi/scalars.ts';
import { singleOf } from '../abi/singles.ts';
import { enter, leave, passesRepresentations, tooFewArguments } from './export-call.ts';
import type { GuestSide, LentRepresentation } from './guest-side.ts';
import { resultError } from './host-results.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import type { CalleeRequest, ExportMaker, ExportRequest, JsFunction } from './requests.ts';
import { callPostReturn, checkedResult, nothing, singlesOf } from './scalar-closures.ts';

/** Most scalars beside `self` that have a form of their own. */
const MOST = 2;

interface Param {
  readonly type: AbiPlan;
}

/** The parameters without a first one that is a borrow. */
function split(params: readonly Param[]): { self: AbiPlan | null; others: readonly Param[] } {
  const self = params[0]?.type;
  return self?.kind === 'borrow' ? { self, others: params.slice(1) } : { self: null, others: params };
}

export function methodExport(request: ExportRequest, general: () => ExportMaker): ExportMaker | null {
  const { name, abi } = request;
  const { self, others } = split(abi.params);
  const { result } = abi;
  const makes = result?.kind === 'own' ? result.resource : null;
  const types = singlesOf(others, MOST);
  const lift = result === null ? nothing : singleOf(result);
  if (types === null || (lift === null && makes === null)) return null;
  const names = fieldNames(abi.params.map((param) => param.name));
  const [A, B] = types as [Single | undefined, Single | undefined];
  const first = self === null ? 0 : 1;
  const wanted = first + types.length;
  const wrong = (error: unknown, index: number): unknown => publicError(located(error, names[index]!));
  let otherwise: ExportMaker | undefined;

  return (side, core, postReturn) => {
    if (self !== null && !passesRepresentations(abi, side)) {
      otherwise ??= general();
      return otherwise(side, core, postReturn);
    }
    const { handles } = side;
    const madeType = makes === null ? null : handles.resourceType(side, makes);
    const finish = (core: CoreValue | undefined): unknown => {
      const value =
        madeType === null ? lift!.lift(core as never) : handles.takeOwn(side, madeType, (core as number) >>> 0);
      if (postReturn !== null) callPostReturn(side, postReturn, core);
      return value;
    };
    const failure = (error: unknown): unknown => side.runtime.translate(side, error, name);
    /** Reads what stands behind `self`, enters, calls with `rep` in front when there is a self. */
    const call = (lent: LentRepresentation | null, a: unknown, b: unknown): unknown => {
      let x: CoreValue = 0;
      let y: CoreValue = 0;
      let index = first;
      try {
        if (A !== undefined) x = A.check(a);
        index++;
        if (B !== undefined) y = B.check(b);
      } catch (error) {
        throw wrong(error, index);
      }
      if (lent !== null && lent.lends < 0) throw endedMeanwhile();
      enter(side, name);
      let value: unknown;
      try {
        let flat: CoreValue | undefined;
        if (lent === null) {
          flat = types.length === 0 ? core() : types.length === 1 ? core(x) : core(x, y);
        } else {
          const { lends, rep } = lent;
          lent.lends = lends + 1;
          flat = types.length === 0 ? core(rep) : types.length === 1 ? core(rep, x) : core(rep, x, y);
          lent.lends = lends;
        }
        value = finish(flat);
      } catch (error) {
        throw failure(error);
      }
      leave(side);
      return madeType === null ? value : handles.wrapOwn(madeType, value as number);
    };
    const named = (func: JsFunction): JsFunction => {
      Object.defineProperty(func, 'length', { value: wanted, configurable: true });
      return Object.defineProperty(func, 'name', { value: name, configurable: true });
    };
    if (self === null) {
      return named(function (a?: unknown, b?: unknown) {
        if (arguments.length < wanted) throw tooFewArguments(wanted, arguments.length);
        return call(null, a, b);
      });
    }
    const selfType = handles.resourceType(side, (self as AbiPlan & { kind: 'borrow' }).resource);
    return named(function (object?: unknown, a?: unknown, b?: unknown) {
      if (arguments.length < wanted) throw tooFewArguments(wanted, arguments.length);
      const lent = handles.representation(selfType, object);
      if (lent === null) throw handles.refusal(names[0]!, selfType, object);
      return call(lent, a, b);
    });
  };
}

/** For a method of a resource whose other parameters and result are scalars. */
export function methodCallee(request: CalleeRequest): TypedCalleeMaker | null {
  const { abi, options, name } = request;
  const [lent, more] = lentParams(abi);
  if (lent?.param !== 0 || more !== undefined || abi.spilledResult) return null;
  const { resource } = lent;
  const types = singlesOf(abi.params.slice(1), MOST);
  const result = checkedResult(abi);
  if (types === null || result === null) return null;
  const [A, B] = types as [Single, Single];
  const count = types.length;
  const failed = zero(abi.flatResults[0] as FlatType);

  return (runtime, vmctx, host) => {
    let bound: GuestSide | null = null;
    return (rep, a, b) => {
      const side = (bound ??= runtime.side(vmctx, options));
      let object: object | null = null;
      let value: unknown;
      let origin: 'guest' | 'host' = 'guest';
      try {
        object = side.handles.lentObject(side, resource, (rep as number) >>> 0);
        if (count === 0) {
          origin = 'host';
          value = host(object);
        } else if (count === 1) {
          const x = A.lift(a as never);
          origin = 'host';
          value = host(object, x);
        } else {
          const x = A.lift(a as never);
          const y = B.lift(b as never);
          origin = 'host';
          value = host(object, x, y);
        }
        return result.check(value);
      } catch (error) {
        runtime.record(side, resultError(error, 'result', value, name), origin);
        return failed;
      } finally {
        if (object !== null) side.handles.endLent(side, resource, object);
      }
    };
  };
}
