/**
 * The context memory of one store: the linear memory that holds its contexts, the store context, handle tables and the
 * spill stack, and the table of functions that the contexts name. In: requests for blocks and slots. Out: addresses,
 * function indices, and typed views on them.
 *
 * All addresses are byte offsets in `memory` and fit into a u32; 0 is never a valid one. The typed arrays are cached;
 * an array of a memory that has grown is detached, which shows as length 0, and is made anew on its next use.
 */
import { type PointerSize, StoreContextOffsets, VMCTX_MAGIC, type VmctxOffsets } from '@gangway/offsets';
import { instantiateContextModule } from './context-module.ts';
import { VmctxError } from './errors.ts';
import { MAX_HANDLES } from './limits.ts';
import { RangeAllocator } from './range-allocator.ts';
import { StoreContext } from './store-context.ts';
import { VMComponentContext } from './vm-component-context.ts';

export interface ContextMemoryOptions {
  /** Bytes of a pointer slot; 4 by default. */
  readonly pointerSize?: PointerSize;
  /** Poison slots and check that each is set once and before it is read. Off by default. */
  readonly debug?: boolean;
  /** Bytes of the spill stack, a multiple of 16; 64 KiB by default. */
  readonly spillStackBytes?: number;
  /** Highest handle index of a table; 2^28 - 1 by default, the specification's limit. */
  readonly maximumHandles?: number;
}

const PAGE = 65_536;
/** The first bytes stay unused, so that 0 is no address. */
const FIRST_ADDRESS = 64;
const SPILL_STACK_BYTES = 65_536;
/** Every block starts at a multiple of this. */
const BLOCK_ALIGN = 16;

export class ContextMemory {
  readonly memory: WebAssembly.Memory;
  /** Function index = index in this table; index 0 stays null. */
  readonly functions: WebAssembly.Table;
  readonly pointerSize: PointerSize;
  readonly debug: boolean;
  readonly maximumHandles: number;
  readonly storeContext: StoreContext;

  readonly #bytes = new RangeAllocator('bytes', FIRST_ADDRESS);
  readonly #slots = new RangeAllocator('function slots', 1);
  readonly #contexts = new Map<number, VMComponentContext>();
  #u8: Uint8Array<ArrayBuffer>;
  #i32: Int32Array<ArrayBuffer>;
  #u32: Uint32Array<ArrayBuffer>;
  #disposed = false;

  static create(options: ContextMemoryOptions = {}): ContextMemory {
    return new ContextMemory(options);
  }

  private constructor(options: ContextMemoryOptions) {
    const { memory, functions } = instantiateContextModule();
    this.memory = memory;
    this.functions = functions;
    this.pointerSize = options.pointerSize ?? 4;
    this.debug = options.debug ?? false;
    this.maximumHandles = Math.min(options.maximumHandles ?? MAX_HANDLES, MAX_HANDLES);
    this.#u8 = new Uint8Array(memory.buffer);
    this.#i32 = new Int32Array(memory.buffer);
    this.#u32 = new Uint32Array(memory.buffer);

    const offsets = new StoreContextOffsets(this.pointerSize);
    const spillBytes = options.spillStackBytes ?? SPILL_STACK_BYTES;
    if (!Number.isInteger(spillBytes) || spillBytes <= 0 || spillBytes % BLOCK_ALIGN !== 0) {
      throw new RangeError(`the spill stack must be a positive multiple of ${BLOCK_ALIGN} bytes, not ${spillBytes}`);
    }
    this.storeContext = new StoreContext(this, this.allocateBytes(offsets.size, BLOCK_ALIGN), offsets);
    const stack = this.allocateBytes(spillBytes, BLOCK_ALIGN);
    this.storeContext.spillPointer = stack;
    this.storeContext.spillLimit = stack + spillBytes;
  }

  // --- views ---------------------------------------------------------------------------------------------------------

  /** The whole memory as bytes. Keep it no longer than until the memory may grow. */
  get u8(): Uint8Array<ArrayBuffer> {
    return this.#u8.length !== 0 ? this.#u8 : this.#refresh().u8;
  }
  /** The whole memory as i32: index with `address >>> 2`. */
  get i32(): Int32Array<ArrayBuffer> {
    return this.#i32.length !== 0 ? this.#i32 : this.#refresh().i32;
  }
  /** The whole memory as u32: index with `address >>> 2`. */
  get u32(): Uint32Array<ArrayBuffer> {
    return this.#u32.length !== 0 ? this.#u32 : this.#refresh().u32;
  }

