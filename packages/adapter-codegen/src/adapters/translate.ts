/**
 * One value of any type from one side to the other. In: its two plans, where it is read and where it is written. Out:
 * statements. What is large is outlined, once for two sides and a type, so that the output stays linear in the types.
 *
 * Rejected: every compound type outlined. A call is dearer than the few loads and stores of a small record.
 */
import type { AbiList, AbiMap, AbiPlan, AbiString } from '@gangway/component/abi';
import { InternalError } from '@gangway/component/errors';
import type { Expr, Func, FunctionBuilder, Local } from '../builder.ts';
import { crossHandle } from './handles.ts';
import { crossInlineElements, keyOf, listFunc } from './list.ts';
import { addressOf, copyBytes, memoryOf } from './memory.ts';
import { nameOf } from './names.ts';
import { crossFlags, crossScalar } from './scalar.ts';
import type { Crossing, PlanPair } from './side.ts';
import { stringTranscoder } from './strings/index.ts';
import {
  readCore,
  type Source,
  sourcePart,
  sourceSlots,
  type Target,
  targetPart,
  targetSlots,
  writeCore,
} from './values.ts';
import { crossVariant } from './variant.ts';

/** A compound value in memory whose code is larger than this (in scalars, roughly) is outlined. */
const INLINE_WEIGHT = 12;
/** Flat values are few, but the cases of variants multiply. */
const INLINE_FLAT_WEIGHT = 64;
/** Elements of a fixed-length list in memory that are written out rather than looped over. */
const UNROLLED_ELEMENTS = 4;

/** CanonicalABI.md#loading or #flat-lifting on one side, #storing or #flat-lowering on the other */
export function cross(
  f: FunctionBuilder,
  cx: Crossing,
  types: PlanPair,
  source: Source,
  target: Target,
): readonly Expr[] {
  if (isCompound(types.from)) {
    if (source.kind === 'memory' && target.kind === 'memory' && weight(types.from) > INLINE_WEIGHT) {
      if (types.from.bulk) {
        const size = f.i32.const(types.from.size);
        return [copyBytes(f, cx, addressOf(f, target), addressOf(f, source), size)];
      }
      if (types.from.type >= 0) return [f.call(memoryHelper(cx, types), [addressOf(f, source), addressOf(f, target)])];
    }
    if (source.kind === 'flat' && target.kind === 'flat' && weight(types.from) > INLINE_FLAT_WEIGHT) {
      return crossOutlinedFlat(f, cx, types, source, target);
    }
  }
  return crossInline(f, cx, types, source, target);
}

function crossInline(
  f: FunctionBuilder,
  cx: Crossing,
  types: PlanPair,
  source: Source,
  target: Target,
): readonly Expr[] {
  const { from, to } = types;
  switch (from.kind) {
    case 'string':
      return crossPointer(f, cx, from, source, target);
    case 'map':
      return crossPointer(f, cx, from, source, target, { from: from.element, to: same(from, to).element });
    case 'list': {
      const element = { from: from.element, to: same(from, to).element };
      if (from.length === null) return crossPointer(f, cx, from, source, target, element);
      return crossFixedList(f, cx, element, from.length, source, target);
    }
    case 'record':
    case 'tuple': {
      const others = same(from, to).fields;
      let slot = 0;
      return from.fields.flatMap((field, i) => {
        const other = others[i] ?? mismatch(from, to);
        const first = slot;
        const count = field.type.flat.length;
        slot += count;
        return cross(
          f,
          cx,
          { from: field.type, to: other.type },
          sourcePart(source, first, count, field.offset),
          targetPart(target, first, count, other.offset),
        );
      });
    }
    case 'variant':
    case 'enum':
    case 'option':
    case 'result':
      return crossVariant(f, cx, from, same(from, to), source, target);
    case 'flags':
      return crossFlags(f, from, source, target);
    case 'own':
    case 'borrow': {
      const index = readCore(f, source, 0, 'i32', f.i32.load);
      const crossed = crossHandle(f, cx, from, same(from, to), index);
      return [writeCore(f, target, 0, 'i32', crossed, f.i32.store)];
    }
    case 'stream':
    case 'future':
    case 'error-context':
      throw new InternalError(`a synchronous adapter cannot pass a ${from.kind}`);
    default:
      return crossScalar(f, cx, from, source, target);
  }
}

/** A string, list or map: pointer and length. The elements are the concern of the helper that is called. */
function crossPointer(
  f: FunctionBuilder,
  cx: Crossing,
  type: AbiString | AbiList | AbiMap,
  source: Source,
  target: Target,
  element?: PlanPair,
): readonly Expr[] {
  const fromType = memoryOf(cx.from).address;
  const toType = memoryOf(cx.to).address;
  const [from, to] = [f.int(fromType), f.int(toType)];
  const word = (address: 'i32' | 'i64'): number => (address === 'i32' ? 4 : 8);
  const read = (index: number): Expr => readCore(f, source, index, fromType, from.load, index * word(fromType));
  const write = (index: number, value: Expr): Expr =>
    writeCore(f, target, index, toType, value, to.store, index * word(toType));
  const pointer = f.local(`${type.kind}_pointer`, toType);
  if (element === undefined) {
    const length = f.local(`${type.kind}_length`, toType);
    return [
      f.call_into([pointer, length], stringTranscoder(cx), [read(0), read(1)]),
      write(0, f.get(pointer)),
      write(1, f.get(length)),
    ];
  }
  const length = f.local(`${type.kind}_length`, fromType);
  return [
    // Operands are evaluated in order: the length is read after the pointer.
    f.set(pointer, f.call(listFunc(cx, element), [read(0), f.tee(length, read(1))])),
    write(0, f.get(pointer)),
    write(1, convertLength(f, f.get(length), fromType, toType)),
  ];
}

