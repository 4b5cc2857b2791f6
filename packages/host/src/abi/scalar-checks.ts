/**
 * What a JavaScript value must be for each scalar type. In: a value. Out: the same as a core value, or an error that names what
 * was expected. Apart from scalars.ts, because generated code needs nothing else of it.
 */
import type { AbiScalarKind } from '@gangway/component/abi';
import { expected } from './argument-error.ts';
import { CHAR, checkChar } from './chars.ts';

/** A checked scalar: chars are code points, all else is as the core value of the type. */
export type ScalarSnapshot = number | bigint;

function integer(what: string, low: number, high: number): (value: unknown) => number {
  return (value) => {
    if (typeof value !== 'number' || !(value >= low && value <= high) || !Number.isInteger(value))
      expected(what, value);
    return value;
  };
}
function bigInteger(what: string, low: bigint, high: bigint): (value: unknown) => bigint {
  return (value) => {
    if (typeof value !== 'bigint' || value < low || value > high) expected(what, value);
    return value;
  };
}
function float(value: unknown): number {
  if (typeof value !== 'number') expected('a number', value);
  return value;
}

/** How a message names what each type takes. */
export const scalarTexts: Readonly<Record<AbiScalarKind, string>> = {
  bool: 'a boolean',
  s8: 'an integer from -128 to 127',
  u8: 'an integer from 0 to 255',
  s16: 'an integer from -32768 to 32767',
  u16: 'an integer from 0 to 65535',
  s32: 'an integer from -2147483648 to 2147483647',
  u32: 'an integer from 0 to 4294967295',
  s64: 'a bigint from -9223372036854775808 to 9223372036854775807',
  u64: 'a bigint from 0 to 18446744073709551615',
  f32: 'a number',
  f64: 'a number',
  char: CHAR,
};

/** JS → snapshot, or throws. */
export const scalarChecks: Readonly<Record<AbiScalarKind, (value: unknown) => ScalarSnapshot>> = {
  bool: (value) => {
    if (typeof value !== 'boolean') expected(scalarTexts.bool, value);
    return value ? 1 : 0;
  },
  s8: integer(scalarTexts.s8, -0x80, 0x7f),
  u8: integer(scalarTexts.u8, 0, 0xff),
  s16: integer(scalarTexts.s16, -0x8000, 0x7fff),
  u16: integer(scalarTexts.u16, 0, 0xffff),
  s32: integer(scalarTexts.s32, -0x80000000, 0x7fffffff),
  u32: integer(scalarTexts.u32, 0, 0xffffffff),
  s64: bigInteger(scalarTexts.s64, -(2n ** 63n), 2n ** 63n - 1n),
  u64: bigInteger(scalarTexts.u64, 0n, 2n ** 64n - 1n),
  f32: float,
  f64: float,
  char: checkChar,
};
