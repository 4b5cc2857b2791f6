/**
 * Byte offsets in the `VMComponentContext` of one component. In: pointer size and counts. Out: a list a field; each checks its
 * indices.
 *
 * The arithmetic is what the table in `tables.ts` comes to: all parts but those of `flags` and `task_may_block` are as wide as
 * a pointer or stand in a slot of that width, so that nothing is padded. A test holds it against the layout of the table.
 * Rejected: laying out the table here. A component that starts needs some numbers, and that would take longer than all else
 * that it does with its vmctx.
 */
import { checkCount, checkPointerSize, MAX_U32, type PointerSize } from './layout.ts';
import { SlotList } from './slot-list.ts';
import type { VmctxCounts } from './tables.ts';

/** Parts of the elements that have several, as {@link SlotList.at} counts them: in the order in which they stand. */
export const funcRefPart = { arrayCall: 0, wasmCall: 1, typeIndex: 2, vmctx: 3 } as const;
export const loweringPart = { callee: 0, data: 1 } as const;
export const tablePart = { from: 0, vmctx: 1, index: 2 } as const;

export class VmctxOffsets {
  readonly pointerSize: PointerSize;
  readonly counts: VmctxCounts;
  /** Bytes of the whole block. */
  readonly size: number;

  readonly magic = 0;
  readonly vmStoreContext: number;
  readonly taskMayBlock: number;

  /** One element. */
  readonly builtins: SlotList;
  readonly trampolineFuncRefs: SlotList;
  readonly intrinsicFuncRefs: SlotList;
  readonly lowerings: SlotList;
  readonly memories: SlotList;
  readonly tables: SlotList;
  readonly reallocs: SlotList;
  readonly callbacks: SlotList;
  readonly postReturns: SlotList;
  readonly resourceDestructors: SlotList;
  readonly #flags: SlotList;

  /** RangeError for a pointer size other than 4 and 8, a bad count, or a block that 32 bits cannot address. */
  constructor(pointerSize: PointerSize, counts: VmctxCounts) {
    checkPointerSize(pointerSize);
    const P = pointerSize;
    // Behind `magic`, `builtins` and `vm_store_context`: aligned to 16 bytes.
    let end: number = 4 * P;
    /** Appends a field of `count` elements of `width` parts. */
    const list = (field: string, count: number, width: number, unit: number = P): SlotList => {
      const base = end;
      end += checkCount(field, count) * width * unit;
      if (end > MAX_U32) throw new RangeError(`vmctx.${field} does not fit into 32-bit addresses (${end} bytes)`);
      return new SlotList(field, base, count, width, unit);
    };
    this.pointerSize = P;
    this.counts = counts;
    this.builtins = new SlotList('builtins', P, 1, 1, P);
    this.vmStoreContext = 2 * P;
    this.#flags = list('flags', counts.componentInstances, 1, 16);
    this.taskMayBlock = end;
    end += 16;
    this.trampolineFuncRefs = list('trampoline_func_refs', counts.trampolines, 4);
    this.intrinsicFuncRefs = list('intrinsic_func_refs', counts.intrinsics, 4);
    this.lowerings = list('lowerings', counts.lowerings, 2);
    this.memories = list('memories', counts.memories, 1);
    this.tables = list('tables', counts.tables, 3);
    this.reallocs = list('reallocs', counts.reallocs, 1);
    this.callbacks = list('callbacks', counts.callbacks, 1);
    this.postReturns = list('post_returns', counts.postReturns, 1);
    this.resourceDestructors = list('resource_destructors', counts.resources, 1);
    this.size = end;
  }

  /** The 16-byte cell of component instance `i`; what it holds: `instanceCell`. */
  flags(i: number): number {
    return this.#flags.at(i);
  }
  loweringCallee(i: number): number {
    return this.lowerings.at(i, loweringPart.callee);
  }
  loweringData(i: number): number {
    return this.lowerings.at(i, loweringPart.data);
  }
  resourceDestructor(i: number): number {
    return this.resourceDestructors.at(i);
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
