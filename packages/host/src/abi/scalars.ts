/**
 * Scalars: what a JavaScript value must be for each type, and how a core value or the bytes in memory become one.
 *
 * Checking is strict (no conversions): a wrong type, a fraction or a value out of range is refused. Lifting is what the ABI
 * says: excess bits are masked, any nonzero bool is true, only a char can be invalid.
 */
import type { AbiScalarKind } from '@gangway/component/abi';
import type { GuestMemory } from '../call/guest-memory.ts';
import { liftChar } from './chars.ts';
import { type ScalarSnapshot, scalarChecks } from './scalar-checks.ts';

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

export const scalars: Readonly<Record<AbiScalarKind, Scalar>> = {
  bool: {
    check: scalarChecks.bool,
    store: (call, at) => {
      call.side.memory.u8[at] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u8[at] !== 0,
    lift: (value: number) => value !== 0,
  },
  s8: {
    check: scalarChecks.s8,
    store: (call, at) => {
      call.side.memory.i8[at] = call.take() as number;
    },
    load: (call, at) => call.side.memory.i8[at],
    lift: (value: number) => (value << 24) >> 24,
  },
  u8: {
    check: scalarChecks.u8,
    store: (call, at) => {
      call.side.memory.u8[at] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u8[at],
    lift: (value: number) => value & 0xff,
  },
  s16: {
    check: scalarChecks.s16,
    store: (call, at) => {
      call.side.memory.i16[at / 2] = call.take() as number;
    },
    load: (call, at) => call.side.memory.i16[at / 2],
    lift: (value: number) => (value << 16) >> 16,
  },
  u16: {
    check: scalarChecks.u16,
    store: (call, at) => {
      call.side.memory.u16[at / 2] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u16[at / 2],
    lift: (value: number) => value & 0xffff,
  },
  s32: {
    check: scalarChecks.s32,
    store: (call, at) => {
      call.side.memory.i32[at / 4] = call.take() as number;
    },
    load: (call, at) => call.side.memory.i32[at / 4],
    lift: (value: number) => value | 0,
  },
  u32: {
    check: scalarChecks.u32,
    store: (call, at) => {
      call.side.memory.u32[at / 4] = call.take() as number;
    },
    load: (call, at) => call.side.memory.u32[at / 4],
    lift: (value: number) => value >>> 0,
  },
  s64: {
    check: scalarChecks.s64,
    store: (call, at) => {
      call.side.memory.i64[at / 8] = call.take() as bigint;
    },
    load: (call, at) => call.side.memory.i64[at / 8],
    lift: (value: bigint) => BigInt.asIntN(64, value),
  },
  u64: {
    check: scalarChecks.u64,
    store: (call, at) => {
      call.side.memory.u64[at / 8] = call.take() as bigint;
    },
    load: (call, at) => call.side.memory.u64[at / 8],
    lift: (value: bigint) => BigInt.asUintN(64, value),
  },
  f32: {
    check: scalarChecks.f32,
    store: (call, at) => {
      call.side.memory.f32[at / 4] = call.take() as number;
    },
    load: (call, at) => call.side.memory.f32[at / 4],
    lift: (value: number) => value,
  },
  f64: {
    check: scalarChecks.f64,
    store: (call, at) => {
      call.side.memory.f64[at / 8] = call.take() as number;
    },
    load: (call, at) => call.side.memory.f64[at / 8],
    lift: (value: number) => value,
  },
  char: {
    check: scalarChecks.char,
    store: (call, at) => {
      call.side.memory.u32[at / 4] = call.take() as number;
    },
    load: (call, at) => liftChar(call.side.memory.u32[at / 4]!),
    lift: liftChar,
  },
};