/** A length that is known to be below 2^28. */
function convertLength(f: FunctionBuilder, length: Expr, from: 'i32' | 'i64', to: 'i32' | 'i64'): Expr {
  return from === to ? length : f.int(to).fromU32(f.int(from).toI32(length));
}

function crossFixedList(
  f: FunctionBuilder,
  cx: Crossing,
  element: PlanPair,
  length: number,
  source: Source,
  target: Target,
): readonly Expr[] {
  if (source.kind === 'memory' && target.kind === 'memory' && length > UNROLLED_ELEMENTS) {
    const base = { ...source, base: f.local('elements', source.memory.address), offset: 0 };
    const newBase = { ...target, base: f.local('new_elements', target.memory.address), offset: 0 };
    return [
      f.set(base.base, addressOf(f, source)),
      f.set(newBase.base, addressOf(f, target)),
      ...crossInlineElements(f, cx, element, length, base, newBase),
    ];
  }
  const width = element.from.flat.length;
  return Array.from({ length }, (_, i) =>
    cross(
      f,
      cx,
      element,
      sourcePart(source, i * width, width, i * element.from.size),
      targetPart(target, i * width, width, i * element.to.size),
    ),
  ).flat();
}

/** `(source address, target address)`: a value of the type from memory to memory. */
function memoryHelper(cx: Crossing, types: PlanPair): Func {
  const from = memoryOf(cx.from);
  const to = memoryOf(cx.to);
  return cx.module.outlined(`value ${cx.from.key} ${cx.to.key} ${keyOf(types)}`, () =>
    cx.module.func(
      `${cx.from.role}.${nameOf(types.from)}`,
      [
        ['source', from.address],
        ['target', to.address],
      ],
      [],
      (f) => {
        const [source, target] = f.params as [Local, Local];
        return crossInline(
          f,
          cx,
          types,
          { kind: 'memory', memory: from, base: source, offset: 0 },
          { kind: 'memory', memory: to, base: target, offset: 0 },
        );
      },
    ),
  );
}

/** A value in slots, by a helper from slots to slots. */
function crossOutlinedFlat(
  f: FunctionBuilder,
  cx: Crossing,
  types: PlanPair,
  source: Source & { readonly kind: 'flat' },
  target: Target & { readonly kind: 'flat' },
): readonly Expr[] {
  const { from, to } = types;
  const helper = cx.module.outlined(`flat ${cx.from.key} ${cx.to.key} ${keyOf(types)}`, () =>
    cx.module.func(
      `${cx.from.role}.flat_${nameOf(from)}`,
      from.flat.map((type, i) => [`in${i}`, type]),
      to.flat,
      (g) => {
        const results = to.flat.map((type, i) => g.local(`out${i}`, type));
        return [
          ...crossInline(g, cx, types, sourceSlots(g.params), targetSlots(results)),
          results.length === 1 ? g.get(results[0]!) : g.values(results.map((local) => g.get(local))),
        ];
      },
    ),
  );
  const results = to.flat.map((type, i) => f.local(`${nameOf(from)}_${i}`, type));
  return [
    f.call_into(
      results,
      helper,
      from.flat.map((type, i) => source.slots[i]!.read(f, type)),
    ),
    ...to.flat.map((type, i) => target.slots[i]!.write(f, f.get(results[i]!), type)),
  ];
}

function isCompound(plan: AbiPlan): boolean {
  return 'fields' in plan || 'cases' in plan || (plan.kind === 'list' && plan.length !== null);
}

const weights = new WeakMap<AbiPlan, number>();

/** How much code a value takes when it is written out, in scalars. */
function weight(plan: AbiPlan): number {
  const known = weights.get(plan);
  if (known !== undefined) return known;
  let sum = 1;
  if (plan.kind === 'string' || plan.kind === 'map') sum = 3;
  else if (plan.kind === 'list') {
    sum = plan.length === null ? 3 : weight(plan.element) * Math.min(plan.length, UNROLLED_ELEMENTS);
  } else if ('fields' in plan) sum = plan.fields.reduce((total, field) => total + weight(field.type), 0);
  else if ('cases' in plan) {
    const payloads = new Set(plan.cases.map(({ type }) => type).filter((type) => type !== null));
    sum = 2;
    for (const payload of payloads) sum += 1 + weight(payload);
  }
  weights.set(plan, sum);
  return sum;
}

/** `to` is the plan of the same type on the other side, so it has the same kind. */
function same<T extends AbiPlan>(from: T, to: AbiPlan): T {
  if (from.kind !== to.kind) mismatch(from, to);
  return to as T;
}

function mismatch(from: AbiPlan, to: AbiPlan): never {
  throw new InternalError(`the two sides of an adapter disagree: ${nameOf(from)} and ${nameOf(to)}`);
}
