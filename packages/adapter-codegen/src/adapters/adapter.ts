/**
 * A fused adapter, top to bottom: the core function that the caller imports, which calls the callee's core function. In:
 * both sides, the function type as each sees it, and what the call enters. Out: one function of the adapter module.
 *
 * CanonicalABI.md#canon-lower around CanonicalABI.md#canon-lift, both synchronous. The values of the specification's
 * intermediate form never exist: each is lowered as soon as it is lifted.
 *
 * NON-SPEC: the specification lifts all parameters before it lowers the first. The difference can be seen only in which
 * of two traps comes first, when a later parameter and an earlier realloc are both bad.
 */
import type { FuncAbi } from '@gangway/component/abi';
import { InternalError } from '@gangway/component/errors';
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import type { Expr, Func, FunctionBuilder, Local, NamedParam } from '../builder.ts';
import { checkMayLeave } from '../trap.ts';
import { checkRange, trap } from './checks.ts';
import { type EnteredCall, enterCall } from './entering.ts';
import type { StaticFrame } from './frames.ts';
import { memoryOf } from './memory.ts';
import { allocate, guarded, setMayLeave } from './realloc.ts';
import { type Crossing, instanceOf } from './side.ts';
import { cross } from './translate.ts';
import { sourcePart, sourceSlots, targetPart, targetSlots } from './values.ts';

export interface AdapterSpec {
  /** For people. */
  readonly name: string;
  /** The direction of the parameters: from the caller to the callee. */
  readonly params: Crossing;
  /** The direction of the result. */
  readonly results: Crossing;
  /** The function as the caller sees it. */
  readonly lower: FuncAbi;
  /** The function as the callee sees it. */
  readonly lift: FuncAbi;
  /** The callee's core function. */
  readonly callee: Func;
  readonly postReturn: Func | null;
  /** `null`: the call always traps. */
  readonly entering: readonly ComponentInstanceIndex[] | null;
  readonly async: boolean;
  readonly mayBlock: boolean;
  /** The adapter's own call frame record; null: one on the spill stack. */
  readonly frame: StaticFrame | null;
}

export function emitAdapter(spec: AdapterSpec): Func {
  const { params: cx, lower } = spec;
  return cx.module.func(spec.name, paramNames(spec), lower.flatResults, (f) => [
    checkMayLeave(f, instanceOf(cx, cx.from)),
    ...(spec.entering === null ? [trap(f, cx, cx.to, 'cannot-enter')] : body(f, spec, spec.entering)),
  ]);
}

/** `a`, `b_0`, `b_1`, …: after the parameters of the function type. */
function paramNames(spec: AdapterSpec): readonly NamedParam[] {
  const { lower } = spec;
  const names: string[] = [];
  if (lower.spilledParams !== null) names.push('params');
  else {
    for (const { name, type } of lower.params) {
      if (type.flat.length === 1) names.push(name);
      else names.push(...type.flat.map((_, i) => `${name}_${i}`));
    }
  }
  if (lower.spilledResult) names.push('result');
  return lower.flatParams.map((type, i) => [names[i] ?? `p${i}`, type]);
}

function body(f: FunctionBuilder, spec: AdapterSpec, instances: readonly ComponentInstanceIndex[]): readonly Expr[] {
  const { params: cx, lift, lower } = spec;
  const call = enterCall(f, {
    cx,
    instances,
    async: spec.async,
    mayBlock: spec.mayBlock,
    borrows: lower.params.some(({ type }) => type.borrows),
    frame: spec.frame,
  });
  const args = lift.flatParams.map((type, i) => f.local(`arg${i}`, type));
  const returned = lift.flatResults.map((type, i) => f.local(`returned${i}`, type));
  const results = lower.flatResults.map((type, i) => f.local(`result${i}`, type));
  const operands = args.map((local) => f.get(local));
  return [
    ...call.enter,
    ...crossParams(f, spec, args),
    guarded(f, cx, cx.to, f.call_into(returned, spec.callee, operands)),
    ...afterCall(f, spec, call, returned, results),
  ];
}

