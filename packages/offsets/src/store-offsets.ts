/** Byte offsets in the blocks beside the vmctx: the store context, a call frame record, a slot of a handle table. */
import { type Layout, layOut, type Place, type PointerSize, placeOf } from './layout.ts';
import { callFrameTable, handleSlotTable, storeContextTable } from './tables.ts';

const none: Readonly<Record<never, number>> = {};

/** The store context: one block a store. */
export class StoreContextOffsets {
  readonly layout: Layout;
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
  /** 8 bytes; there are two. */
  readonly contextSlot: Place;

  constructor(pointerSize: PointerSize) {
    const layout = layOut(storeContextTable, pointerSize, none);
    const at = (field: string, i = 0): number => placeOf(layout, field)(i);
    this.layout = layout;
    this.pointerSize = pointerSize;
    this.size = layout.size;
    this.trapCode = at('trap_code');
    this.trapDetail0 = at('trap_detail', 0);
    this.trapDetail1 = at('trap_detail', 1);
    this.trapVmctx = at('trap_vmctx');
    this.trapInstance = at('trap_instance');
    this.spillPointer = at('spill_pointer');
    this.spillLimit = at('spill_limit');
    this.locked = at('locked');
    this.currentTask = at('current_task');
    this.frame = at('frame');
    this.contextSlot = placeOf(layout, 'context_slot');
  }
}

/** Records and spilled values start at a multiple of this many bytes. */
export const SPILL_ALIGN = 16;

/** A record of the component call chain. */
export class CallFrameOffsets {
  readonly layout: Layout;
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
    const layout = layOut(callFrameTable, pointerSize, none);
    const at = (field: string): number => placeOf(layout, field)(0);
    this.layout = layout;
    this.pointerSize = pointerSize;
    this.size = Math.ceil(layout.size / SPILL_ALIGN) * SPILL_ALIGN;
    this.link = at('link');
    this.callerVmctx = at('caller_vmctx');
    this.calleeVmctx = at('callee_vmctx');
    this.callerInstance = at('caller_instance');
    this.calleeInstance = at('callee_instance');
    this.borrows = at('borrows');
    this.lenders = at('lenders');
  }
}

/** The layout of a handle slot; it is the same for every pointer size. */
export const handleSlotLayout: Layout = layOut(handleSlotTable, 4, none);

const slotPart = (field: string): number => placeOf(handleSlotLayout, field)(0);

/** Byte offsets in a slot of a handle table, and its size. A free slot holds the next free index at `nextFree`. */
export const handleSlot = Object.freeze({
  size: handleSlotLayout.size,
  rep: slotPart('rep'),
  type: slotPart('type'),
  lends: slotPart('lends'),
  scope: slotPart('scope'),
  nextFree: slotPart('rep'),
});

/** Kinds of a handle: the low 4 bits of the slot's type word. */
export const HANDLE_FREE = 0;
export const HANDLE_OWN = 1;
export const HANDLE_BORROW = 2;
/** Mask of the kind in the type word; the upper 28 bits are the store-wide resource type. */
export const HANDLE_KIND_MASK = 0xf;
export const HANDLE_KIND_BITS = 4;
