/**
 * The lowering callee of a lowered import: what an emitted trampoline calls. Two forms: typed, with the core values as
 * arguments, and spilled, with the core values in slots of 16 bytes on the store's spill stack.
 *
 * A callee finds the instance by the vmctx address and the host function by its `data`, lifts the parameters, calls, lowers
 * the result. It never throws through a guest's frame: what fails is recorded in the store, the trap word is set, and the
 * trampoline traps (DESIGN §4).
 *
 * The closures are in callee-closures.ts and scalar-closures.ts, the generated form is in abi/generate/callee-source.ts; what
 * they share is in host-results.ts. Which one a callee has is decided in forms/.
 */
import type { OptionsIndex } from '@gangway/component/plan';
import { InternalError } from '../errors.ts';
import { partNow } from '../forms/parts.ts';
import type { CoreFunction, HostRuntime } from './guest-side.ts';
import type { CalleeMaker } from './requests.ts';

export type TypedCalleeMaker = (runtime: HostRuntime) => CoreFunction;

/**
 * Both forms of a callee. `signature`: the core parameters and results of the lowering, `i32 i64 -> f32`; `options`: those
 * of the lowering. Guests of an engine that has not loaded the spilled form are never given it.
 */
export function loweringCallee(signature: string, options: OptionsIndex, make: TypedCalleeMaker): CalleeMaker {
  return (runtime) => {
    const typed = make(runtime);
    return { typed, spilled: partNow('spilled')?.(signature, options, runtime, typed) ?? notLoaded };
  };
}

function notLoaded(): never {
  throw new InternalError('the spilled form of callees has not been loaded');
}
