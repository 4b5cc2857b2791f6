/**
 * Lists and maps. In: pointer and length in the lifting side's memory. Out: pointer in the lowering side's memory; the
 * length stays. The order is the specification's: the checks of the source, realloc, the elements. Elements of which
 * every bit pattern is valid and that have no padding are copied whole; others in a loop.
 */
import type { AbiPlan } from '@gangway/component/abi';
import type { Expr, Func, FunctionBuilder, Local } from '../builder.ts';
import { checkRange, trapIf } from './checks.ts';
import { copyBytes, memoryOf, type Place } from './memory.ts';
import { nameOf } from './names.ts';
import { allocate } from './realloc.ts';
import type { Crossing, PlanPair } from './side.ts';
import { skip, take } from './strings/cursor.ts';
import { cross } from './translate.ts';

/** CanonicalABI.md#loading: more bytes than this are no list. */
export const MAX_LIST_BYTE_LENGTH = 2 ** 28 - 1;

/** `(pointer, length) -> pointer`. `load_list_from_range`, `store_list_into_range` */
export function listFunc(cx: Crossing, element: PlanPair): Func {
  const from = memoryOf(cx.from);
  const to = memoryOf(cx.to);
  return cx.module.outlined(`list ${cx.from.key} ${cx.to.key} ${keyOf(element)}`, () =>
    cx.module.func(
      `${cx.from.role}.list<${nameOf(element.from)}>`,
      [
        ['pointer', from.address],
        ['length', from.address],
      ],
      [to.address],
      (f) => {
        const ops = f.int(from.address);
        const [pointer, length] = f.params as [Local, Local];
        const count = f.local('count', 'i32');
        const target = f.local('target', to.address);
        const code = 'list-content-out-of-bounds';
        const size = element.from.size;
        const bytes = (): Expr => (size === 1 ? f.get(length) : ops.mul(f.get(length), ops.const(size)));
        const newBytes = (): Expr => f.int(to.address).fromU32(times(f, count, element.to.size));
        return [
          trapIf(
            f,
            cx,
            cx.from,
            ops.gt_u(f.get(length), ops.const(Math.floor(MAX_LIST_BYTE_LENGTH / size))),
            'list-too-long',
          ),
          ...checkRange(f, cx, cx.from, from, pointer, { align: element.from.align, bytes, code }),
          f.set(count, ops.toI32(f.get(length))),
          ...allocate(f, cx, { pointer: target, size: newBytes, align: element.to.align, code }),
          ...(element.from.bulk
            ? [copyBytes(f, cx, f.get(target), f.get(pointer), times(f, count, size))]
            : elements(
                f,
                cx,
                element,
                count,
                { memory: from, base: pointer, offset: 0 },
                { memory: to, base: target, offset: 0 },
              )),
          f.get(target),
        ];
      },
    ),
  );
}

/** The elements of a list of known length that stands inline. `store_list_into_valid_range` */
export function crossInlineElements(
  f: FunctionBuilder,
  cx: Crossing,
  element: PlanPair,
  length: number,
  source: Place,
  target: Place,
): readonly Expr[] {
  const count = f.local('count', 'i32');
  return [f.set(count, f.i32.const(length)), ...elements(f, cx, element, count, source, target)];
}

function times(f: FunctionBuilder, count: Local, size: number): Expr {
  return size === 1 ? f.get(count) : f.i32.mul(f.get(count), f.i32.const(size));
}

/** `count` elements, one after the other; `count` is used up. */
function elements(
  f: FunctionBuilder,
  cx: Crossing,
  element: PlanPair,
  count: Local,
  source: Place,
  target: Place,
): readonly Expr[] {
  const read = f.local('read', source.memory.address);
  const write = f.local('write', target.memory.address);
  return [
    f.set(read, f.get(source.base)),
    f.set(write, f.get(target.base)),
    f.loop('next', (next) => [
      f.if(f.get(count), [
        ...cross(f, cx, element, { kind: 'memory', ...source, base: read }, { kind: 'memory', ...target, base: write }),
        skip(f, read, element.from.size),
        skip(f, write, element.to.size),
        take(f, count, 1),
        f.br(next),
      ]),
    ]),
  ];
}

/** Tells the helpers of types apart: by index, or by content for types that have none. */
export function keyOf(types: PlanPair): string {
  const { from, to } = types;
  if (from.type >= 0 && to.type >= 0) return `${from.type}/${to.type}`;
  return `(${partsOf(from).join(' ')})/(${partsOf(to).join(' ')})`;
}

/** A type without index is a tuple: the pair of a map. */
function partsOf(plan: AbiPlan): readonly number[] {
  return 'fields' in plan ? plan.fields.map((field) => field.type.type) : [plan.type];
}
