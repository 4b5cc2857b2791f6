/** The closures of a lowering callee (typed form); see lowering-callee.ts for what it does. */
import { type FlatType, type FuncAbi, lentParams } from '@gangway/component/abi';
import type { ResourceIndex } from '@gangway/component/plan';
import { located, publicError } from '../abi/argument-error.ts';
import { type CoreValue, zero } from '../abi/joins.ts';
import { type Lift, Lifting, liftPlan } from '../abi/lift.ts';
import { checkSpilled } from '../abi/limits.ts';
import { type Lower, Lowering, lowerParam } from '../abi/lower.ts';
import { unsigned } from '../abi/pairs.ts';
import { checkHeld } from '../abi/read-handle.ts';
import { errorPayload, isErrorCase } from '../abi/result-error.ts';
import type { Single } from '../abi/scalars.ts';
import type { BorrowScope, GuestSide } from './guest-side.ts';
import { resultError, unexpectedPromise } from './host-results.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import { methodCallee } from './method-closures.ts';
import type { CalleeRequest, JsFunction } from './requests.ts';
import { checkedResult, scalarCallee } from './scalar-closures.ts';

export function closureCallee(request: CalleeRequest): TypedCalleeMaker {
  return scalarCallee(request) ?? methodCallee(request) ?? generalCallee(request);
}

function generalCallee(request: CalleeRequest): TypedCalleeMaker {
  const { abi, options, name } = request;
  const { params, result, spilledParams } = abi;
  const count = params.length;
  const lent = lentParams(abi);
  const loads = params.map((param) => liftPlan(param.type));
  const lifts = loads.map((lift, i) => {
    const own = lent.find((one) => one.param === i);
    return own === undefined ? lift : liftLent(own.resource);
  });
  const starts: number[] = [];
  let start = 0;
  for (const { type } of params) {
    starts.push(start);
    start += type.flat.length;
  }
  const borrows = params.some(({ type }, i) => type.borrows && !lent.some(({ param }) => param === i));
  const throws = result?.kind === 'result';
  const failed = abi.flatResults.length === 0 ? undefined : zero(abi.flatResults[0] as FlatType);
  const ok = resultCase(abi, 0);
  const err = resultCase(abi, 1);
  const whole = result === null ? null : lowerParam(result, true, !abi.spilledResult);

  function liftParams(side: GuestSide, scope: BorrowScope | null, flat: readonly CoreValue[]): unknown[] {
    const args: unknown[] = [];
    const call = new Lifting(side, scope);
    if (spilledParams === null) {
      for (let i = 0; i < count; i++) args.push(lifts[i]!.flat(call, flat, starts[i]!));
      return args;
    }
    const address = unsigned(flat[0]!);
    checkSpilled(address, spilledParams.size, spilledParams.align, side.memory.u8.length);
    for (let i = 0; i < count; i++) args.push(loads[i]!.load(call, address + params[i]!.offset));
    return args;
  }

  /** Phase one of the result: `thrown` is set when `value` is the error case's. */
  function read(side: GuestSide, value: unknown, thrown: boolean): Lowering {
    const call = new Lowering(side, result?.handles ?? false);
    try {
      if (throws) {
        call.slots[0] = thrown ? 1 : 0;
        (thrown ? err : ok)?.read(call, call.slots, 1, value);
      } else {
        if (typeof value === 'object' && value instanceof Promise) throw unexpectedPromise(value, name);
        whole?.read(call, call.slots, 0, value);
      }
      if (result?.handles) checkHeld(call);
    } catch (error) {
      throw publicError(located(error, thrown ? 'error' : 'result'));
    }
    return call;
  }

  const single = checkedResult(abi);

  function readSingle(single: Single, value: unknown): CoreValue {
    try {
      return single.check(value);
    } catch (error) {
      throw resultError(error, 'result', value, name);
    }
  }

  function write(call: Lowering, flat: readonly CoreValue[]): CoreValue | undefined {
    const { side } = call;
    const { memory } = side;
    if (memory.u8.length === 0) memory.refresh();
    if (result === null || whole === null) return undefined;
    if (!abi.spilledResult) {
      whole.flat?.(call, call.slots, 0);
      return call.slots[0] as CoreValue;
    }
    const address = unsigned(flat.at(-1)!);
    checkSpilled(address, result.size, result.align, memory.u8.length);
    whole.store(call, call.slots, 0, address);
    return undefined;
  }

  return (runtime, vmctx, host) => {
    let bound: GuestSide | null = null;
    return (...flat) => {
      const side = (bound ??= runtime.side(vmctx, options));
      let scope: BorrowScope | null = null;
      let args: unknown[] | null = null;
      let origin: 'guest' | 'host' = 'guest';
      try {
        const { memory } = side;
        if (memory.u8.length === 0) memory.refresh();
        if (borrows) scope = side.handles.openImport(side);
        args = liftParams(side, scope, flat);
        origin = 'host';
        let value: unknown;
        let thrown = false;
        try {
          value = applyHost(host, args);
          if (throws && value instanceof Promise) throw unexpectedPromise(value, name);
        } catch (error) {
          if (!throws || !isErrorCase(error)) throw error;
          value = errorPayload(error);
          thrown = true;
        }
        if (single !== null) return readSingle(single, value);
        if (result === null && !(typeof value === 'object' && value instanceof Promise)) return undefined;
        const call = read(side, value, thrown);
        origin = 'guest';
        return write(call, flat);
      } catch (error) {
        runtime.record(side, error, origin);
        return failed;
      } finally {
        for (const { param, resource } of lent) {
          if (args !== null) side.handles.endLent(side, resource, args[param] as object);
        }
        if (scope !== null) side.handles.closeImport(side, scope);
      }
    };
  };
}

/** The object for a representation that the trampoline has lent. */
function liftLent(resource: ResourceIndex): Pick<Lift, 'flat'> {
  return {
    flat: ({ side }, values, from) => side.handles.lentObject(side, resource, (values[from] as number) >>> 0),
  };
}

/** A call without the cost of spreading. */
function applyHost(host: JsFunction, args: readonly unknown[]): unknown {
  switch (args.length) {
    case 0:
      return host();
    case 1:
      return host(args[0]);
    case 2:
      return host(args[0], args[1]);
    case 3:
      return host(args[0], args[1], args[2]);
    default:
      return host(...args);
  }
}

/** The payload of a case of a function's result; null without one. */
function resultCase(abi: FuncAbi, index: 0 | 1): Lower | null {
  const { result } = abi;
  if (result?.kind !== 'result') return null;
  const payload = result.cases[index]?.type ?? null;
  return payload === null ? null : lowerParam(payload, true, false);
}
