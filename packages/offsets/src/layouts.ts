/**
 * The tables, laid out: for printers, dumps, and whoever shows memory. In: a pointer size, and the counts of a component. Out:
 * layouts. Code that runs takes its offsets from `VmctxOffsets` and its like.
 */
import { type Layout, layOut, type PointerSize } from './layout.ts';
import {
  callFrameTable,
  handleSlotTable,
  spilledValueTable,
  storeContextTable,
  type VmctxCounts,
  vmctxTable,
} from './tables.ts';

const none: Readonly<Record<never, number>> = {};

/** Errors are those of `VmctxOffsets`, which is such a pair. */
export function vmctxLayout(of: { readonly pointerSize: PointerSize; readonly counts: VmctxCounts }): Layout {
  return layOut(vmctxTable, of.pointerSize, of.counts);
}

export function storeContextLayout(pointerSize: PointerSize): Layout {
  return layOut(storeContextTable, pointerSize, none);
}

export function callFrameLayout(pointerSize: PointerSize): Layout {
  return layOut(callFrameTable, pointerSize, none);
}

/** The same for every pointer size. */
export const handleSlotLayout: Layout = /* @__PURE__ */ layOut(handleSlotTable, 4, none);

/** The same for every pointer size. */
export const spilledValueLayout: Layout = /* @__PURE__ */ layOut(spilledValueTable, 4, none);
