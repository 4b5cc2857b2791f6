/**
 * What the parser and the printer of WAVE (WebAssembly Value Encoding) share: its keywords, the JavaScript names of
 * fields, and the typed arrays that lists of numbers are.
 */
import { camelCase } from '@gangway/component/names';
import type { ValueInfo } from '@gangway/host';

/** Labels that are written with a `%` before them. */
export const keywords: ReadonlySet<string> = new Set(['true', 'false', 'inf', 'nan', 'some', 'none', 'ok', 'err']);

/** Property names of fields or flags; those that would be the same in camelCase keep their own names. */
export function propertyNames(names: readonly string[]): readonly string[] {
  const wanted = names.map(camelCase);
  return wanted.map((name, i) => (wanted.filter((other) => other === name).length === 1 ? name : (names[i] as string)));
}

/** Whether an option is `{ tag, val }`: its payload is an option too, so that `undefined` could mean either. */
export function isTagged(type: Extract<ValueInfo, { readonly kind: 'option' }>): boolean {
  return type.type.kind === 'option';
}

type NumberArray = { readonly from: (values: Iterable<never>) => Iterable<number | bigint> };

const numberArrays: Readonly<Record<string, NumberArray>> = {
  s8: Int8Array,
  u8: Uint8Array,
  s16: Int16Array,
  u16: Uint16Array,
  s32: Int32Array,
  u32: Uint32Array,
  s64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** A list as JavaScript has it: the typed array of a number type, otherwise the array. */
export function listValue(element: ValueInfo, values: readonly unknown[]): unknown {
  const array = Object.hasOwn(numberArrays, element.kind) ? numberArrays[element.kind] : undefined;
  return array === undefined ? values : array.from(values as never[]);
}

/** Bits of the integer types, and whether they have a sign. */
export const integers: Readonly<Record<string, { readonly bits: number; readonly signed: boolean }>> = {
  s8: { bits: 8, signed: true },
  u8: { bits: 8, signed: false },
  s16: { bits: 16, signed: true },
  u16: { bits: 16, signed: false },
  s32: { bits: 32, signed: true },
  u32: { bits: 32, signed: false },
  s64: { bits: 64, signed: true },
  u64: { bits: 64, signed: false },
};
