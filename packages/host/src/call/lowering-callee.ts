/**
 * The lowering callee of a lowered import: what an emitted trampoline calls. Two forms: typed, with the core values as
 * arguments, and spilled, with the core values in slots of 16 bytes on the store's spill stack.
 *
 * A callee finds the instance by the vmctx address and the host function by its `data`, lifts the parameters, calls, lowers
 * the result. It never throws through a guest's frame: what fails is recorded in the store, the trap word is set, and the
 * trampoline traps (DESIGN §4).
 *
 * Here are the choice of the form and the closures; the generated form is in abi/generate/callee-source.ts.
 */
import type { FlatType, FuncAbi } from '@gangway/component/abi';
import { ArgumentError, located, publicError } from '../abi/argument-error.ts';
import { generateCallee } from '../abi/generate/callee-source.ts';
import { isSmall } from '../abi/generate/export-source.ts';
import { type CoreValue, zero } from '../abi/joins.ts';
import { Lifting, liftPlan, unsigned } from '../abi/lift.ts';
import { checkSpilled } from '../abi/limits.ts';
import { Lowering, lowerLast } from '../abi/lower.ts';
import { errorPayload, isErrorCase } from '../abi/result-error.ts';
import { canEvaluate } from './evaluate.ts';
import type { BorrowScope, CoreFunction, GuestSide, HostRuntime } from './guest-side.ts';
import type { CalleeMaker, CalleeRequest, JsFunction } from './requests.ts';

/** Specialises a callee; do it once a component. */
export function loweringCallee(request: CalleeRequest): CalleeMaker {
  const generate = request.evaluate === 'auto' && canEvaluate() && isSmall(request.abi);
  const typed = generate ? generateCallee(request, { unexpectedPromise, resultError }) : closureCallee(request);
  return (runtime) => {
    const callee = typed(runtime);
    return { typed: callee, spilled: spilledForm(request, runtime, callee) };
  };
}

export type TypedCalleeMaker = (runtime: HostRuntime) => CoreFunction;

/** The error of an imported function that returned a Promise to a guest that cannot wait for it. */
export function unexpectedPromise(value: unknown, name: string): TypeError {
  // Nobody else will look at it: without a handler its rejection would end the process.
  (value as Promise<unknown>).then(undefined, () => undefined);
  return new TypeError(`${name} returned a Promise, but the imported function is not async`);
}

/** What is recorded for an error of the host: its own, or what was wrong with the value that it returned, at `path`. */
function resultError(error: unknown, path: string, value: unknown, name: string): unknown {
  if (!(error instanceof ArgumentError)) return error;
  return value instanceof Promise ? unexpectedPromise(value, name) : publicError(located(error, path));
}

