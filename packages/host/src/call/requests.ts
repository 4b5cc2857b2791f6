/**
 * What is asked for a function that crosses the boundary: data that is the same for every instance of a component goes in, a maker comes out;
 * the maker then binds it to an instance. So all the specialising is done once a component (`InstancePre`), and an instance
 * costs one closure for each export and each lowered import.
 *
 * What makes them is in `forms/`.
 */
import type { FuncAbi } from '@gangway/component/abi';
import type { OptionsIndex } from '@gangway/component/plan';
import type { CoreFunction, GuestSide, HostRuntime } from './guest-side.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';

export type JsFunction = (...args: unknown[]) => unknown;

/** One lifted export. */
export interface ExportRequest {
  /** For error frames: `wasi:cli/run@0.2.0#run`. */
  readonly name: string;
  /** `funcAbi(plan, type, options, 'lift')`. */
  readonly abi: FuncAbi;
  /** Whether an `Error` thrown for a result's error case captures a stack (3 µs). Default false. */
  readonly errorStacks?: boolean;
}

/** Binds an export to an instance. The result has the arity and the `name` of the component function. */
export type ExportMaker = (side: GuestSide, core: CoreFunction, postReturn: CoreFunction | null) => JsFunction;

/** One lowered import. */
export interface CalleeRequest {
  /** For messages: the import's path, `wasi:io/streams@0.2.0#[method]output-stream.write`. */
  readonly name: string;
  /** `funcAbi(plan, type, options, 'lower')`. */
  readonly abi: FuncAbi;
  /** For a method: its name in JavaScript. Absent for other functions. */
  readonly method?: string;
  /** Of the lowering; handed to `HostRuntime.side`. */
  readonly options: OptionsIndex;
}

/**
 * On a host function that does nothing but call the method `CalleeRequest.method` of its first argument with the others:
 * generated callees then call the method themselves, each at a place of its own, which engines can inline.
 */
export const callsMethod: unique symbol = Symbol('callsMethod');

/** The two forms of a lowering callee. */
export interface CalleeMaker {
  readonly typed: TypedCalleeMaker;
  /**
   * Binds it to a store, for the function table: `(vmctx, data, ty, options, args_and_results, nargs_and_results) → i32`; 0
   * after a failure.
   */
  readonly spilled: (runtime: HostRuntime) => CoreFunction;
}
