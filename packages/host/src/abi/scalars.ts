/**
 * Scalars: what a JavaScript value must be for each type, and how a core value or the bytes in memory become one.
 *
 * Checking is strict (no conversions): a wrong type, a fraction or a value out of range is refused. Lifting is what the ABI
 * says: excess bits are masked, any nonzero bool is true, only a char can be invalid.
 */
import type { AbiScalarKind } from '@gangway/component/abi';
import type { GuestMemory } from '../call/guest-memory.ts';
import { expected } from './argument-error.ts';
import { CHAR, checkChar, liftChar } from './chars.ts';

/** A checked scalar: chars are code points, all else is as the core value of the type. */
export type ScalarSnapshot = number | bigint;

/** What calls have in common: closures that take a call can stand for a type without another one around them. */
interface Memory {
  readonly side: { readonly memory: GuestMemory };
}

interface Scalar {
  /** JS → snapshot, or throws. */
  readonly check: (value: unknown) => ScalarSnapshot;
  /** The next snapshot → memory. `at` is a byte address. */
  readonly store: (call: Memory & { take(): unknown }, at: number) => void;
  /** Memory → JS. */
  readonly load: (call: Memory, at: number) => unknown;
  /** Core value → JS. */
  readonly lift: (value: never) => unknown;
}

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

export const scalars: Readonly<Record<AbiScalarKind, Scalar>> = {
  bool: {
    check: (value) => {
      if (typeof value !== 'boolean') expected(scalarTexts.bool, value);
      return value ? 1 : 0;
    },
    store: (call, at) => {
      call.side.memory.u8[at] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u8[at] !== 0,
    lift: (value: number) => value !== 0,
  },
  s8: {
    check: integer(scalarTexts.s8, -0x80, 0x7f),
    store: (call, at) => {
      call.side.memory.i8[at] = call.take() as number;
    },
    load: (call, at) => call.side.memory.i8[at],
    lift: (value: number) => (value << 24) >> 24,
  },
  u8: {
    check: integer(scalarTexts.u8, 0, 0xff),
    store: (call, at) => {
      call.side.memory.u8[at] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u8[at],
    lift: (value: number) => value & 0xff,
  },
  s16: {
    check: integer(scalarTexts.s16, -0x8000, 0x7fff),
    store: (call, at) => {
      call.side.memory.i16[at / 2] = call.take() as number;
    },
    load: (call, at) => call.side.memory.i16[at / 2],
    lift: (value: number) => (value << 16) >> 16,
  },
  u16: {
    check: integer(scalarTexts.u16, 0, 0xffff),
    store: (call, at) => {
      call.side.memory.u16[at / 2] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u16[at / 2],
    lift: (value: number) => value & 0xffff,
  },
  s32: {
    check: integer(scalarTexts.s32, -0x80000000, 0x7fffffff),
    store: (call, at) => {
      call.side.memory.i32[at / 4] = call.take() as number;
    },
    load: (call, at) => call.side.memory.i32[at / 4],
    lift: (value: number) => value | 0,
  },
  u32: {
    check: integer(scalarTexts.u32, 0, 0xffffffff),
    store: (call, at) => {
      call.side.memory.u32[at / 4] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u32[at / 4],
    lift: (value: number) => value >>> 0,
  },
  s64: {
    check: bigInteger(scalarTexts.s64, -(2n ** 63n), 2n ** 63n - 1n),
    store: (call, at) => {
      call.side.memory.i64[at / 8] = call.take() as bigint;
    },
    load: (call, at) => call.side.memory.i64[at / 8],
    lift: (value: bigint) => BigInt.asIntN(64, value),
  },
  u64: {
    check: bigInteger(scalarTexts.u64, 0n, 2n ** 64n - 1n),
    store: (call, at) => {
      call.side.memory.u64[at / 8] = call.take() as bigint;
    },
    load: (call, at) => call.side.memory.u64[at / 8],
    lift: (value: bigint) => BigInt.asUintN(64, value),
  },
  f32: {
    check: float,
    store: (call, at) => {
      call.side.memory.f32[at / 4] = call.take() as number;
    },
    load: (call, at) => call.side.memory.f32[at / 4],
    lift: (value: number) => value,
  },
  f64: {
    check: float,
    store: (call, at) => {
      call.side.memory.f64[at / 8] = call.take() as number;
    },
    load: (call, at) => call.side.memory.f64[at / 8],
    lift: (value: number) => value,
  },
  char: {
    check: checkChar,
    store: (call, at) => {
      call.side.memory.u32[at / 4] = call.take() as number;
    },
    load: (call, at) => liftChar(call.side.memory.u32[at / 4]!),
    lift: liftChar,
  },
};
