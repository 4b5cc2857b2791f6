// biome-ignore-all lint/complexity/noArguments: a rest parameter would make an array a call.
/**
 * Closures for exports of 32-bit memories whose parameters are core values without handles: nearly all.
 *
 * In: a request. Out: a maker as the general closures', or null when the function is of another kind.
 *
 * A call is a chain of small functions, and what fails is apart from them. Where an engine finds that the function that is
 * called is always the same, it copies the chain into the caller, up to a length (V8: 920 bytes of bytecode, small functions
 * not counted), and what the closures hold is constant there. A variant in and a result out took three times as long in one
 * function with all cases.
 */
import type { AbiPlan, AbiVariant } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import type { CoreValue } from '../abi/joins.ts';
import { isLastRead } from '../abi/last-read.ts';
import { Lifting, liftPlan } from '../abi/lift.ts';
import { checkSpilledNow } from '../abi/limits.ts';
import { type Lower, Lowering, lowerParam, type Slots } from '../abi/lower.ts';
import { componentError } from '../abi/result-error.ts';
import { trap } from './abi-trap.ts';
import { applying, boundary, CALLING, ENTERING, named, withPostReturn } from './boundary.ts';
import { tooFewArguments } from './export-call.ts';
import type { GuestSide } from './guest-side.ts';
import type { ExportMaker, ExportRequest, JsFunction } from './requests.ts';

/** Core result → JS. {@link Failure} for the error case of a function's result. */
type LiftResult = (returned: CoreValue) => unknown;

/** Stands for the error case, which is in it. */
interface Failure {
  payload: unknown;
}

export function straightExport(request: ExportRequest): ExportMaker | null {
  const { name, abi } = request;
  const { params, spilledParams } = abi;
  if (abi.address === 'i64' || spilledParams !== null || params.some(({ type }) => type.handles)) return null;
  const count = params.length;
  const width = abi.flatParams.length;
  const names = fieldNames(params.map((param) => param.name));
  const lowers = params.map(({ type }, i) => lowerParam(type, isLastRead(abi, i), true));
  const starts: number[] = [];
  let start = 0;
  for (const { size } of lowers) {
    starts.push(start);
    start += size;
  }
  const [first, second] = lowers.map((lower) => lower.read) as [Lower['read'], Lower['read']];
  const secondStart = starts[1] ?? 0;

  return (side, core, postReturn) => {
    const { inside, outside, failed } = boundary(side, name, names);
    const call = new Lowering(side, false);
    const failure: Failure = { payload: undefined };
    const finish = finishing(
      side,
      lowers.flatMap(({ flat }, i) => (flat === null ? [] : [{ flat, at: starts[i]! }])),
      applying(core, width),
      withPostReturn(side, lifting(side, abi.result, abi.spilledResult, failure), postReturn),
    );
    const thrown = (): unknown => {
      const { payload } = failure;
      failure.payload = undefined;
      return componentError(payload, request.errorStacks === true);
    };
    switch (count) {
      case 1:
        return {
          [name](a: unknown) {
            if (arguments.length < 1) throw tooFewArguments(1, arguments.length);
            const slots = freshSlots(width);
            let value: unknown;
            let at = 0;
            try {
              first(call, slots, 0, a);
              at = ENTERING;
              inside();
              at = CALLING;
              value = finish(slots);
            } catch (error) {
              throw failed(error, at);
            }
            outside();
            if (value === failure) throw thrown();
            return value;
          },
        }[name] as JsFunction;
      case 2:
        return {
          [name](a: unknown, b: unknown) {
            if (arguments.length < 2) throw tooFewArguments(2, arguments.length);
            const slots = freshSlots(width);
            let value: unknown;
            let at = 0;
            try {
              first(call, slots, 0, a);
              at = 1;
              second(call, slots, secondStart, b);
              at = ENTERING;
              inside();
              at = CALLING;
              value = finish(slots);
            } catch (error) {
              throw failed(error, at);
            }
            outside();
            if (value === failure) throw thrown();
            return value;
          },
        }[name] as JsFunction;
      default: {
        const invoke = (...args: unknown[]): unknown => {
          if (args.length < count) throw tooFewArguments(count, args.length);
          const slots = freshSlots(width);
          let value: unknown;
          let at = 0;
          try {
            for (; at < count; at++) lowers[at]!.read(call, slots, starts[at]!, args[at]);
            at = ENTERING;
            inside();
            at = CALLING;
            value = finish(slots);
          } catch (error) {
            throw failed(error, at);
          }
          outside();
          if (value === failure) throw thrown();
          return value;
        };
        return named(invoke, name, count);
      }
    }
  };
}

/**
 * Slots of a call. New ones each time: where the chain is copied into the caller, engines find out that nobody else sees them,
 * and make no array. To keep one for the next call cost twice as much, for reading may run code that calls again.
 */
function freshSlots(width: number): Slots {
  return width <= 4 ? [undefined, undefined, undefined, undefined] : new Array(width);
}

/** All that happens inside. */
function finishing(
  side: GuestSide,
  writes: readonly { readonly flat: NonNullable<Lower['flat']>; readonly at: number }[],
  apply: (slots: Slots) => CoreValue,
  lift: (returned: CoreValue) => unknown,
): (slots: Slots) => unknown {
  if (writes.length === 0) return (slots) => lift(apply(slots));
  const call = new Lowering(side, false);
  const { memory } = side;
  return (slots) => {
    if (memory.u8.length === 0) memory.refresh();
    for (let i = 0; i < writes.length; i++) writes[i]!.flat(call, slots, writes[i]!.at);
    return lift(apply(slots));
  };
}

function lifting(side: GuestSide, result: AbiPlan | null, spilled: boolean, failure: Failure): LiftResult {
  const { memory } = side;
  const from = new Lifting(side, null);
  if (result === null) return () => undefined;
  if (result.kind === 'result') return spilled ? outcome(side, result, failure) : bareOutcome(failure);
  const { load, flat } = liftPlan(result);
  if (!spilled) {
    return (returned) => {
      if (memory.u8.length === 0) memory.refresh();
      return flat(from, [returned], 0);
    };
  }
  const { size, align } = result;
  return (returned) => {
    const address = (returned as number) >>> 0;
    // Of stale views the length is 0.
    if (address % align !== 0 || address + size > memory.u8.length) checkSpilledNow(memory, address, size, align);
    return load(from, address);
  };
}

/** At most one core value: neither case has a payload. */
function bareOutcome(failure: Failure): LiftResult {
  return (returned) => {
    if ((returned as number) >>> 0 > 1) trap('invalid-discriminant');
    return returned === 0 ? undefined : failure;
  };
}

function outcome(side: GuestSide, result: AbiVariant, failure: Failure): LiftResult {
  const { memory } = side;
  const from = new Lifting(side, null);
  const { size, align, payloadOffset } = result;
  const [ok, error] = result.cases.map(({ type }) => (type === null ? () => undefined : liftPlan(type).load));
  const otherwise = (index: number, address: number): Failure => {
    if (index !== 1) trap('invalid-discriminant');
    failure.payload = error!(from, address);
    return failure;
  };
  return (returned) => {
    const address = (returned as number) >>> 0;
    if (address % align !== 0 || address + size > memory.u8.length) checkSpilledNow(memory, address, size, align);
    const index = memory.u8[address]!;
    return index === 0 ? ok!(from, address + payloadOffset) : otherwise(index, address + payloadOffset);
  };
}
