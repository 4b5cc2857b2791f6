/**
 * The lowering callee of a lowered import: what an emitted trampoline calls. Two forms: typed, with the core values as
 * arguments, and spilled, with the core values in slots of 16 bytes on the store's spill stack.
 *
 * A callee finds the instance by the vmctx address and the host function by its `data`, lifts the parameters, calls, lowers
 * the result. It never throws through a guest's frame: what fails is recorded in the store, the trap word is set, and the
 * trampoline traps (DESIGN §4).
 *
 * Here are the choice of the form of the code and the spilled form of the call. The closures are in callee-closures.ts and
 * scalar-closures.ts, the generated form is in abi/generate/callee-source.ts.
 */
import { ArgumentError, located, publicError } from '../abi/argument-error.ts';
import { generateCallee } from '../abi/generate/callee-source.ts';
import { isSmall } from '../abi/generate/export-source.ts';
import type { CoreValue } from '../abi/joins.ts';
import { closureCallee } from './callee-closures.ts';
import { canEvaluate } from './evaluate.ts';
import type { CoreFunction, GuestSide, HostRuntime } from './guest-side.ts';
import type { CalleeMaker, CalleeRequest } from './requests.ts';

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
export function resultError(error: unknown, path: string, value: unknown, name: string): unknown {
  if (!(error instanceof ArgumentError)) return error;
  return value instanceof Promise ? unexpectedPromise(value, name) : publicError(located(error, path));
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
