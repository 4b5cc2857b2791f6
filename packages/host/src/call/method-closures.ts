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
import { enter, leave, passesRepresentations, tooFewArguments } from './export-call.ts';
import type { GuestSide, LentRepresentation } from './guest-side.ts';
import { resultError } from './host-results.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import type { CalleeRequest, ExportMaker, ExportRequest, JsFunction } from './requests.ts';
import { callPostReturn, type Lift, liftOf, type Read, readOf } from './scalar-closures.ts';

/** Most scalars beside `self` that have a form of their own. */
const MOST = 2;

/** The parameters without a first one that is a borrow. */
function split(params: readonly { readonly type: AbiPlan }[]): { self: AbiPlan | null; scalars: AbiPlan[] } {
  const types = params.map((param) => param.type);
  return types[0]?.kind === 'borrow' ? { self: types[0], scalars: types.slice(1) } : { self: null, scalars: types };
}

export function methodExport(request: ExportRequest, general: () => ExportMaker): ExportMaker | null {
  const { name, abi } = request;
  const { self, scalars } = split(abi.params);
  const { result } = abi;
  const makes = result?.kind === 'own' ? result.resource : null;
  const reads = scalars.map(readOf);
  const lift = result === null ? nothing : makes !== null ? null : liftOf(result);
  if (reads.length > MOST || reads.includes(null) || (lift === null && makes === null)) return null;
  const names = fieldNames(abi.params.map((param) => param.name));
  const [readA, readB] = reads as [Read, Read];
  const first = self === null ? 0 : 1;
  const wanted = first + reads.length;
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
        madeType === null ? lift!(core as never) : handles.liftOwnOf(side, madeType, (core as number) >>> 0);
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
        if (readA !== undefined) x = readA(a);
        index++;
        if (readB !== undefined) y = readB(b);
      } catch (error) {
        throw wrong(error, index);
      }
      enter(side, name);
      let value: unknown;
      try {
        let flat: CoreValue | undefined;
        if (lent === null) {
          flat = reads.length === 0 ? core() : reads.length === 1 ? core(x) : core(x, y);
        } else {
          lent.lends++;
          const { rep } = lent;
          flat = reads.length === 0 ? core(rep) : reads.length === 1 ? core(rep, x) : core(rep, x, y);
          lent.lends--;
        }
        value = finish(flat);
      } catch (error) {
        throw failure(error);
      }
      leave(side);
      return value;
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
      if (typeof lent === 'string') throw new TypeError(`${names[0]}: ${lent}`);
      return call(lent, a, b);
    });
  };
}

function nothing(): undefined {
  return undefined;
}

/** For a method of a resource whose other parameters and result are scalars. */
export function methodCallee(request: CalleeRequest): TypedCalleeMaker | null {
  const { abi, options, name } = request;
  const [lent, more] = lentParams(abi);
  if (lent?.param !== 0 || more !== undefined || abi.spilledResult) return null;
  const { resource } = lent;
  const lifts = abi.params.slice(1).map((param) => liftOf(param.type));
  // Without a result, or with flags, a Promise would pass the check.
  const read = abi.result === null || abi.result.kind === 'flags' ? null : readOf(abi.result);
  if (lifts.length > MOST || lifts.includes(null) || read === null) return null;
  const [liftA, liftB] = lifts as [Lift, Lift];
  const count = lifts.length;
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
          const x = liftA(a as never);
          origin = 'host';
          value = host(object, x);
        } else {
          const x = liftA(a as never);
          const y = liftB(b as never);
          origin = 'host';
          value = host(object, x, y);
        }
        return read(value);
      } catch (error) {
        runtime.record(side, resultError(error, 'result', value, name), origin);
        return failed;
      } finally {
        if (object !== null) side.handles.endLent(side, resource, object);
      }
    };
  };
}
