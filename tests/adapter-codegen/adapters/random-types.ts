/** Random component types with random values of them, for property tests of adapters. */
import fc from 'fast-check';
import type { PlanType, TypeIndex } from '../../../packages/component/src/plan.ts';
import { unicodeText } from '../../support/unicode.ts';
import type { Types } from './fused.ts';
import type { Value } from './reference.ts';

/** A type that is added to a table when it is used, and its values. */
export interface RandomType {
  readonly text: string;
  readonly add: (types: Types) => TypeIndex;
  readonly values: fc.Arbitrary<Value>;
}

const scalar = (type: PlanType, values: fc.Arbitrary<Value>): RandomType => ({
  text: type.kind,
  add: (types) => types.add(type),
  values,
});

const char = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));

const scalars: readonly RandomType[] = [
  scalar({ kind: 'bool' }, fc.constantFrom(0, 1)),
  scalar({ kind: 'u8' }, fc.nat({ max: 0xff })),
  scalar({ kind: 's8' }, fc.integer({ min: -0x80, max: 0x7f })),
  scalar({ kind: 'u16' }, fc.nat({ max: 0xffff })),
  scalar({ kind: 's16' }, fc.integer({ min: -0x8000, max: 0x7fff })),
  scalar({ kind: 'u32' }, fc.nat({ max: 0xffff_ffff })),
  scalar({ kind: 's32' }, fc.integer()),
  scalar({ kind: 'u64' }, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  scalar({ kind: 's64' }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  scalar({ kind: 'f32' }, fc.float({ noNaN: true })),
  scalar({ kind: 'f64' }, fc.double({ noNaN: true })),
  scalar({ kind: 'char' }, char),
  scalar({ kind: 'string' }, unicodeText({ maxLength: 40 })),
];

const flags = fc.nat({ max: 31 }).map(
  (n): RandomType => ({
    text: `flags${n + 1}`,
    add: (types) => types.add({ kind: 'flags', names: Array.from({ length: n + 1 }, (_, i) => `n${i}`) }),
    values: fc.nat({ max: 2 ** (n + 1) - 1 }),
  }),
);
const enums = fc.constantFrom(1, 2, 255, 256, 257, 300).map(
  (n): RandomType => ({
    text: `enum${n}`,
    add: (types) => types.add({ kind: 'enum', names: Array.from({ length: n }, (_, i) => `n${i}`) }),
    values: fc.nat({ max: n - 1 }).map((index) => ({ index, value: null })),
  }),
);

function variantValues(cases: readonly (RandomType | null)[]): fc.Arbitrary<Value> {
  return fc.oneof(
    ...cases.map((type, index) => (type === null ? fc.constant(null) : type.values).map((value) => ({ index, value }))),
  );
}

function compound(inner: fc.Arbitrary<RandomType>): fc.Arbitrary<RandomType> {
  const many = fc.array(inner, { minLength: 1, maxLength: 5 });
  return fc.oneof(
    inner.map(
      (element): RandomType => ({
        text: `list<${element.text}>`,
        add: (types) => types.list_(element.add(types)),
        values: fc.array(element.values, { maxLength: 5 }),
      }),
    ),
    fc.tuple(inner, fc.integer({ min: 1, max: 6 })).map(
      ([element, length]): RandomType => ({
        text: `list<${element.text}, ${length}>`,
        add: (types) => types.list_(element.add(types), length),
        values: fc.array(element.values, { minLength: length, maxLength: length }),
      }),
    ),
    fc.tuple(fc.constantFrom(...scalars), inner).map(
      ([key, value]): RandomType => ({
        text: `map<${key.text}, ${value.text}>`,
        add: (types) => types.add({ kind: 'map', key: key.add(types), value: value.add(types) }),
        values: fc.array(fc.tuple(key.values, value.values), { maxLength: 3 }),
      }),
    ),
    many.map(
      (fields): RandomType => ({
        text: `{${fields.map(({ text }) => text).join(', ')}}`,
        add: (types) => types.record(...fields.map((field) => field.add(types))),
        values: fc.tuple(...fields.map(({ values }) => values)),
      }),
    ),
    fc.array(fc.option(inner), { minLength: 1, maxLength: 5 }).map(
      (cases): RandomType => ({
        text: `(${cases.map((type) => type?.text ?? '_').join(' | ')})`,
        add: (types) => types.variant(...cases.map((type) => type?.add(types) ?? null)),
        values: variantValues(cases),
      }),
    ),
    inner.map(
      (some): RandomType => ({
        text: `option<${some.text}>`,
        add: (types) => types.add({ kind: 'option', type: some.add(types) }),
        values: variantValues([null, some]),
      }),
    ),
    fc.tuple(fc.option(inner), fc.option(inner)).map(
      ([ok, err]): RandomType => ({
        text: `result<${ok?.text ?? '_'}, ${err?.text ?? '_'}>`,
        add: (types) => types.add({ kind: 'result', ok: ok?.add(types) ?? null, err: err?.add(types) ?? null }),
        values: variantValues([ok, err]),
      }),
    ),
  );
}

const leaf = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...scalars) }, flags, enums);

/** Types up to three levels deep. */
export const randomType: fc.Arbitrary<RandomType> = fc.oneof(
  leaf,
  compound(leaf),
  compound(fc.oneof(leaf, compound(leaf))),
  compound(fc.oneof(leaf, compound(fc.oneof(leaf, compound(leaf))))),
);
