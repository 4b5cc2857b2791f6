/**
 * A lifted export as a JavaScript function: check and read the arguments, enter, lower, call the core function, lift the
 * result, post-return, leave.
 *
 * Here are the choice of the form and the closures; the generated form is in abi/generate/export-source.ts. Both do
 * the same things in the same order.
 */
import type { AbiPlan, FuncAbi } from '@gangway/component/abi';
import { located, publicError } from '../abi/argument-error.ts';
import { fieldNames } from '../abi/field-names.ts';
import { generateExport, isSmall } from '../abi/generate/export-source.ts';
import type { CoreValue } from '../abi/joins.ts';
import { Lifting, liftPlan, unsigned } from '../abi/lift.ts';
import { checkSpilled } from '../abi/limits.ts';
import { Lowering, lowerLast, lowerPlan } from '../abi/lower.ts';
import { componentError } from '../abi/result-error.ts';
import { canEvaluate } from './evaluate.ts';
import { type CoreFunction, ENTERED, type GuestSide } from './guest-side.ts';
import type { ExportMaker, ExportRequest, JsFunction } from './requests.ts';

/** Specialises an export; do it once a component. */
export function exportCall(request: ExportRequest): ExportMaker {
  const generate = request.evaluate === 'auto' && canEvaluate() && isSmall(request.abi);
  return generate ? generateExport(request, { isLastRead, tooFewArguments }) : closureExport(request);
}

/** Types whose reading runs no code of the embedder. */
const inert = new Set<AbiPlan['kind']>([
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'f32',
  'f64',
  'char',
  'string',
  'enum',
]);

/** Whether nothing after parameter `index` runs code of the embedder while it is read. */
export function isLastRead(abi: FuncAbi, index: number): boolean {
  return abi.params.slice(index + 1).every((param) => inert.has(param.type.kind));
}

/** The error for a call with too few arguments. */
export function tooFewArguments(wanted: number, got: number): TypeError {
  return new TypeError(`expected ${wanted} argument${wanted === 1 ? '' : 's'}, got ${got}`);
}

export function closureExport(request: ExportRequest): ExportMaker {
  const { name, abi } = request;
  const withStack = request.errorStacks ?? false;
  const { params, result, spilledParams } = abi;
  const count = params.length;
  const names = fieldNames(params.map((param) => param.name));
  const lowers = params.map((param, i) => (isLastRead(abi, i) ? lowerLast(param.type) : lowerPlan(param.type)));
  const borrows = params.some((param) => param.type.borrows);
  const lift = result === null ? null : liftPlan(result);
  const throws = result?.kind === 'result';

  function read(side: GuestSide, args: readonly unknown[]): Lowering {
    const call = new Lowering(side, null);
    let index = 0;
    try {
      for (; index < count; index++) lowers[index]!.read(call, args[index]);
    } catch (error) {
      throw publicError(located(error, names[index]!));
    }
    return call;
  }

  function write(call: Lowering): CoreValue[] {
    const { side } = call;
    if (spilledParams === null) {
      const flat: CoreValue[] = [];
      for (const lower of lowers) lower.flat(call, flat);
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
    return lift.load(new Lifting(side, null, []), address);
  }

  function invoke(
    side: GuestSide,
    core: CoreFunction,
    postReturn: CoreFunction | null,
    args: readonly unknown[],
  ): unknown {
    if (args.length < count) throw tooFewArguments(count, args.length);
    const call = read(side, args);
    enter(side, name);
    let value: unknown;
    try {
      const { memory } = side;
      if (memory.u8.length === 0) memory.refresh();
      if (borrows) call.scope = side.handles.openExport(side);
      const flat = core(...write(call)) as CoreValue;
      if (memory.u8.length === 0) memory.refresh();
      value = liftResult(side, flat);
      if (call.scope !== null) side.handles.closeExport(side, call.scope);
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
  }

  return (side, core, postReturn) => wrap(name, count, (args) => invoke(side, core, postReturn, args));
}

/** CanonicalABI.md#component-instance-state: `enter_from` the host. Throws what the embedder gets when it may not. */
export function enter(side: GuestSide, name: string): void {
  const { context, rootFlags, innerFlags } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  if (words[context.locked] !== 0 || (words[rootFlags]! & ENTERED) !== 0) throw side.runtime.cannotEnter(side, name);
  words[rootFlags]! |= ENTERED;
  for (let i = 0; i < innerFlags.length; i++) words[innerFlags[i]!]! |= ENTERED;
}

/** CanonicalABI.md#component-instance-state: `leave_to` the host. */
export function leave(side: GuestSide): void {
  const { context, rootFlags, innerFlags } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  words[rootFlags]! &= ~ENTERED;
  for (let i = 0; i < innerFlags.length; i++) words[innerFlags[i]!]! &= ~ENTERED;
}

/** A function with the name and the arity of the component function. Arguments beyond those are ignored. */
function wrap(name: string, count: number, invoke: (args: readonly unknown[]) => unknown): JsFunction {
  const wrapped = { [name]: (...args: unknown[]) => invoke(args) }[name] as JsFunction;
  return Object.defineProperty(wrapped, 'length', { value: count, configurable: true });
}
