/**
 * Types of one core value, as closures: scalars here, enums and flags in singles.ts.
 *
 * Lifting is what the ABI says: excess bits of small integers are masked, any nonzero bool is true, only a char can be invalid.
 */
import type { AbiScalarKind } from '@gangway/component/abi';
import type { GuestMemory } from '../call/guest-memory.ts';
import { liftChar } from './chars.ts';
import type { CoreValue } from './joins.ts';
import { scalarChecks } from './scalar-checks.ts';

/** What calls have in common: closures that take a call can stand for a type without another one around them. */
interface Memory {
  readonly side: { readonly memory: GuestMemory };
}

/** A type of one core value. Chars are code points there. */
export interface Single {
  /** JS → core value, or throws. */
  check: (value: unknown) => CoreValue;
  /** The core value in `slots[from]` → memory. `at` is a byte address. */
  readonly store: (call: Memory, slots: readonly unknown[], from: number, at: number) => void;
  /** Memory → JS. */
  readonly load: (call: Memory, at: number) => unknown;
  /** Core value → JS. */
  lift: (value: never) => unknown;
}

export const scalars: Readonly<Record<AbiScalarKind, Single>> = {
  bool: {
    check: scalarChecks.bool,
    store: (call, slots, from, at) => {
      call.side.memory.u8[at] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.u8[at] !== 0,
    lift: (value: number) => value !== 0,
  },
  s8: {
    check: scalarChecks.s8,
    store: (call, slots, from, at) => {
      call.side.memory.i8[at] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.i8[at],
    lift: (value: number) => (value << 24) >> 24,
  },
  u8: {
    check: scalarChecks.u8,
    store: (call, slots, from, at) => {
      call.side.memory.u8[at] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.u8[at],
    lift: (value: number) => value & 0xff,
  },
  s16: {
    check: scalarChecks.s16,
    store: (call, slots, from, at) => {
      call.side.memory.i16[at / 2] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.i16[at / 2],
    lift: (value: number) => (value << 16) >> 16,
  },
  u16: {
    check: scalarChecks.u16,
    store: (call, slots, from, at) => {
      call.side.memory.u16[at / 2] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.u16[at / 2],
    lift: (value: number) => value & 0xffff,
  },
  s32: {
    check: scalarChecks.s32,
    store: (call, slots, from, at) => {
      call.side.memory.i32[at / 4] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.i32[at / 4],
    lift: (value: number) => value | 0,
  },
  u32: {
    check: scalarChecks.u32,
    store: (call, slots, from, at) => {
      call.side.memory.u32[at / 4] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.u32[at / 4],
    lift: (value: number) => value >>> 0,
  },
  s64: {
    check: scalarChecks.s64,
    store: (call, slots, from, at) => {
      call.side.memory.i64[at / 8] = slots[from] as bigint;
    },
    load: (call, at) => call.side.memory.i64[at / 8],
    lift: (value: bigint) => BigInt.asIntN(64, value),
  },
  u64: {
    check: scalarChecks.u64,
    store: (call, slots, from, at) => {
      call.side.memory.u64[at / 8] = slots[from] as bigint;
    },
    load: (call, at) => call.side.memory.u64[at / 8],
    lift: (value: bigint) => BigInt.asUintN(64, value),
  },
  f32: {
    check: scalarChecks.f32,
    store: (call, slots, from, at) => {
      call.side.memory.f32[at / 4] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.f32[at / 4],
    lift: (value: number) => value,
  },
  f64: {
    check: scalarChecks.f64,
    store: (call, slots, from, at) => {
      call.side.memory.f64[at / 8] = slots[from] as number;
    },
    load: (call, at) => call.side.memory.f64[at / 8],
    lift: (value: number) => value,
  },
  char: {
    check: scalarChecks.char,
    store: (call, slots, from, at) => {
      call.side.memory.u32[at / 4] = slots[from] as number;
    },
    load: (call, at) => liftChar(call.side.memory.u32[at / 4]!),
    lift: liftChar,
  },
};
