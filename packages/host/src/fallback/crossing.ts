/**
 * Calls between components on engines whose modules have one memory: the fused adapter's plan, run by JavaScript over
 * typed arrays of both guests' memories. Here: the two sides, the checks of addresses, and allocation in the receiving
 * memory. Checks, their order and their traps are those of the emitted adapters.
 *
 * Rejected: lifting to JavaScript values and lowering them. Strings would become JS strings, lists arrays of objects, and
 * the traps would be the host's.
 */
import type { ResourceIndex } from '@gangway/component/plan';
import type { TrapCode } from '@gangway/component/traps';
import { FLAG_MAY_LEAVE, instanceCell } from '@gangway/offsets';
import type { ContextMemory, VMComponentContext } from '@gangway/vmctx';
import { contextSlot, setContextSlot } from '@gangway/vmctx/context-slots';
import type { HandleTable } from '@gangway/vmctx/handle-table';
import { trap } from '../call/abi-trap.ts';
import type { GuestMemory } from '../call/guest-memory.ts';
import type { CoreFunction, StringEncoding } from '../call/guest-side.ts';

/** One side of a call. */
export interface FallbackSide {
  readonly vmctx: VMComponentContext;
  /** Component instance index. */
  readonly instance: number;
  readonly memory: GuestMemory;
  readonly address: 'i32' | 'i64';
  readonly encoding: StringEncoding;
  readonly realloc: CoreFunction | null;
  readonly table: HandleTable;
  /** Store-wide id of a resource type of the side's component. */
  readonly resourceId: (resource: ResourceIndex) => number;
  /** Whether the side's instance defines the resource. */
  readonly definesResource: (resource: ResourceIndex) => boolean;
}

/** The call that is under way: one object an adapter, because its callee is not entered twice. */
export interface CallState {
  /** Whose fault a trap would be: who is lifted from, or whose code is running. */
  blame: FallbackSide;
  /** Address of the call frame record. */
  frame: number;
  /** Lent handles: indices in the caller's table. */
  lenders: number[];
}

/** One direction of a call. One object an adapter and direction. */
export interface Crossing {
  readonly context: ContextMemory;
  readonly from: FallbackSide;
  readonly to: FallbackSide;
  readonly call: CallState;
  /** Whether a core module of either side can see its task's context slots. */
  readonly contextSlots: boolean;
  /** Whether the length that was read last carried the tag of latin1+utf16. */
  sourceTagged: boolean;
  /** What the last string reports beside its address: code units, and whether they carry the tag. */
  length: number;
  tagged: boolean;
}

/** CanonicalABI.md#loading: more bytes than this are neither a string nor a list. */
export const MAX_BYTE_LENGTH = 2 ** 28 - 1;

export function fail(cx: Crossing, side: FallbackSide, code: TrapCode, detail = 0): never {
  cx.call.blame = side;
  return trap(code, detail);
}

/** Alignment, then bounds. All in bytes. */
export function checkRange(
  cx: Crossing,
  side: FallbackSide,
  pointer: number,
  bytes: number,
  align: number,
  code: TrapCode,
): void {
  if (pointer % align !== 0) fail(cx, side, 'unaligned-pointer');
  if (pointer + bytes > side.memory.u8.length) fail(cx, side, code);
}

/** Beyond every memory; the low bits are still the alignment's. */
const FAR = 2 ** 52;

/** An address or length from its two words. */
function wide(low: number, high: number): number {
  return high >= 2 ** 19 ? FAR + (low & 7) : high * 2 ** 32 + low;
}

/** The two words of a core value. */
export function wordsOf(value: number | bigint): { readonly low: number; readonly high: number } {
  if (typeof value === 'number') return { low: value >>> 0, high: 0 };
  return { low: Number(BigInt.asUintN(32, value)), high: Number(BigInt.asUintN(32, value >> 32n)) };
}

/** An address or length in core form. */
export function addressOf(value: number | bigint): number {
  if (typeof value === 'number') return value >>> 0;
  const { low, high } = wordsOf(value);
  return wide(low, high);
}

/** The length of a string in code units, from its two words; the tag is taken off and kept in `cx.sourceTagged`. */
export function takeLength(cx: Crossing, low: number, high: number): number {
  const { encoding, address } = cx.from;
  const top = address === 'i32' ? low : high;
  cx.sourceTagged = encoding === 'latin1+utf16' && top >= 2 ** 31;
  const rest = cx.sourceTagged ? top - 2 ** 31 : top;
  return address === 'i32' ? rest : wide(low, rest);
}

/** An address or length in memory. */
export function loadAddress(side: FallbackSide, at: number): number {
  const { u32 } = side.memory;
  const low = u32[at / 4] as number;
  return side.address === 'i32' ? low : wide(low, u32[at / 4 + 1] as number);
}

export function storeAddress(side: FallbackSide, at: number, value: number): void {
  const { u32 } = side.memory;
  u32[at / 4] = value;
  if (side.address === 'i64') u32[at / 4 + 1] = value / 2 ** 32;
}

/** Bytes of an address. */
export function wordSize(side: FallbackSide): number {
  return side.address === 'i32' ? 4 : 8;
}

/** The views of a side cover its memory as it is now. */
export function refresh(side: FallbackSide): void {
  if (side.memory.u8.length === 0) side.memory.refresh();
}

/** Sets or clears the may-leave bit of the side's instance. */
export function setMayLeave(cx: Crossing, side: FallbackSide, may: boolean): void {
  const word = flagsWord(side.vmctx, side.instance);
  if (may) cx.context.u32[word]! |= FLAG_MAY_LEAVE;
  else cx.context.u32[word]! &= ~FLAG_MAY_LEAVE;
}

/** The context slots of the task that is left; a new task has its own, zero at first. Null where nothing sees them. */
export type ContextSlots = readonly [bigint, bigint] | null;

export function takeContextSlots({ context, contextSlots }: Crossing): ContextSlots {
  if (!contextSlots) return null;
  const slots = [contextSlot(context, 0), contextSlot(context, 1)] as const;
  setContextSlot(context, 0, 0n);
  setContextSlot(context, 1, 0n);
  return slots;
}

export function putContextSlots({ context }: Crossing, slots: ContextSlots): void {
  slots?.forEach((value, i) => {
    setContextSlot(context, i, value);
  });
}

/** Index of an instance's flags word among the context memory's words. */
export function flagsWord(vmctx: VMComponentContext, instance: number): number {
  return (vmctx.address + vmctx.offsets.flags(instance) + instanceCell.bits) >>> 2;
}

/** Realloc of the receiving side, with its result checked. CanonicalABI.md#canonical-definitions (LiftLowerContext) */
export function reallocate(
  cx: Crossing,
  old: number,
  oldSize: number,
  align: number,
  size: number,
  code: TrapCode,
): number {
  const { to } = cx;
  const realloc = to.realloc as CoreFunction;
  cx.call.blame = to;
  setMayLeave(cx, to, false);
  const slots = takeContextSlots(cx);
  const result =
    to.address === 'i32'
      ? realloc(old, oldSize, align, size)
      : realloc(BigInt(old), BigInt(oldSize), BigInt(align), BigInt(size));
  putContextSlots(cx, slots);
  setMayLeave(cx, to, true);
  refresh(to);
  refresh(cx.from);
  const pointer = addressOf(result as number | bigint);
  checkRange(cx, to, pointer, size, align, code);
  return pointer;
}

export function allocate(cx: Crossing, align: number, size: number, code: TrapCode): number {
  return reallocate(cx, 0, 0, align, size, code);
}
