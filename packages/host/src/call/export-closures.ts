/** The closures of a lifted export; see export-call.ts for what it does, and abi/lower.ts for the two phases. */
import { located, publicError } from '../abi/argument-error.ts';
import { fieldNames } from '../abi/field-names.ts';
import type { CoreValue } from '../abi/joins.ts';
import { isLastRead } from '../abi/last-read.ts';
import { Lifting, liftPlan } from '../abi/lift.ts';
import { checkSpilled } from '../abi/limits.ts';
import { type Lower, Lowering, lowerLast, lowerPlan, lowerRepresentation } from '../abi/lower.ts';
import { unsigned } from '../abi/pairs.ts';
import { componentError } from '../abi/result-error.ts';
import { enter, leave, passesRepresentations, tooFewArguments } from './export-call.ts';
import type { CoreFunction, GuestSide } from './guest-side.ts';
import type { ExportMaker, ExportRequest, JsFunction } from './requests.ts';
import { scalarExport } from './scalar-closures.ts';

/** No values: shared by all who have none. */
const none: readonly CoreValue[] = [];

export function closureExport(request: ExportRequest): ExportMaker {
  return scalarExport(request) ?? generalExport(request);
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

  function read(side: GuestSide, lowers: readonly Lower[], args: readonly unknown[]): Lowering {
    const call = new Lowering(side, handles);
    let index = 0;
    try {
      for (; index < count; index++) lowers[index]!.read(call, args[index]);
    } catch (error) {
      throw publicError(located(error, names[index]!));
    }
    return call;
  }

  function write(call: Lowering, lowers: readonly Lower[]): CoreValue[] {
    const { side } = call;
    if (spilledParams === null) {
      const flat: CoreValue[] = [];
      for (let i = 0; i < count; i++) lowers[i]!.flat(call, flat);
      return flat;
    }
    const address = side.reallocate(0, 0, spilledParams.align, spilledParams.size);
    for (let i = 0; i < count; i++) lowers[i]!.store(call, address + params[i]!.offset);
    return [side.address === 'i32' ? address : BigInt(address)];
  }

  function liftResult(side: GuestSide, flat: CoreValue): unknown {
    if (result === null || lift === null) return undefined;
    if (!abi.spilledResult) return lift.flat(new Lifting(side, null, [flat]));
    const address = unsigned(flat);
    checkSpilled(address, result.size, result.align, side.memory.u8.length);
    return lift.load(new Lifting(side, null, none), address);
  }

  return (side, core, postReturn) => {
    const inPlace = borrowing && passesRepresentations(abi, side);
    const lowers = inPlace ? represented : general;
    const scoped = borrowing && !inPlace;
    const { memory } = side;

    return wrap(name, count, (args) => {
      if (args.length < count) throw tooFewArguments(count, args.length);
      const call = read(side, lowers, args);
      enter(side, name);
      let value: unknown;
      try {
        if (memory.u8.length === 0) memory.refresh();
        if (scoped) call.scope = side.handles.openExport(side);
        const flat = apply(core, write(call, lowers)) as CoreValue;
        if (memory.u8.length === 0) memory.refresh();
        value = liftResult(side, flat);
        if (call.scope !== null) side.handles.closeExport(side, call.scope);
        if (inPlace) for (const lent of call.representations) lent.lends--;
        if (postReturn !== null) {
          side.forbidLeave();
          if (flat === undefined) postReturn();
          else postReturn(flat);
          side.allowLeave();
        }
      } catch (error) {
        throw side.runtime.translate(side, error, name);
      }
      leave(side);
      if (!throws) return value;
      const { tag, val } = value as { tag: 'ok' | 'err'; val: unknown };
      if (tag === 'err') throw componentError(val, withStack);
      return val;
    });
  };
}

/** A call without the cost of spreading, which is most of what short calls cost. */
function apply(core: CoreFunction, values: readonly CoreValue[]): CoreValue | undefined {
  switch (values.length) {
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
      return core(...values);
  }
}

/** A function with the name and the arity of the component function. Arguments beyond those are ignored. */
export function wrap(name: string, count: number, invoke: (args: readonly unknown[]) => unknown): JsFunction {
  const wrapped = { [name]: (...args: unknown[]) => invoke(args) }[name] as JsFunction;
  return Object.defineProperty(wrapped, 'length', { value: count, configurable: true });
}
