/**
 * Random JavaScript values of a type, in the forms in which a call takes them (lone surrogates, pairs with repeated keys
 * and NaNs included), the value that must come back, and bit for bit equality.
 */
import fc from 'fast-check';
import type { ScalarKind, TypeTree } from './types.ts';

/** The embedder's resource. */
export class Thing {}

/** Labels, names that JavaScript treats in a special way among them, and the properties that they become. */
const properties: readonly (readonly [label: string, property: string])[] = [
  ['a', 'a'],
  ['constructor', 'constructor'],
  ['to-string', 'toString'],
  ['then', 'then'],
  ['b-c', 'bC'],
  ['value-of', 'valueOf'],
  ['name', 'name'],
  ['prototype', 'prototype'],
  ['x1', 'x1'],
];
export const label = (i: number): string => properties[i]?.[0] ?? `n${i}`;
const property = (i: number): string => properties[i]?.[1] ?? `n${i}`;

const point = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 4, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x100, max: 0xd7ff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);
const textOf = (points: readonly number[]): string => points.map((code) => String.fromCodePoint(code)).join('');
const text = fc
  .oneof(
    { weight: 24, arbitrary: fc.array(point, { maxLength: 12 }) },
    { weight: 12, arbitrary: fc.array(fc.integer({ min: 0, max: 0x7f }), { maxLength: 100, size: 'max' }) },
    { weight: 6, arbitrary: fc.array(fc.integer({ min: 0, max: 0xff }), { maxLength: 60, size: 'max' }) },
    { weight: 12, arbitrary: fc.array(point, { maxLength: 60, size: 'max' }) },
    {
      weight: 6,
      arbitrary: fc.array(fc.oneof(point, fc.integer({ min: 0xd800, max: 0xdfff })), { maxLength: 20, size: 'max' }),
    },
    // Memories grow while this is lowered.
    { weight: 1, arbitrary: point.map((last) => [...new Array<number>(40_000).fill(0x61), last]) },
  )
  .map(textOf);

const scalars: Record<ScalarKind | 'string' | 'own', fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  s8: fc.integer({ min: -0x80, max: 0x7f }),
  u8: fc.integer({ min: 0, max: 0xff }),
  s16: fc.integer({ min: -0x8000, max: 0x7fff }),
  u16: fc.integer({ min: 0, max: 0xffff }),
  s32: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  u32: fc.integer({ min: 0, max: 0xffff_ffff }),
  s64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  f32: fc.float(),
  f64: fc.double(),
  char: point.map((code) => String.fromCodePoint(code)),
  string: text,
  own: fc.constant(null).map(() => new Thing()),
};

const arrays = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
const isNumber = (kind: string): kind is keyof typeof arrays => Object.hasOwn(arrays, kind);

function typed(kind: keyof typeof arrays, items: readonly unknown[]): unknown {
  return (arrays[kind] as { from(items: readonly unknown[]): unknown }).from(items);
}

/** What a call may be given. */
export function valuesOf(tree: TypeTree): fc.Arbitrary<unknown> {
  switch (tree.kind) {
    case 'list': {
      const { element, length } = tree;
      const maxLength = length ?? (Object.hasOwn(scalars, element.kind) ? 30 : 3);
      const items = fc.array(valuesOf(element), { minLength: length ?? 0, maxLength, size: 'medium' });
      const { kind } = element;
      if (!isNumber(kind)) return items;
      return fc.tuple(items, fc.boolean()).map(([values, plain]) => (plain ? values : typed(kind, values)));
    }
    case 'map': {
      const pairs = fc.array(fc.tuple(valuesOf(tree.key), valuesOf(tree.value)), { maxLength: 5 });
      return fc.oneof(
        pairs.map((items) => new Map(items)),
        // The last pair has the key of the first.
        pairs.map((items) => (items.length < 2 ? items : [...items.slice(0, -1), [items[0]![0], items.at(-1)![1]]])),
      );
    }
    case 'tuple':
      return fc.tuple(...tree.fields.map(valuesOf));
    case 'record':
      return fc
        .tuple(...tree.fields.map(valuesOf))
        .map((values) => Object.fromEntries(values.map((value, i) => [property(i), value])));
    case 'flags':
      return fc
        .array(fc.boolean(), { minLength: tree.count, maxLength: tree.count })
        .map((bits) => Object.fromEntries(bits.map((bit, i) => [property(i), bit])));
    case 'enum':
      return fc.nat({ max: tree.count - 1 }).map(label);
    case 'option':
      if (tree.some.kind !== 'option') return fc.option(valuesOf(tree.some), { nil: undefined, freq: 3 });
      return tagged([null, tree.some], ['none', 'some']);
    case 'variant':
      return tagged(
        tree.cases,
        tree.cases.map((_, i) => label(i)),
      );
    case 'result':
      return tagged([tree.ok, tree.err], ['ok', 'err']);
    default:
      return scalars[tree.kind];
  }
}

