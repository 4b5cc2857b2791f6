/**
 * What a JavaScript value must be for each scalar type. In: a value. Out: its core value (a char's is its code point), or a
 * refusal. Strict, no conversions: a wrong type, a fraction or a value out of range is refused.
 *
 * Each type has a check of its own, not one made for a range: engines learn what goes through a function by its text.
 */
import type { AbiScalarKind } from '@gangway/component/abi';
import { expected } from './argument-error.ts';
import { CHAR, checkChar } from './chars.ts';
import type { CoreValue } from './joins.ts';

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

function float(value: unknown): number {
  if (typeof value !== 'number') expected('a number', value);
  return value;
}

export const scalarChecks: Readonly<Record<AbiScalarKind, (value: unknown) => CoreValue>> = {
  bool: (value) => {
    if (typeof value !== 'boolean') expected(scalarTexts.bool, value);
    return value ? 1 : 0;
  },
  s8: (value) => {
    if (typeof value !== 'number' || (value << 24) >> 24 !== value) expected(scalarTexts.s8, value);
    return value;
  },
  u8: (value) => {
    if (typeof value !== 'number' || (value & 0xff) !== value) expected(scalarTexts.u8, value);
    return value;
  },
  s16: (value) => {
    if (typeof value !== 'number' || (value << 16) >> 16 !== value) expected(scalarTexts.s16, value);
    return value;
  },
  u16: (value) => {
    if (typeof value !== 'number' || (value & 0xffff) !== value) expected(scalarTexts.u16, value);
    return value;
  },
  s32: (value) => {
    if (typeof value !== 'number' || (value | 0) !== value) expected(scalarTexts.s32, value);
    return value;
  },
  u32: (value) => {
    if (typeof value !== 'number' || value >>> 0 !== value) expected(scalarTexts.u32, value);
    return value;
  },
  s64: (value) => {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) expected(scalarTexts.s64, value);
    return value;
  },
  u64: (value) => {
    if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) expected(scalarTexts.u64, value);
    return value;
  },
  f32: float,
  f64: float,
  char: checkChar,
};
