/**
 * The lowering callee of a lowered import: what an emitted trampoline calls. Two forms: typed, with the core values as
 * arguments, and spilled, with the core values in slots of 16 bytes on the store's spill stack.
 *
 * A callee finds the instance by the vmctx address and the host function by its `data`, lifts the parameters, calls, lowers
 * the result. It never throws through a guest's frame: what fails is recorded in the store, the trap word is set, and the
 * trampoline traps (DESIGN §4).
 *
 * Here are the spilled form of the call and what all forms of the code share. The closures are in callee-closures.ts and
 * scalar-closures.ts, the generated form is in abi/generate/callee-source.ts.
 */
import type { OptionsIndex } from '@gangway/component/plan';
import { ArgumentError, located, publicError } from '../abi/argument-error.ts';
import type { CoreValue } from '../abi/joins.ts';
import type { CoreFunction, GuestSide, HostRuntime } from './guest-side.ts';
import type { CalleeMaker } from './requests.ts';

/**
 * Both forms of a callee. `signature`: the core parameters and results of the lowering, `i32 i64 -> f32`; `options`: those
 * of the lowering.
 */
export function loweringCallee(signature: string, options: OptionsIndex, typed: TypedCalleeMaker): CalleeMaker {
  return (runtime) => {
    const callee = typed(runtime);
    return { typed: callee, spilled: spilledForm(signature, options, runtime, callee) };
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
function spilledForm(
  signature: string,
  options: OptionsIndex,
  runtime: HostRuntime,
  typed: CoreFunction,
): CoreFunction {
  const [params = '', type] = signature.split(' -> ');
  const flatParams = params === '' ? [] : params.split(' ');
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
    if (type === 'i32') memory.i32[start / 4] = result as number;
    else if (type === 'i64') memory.i64[start / 8] = result as bigint;
    else if (type === 'f32') memory.f32[start / 4] = result as number;
    else if (type === 'f64') memory.f64[start / 8] = result as number;
    return 1;
  };
}
