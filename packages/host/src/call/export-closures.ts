/** The closures of a lifted export; see export-call.ts for what it does, and abi/lower.ts for the two phases. */
import { located, publicError } from '../abi/argument-error.ts';
import { fieldNames } from '../abi/field-names.ts';
import type { CoreValue } from '../abi/joins.ts';
import { isLastRead } from '../abi/last-read.ts';
import { Lifting, liftPlan, loadOutcome } from '../abi/lift.ts';
import { checkSpilled } from '../abi/limits.ts';
import { type Lower, Lowering, lowerLast, lowerPlan, lowerRepresentation } from '../abi/lower.ts';
import { unsigned } from '../abi/pairs.ts';
import { componentError } from '../abi/result-error.ts';
import { enter, leave, passesRepresentations, tooFewArguments } from './export-call.ts';
import type { CoreFunction } from './guest-side.ts';
import { methodExport } from './method-closures.ts';
import type { ExportMaker, ExportRequest, JsFunction } from './requests.ts';
import { scalarExport } from './scalar-closures.ts';

/** No values: shared by all who have none. */
const none: readonly CoreValue[] = [];

export function closureExport(request: ExportRequest): ExportMaker {
  const general = (): ExportMaker => generalExport(request);
  return scalarExport(request) ?? methodExport(request, general) ?? general();
}

function generalExport(request: ExportRequest): ExportMaker {
  const { name, abi } = request;
  const withStack = request.errorStacks ?? false;
  const { params, result, spilledParams } = abi;
  const count = params.length;
  const names = fieldNames(params.map((param) => param.name));
  const general = params.map((param, i) => (isLastRead(abi, i) ? lowerLast(param.type) : lowerPlan(param.type)));
  const represented = params.map(({ type }, i) =>
    type.kind === 'borrow' ? lowerRepresentation(type.resource) : general[i]!,
  );
  const borrowing = params.some((param) => param.type.borrows);
  const handles = params.some((param) => param.type.handles);
  const lift = result === null ? null : liftPlan(result);
  const throws = result?.kind === 'result';
  const outcome = result?.kind === 'result' ? loadOutcome(result) : null;

  /** Phase one. More than two arguments are in `args`. */
  function read(call: Lowering, lowers: readonly Lower[], a: unknown, b: unknown, args: readonly unknown[]): void {
    let index = 0;
    try {
      if (count > 2) for (; index < count; index++) lowers[index]!.read(call, args[index]);
      else if (count > 0) {
        lowers[0]!.read(call, a);
        index = 1;
        if (count === 2) lowers[1]!.read(call, b);
      }
    } catch (error) {
      throw publicError(located(error, names[index]!));
    }
  }

  /** Phase two: the core values are in `call.flat`. */
  function write(call: Lowering, lowers: readonly Lower[]): void {
    if (spilledParams === null) {
      for (let i = 0; i < count; i++) lowers[i]!.flat(call);
      return;
    }
    const { side } = call;
    const address = side.reallocate(0, 0, spilledParams.align, spilledParams.size);
    for (let i = 0; i < count; i++) lowers[i]!.store(call, address + params[i]!.offset);
    call.emit(side.address === 'i32' ? address : BigInt(address));
  }

  return (side, core, postReturn) => {
    const inPlace = borrowing && passesRepresentations(abi, side);
    const lowers = inPlace ? represented : general;
    const scoped = borrowing && !inPlace;
    const { memory } = side;
    const lifting = new Lifting(side, null, none);
    /** What the last call has left; null while one is under way, for reading may run code that calls again. */
    let spare: Lowering | null = null;
    /** Whether the result is the error case. */
    let failed = false;

    const liftResult = (flat: CoreValue): unknown => {
      failed = false;
      if (result === null || lift === null) return undefined;
      if (!abi.spilledResult) {
        lifting.reset(side, null, [flat]);
        if (outcome === null) return lift.flat(lifting);
        const lifted = lift.flat(lifting) as { tag: 'ok' | 'err'; val: unknown };
        failed = lifted.tag === 'err';
        return lifted.val;
      }
      const address = unsigned(flat);
      checkSpilled(address, result.size, result.align, memory.u8.length);
      if (outcome === null) return lift.load(lifting, address);
      failed = memory.u8[address] === 1;
      return outcome(lifting, address);
    };

    const invoke: Invoke = (given, a, b, args) => {
      if (given < count) throw tooFewArguments(count, given);
      const call = spare ?? new Lowering(side, handles);
      spare = null;
      read(call, lowers, a, b, args);
      enter(side, name);
      let value: unknown;
      try {
        if (memory.u8.length === 0) memory.refresh();
        if (scoped) call.scope = side.handles.openExport(side);
        write(call, lowers);
        const flat = apply(core, call.flat, call.count) as CoreValue;
        if (memory.u8.length === 0) memory.refresh();
        value = liftResult(flat);
        if (call.scope !== null) side.handles.closeExport(side, call.scope);
        if (inPlace) for (const lent of call.representations) lent.lends--;
        if (postReturn !== null) {
          const words = side.forbidLeave();
          if (flat === undefined) postReturn();
          else postReturn(flat);
          side.allowLeave(words);
        }
      } catch (error) {
        throw side.runtime.translate(side, error, name);
      }
      leave(side);
      call.reset();
      spare = call;
      return value;
    };
    if (!throws) return wrap(name, count, invoke);
    // Apart from the rest: engines count returns, and a function that always throws is never optimised.
    return wrap(name, count, (given, a, b, args) => {
      const value = invoke(given, a, b, args);
      if (failed) throw componentError(value, withStack);
      return value;
    });
  };
}

/** A call without the cost of spreading, which is most of what short calls cost. */
function apply(core: CoreFunction, values: readonly CoreValue[], count: number): CoreValue | undefined {
  switch (count) {
    case 0:
      return core();
    case 1:
      return core(values[0]!);
    case 2:
      return core(values[0]!, values[1]!);
    case 3:
      return core(values[0]!, values[1]!, values[2]!);
    case 4:
      return core(values[0]!, values[1]!, values[2]!, values[3]!);
    default:
      return core(...values.slice(0, count));
  }
}

/** `given`: how many arguments there are; the first two by themselves, or all of more than two in `args`. */
type Invoke = (given: number, a: unknown, b: unknown, args: readonly unknown[]) => unknown;

/**
 * A function with the name and the arity of the component function. Arguments beyond those are ignored. An array of the
 * arguments would be a tenth of what a small call costs.
 */
export function wrap(name: string, count: number, invoke: Invoke): JsFunction {
  switch (count) {
    case 0:
      return { [name]: () => invoke(0, undefined, undefined, none) }[name] as JsFunction;
    case 1:
      return {
        [name](a: unknown) {
          // biome-ignore lint/complexity/noArguments: a rest parameter would make the array
          return invoke(arguments.length, a, undefined, none);
        },
      }[name] as JsFunction;
    case 2:
      return {
        [name](a: unknown, b: unknown) {
          // biome-ignore lint/complexity/noArguments: as above
          return invoke(arguments.length, a, b, none);
        },
      }[name] as JsFunction;
    default: {
      const wrapped = { [name]: (...args: unknown[]) => invoke(args.length, undefined, undefined, args) }[name];
      return Object.defineProperty(wrapped as JsFunction, 'length', { value: count, configurable: true });
    }
  }
}
