/** vmctx layout arithmetic: counts of a component in, byte offsets out. */
export {
  type FieldLayout,
  type FieldSpec,
  type Layout,
  type LayoutTable,
  layOut,
  MAX_U32,
  type PartLayout,
  type PartSpec,
  type PointerSize,
  type Size,
} from './layout.ts';
export { callFrameLayout, handleSlotLayout, spilledValueLayout, storeContextLayout, vmctxLayout } from './layouts.ts';
export { type Meaning, meaningOf } from './meanings.ts';
export { layoutJson, layoutText, tableMarkdown } from './print.ts';
export { SlotList } from './slot-list.ts';
export {
  CallFrameOffsets,
  HANDLE_BORROW,
  HANDLE_FREE,
  HANDLE_KIND_BITS,
  HANDLE_KIND_MASK,
  HANDLE_OWN,
  handleSlot,
  SPILL_ALIGN,
  StoreContextOffsets,
} from './store-offsets.ts';
export { layoutSvg } from './svg.ts';
export {
  callFrameTable,
  handleSlotTable,
  spilledValueTable,
  storeContextTable,
  type VmctxCounts,
  vmctxTable,
} from './tables.ts';
export {
  FLAG_ENTERED,
  FLAG_MAY_LEAVE,
  funcRefPart,
  instanceCell,
  loweringPart,
  tablePart,
  VMCTX_MAGIC,
  VmctxOffsets,
} from './vmctx-offsets.ts';