export function closureCallee(request: CalleeRequest): TypedCalleeMaker {
  const { abi, options, name } = request;
  const { params, result, spilledParams } = abi;
  const count = params.length;
  const lifts = params.map((param) => liftPlan(param.type));
  const borrows = params.some((param) => param.type.borrows);
  const throws = result?.kind === 'result';
  const failed = abi.flatResults.length === 0 ? undefined : zero(abi.flatResults[0] as FlatType);
  const ok = resultCase(abi, 0);
  const err = resultCase(abi, 1);
  const plain = result === null || throws ? null : lowerLast(result);

  function liftParams(side: GuestSide, scope: BorrowScope | null, flat: readonly CoreValue[]): unknown[] {
    const args: unknown[] = [];
    const call = new Lifting(side, scope, flat);
    if (spilledParams === null) {
      for (const lift of lifts) args.push(lift.flat(call));
      return args;
    }
    const address = unsigned(flat[0]!);
    checkSpilled(address, spilledParams.size, spilledParams.align, side.memory.u8.length);
    for (let i = 0; i < count; i++) args.push(lifts[i]!.load(call, address + params[i]!.offset));
    return args;
  }

  /** Phase one of the result: `thrown` is set when `value` is the error case's. */
  function read(side: GuestSide, value: unknown, thrown: boolean): Lowering {
    const call = new Lowering(side, null);
    try {
      if (throws) {
        call.queue.push(thrown ? 1 : 0);
        (thrown ? err : ok)?.read(call, value);
      } else {
        if (typeof value === 'object' && value instanceof Promise) throw unexpectedPromise(value, name);
        plain?.read(call, value);
      }
    } catch (error) {
      throw publicError(located(error, thrown ? 'error' : 'result'));
    }
    return call;
  }

  const whole = result === null ? null : lowerLast(result);

  function write(call: Lowering, flat: readonly CoreValue[]): CoreValue | undefined {
    const { side } = call;
    const { memory } = side;
    if (memory.u8.length === 0) memory.refresh();
    if (result === null || whole === null) return undefined;
    if (!abi.spilledResult) {
      const out: CoreValue[] = [];
      whole.flat(call, out);
      return out[0];
    }
    const address = unsigned(flat.at(-1)!);
    checkSpilled(address, result.size, result.align, memory.u8.length);
    whole.store(call, address);
    return undefined;
  }

  return (runtime) => {
    let cached: GuestSide | null = null;
    return (...values) => {
      const [vmctx, data, ...flat] = values as [number, number, ...CoreValue[]];
      const side: GuestSide =
        cached !== null && cached.vmctx === vmctx ? cached : (cached = runtime.side(vmctx, options));
      let scope: BorrowScope | null = null;
      let origin: 'guest' | 'host' = 'guest';
      try {
        const { memory } = side;
        if (memory.u8.length === 0) memory.refresh();
        if (borrows) scope = side.handles.openImport(side);
        const args = liftParams(side, scope, flat);
        origin = 'host';
        let value: unknown;
        let thrown = false;
        try {
          const host = runtime.hostObjects[data] as JsFunction;
          value = host(...args);
          if (throws && value instanceof Promise) throw unexpectedPromise(value, name);
        } catch (error) {
          if (!throws || !isErrorCase(error)) throw error;
          value = errorPayload(error);
          thrown = true;
        }
        const call = read(side, value, thrown);
        origin = 'guest';
        return write(call, flat);
      } catch (error) {
        runtime.record(side, error, origin);
        return failed;
      } finally {
        if (scope !== null) side.handles.closeImport(side, scope);
      }
    };
  };
}

/** The payload of a case of a function's result; null without one. */
function resultCase(abi: FuncAbi, index: 0 | 1): ReturnType<typeof lowerLast> | null {
  const { result } = abi;
  if (result?.kind !== 'result') return null;
  const payload = result.cases[index]?.type ?? null;
  return payload === null ? null : lowerLast(payload);
}

/** Bytes of a slot of the spill stack. */
const SLOT = 16;

/** `(vmctx, data, ty, options, args_and_results, nargs_and_results) → i32` around the typed form. */
function spilledForm(request: CalleeRequest, runtime: HostRuntime, typed: CoreFunction): CoreFunction {
  const { abi, options } = request;
  const { flatParams, flatResults } = abi;
  let cached: GuestSide | null = null;
  return (...values) => {
    const [vmctx, data, , , slots] = values as [number, number, number, number, number];
    const side: GuestSide =
      cached !== null && cached.vmctx === vmctx ? cached : (cached = runtime.side(vmctx, options));
    const { context } = side;
    const memory = context.slots;
    if (memory.u8.length === 0) memory.refresh();
    const start = slots >>> 0;
    const args: CoreValue[] = [vmctx, data];
    flatParams.forEach((type, i) => {
      const at = start + i * SLOT;
      if (type === 'i32') args.push(memory.i32[at / 4]!);
      else if (type === 'i64') args.push(memory.i64[at / 8]!);
      else if (type === 'f32') args.push(memory.f32[at / 4]!);
      else args.push(memory.f64[at / 8]!);
    });
    const result = typed(...args);
    const words = context.i32.length === 0 ? context.refresh() : context.i32;
    if (words[context.trapCode] !== 0) return 0;
    if (memory.u8.length === 0) memory.refresh();
    const type = flatResults[0];
    if (type === 'i32') memory.i32[start / 4] = result as number;
    else if (type === 'i64') memory.i64[start / 8] = result as bigint;
    else if (type === 'f32') memory.f32[start / 4] = result as number;
    else if (type === 'f64') memory.f64[start / 8] = result as number;
    return 1;
  };
}
