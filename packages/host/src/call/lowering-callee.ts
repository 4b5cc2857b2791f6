/**
 * The lowering callee of a lowered import: what an emitted trampoline calls. Two forms: typed, with the core values as
 * arguments, and spilled, with the core values in slots of 16 bytes on the store's spill stack.
 *
 * The typed form is bound to an instance and to a host function, and is an import of the instance's trampolines. The spilled
 * one belongs to a store, and finds both by what it is given: the vmctx address and `data`. A callee lifts the parameters,
 * calls, lowers the result. It never throws through a guest's frame: what fails is recorded in the store, the trap word is set,
 * and the trampoline traps (DESIGN §4).
 *
 * Rejected: a typed form that is reached through the vmctx as well (in the function table, with the address and `data` as two
 * more parameters). It saves a closure an instance, and costs a third of a call: a scalar import took 2.0 times the
 * hand-written call and takes 1.4 times.
 *
 * The closures are in callee-closures.ts and scalar-closures.ts, the generated form is in abi/generate/callee-source.ts; what
 * they share is in host-results.ts. Which one a callee has is decided in forms/.
 */
import type { OptionsIndex } from '@gangway/component/plan';
import { InternalError } from '../errors.ts';
import { partNow } from '../forms/parts.ts';
import type { CoreFunction, HostRuntime } from './guest-side.ts';
import type { CalleeMaker, JsFunction } from './requests.ts';

/** `vmctx`: the address of the instance's. The result: `(...flatParams) → flatResult`; a failure is in the trap word. */
export type TypedCalleeMaker = (runtime: HostRuntime, vmctx: number, host: JsFunction) => CoreFunction;

/**
 * Both forms of a callee. `signature`: the core parameters and results of the lowering, `i32 i64 -> f32`; `options`: those
 * of the lowering. Guests of an engine that has not loaded the spilled form are never given it.
 */
export function loweringCallee(signature: string, options: OptionsIndex, typed: TypedCalleeMaker): CalleeMaker {
  return { typed, spilled: (runtime) => partNow('spilled')?.(signature, options, runtime, typed) ?? notLoaded };
}

function notLoaded(): never {
  throw new InternalError('the spilled form of callees has not been loaded');
}
