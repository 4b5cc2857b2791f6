/**
 * Byte offsets in the `VMComponentContext` of one component. In: pointer size and counts. Out: one accessor a field and
 * a part; each checks its index.
 */
import { type Layout, layOut, type Place, type PointerSize, placeOf } from './layout.ts';
import { type VmctxCounts, vmctxTable } from './tables.ts';

export class VmctxOffsets {
  readonly layout: Layout;
  readonly pointerSize: PointerSize;
  readonly counts: VmctxCounts;
  /** Bytes of the whole block. */
  readonly size: number;

  readonly magic: number;
  readonly builtins: number;
  readonly vmStoreContext: number;
  readonly taskMayBlock: number;

  /** The 16-byte cell of component instance `i`; what it holds: `instanceCell`. */
  readonly flags: Place;
  readonly trampolineFuncRef: Place;
  readonly trampolineFuncRefArrayCall: Place;
  readonly trampolineFuncRefWasmCall: Place;
  readonly trampolineFuncRefTypeIndex: Place;
  readonly trampolineFuncRefVmctx: Place;
  readonly intrinsicFuncRef: Place;
  readonly intrinsicFuncRefArrayCall: Place;
  readonly intrinsicFuncRefWasmCall: Place;
  readonly intrinsicFuncRefTypeIndex: Place;
  readonly intrinsicFuncRefVmctx: Place;
  readonly lowering: Place;
  readonly loweringCallee: Place;
  readonly loweringData: Place;
  readonly memory: Place;
  readonly table: Place;
  readonly tableFrom: Place;
  readonly tableVmctx: Place;
  readonly tableIndex: Place;
  readonly realloc: Place;
  readonly callback: Place;
  readonly postReturn: Place;
  readonly resourceDestructor: Place;

  /** RangeError for a pointer size other than 4 and 8, a bad count, or a block that 32 bits cannot address. */
  constructor(pointerSize: PointerSize, counts: VmctxCounts) {
    const layout = layOut(vmctxTable, pointerSize, counts);
    const place = (field: string, part?: string): Place => placeOf(layout, field, part);
    const one = (field: string): number => place(field)(0);
    const trampolines = 'trampoline_func_refs';
    const intrinsics = 'intrinsic_func_refs';
    this.layout = layout;
    this.pointerSize = pointerSize;
    this.counts = Object.freeze({ ...counts });
    this.size = layout.size;
    this.magic = one('magic');
    this.builtins = one('builtins');
    this.vmStoreContext = one('vm_store_context');
    this.taskMayBlock = one('task_may_block');
    this.flags = place('flags');
    this.trampolineFuncRef = place(trampolines);
    this.trampolineFuncRefArrayCall = place(trampolines, 'array_call');
    this.trampolineFuncRefWasmCall = place(trampolines, 'wasm_call');
    this.trampolineFuncRefTypeIndex = place(trampolines, 'type_index');
    this.trampolineFuncRefVmctx = place(trampolines, 'vmctx');
    this.intrinsicFuncRef = place(intrinsics);
    this.intrinsicFuncRefArrayCall = place(intrinsics, 'array_call');
    this.intrinsicFuncRefWasmCall = place(intrinsics, 'wasm_call');
    this.intrinsicFuncRefTypeIndex = place(intrinsics, 'type_index');
    this.intrinsicFuncRefVmctx = place(intrinsics, 'vmctx');
    this.lowering = place('lowerings');
    this.loweringCallee = place('lowerings', 'callee');
    this.loweringData = place('lowerings', 'data');
    this.memory = place('memories');
    this.table = place('tables');
    this.tableFrom = place('tables', 'from');
    this.tableVmctx = place('tables', 'vmctx');
    this.tableIndex = place('tables', 'index');
    this.realloc = place('reallocs');
    this.callback = place('callbacks');
    this.postReturn = place('post_returns');
    this.resourceDestructor = place('resource_destructors');
  }
}

/** Bit of an instance's flags: it may call out. */
export const FLAG_MAY_LEAVE = 1;
/** Bit of an instance's flags: a call into it is under way. */
export const FLAG_ENTERED = 2;

const nothing: VmctxCounts = {
  componentInstances: 1,
  trampolines: 0,
  intrinsics: 0,
  lowerings: 0,
  memories: 0,
  tables: 0,
  reallocs: 0,
  callbacks: 0,
  postReturns: 0,
  resources: 0,
};

/** Byte offset of a part in the 16 bytes of `flags(i)`; the cell is the same for every pointer size. */
function cell(part: string): number {
  const layout = layOut(vmctxTable, 4, nothing);
  return placeOf(layout, 'flags', part)(0) - placeOf(layout, 'flags')(0);
}

/**
 * What the 16 bytes of `flags(i)` hold, a u32 each: the flag bits; the address of the instance's handle table (0 = none
 * yet), its capacity in slots (slot 0 included, so an index is in the table when it is below it), and the first free
 * index (0 = none).
 */
export const instanceCell = Object.freeze({
  bits: cell('bits'),
  handles: cell('handles'),
  capacity: cell('capacity'),
  free: cell('free'),
});
