/**
 * The closures of a lifted export; see export-call.ts for what it does, and abi/lower.ts for the two phases. The forms for
 * common kinds of functions are in files of their own; what is here takes all.
 */
import { fieldNames } from '@gangway/component/names';
import { located, publicError } from '../abi/argument-error.ts';
import type { CoreValue } from '../abi/joins.ts';
import { isLastRead } from '../abi/last-read.ts';
import { type Lift, Lifting, liftPlan } from '../abi/lift.ts';
import { checkSpilled } from '../abi/limits.ts';
import { Lowering, lowerParam, lowerRepresentation } from '../abi/lower.ts';
import { unsigned } from '../abi/pairs.ts';
import { checkHeld } from '../abi/read-handle.ts';
import { componentError } from '../abi/result-error.ts';
import { trap } from './abi-trap.ts';
import { applying, named } from './boundary.ts';
import { enter, leave, passesRepresentations, tooFewArguments } from './export-call.ts';
import { methodExport } from './method-closures.ts';
import type { ExportMaker, ExportRequest } from './requests.ts';
import { scalarExport } from './scalar-closures.ts';
import { straightExport } from './straight-closures.ts';

export function closureExport(request: ExportRequest): ExportMaker {
  const general = (): ExportMaker => generalExport(request);
  return scalarExport(request) ?? methodExport(request, general) ?? straightExport(request) ?? general();
}

function generalExport(request: ExportRequest): ExportMaker {
  const { name, abi } = request;
  const withStack = request.errorStacks ?? false;
  const { params, result, spilledParams } = abi;
  const count = params.length;
  const width = abi.flatParams.length;
  const names = fieldNames(params.map((param) => param.name));
  const general = params.map((param, i) => lowerParam(param.type, isLastRead(abi, i), spilledParams === null));
  const starts: number[] = [];
  let slotCount = 0;
  for (const { size } of general) {
    starts.push(slotCount);
    slotCount += size;
  }
  const represented = params.map(({ type }, i) =>
    type.kind === 'borrow' ? lowerRepresentation(type.resource) : general[i]!,
  );
  const borrowing = params.some((param) => param.type.borrows);
  const handles = params.some((param) => param.type.handles);
  const lift = result === null ? null : liftPlan(result);
  /** A result at the level of the function: its payloads. */
  const cases =
    result?.kind === 'result' ? result.cases.map(({ type }) => (type === null ? null : liftPlan(type))) : null;
  const payloadOffset = result?.kind === 'result' ? result.payloadOffset : 0;

  return (side, core, postReturn) => {
    const inPlace = borrowing && passesRepresentations(abi, side);
    const lowers = inPlace ? represented : general;
    const scoped = borrowing && !inPlace;
    const { memory } = side;
    const apply = applying(core, spilledParams === null ? width : 1);
    const lifting = new Lifting(side, null);
    /** Of the parameters those whose core values are made in the write phase. */
    const writes = lowers.flatMap((lower, i) => (lower.flat === null ? [] : [{ flat: lower.flat, at: starts[i]! }]));
    /** What the last call has left; null while one is under way, for reading may run code that calls again. */
    let spare: Lowering | null = null;
    /** Whether the result is the error case. */
    let failed = false;

    /** Phase two: the core values are in `call.slots`. */
    const write = (call: Lowering): void => {
      const { slots } = call;
      if (spilledParams === null) {
        for (let i = 0; i < writes.length; i++) writes[i]!.flat(call, slots, writes[i]!.at);
        return;
      }
      const address = side.reallocate(0, 0, spilledParams.align, spilledParams.size);
      for (let i = 0; i < count; i++) lowers[i]!.store(call, slots, starts[i]!, address + params[i]!.offset);
      slots[0] = side.address === 'i32' ? address : BigInt(address);
    };

    const liftResult = (returned: CoreValue): unknown => {
      if (result === null) return undefined;
      if (!abi.spilledResult) {
        if (cases === null) return lift!.flat(lifting, [returned], 0);
        // At most one core value: neither case has a payload.
        if (unsigned(returned) > 1) trap('invalid-discriminant');
        failed = returned === 1;
        return undefined;
      }
      const address = unsigned(returned);
      checkSpilled(address, result.size, result.align, memory.u8.length);
      if (cases === null) return lift!.load(lifting, address);
      const index = memory.u8[address]!;
      if (index > 1) trap('invalid-discriminant');
      const payload = cases[index] as Lift | null;
      const value = payload === null ? undefined : payload.load(lifting, address + payloadOffset);
      failed = index === 1;
      return value;
    };

    /** All that comes after phase one. */
    const finish = (call: Lowering): unknown => {
      if (handles) checkHeld(call);
      enter(side, name);
      let value: unknown;
      try {
        if (memory.u8.length === 0) memory.refresh();
        if (scoped) call.scope = side.handles.openExport(side);
        if (writes.length > 0 || spilledParams !== null) write(call);
        const returned = apply(call.slots);
        if (memory.u8.length === 0) memory.refresh();
        value = liftResult(returned);
        if (handles) {
          if (call.scope !== null) side.handles.closeExport(side, call.scope);
          if (inPlace) for (const lent of call.representations) lent.lends--;
        }
        if (postReturn !== null) {
          const words = side.forbidLeave();
          if (returned === undefined) postReturn();
          else postReturn(returned);
          side.allowLeave(words);
        }
      } catch (error) {
        failed = false;
        throw side.runtime.translate(side, error, name);
      }
      leave(side);
      if (handles) call.reset();
      spare = call;
      return value;
    };

    const invoke = (...args: unknown[]): unknown => {
      if (args.length < count) throw tooFewArguments(count, args.length);
      const call = spare ?? new Lowering(side, handles);
      spare = null;
      let index = 0;
      try {
        for (; index < count; index++) lowers[index]!.read(call, call.slots, starts[index]!, args[index]);
      } catch (error) {
        throw publicError(located(error, names[index]!));
      }
      const value = finish(call);
      if (!failed) return value;
      failed = false;
      throw componentError(value, withStack);
    };
    return named(invoke, name, count);
  };
}
