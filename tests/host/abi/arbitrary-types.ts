/** Random component types, as a plan's type table, and random values of them as JavaScript gives and gets them. */
import type { AbiPlan } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import type { PlanType, TypeIndex } from '@gangway/component/plan';
import fc from 'fast-check';
import { isNumberKind, numberLists } from '../../../packages/host/src/abi/number-lists.ts';
import { caseNames, isTaggedOption } from '../../../packages/host/src/abi/variants.ts';

/** A type as a tree; {@link typeTable} lays it out. */
export type TypeTree =
  | { kind: (typeof primitives)[number] }
  | { kind: 'list'; element: TypeTree; length: number | null }
  | { kind: 'record'; fields: TypeTree[] }
  | { kind: 'tuple'; fields: TypeTree[] }
  | { kind: 'variant'; cases: (TypeTree | null)[] }
  | { kind: 'enum'; count: number }
  | { kind: 'flags'; count: number }
  | { kind: 'option'; type: TypeTree }
  | { kind: 'result'; ok: TypeTree | null; err: TypeTree | null }
  | { kind: 'map'; key: TypeTree; value: TypeTree };

const primitives = [
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
] as const;
const keys = ['bool', 's8', 'u8', 's16', 'u16', 's32', 'u32', 's64', 'u64', 'char', 'string'] as const;

/** Names that JavaScript treats in a special way are among the fields. */
const names = ['a', 'constructor', 'to-string', 'then', 'b-c', 'value-of', 'name', 'prototype', 'is-URL', 'x1'];

export const typeTrees: fc.Arbitrary<TypeTree> = fc.letrec<{ type: TypeTree }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...primitives).map((kind) => ({ kind })),
    fc.record({
      kind: fc.constant('list' as const),
      element: tie('type'),
      length: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
    }),
    fc.record({ kind: fc.constant('record' as const), fields: fc.array(tie('type'), { minLength: 1, maxLength: 6 }) }),
    fc.record({ kind: fc.constant('tuple' as const), fields: fc.array(tie('type'), { minLength: 1, maxLength: 5 }) }),
    fc.record({
      kind: fc.constant('variant' as const),
      cases: fc.array(fc.option(tie('type')), { minLength: 1, maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant('enum' as const), count: fc.constantFrom(1, 3, 256, 257, 300) }),
    fc.record({ kind: fc.constant('flags' as const), count: fc.constantFrom(1, 8, 9, 16, 17, 32) }),
    fc.record({ kind: fc.constant('option' as const), type: tie('type') }),
    fc.record({ kind: fc.constant('result' as const), ok: fc.option(tie('type')), err: fc.option(tie('type')) }),
    fc.record({
      kind: fc.constant('map' as const),
      key: fc.constantFrom(...keys).map((kind) => ({ kind })),
      value: tie('type'),
    }),
  ) as fc.Arbitrary<TypeTree>,
})).type;

/** The tree as a plan's type table; the type itself comes last. */
export function typeTable(tree: TypeTree): PlanType[] {
  const types: PlanType[] = [];
  const add = (type: TypeTree): TypeIndex => {
    types.push(convert(type));
    return (types.length - 1) as TypeIndex;
  };
  const addOptional = (type: TypeTree | null): TypeIndex | null => (type === null ? null : add(type));
  const label = (i: number): string => names[i] ?? `n-${i}`;
  const convert = (type: TypeTree): PlanType => {
    switch (type.kind) {
      case 'list':
        return { kind: 'list', element: add(type.element), length: type.length };
      case 'record':
        return { kind: 'record', fields: type.fields.map((field, i) => ({ name: label(i), type: add(field) })) };
      case 'tuple':
        return { kind: 'tuple', types: type.fields.map(add) };
      case 'variant':
        return { kind: 'variant', cases: type.cases.map((item, i) => ({ name: label(i), type: addOptional(item) })) };
      case 'enum':
      case 'flags':
        return { kind: type.kind, names: Array.from({ length: type.count }, (_, i) => label(i)) };
      case 'option':
        return { kind: 'option', type: add(type.type) };
      case 'result':
        return { kind: 'result', ok: addOptional(type.ok), err: addOptional(type.err) };
      case 'map':
        return { kind: 'map', key: add(type.key), value: add(type.value) };
      default:
        return { kind: type.kind };
    }
  };
  add(tree);
  return types;
}

const characters = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  fc.integer({ min: 0x100, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0x10ffff }),
);
const text = fc
  .oneof(
    fc.array(characters, { maxLength: 20 }),
    fc.array(fc.integer({ min: 0, max: 0x7f }), { maxLength: 200, size: 'max' }),
    fc.array(characters, { maxLength: 200, size: 'max' }),
  )
  .map((points) => points.map((point) => String.fromCodePoint(point)).join(''));

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  s8: fc.integer({ min: -0x80, max: 0x7f }),
  u8: fc.integer({ min: 0, max: 0xff }),
  s16: fc.integer({ min: -0x8000, max: 0x7fff }),
  u16: fc.integer({ min: 0, max: 0xffff }),
  s32: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  u32: fc.integer({ min: 0, max: 0xffffffff }),
  s64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  f32: fc.float(),
  f64: fc.double(),
  char: characters.map((point) => String.fromCodePoint(point)),
  string: text,
};

/** Values in the form in which they are lifted, so that what comes back is deeply equal. */
export function valuesOf(plan: AbiPlan): fc.Arbitrary<unknown> {
  switch (plan.kind) {
    case 'list': {
      const items = fc.array(valuesOf(plan.element), {
        minLength: plan.length ?? 0,
        maxLength: plan.length ?? (plan.element.size > 64 ? 3 : 40),
      });
      if (!isNumberKind(plan.element.kind)) return items;
      const { array } = numberLists[plan.element.kind];
      return items.map((values) => {
        const copy = new array(values.length);
        copy.set(values as never);
        return copy;
      });
    }
    case 'map': {
      const [key, value] = plan.element.fields;
      return fc
        .array(fc.tuple(valuesOf(key!.type), valuesOf(value!.type)), { maxLength: 5 })
        .map((items) => new Map(items));
    }
    case 'tuple':
      return fc.tuple(...plan.fields.map((field) => valuesOf(field.type)));
    case 'record': {
      const properties = fieldNames(plan.fields.map((field) => field.name));
      return fc
        .tuple(...plan.fields.map((field) => valuesOf(field.type)))
        .map((values) => Object.fromEntries(values.map((value, i) => [properties[i], value])));
    }
    case 'flags': {
      const properties = fieldNames(plan.names);
      return fc
        .array(fc.boolean(), { minLength: properties.length, maxLength: properties.length })
        .map((bits) => Object.fromEntries(properties.map((name, i) => [name, bits[i]])));
    }
    case 'enum':
      return fc.constantFrom(...caseNames(plan));
    case 'option':
      if (!isTaggedOption(plan)) return fc.option(valuesOf(plan.cases[1]!.type!), { nil: undefined });
      return taggedValues(plan.cases, caseNames(plan));
    case 'variant':
    case 'result':
      return taggedValues(plan.cases, caseNames(plan));
    default: {
      const values = scalars[plan.kind];
      if (values === undefined) throw new Error(`no values of ${plan.kind}`);
      return values;
    }
  }
}

function taggedValues(cases: readonly { type: AbiPlan | null }[], tags: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    ...cases.map((item, i) =>
      item.type === null ? fc.constant({ tag: tags[i] }) : valuesOf(item.type).map((val) => ({ tag: tags[i], val })),
    ),
  );
}
