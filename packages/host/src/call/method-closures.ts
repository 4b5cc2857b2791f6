// biome-ignore-all lint/complexity/noArguments: a rest parameter would make an array a call.
/**
 * Closures for methods and constructors whose other parameters and result are scalars, in the manner of scalar-closures.ts:
 * a first parameter that is a borrow, a result that is an own. As general closures they took 40 times a hand-written call.
 *
 * In: a request. Out: a maker as the general closures', or null when the function is of another kind. An instance that
 * does not define the resource of its method's `self` gets what `general` makes: it takes a handle and a call frame.
 */
import { type AbiPlan, type FlatType, lentParams } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import { zero } from '../abi/joins.ts';
import { endedMeanwhile } from '../abi/read-handle.ts';
import type { Single } from '../abi/scalars.ts';
import { singleOf } from '../abi/singles.ts';
import { boundary, CALLING, ENTERING, named, withPostReturn } from './boundary.ts';
import { passesRepresentations, tooFewArguments } from './export-call.ts';
import type { GuestSide } from './guest-side.ts';
import { resultError } from './host-results.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import type { CalleeRequest, ExportMaker, ExportRequest } from './requests.ts';
import { checkedResult, nothing, singlesOf } from './scalar-closures.ts';

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
  const lifted = result === null ? nothing : singleOf(result);
  if (types === null || (lifted === null && makes === null)) return null;
  const names = fieldNames(abi.params.map((param) => param.name));
  // Core functions ignore arguments that they do not take.
  const [{ check: checkA } = nothing, { check: checkB } = nothing] = types;
  const wanted = abi.params.length;
  let otherwise: ExportMaker | undefined;

  return (side, core, postReturn) => {
    if (self !== null && !passesRepresentations(abi, side)) {
      otherwise ??= general();
      return otherwise(side, core, postReturn);
    }
    const { handles } = side;
    const { inside, outside, failed } = boundary(side, name, names);
    const madeType = makes === null ? null : handles.resourceType(side, makes);
    const lift = madeType === null ? (lifted as Single).lift : takeOwn(side, madeType);
    const finish = withPostReturn(side, lift, postReturn);
    if (self === null) {
      const construct = function (a?: unknown, b?: unknown): unknown {
        if (arguments.length < wanted) throw tooFewArguments(wanted, arguments.length);
        let value: unknown;
        let at = 0;
        try {
          const x = checkA(a);
          at = 1;
          const y = checkB(b);
          at = ENTERING;
          inside();
          at = CALLING;
          value = finish(core(x, y)!);
        } catch (error) {
          throw failed(error, at);
        }
        outside();
        return madeType === null ? value : handles.wrapOwn(madeType, value as number);
      };
      return named(construct, name, wanted);
    }
    const selfType = handles.resourceType(side, (self as AbiPlan & { kind: 'borrow' }).resource);
    const method = function (object?: unknown, a?: unknown, b?: unknown): unknown {
      if (arguments.length < wanted) throw tooFewArguments(wanted, arguments.length);
      const lent = handles.representation(selfType, object);
      if (lent === null) throw handles.refusal(names[0]!, selfType, object);
      let value: unknown;
      let at = 1;
      try {
        const x = checkA(a);
        at = 2;
        const y = checkB(b);
        at = ENTERING;
        const { lends, rep } = lent;
        if (lends < 0) throw endedMeanwhile();
        inside();
        at = CALLING;
        lent.lends = lends + 1;
        const returned = core(rep, x, y);
        lent.lends = lends;
        value = finish(returned!);
      } catch (error) {
        throw failed(error, at);
      }
      outside();
      return madeType === null ? value : handles.wrapOwn(madeType, value as number);
    };
    return named(method, name, wanted);
  };
}

/** Core handle index → representation. */
function takeOwn(side: GuestSide, type: object): (index: number) => number {
  const { handles } = side;
  return (index) => handles.takeOwn(side, type, index >>> 0);
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
    /** The objects themselves, of a resource that the embedder implements. */
    let objects: readonly unknown[] | null = null;
    const bind = (): GuestSide => {
      const side = runtime.side(vmctx, options);
      objects = side.handles.hostObjects(side, resource);
      return side;
    };
    return (rep, a, b) => {
      const side = (bound ??= bind());
      let borrowed: object | null = null;
      let value: unknown;
      let origin: 'guest' | 'host' = 'guest';
      try {
        const index = (rep as number) >>> 0;
        const object = objects !== null ? objects[index] : (borrowed = side.handles.lentObject(side, resource, index));
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
        if (borrowed !== null) side.handles.endLent(side, resource, borrowed);
      }
    };
  };
}