function afterCall(
  f: FunctionBuilder,
  spec: AdapterSpec,
  call: EnteredCall,
  returned: readonly Local[],
  results: readonly Local[],
): readonly Expr[] {
  return [
    ...call.checkBorrows(),
    ...crossResult(f, spec, returned, results),
    ...callPostReturn(f, spec, returned),
    ...call.leave(),
    ...results.map((local) => f.get(local)),
  ];
}

/** `lift_flat_values` of the caller's arguments and `lower_flat_values` into the callee's. */
function crossParams(f: FunctionBuilder, spec: AdapterSpec, args: readonly Local[]): readonly Expr[] {
  const { params: cx, lower, lift } = spec;
  const from = lower.spilledParams;
  const to = lift.spilledParams;
  if (from !== null && to !== null) {
    const source = f.params[0] ?? missing();
    const target = args[0] ?? missing();
    const code = 'pointer-out-of-bounds';
    const [memory, newMemory] = [memoryOf(cx.from), memoryOf(cx.to)];
    const bytes = (): Expr => f.int(memory.address).const(from.size);
    const size = (): Expr => f.int(newMemory.address).const(to.size);
    return [
      ...checkRange(f, cx, cx.from, memory, source, { align: from.align, bytes, code }),
      ...allocate(f, cx, { pointer: target, size, align: to.align, code }),
      ...cross(
        f,
        cx,
        { from, to },
        { kind: 'memory', memory, base: source, offset: 0 },
        { kind: 'memory', memory: newMemory, base: target, offset: 0 },
      ),
    ];
  }
  if (from !== null || to !== null) throw new InternalError('only one side of an adapter spills its parameters');
  const source = sourceSlots(f.params);
  const target = targetSlots(args);
  let slot = 0;
  return lower.params.flatMap((param, i) => {
    const other = lift.params[i] ?? missing();
    const first = slot;
    const count = param.type.flat.length;
    slot += count;
    return cross(
      f,
      cx,
      { from: param.type, to: other.type },
      sourcePart(source, first, count, 0),
      targetPart(target, first, count, 0),
    );
  });
}

/** `lift_flat_values` of the callee's result and `lower_flat_values` into the caller's. */
function crossResult(
  f: FunctionBuilder,
  spec: AdapterSpec,
  returned: readonly Local[],
  results: readonly Local[],
): readonly Expr[] {
  const { results: cx, lower, lift } = spec;
  if (lift.result === null || lower.result === null) return [];
  const types = { from: lift.result, to: lower.result };
  if (!lift.spilledResult && !lower.spilledResult) {
    return cross(f, cx, types, sourceSlots(returned), targetSlots(results));
  }
  if (!lift.spilledResult || !lower.spilledResult) {
    throw new InternalError('only one side of an adapter spills its result');
  }
  const source = returned[0] ?? missing();
  const target = f.params.at(-1) ?? missing();
  const code = 'pointer-out-of-bounds';
  const [memory, newMemory] = [memoryOf(cx.from), memoryOf(cx.to)];
  const bytes = (): Expr => f.int(memory.address).const(types.from.size);
  const size = (): Expr => f.int(newMemory.address).const(types.to.size);
  return [
    ...checkRange(f, cx, cx.from, memory, source, { align: types.from.align, bytes, code }),
    ...checkRange(f, cx, cx.to, newMemory, target, { align: types.to.align, bytes: size, code }),
    ...cross(
      f,
      cx,
      types,
      { kind: 'memory', memory, base: source, offset: 0 },
      { kind: 'memory', memory: newMemory, base: target, offset: 0 },
    ),
  ];
}

/** Post-return gets the core results; meanwhile the callee's instance may not leave. */
function callPostReturn(f: FunctionBuilder, spec: AdapterSpec, returned: readonly Local[]): readonly Expr[] {
  const { params: cx, postReturn } = spec;
  if (postReturn === null) return [];
  const operands = returned.map((local) => f.get(local));
  return [
    setMayLeave(f, cx, cx.to, false),
    guarded(f, cx, cx.to, f.call(postReturn, operands)),
    setMayLeave(f, cx, cx.to, true),
  ];
}

function missing(): never {
  throw new InternalError('an adapter has too few core values');
}
