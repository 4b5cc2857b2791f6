/**
 * Addresses and lengths of what lies in a guest's memory: as the guest gives them, and as the host writes them. Lengths that
 * are written are those that the side reports (see `GuestSide.length`).
 */
import type { GuestSide } from '../call/guest-side.ts';
import type { CoreValue } from './joins.ts';

/** A byte address or a length as the guest gives it, unsigned, as a number. */
export function unsigned(value: CoreValue): number {
  return typeof value === 'number' ? value >>> 0 : Number(BigInt.asUintN(64, value));
}

/** The length that the side reports, with its tag, for a 32-bit memory. */
export function taggedLength(side: GuestSide): number {
  return side.tagged ? side.length + 2 ** 31 : side.length;
}
/** The same for a 64-bit memory. */
export function taggedLength64(side: GuestSide): bigint {
  return side.tagged ? BigInt(side.length) + 2n ** 63n : BigInt(side.length);
}

/** Writes address and length at `at`, after an allocation. */
export function storePair(side: GuestSide, at: number, address: number): void {
  const { memory } = side;
  if (memory.u8.length === 0) memory.refresh();
  if (side.address === 'i32') {
    memory.u32[at / 4] = address;
    memory.u32[at / 4 + 1] = taggedLength(side);
  } else {
    memory.u64[at / 8] = BigInt(address);
    memory.u64[at / 8 + 1] = taggedLength64(side);
  }
}
