/**
 * The limits and range checks of the canonical ABI: what an address from a guest must satisfy before anything is read or
 * written there. Addresses and lengths are bytes, as JavaScript numbers; those of a 64-bit memory above 2^53 lose low
 * bits, which changes nothing: they are out of bounds.
 */
import { trap } from '../call/abi-trap.ts';
import type { GuestMemory } from '../call/guest-memory.ts';

/** CanonicalABI.md#loading: bytes. */
export const MAX_STRING_BYTE_LENGTH = 2 ** 28 - 1;
export const MAX_LIST_BYTE_LENGTH = 2 ** 28 - 1;

/**
 * Longest strings for the strings module: bytes lifted, beyond which TextDecoder is as fast; code units lowered. It lowers
 * what the loops do (encodeInto is as fast from there on), so that the calls of realloc do not depend on who lowers.
 */
export const SHORT_LOAD = 128;
export const SHORT_STORE = 96;

/** CanonicalABI.md#loading: `load_string_from_range`. `memoryBytes` is the memory's size. */
export function checkString(address: number, byteLength: number, align: 1 | 2, memoryBytes: number): void {
  if (byteLength > MAX_STRING_BYTE_LENGTH) trap('string-too-long');
  if (address % align !== 0) trap('unaligned-pointer');
  if (address + byteLength > memoryBytes) trap('string-out-of-bounds');
}

/** CanonicalABI.md#loading: `load_list_from_range`. `length` counts elements. */
export function checkList(address: number, length: number, size: number, align: number, memoryBytes: number): void {
  if (length * size > MAX_LIST_BYTE_LENGTH) trap('list-too-long');
  if (address % align !== 0) trap('unaligned-pointer');
  if (address + length * size > memoryBytes) trap('list-out-of-bounds');
}

/** As {@link checkSpilled}, for views that may be stale: what generated code calls where something is wrong. */
export function checkSpilledNow(memory: GuestMemory, address: number, size: number, align: number): void {
  memory.refresh();
  checkSpilled(address, size, align, memory.u8.length);
}

/** CanonicalABI.md#lifting-and-lowering-values: the tuple of spilled parameters, a spilled result. */
export function checkSpilled(address: number, size: number, align: number, memoryBytes: number): void {
  if (address % align !== 0) trap('unaligned-pointer');
  if (address + size > memoryBytes) trap('pointer-out-of-bounds');
}
