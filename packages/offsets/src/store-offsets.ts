/**
 * Byte offsets in the blocks beside the vmctx: the store context, a call frame record, a slot of a handle table. The numbers
 * are what the tables in `tables.ts` come to; a test holds them against the layouts.
 */
import { checkPointerSize, type PointerSize } from './layout.ts';
import { SlotList } from './slot-list.ts';

/** The store context: one block a store. */
export class StoreContextOffsets {
  readonly pointerSize: PointerSize;
  readonly size: number;
  /** u32: number of the recorded trap; 0 = none. */
  readonly trapCode: number;
  /** u32. */
  readonly trapDetail0: number;
  /** u32. */
  readonly trapDetail1: number;
  readonly trapVmctx: number;
  /** u32. */
  readonly trapInstance: number;
  readonly spillPointer: number;
  readonly spillLimit: number;
  /** u32. */
  readonly locked: number;
  readonly currentTask: number;
  readonly frame: number;
  readonly #contextSlots: SlotList;

  constructor(pointerSize: PointerSize) {
    checkPointerSize(pointerSize);
    const P = pointerSize;
    this.pointerSize = P;
    this.trapCode = 0;
    this.trapDetail0 = 4;
    this.trapDetail1 = 8;
    // From here on everything stands in a slot of the width of a pointer, but for the context slots.
    this.trapVmctx = P === 4 ? 12 : 16;
    this.trapInstance = this.trapVmctx + P;
    this.spillPointer = this.trapVmctx + 2 * P;
    this.spillLimit = this.trapVmctx + 3 * P;
    this.locked = this.trapVmctx + 4 * P;
    this.currentTask = this.trapVmctx + 5 * P;
    this.frame = this.trapVmctx + 6 * P;
    const slots = this.trapVmctx + 7 * P;
    this.#contextSlots = new SlotList('context_slot', slots, 2, 1, 8);
    this.size = slots + 16;
  }

  /** 8 bytes; there are two. */
  contextSlot(i: number): number {
    return this.#contextSlots.at(i);
  }
}

/** Records and spilled values start at a multiple of this many bytes. */
export const SPILL_ALIGN = 16;

/** A record of the component call chain. */
export class CallFrameOffsets {
  readonly pointerSize: PointerSize;
  /** Bytes that a record takes on the spill stack: a multiple of 16. */
  readonly size: number;
  readonly link: number;
  readonly callerVmctx: number;
  readonly calleeVmctx: number;
  /** u32. */
  readonly callerInstance: number;
  /** u32. */
  readonly calleeInstance: number;
  /** u32. */
  readonly borrows: number;
  readonly lenders: number;

  constructor(pointerSize: PointerSize) {
    checkPointerSize(pointerSize);
    const P = pointerSize;
    this.pointerSize = P;
    this.link = 0;
    this.callerVmctx = P;
    this.calleeVmctx = 2 * P;
    this.callerInstance = 3 * P;
    this.calleeInstance = 3 * P + 4;
    this.borrows = 3 * P + 8;
    // Aligned to its own size.
    this.lenders = P === 4 ? 24 : 40;
    this.size = P === 4 ? 32 : 48;
  }
}

/**
 * Byte offsets in a slot of a handle table, and its size: the same for every pointer size. A free slot holds the next free
 * index at `nextFree`.
 */
export const handleSlot = Object.freeze({ size: 16, rep: 0, type: 4, lends: 8, scope: 12, nextFree: 0 });

/** Kinds of a handle: the low 4 bits of the slot's type word. */
export const HANDLE_FREE = 0;
export const HANDLE_OWN = 1;
export const HANDLE_BORROW = 2;
/** Mask of the kind in the type word; the upper 28 bits are the store-wide resource type. */
export const HANDLE_KIND_MASK = 0xf;
export const HANDLE_KIND_BITS = 4;
