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
  readonly check: (value: unknown) => CoreValue;
  /** The core value in `slots[from]` → memory. `at` is a byte address. */
  readonly store: (call: Memory, slots: readonly unknown[], from: number, at: number) => void;
  /** Memory → JS. */
  readonly load: (call: Memory, at: number) => unknown;
  /** Core value → JS. */
  readonly lift: (value: never) => unknown;
}

/**
 * All are made here, and none is changed: engines find what is in objects of one shape at once, and take what never changes for
 * constants.
 */
export function makeSingle(
  check: Single['check'],
  store: Single['store'],
  load: Single['load'],
  lift: Single['lift'],
): Single {
  return { check, store, load, lift };
}

export const scalars: Readonly<Record<AbiScalarKind, Single>> = {
  bool: makeSingle(
    scalarChecks.bool,
    (call, slots, from, at) => {
      call.side.memory.u8[at] = slots[from] as number;
    },
    (call, at) => call.side.memory.u8[at] !== 0,
    (value: number) => value !== 0,
  ),
  s8: makeSingle(
    scalarChecks.s8,
    (call, slots, from, at) => {
      call.side.memory.i8[at] = slots[from] as number;
    },
    (call, at) => call.side.memory.i8[at],
    (value: number) => (value << 24) >> 24,
  ),
  u8: makeSingle(
    scalarChecks.u8,
    (call, slots, from, at) => {
      call.side.memory.u8[at] = slots[from] as number;
    },
    (call, at) => call.side.memory.u8[at],
    (value: number) => value & 0xff,
  ),
  s16: makeSingle(
    scalarChecks.s16,
    (call, slots, from, at) => {
      call.side.memory.i16[at / 2] = slots[from] as number;
    },
    (call, at) => call.side.memory.i16[at / 2],
    (value: number) => (value << 16) >> 16,
  ),
  u16: makeSingle(
    scalarChecks.u16,
    (call, slots, from, at) => {
      call.side.memory.u16[at / 2] = slots[from] as number;
    },
    (call, at) => call.side.memory.u16[at / 2],
    (value: number) => value & 0xffff,
  ),
  s32: makeSingle(
    scalarChecks.s32,
    (call, slots, from, at) => {
      call.side.memory.i32[at / 4] = slots[from] as number;
    },
    (call, at) => call.side.memory.i32[at / 4],
    (value: number) => value | 0,
  ),
  u32: makeSingle(
    scalarChecks.u32,
    (call, slots, from, at) => {
      call.side.memory.u32[at / 4] = slots[from] as number;
    },
    (call, at) => call.side.memory.u32[at / 4],
    (value: number) => value >>> 0,
  ),
  s64: makeSingle(
    scalarChecks.s64,
    (call, slots, from, at) => {
      call.side.memory.i64[at / 8] = slots[from] as bigint;
    },
    (call, at) => call.side.memory.i64[at / 8],
    (value: bigint) => BigInt.asIntN(64, value),
  ),
  u64: makeSingle(
    scalarChecks.u64,
    (call, slots, from, at) => {
      call.side.memory.u64[at / 8] = slots[from] as bigint;
    },
    (call, at) => call.side.memory.u64[at / 8],
    (value: bigint) => BigInt.asUintN(64, value),
  ),
  f32: makeSingle(
    scalarChecks.f32,
    (call, slots, from, at) => {
      call.side.memory.f32[at / 4] = slots[from] as number;
    },
    (call, at) => call.side.memory.f32[at / 4],
    (value: number) => value,
  ),
  f64: makeSingle(
    scalarChecks.f64,
    (call, slots, from, at) => {
      call.side.memory.f64[at / 8] = slots[from] as number;
    },
    (call, at) => call.side.memory.f64[at / 8],
    (value: number) => value,
  ),
  char: makeSingle(
    scalarChecks.char,
    (call, slots, from, at) => {
      call.side.memory.u32[at / 4] = slots[from] as number;
    },
    (call, at) => liftChar(call.side.memory.u32[at / 4]!),
    liftChar,
  ),
};
