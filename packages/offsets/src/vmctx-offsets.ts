/**
 * Byte offsets in the `VMComponentContext` of one component. In: pointer size and counts. Out: one accessor a field and
 * a part; each checks its index.
 *
 * The arithmetic is what the table in `tables.ts` comes to: all parts but those of `flags` and `task_may_block` are as wide as
 * a pointer or stand in a slot of that width, so that nothing is padded. A test holds it against the layout of the table.
 * Rejected: laying out the table here. A component that starts needs some numbers, and that would take longer than all else
 * that it does with its vmctx.
 */
import { checkCount, checkPointerSize, MAX_U32, type Place, type PointerSize, placeAt } from './layout.ts';
import type { VmctxCounts } from './tables.ts';

export class VmctxOffsets {
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
    checkPointerSize(pointerSize);
    const P = pointerSize;
    // Behind `magic`, `builtins` and `vm_store_context`: aligned to 16 bytes.
    let end: number = 4 * P;
    /** Appends a field of elements of `stride` bytes. What it returns takes a part: bytes from the element's start. */
    const list = (field: string, count: number, stride: number): ((part: number) => Place) => {
      const base = end;
      checkCount(field, count);
      end += count * stride;
      if (end > MAX_U32) throw new RangeError(`vmctx.${field} does not fit into 32-bit addresses (${end} bytes)`);
      return (part) => placeAt(field, base + part, stride, count);
    };
    this.pointerSize = P;
    this.counts = Object.freeze({ ...counts });
    this.magic = 0;
    this.builtins = P;
    this.vmStoreContext = 2 * P;
    this.flags = list('flags', counts.componentInstances, 16)(0);
    this.taskMayBlock = end;
    list('task_may_block', 1, 16);
    const trampoline = list('trampoline_func_refs', counts.trampolines, 4 * P);
    this.trampolineFuncRef = this.trampolineFuncRefArrayCall = trampoline(0);
    this.trampolineFuncRefWasmCall = trampoline(P);
    this.trampolineFuncRefTypeIndex = trampoline(2 * P);
    this.trampolineFuncRefVmctx = trampoline(3 * P);
    const intrinsic = list('intrinsic_func_refs', counts.intrinsics, 4 * P);
    this.intrinsicFuncRef = this.intrinsicFuncRefArrayCall = intrinsic(0);
    this.intrinsicFuncRefWasmCall = intrinsic(P);
    this.intrinsicFuncRefTypeIndex = intrinsic(2 * P);
    this.intrinsicFuncRefVmctx = intrinsic(3 * P);
    const lowering = list('lowerings', counts.lowerings, 2 * P);
    this.lowering = this.loweringCallee = lowering(0);
    this.loweringData = lowering(P);
    this.memory = list('memories', counts.memories, P)(0);
    const table = list('tables', counts.tables, 3 * P);
    this.table = this.tableFrom = table(0);
    this.tableVmctx = table(P);
    this.tableIndex = table(2 * P);
    this.realloc = list('reallocs', counts.reallocs, P)(0);
    this.callback = list('callbacks', counts.callbacks, P)(0);
    this.postReturn = list('post_returns', counts.postReturns, P)(0);
    this.resourceDestructor = list('resource_destructors', counts.resources, P)(0);
    this.size = end;
  }
}

/** The four bytes `comp`, read as a little-endian u32. */
export const VMCTX_MAGIC = 0x706d_6f63;
/** Bit of an instance's flags: it may call out. */
export const FLAG_MAY_LEAVE = 1;
/** Bit of an instance's flags: a call into it is under way. */
export const FLAG_ENTERED = 2;

/**
 * What the 16 bytes of `flags(i)` hold, a u32 each: the flag bits; the address of the instance's handle table (0 = none
 * yet), its capacity in slots (slot 0 included, so an index is in the table when it is below it), and the first free
 * index (0 = none). The same for every pointer size.
 */
export const instanceCell = Object.freeze({ bits: 0, handles: 4, capacity: 8, free: 12 });