function tagged(cases: readonly (TypeTree | null)[], tags: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    ...cases.map((type, i) =>
      type === null ? fc.constant({ tag: tags[i] }) : valuesOf(type).map((val) => ({ tag: tags[i], val })),
    ),
  );
}

interface Tagged {
  readonly tag: string;
  readonly val?: unknown;
}

/** What comes back of a value. */
export function returned(tree: TypeTree, value: unknown): unknown {
  const payload = (type: TypeTree | null | undefined): unknown => {
    const { tag, val } = value as Tagged;
    return type === null || type === undefined ? { tag } : { tag, val: returned(type, val) };
  };
  switch (tree.kind) {
    case 'string':
      return (value as string).toWellFormed();
    case 'list': {
      const items = [...(value as Iterable<unknown>)].map((item) => returned(tree.element, item));
      return isNumber(tree.element.kind) ? typed(tree.element.kind, items) : items;
    }
    case 'map': {
      const result = new Map<unknown, unknown>();
      for (const [key, item] of value as Iterable<[unknown, unknown]>) {
        result.set(returned(tree.key, key), returned(tree.value, item));
      }
      return result;
    }
    case 'tuple':
      return tree.fields.map((field, i) => returned(field, (value as unknown[])[i]));
    case 'record': {
      const record = value as Record<string, unknown>;
      return Object.fromEntries(tree.fields.map((field, i) => [property(i), returned(field, record[property(i)])]));
    }
    case 'option':
      if (tree.some.kind === 'option') return payload((value as Tagged).tag === 'some' ? tree.some : null);
      return value === undefined ? undefined : returned(tree.some, value);
    case 'variant':
      return payload(tree.cases.find((_, i) => label(i) === (value as Tagged).tag));
    case 'result':
      return payload((value as Tagged).tag === 'ok' ? tree.ok : tree.err);
    default:
      return value;
  }
}

/**
 * Where two values differ, as a path with both; null when they are equal. NaNs are equal, zeros of unlike sign are not. The
 * path is put together on the way back: most values are equal.
 */
export function difference(got: unknown, want: unknown): string | null {
  if (Object.is(got, want)) return null;
  const differs = (): string => `: got ${show(got)}, want ${show(want)}`;
  if (typeof got !== 'object' || typeof want !== 'object' || got === null || want === null) return differs();
  if (want instanceof Thing || Object.getPrototypeOf(got) !== Object.getPrototypeOf(want)) return differs();
  if (want instanceof Map) {
    const map = got as Map<unknown, unknown>;
    if (map.size !== want.size) return differs();
    for (const [key, value] of want) {
      if (!map.has(key)) return `: no key ${show(key)}`;
      const found = difference(map.get(key), value);
      if (found !== null) return `[${show(key)}]${found}`;
    }
    return null;
  }
  if (Array.isArray(want) || ArrayBuffer.isView(want)) {
    const [a, b] = [got as ArrayLike<unknown>, want as unknown as ArrayLike<unknown>];
    if (a.length !== b.length) return differs();
    for (let i = 0; i < b.length; i += 1) {
      const found = Object.is(a[i], b[i]) ? null : difference(a[i], b[i]);
      if (found !== null) return `[${i}]${found}`;
    }
    return null;
  }
  const [a, b] = [got as Record<string, unknown>, want as Record<string, unknown>];
  const keys = Object.keys(b);
  if (keys.length !== Object.keys(a).length) return differs();
  for (const key of keys) {
    if (!Object.hasOwn(a, key)) return `: no ${key}`;
    const found = difference(a[key], b[key]);
    if (found !== null) return `.${key}${found}`;
  }
  return null;
}

function show(value: unknown): string {
  const json = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item === 'number' && (Object.is(item, -0) || !Number.isFinite(item)))
      return Object.is(item, -0) ? '-0' : `${item}`;
    return item instanceof Map ? [...item] : item;
  });
  return json ?? String(value);
}