  #refresh(): { u8: Uint8Array<ArrayBuffer>; i32: Int32Array<ArrayBuffer>; u32: Uint32Array<ArrayBuffer> } {
    this.#checkLive();
    const { buffer } = this.memory;
    this.#u8 = new Uint8Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    return { u8: this.#u8, i32: this.#i32, u32: this.#u32 };
  }

  /** A pointer slot: its low word. The high word of an 8-byte slot is 0 but for the poison. */
  readPointer(address: number): number {
    return this.u32[address >>> 2] as number;
  }
  writePointer(address: number, value: number): void {
    const words = this.u32;
    words[address >>> 2] = value;
    if (this.pointerSize === 8) words[(address >>> 2) + 1] = 0;
  }

  // --- contexts ------------------------------------------------------------------------------------------------------

  /**
   * A new context: zeroed, then magic and flags written, `vm_store_context` set; the other slots wait for the host. `owner`
   * is what the host wants to find with it.
   */
  allocate(offsets: VmctxOffsets, owner: object | null = null): VMComponentContext {
    if (offsets.pointerSize !== this.pointerSize) {
      throw new VmctxError(
        `a layout for ${offsets.pointerSize}-byte pointers in a memory for ${this.pointerSize}-byte ones`,
      );
    }
    const address = this.allocateBytes(offsets.size, BLOCK_ALIGN);
    const context = new VMComponentContext(this, address, offsets, owner);
    this.#contexts.set(address, context);
    return context;
  }

  /** Whether a live context starts at `address`: it is one of this memory's and its magic is there. */
  isContext(address: number): boolean {
    return this.#contexts.has(address) && this.readPointer(address) === VMCTX_MAGIC;
  }

  /** The context at an address that wasm gave us. VmctxError when there is none. */
  contextAt(address: number): VMComponentContext {
    const context = this.#contexts.get(address >>> 0);
    if (context === undefined) throw new VmctxError(`no component context at address ${address >>> 0}`);
    context.checkMagic();
    return context;
  }

  /** Live contexts, in the order in which they were allocated. */
  get contexts(): IterableIterator<VMComponentContext> {
    return this.#contexts.values();
  }

  /** Called by {@link VMComponentContext.free}. */
  release(context: VMComponentContext): void {
    if (!this.#contexts.delete(context.address)) throw new VmctxError('this component context is not of this memory');
    this.freeBytes(context.address);
  }

  // --- blocks and slots ----------------------------------------------------------------------------------------------

  /**
   * A zeroed block of at least `size` bytes at a multiple of 16 and of `align` (a power of two). The memory grows when
   * it has to; VmctxError when it can't.
   */
  allocateBytes(size: number, align: number = BLOCK_ALIGN): number {
    this.#checkLive();
    // Whole multiples of 16, so that no crumbs are left between blocks.
    const rounded = Math.ceil(size / BLOCK_ALIGN) * BLOCK_ALIGN;
    const address = this.#bytes.allocate(rounded, Math.max(align, BLOCK_ALIGN), (end) => this.#reserveBytes(end));
    this.u8.fill(0, address, address + size);
    return address;
  }

  /** Frees a block by its address. VmctxError when none starts there. */
  freeBytes(address: number): void {
    this.#bytes.free(address);
  }

  #reserveBytes(end: number): void {
    const have = this.u8.length;
    if (end <= have) return;
    // Half as much again, so that many small contexts cost few detached views.
    const want = Math.ceil(Math.max(end, Math.min(have * 1.5, PAGE * PAGE)) / PAGE);
    const need = Math.ceil(end / PAGE);
    for (const pages of want > need ? [want, need] : [need]) {
      if (pages > PAGE) continue;
      try {
        this.memory.grow(pages - have / PAGE);
        return;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    throw new VmctxError(`the context memory cannot grow to ${end} bytes`);
  }

  /** Consecutive slots of the function table; returns the first. They are null until something fills them. */
  allocateFunctions(count: number): number {
    this.#checkLive();
    return this.#slots.allocate(count, 1, (end) => {
      const have = this.functions.length;
      if (end <= have) return;
      try {
        this.functions.grow(Math.max(end, have * 2) - have);
      } catch (cause) {
        throw new VmctxError(`the function table cannot grow to ${end} slots`, { cause });
      }
    });
  }

  /** Frees what {@link allocateFunctions} returned. The slots become null, so that nothing keeps their functions alive. */
  freeFunctions(base: number, count: number): void {
    const size = this.#slots.sizeOf(base);
    if (size !== count) throw new VmctxError(`${count} function slots at ${base} were not allocated together`);
    this.#slots.free(base);
    for (let i = base; i < base + count; i += 1) this.functions.set(i, null);
  }

  /** Bytes in use: contexts, handle tables, store context, spill stack. */
  get usedBytes(): number {
    return this.#bytes.used;
  }
  /** Slots of the function table in use. */
  get usedFunctions(): number {
    return this.#slots.used;
  }

  // --- the end -------------------------------------------------------------------------------------------------------

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Frees every context. After that, the views and everything that allocates throw. */
  dispose(): void {
    if (this.#disposed) return;
    for (const context of [...this.#contexts.values()]) context.free();
    this.#disposed = true;
    this.#u8 = new Uint8Array(0);
    this.#i32 = new Int32Array(0);
    this.#u32 = new Uint32Array(0);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #checkLive(): void {
    if (this.#disposed) throw new VmctxError('the context memory is disposed');
  }
}
