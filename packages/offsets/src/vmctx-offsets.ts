/**
 * Byte offsets in the `VMComponentContext` of one component. In: pointer size and counts. Out: one accessor a field and
 * a part; each checks its index.
 */
import { Column, type Layout, layOut, type PointerSize } from './layout.ts';
import { type VmctxCounts, vmctxTable } from './tables.ts';

/** The offsets of a `VMFuncRef` field: the element, and each of its parts. */
class FuncRefColumns {
  readonly self: Column;
  readonly arrayCall: Column;
  readonly wasmCall: Column;
  readonly typeIndex: Column;
  readonly vmctx: Column;
  constructor(layout: Layout, field: string) {
    this.self = new Column(layout, field);
    this.arrayCall = new Column(layout, field, 'array_call');
    this.wasmCall = new Column(layout, field, 'wasm_call');
    this.typeIndex = new Column(layout, field, 'type_index');
    this.vmctx = new Column(layout, field, 'vmctx');
  }
}

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

  readonly #flags: Column;
  readonly #trampolines: FuncRefColumns;
  readonly #intrinsics: FuncRefColumns;
  readonly #lowerings: Column;
  readonly #callees: Column;
  readonly #data: Column;
  readonly #memories: Column;
  readonly #tables: Column;
  readonly #tableFroms: Column;
  readonly #tableVmctxs: Column;
  readonly #tableIndices: Column;
  readonly #reallocs: Column;
  readonly #callbacks: Column;
  readonly #postReturns: Column;
  readonly #destructors: Column;

  /** RangeError for a pointer size other than 4 and 8, a bad count, or a block that 32 bits cannot address. */
  constructor(pointerSize: PointerSize, counts: VmctxCounts) {
    const layout = layOut(vmctxTable, pointerSize, counts);
    const one = (field: string): number => new Column(layout, field).at(0);
    this.layout = layout;
    this.pointerSize = pointerSize;
    this.counts = Object.freeze({ ...counts });
    this.size = layout.size;
    this.magic = one('magic');
    this.builtins = one('builtins');
    this.vmStoreContext = one('vm_store_context');
    this.taskMayBlock = one('task_may_block');
    this.#flags = new Column(layout, 'flags');
    this.#trampolines = new FuncRefColumns(layout, 'trampoline_func_refs');
    this.#intrinsics = new FuncRefColumns(layout, 'intrinsic_func_refs');
    this.#lowerings = new Column(layout, 'lowerings');
    this.#callees = new Column(layout, 'lowerings', 'callee');
    this.#data = new Column(layout, 'lowerings', 'data');
    this.#memories = new Column(layout, 'memories');
    this.#tables = new Column(layout, 'tables');
    this.#tableFroms = new Column(layout, 'tables', 'from');
    this.#tableVmctxs = new Column(layout, 'tables', 'vmctx');
    this.#tableIndices = new Column(layout, 'tables', 'index');
    this.#reallocs = new Column(layout, 'reallocs');
    this.#callbacks = new Column(layout, 'callbacks');
    this.#postReturns = new Column(layout, 'post_returns');
    this.#destructors = new Column(layout, 'resource_destructors');
  }

  /** The 16-byte cell of component instance `i`; what it holds: `instanceCell`. */
  flags(i: number): number {
    return this.#flags.at(i);
  }
  trampolineFuncRef(i: number): number {
    return this.#trampolines.self.at(i);
  }
  trampolineFuncRefArrayCall(i: number): number {
    return this.#trampolines.arrayCall.at(i);
  }
  trampolineFuncRefWasmCall(i: number): number {
    return this.#trampolines.wasmCall.at(i);
  }
  trampolineFuncRefTypeIndex(i: number): number {
    return this.#trampolines.typeIndex.at(i);
  }
  trampolineFuncRefVmctx(i: number): number {
    return this.#trampolines.vmctx.at(i);
  }
  intrinsicFuncRef(i: number): number {
    return this.#intrinsics.self.at(i);
  }
  intrinsicFuncRefArrayCall(i: number): number {
    return this.#intrinsics.arrayCall.at(i);
  }
  intrinsicFuncRefWasmCall(i: number): number {
    return this.#intrinsics.wasmCall.at(i);
  }
  intrinsicFuncRefTypeIndex(i: number): number {
    return this.#intrinsics.typeIndex.at(i);
  }
  intrinsicFuncRefVmctx(i: number): number {
    return this.#intrinsics.vmctx.at(i);
  }
  lowering(i: number): number {
    return this.#lowerings.at(i);
  }
  loweringCallee(i: number): number {
    return this.#callees.at(i);
  }
  loweringData(i: number): number {
    return this.#data.at(i);
  }
  memory(i: number): number {
    return this.#memories.at(i);
  }
  table(i: number): number {
    return this.#tables.at(i);
  }
  tableFrom(i: number): number {
    return this.#tableFroms.at(i);
  }
  tableVmctx(i: number): number {
    return this.#tableVmctxs.at(i);
  }
  tableIndex(i: number): number {
    return this.#tableIndices.at(i);
  }
  realloc(i: number): number {
    return this.#reallocs.at(i);
  }
  callback(i: number): number {
    return this.#callbacks.at(i);
  }
  postReturn(i: number): number {
    return this.#postReturns.at(i);
  }
  resourceDestructor(i: number): number {
    return this.#destructors.at(i);
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
  return new Column(layout, 'flags', part).at(0) - new Column(layout, 'flags').at(0);
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
