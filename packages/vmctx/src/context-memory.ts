/**
 * The context memory of one store: its part of the linear memory that holds contexts, the store context, handle tables and
 * the spill stack, and the table of functions that the contexts name. In: requests for blocks and slots. Out: addresses,
 * function indices, and typed views on them.
 *
 * The linear memory is an arena, the store's own or one that it shares with others: it takes regions from it, the first of
 * which has the spill stack at its end, where nothing is touched before it is used. The table is always its own: what
 * stands in it keeps the store alive, and with it goes.
 *
 * All addresses are byte offsets in `memory` and fit into a u32; 0 is never a valid one. The typed arrays are cached;
 * an array of a memory that has grown is detached, which shows as length 0, and is made anew on its next use.
 */
import { type PointerSize, StoreContextOffsets, VMCTX_MAGIC, type VmctxOffsets } from '@gangway/offsets';
import { type ArenaPool, ContextArena } from './context-arena.ts';
import { VmctxError } from './errors.ts';
import { MAX_HANDLES } from './limits.ts';
import { type Range, RangeAllocator } from './range-allocator.ts';
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
  /** Where the linear memory comes from. Default: a new one for this store alone. */
  readonly arenas?: ArenaPool;
}

/** Bytes of the first region that are not the spill stack: the store context and some contexts. */
const FIRST_ROOM = 4096;
/** Each further region is as large as those before it together, up to this: bytes. */
const MOST_ROOM = 2 ** 20;
/** Slots that a new function table has; slot 0 stays null. */
const FIRST_FUNCTIONS = 16;
const SPILL_STACK_BYTES = 65_536;
/** Every block starts at a multiple of this. */
const BLOCK_ALIGN = 16;

export class ContextMemory {
  readonly memory: WebAssembly.Memory;
  readonly pointerSize: PointerSize;
  readonly debug: boolean;
  readonly maximumHandles: number;
  readonly storeContext: StoreContext;

  readonly #arena: ContextArena;
  readonly #arenas: ArenaPool | null;
  /** Starts of the regions that it has of the arena. */
  readonly #regions: number[];
  /** Bytes of them that are not the spill stack. */
  #room = FIRST_ROOM;
  readonly #spillBytes: number;
  readonly #bytes = new RangeAllocator('bytes');
  #functions: WebAssembly.Table | null = null;
  #slots: RangeAllocator | null = null;
  readonly #contexts = new Map<number, VMComponentContext>();
  #u8: Uint8Array<ArrayBuffer>;
  #i32: Int32Array<ArrayBuffer>;
  #u32: Uint32Array<ArrayBuffer>;
  #disposed = false;

  static create(options: ContextMemoryOptions = {}): ContextMemory {
    return new ContextMemory(options);
  }

  private constructor(options: ContextMemoryOptions) {
    const spillBytes = options.spillStackBytes ?? SPILL_STACK_BYTES;
    if (!Number.isInteger(spillBytes) || spillBytes <= 0 || spillBytes % BLOCK_ALIGN !== 0) {
      throw new RangeError(`the spill stack must be a positive multiple of ${BLOCK_ALIGN} bytes, not ${spillBytes}`);
    }
    this.#arenas = options.arenas ?? null;
    const { arena, start } = this.#arenas?.take(FIRST_ROOM + spillBytes) ?? alone(FIRST_ROOM + spillBytes);
    this.#arena = arena;
    this.#regions = [start];
    this.#spillBytes = spillBytes;
    this.#bytes.add({ start, size: FIRST_ROOM });
    this.memory = arena.memory;
    this.pointerSize = options.pointerSize ?? 4;
    this.debug = options.debug ?? false;
    this.maximumHandles = Math.min(options.maximumHandles ?? MAX_HANDLES, MAX_HANDLES);
    this.#u8 = arena.u8;
    this.#i32 = arena.i32;
    this.#u32 = arena.u32;

    const offsets = storeContextOffsets[this.pointerSize];
    this.storeContext = new StoreContext(this, this.allocateBytes(offsets.size, BLOCK_ALIGN), offsets);
    // What lies in it is written before it is read: nothing is zeroed.
    const stack = start + FIRST_ROOM;
    this.storeContext.spillPointer = stack;
    this.storeContext.spillLimit = stack + spillBytes;
  }

  /** Function index = index in this table; index 0 stays null. Made on first use. */
  get functions(): WebAssembly.Table {
    return (this.#functions ??= new WebAssembly.Table({ element: 'anyfunc', initial: FIRST_FUNCTIONS }));
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

  #refresh(): ContextArena {
    this.#checkLive();
    const arena = this.#arena;
    this.#u8 = arena.u8;
    this.#i32 = arena.i32;
    this.#u32 = arena.u32;
    return arena;
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
    const address = this.#bytes.allocate(rounded, Math.max(align, BLOCK_ALIGN), (bytes, at) =>
      this.#region(bytes + at),
    );
    this.u8.fill(0, address, address + size);
    return address;
  }

  /** Frees a block by its address. VmctxError when none starts there. */
  freeBytes(address: number): void {
    this.#bytes.release(address);
  }

  /** One more region with room for `bytes`. */
  #region(bytes: number): Range {
    const size = Math.max(bytes, Math.min(this.#room, MOST_ROOM));
    const start = this.#arena.take(size);
    this.#regions.push(start);
    this.#room += size;
    return { start, size };
  }

  /** Consecutive slots of the function table; returns the first. They are null until something fills them. */
  allocateFunctions(count: number): number {
    this.#checkLive();
    if (this.#slots === null) {
      this.#slots = new RangeAllocator('function slots');
      this.#slots.add({ start: 1, size: this.functions.length - 1 });
    }
    return this.#slots.allocate(count, 1, () => {
      const have = this.functions.length;
      const size = Math.max(count, have);
      try {
        this.functions.grow(size);
      } catch (cause) {
        throw new VmctxError(`the function table cannot grow to ${have + size} slots`, { cause });
      }
      return { start: have, size };
    });
  }

  /** Frees what {@link allocateFunctions} returned. The slots become null, so that nothing keeps their functions alive. */
  freeFunctions(base: number, count: number): void {
    if (this.#slots?.sizeOf(base) !== count) {
      throw new VmctxError(`${count} function slots at ${base} were not allocated together`);
    }
    this.#slots.release(base);
    for (let i = base; i < base + count; i += 1) this.functions.set(i, null);
  }

  /** Bytes in use: contexts, handle tables, store context, spill stack. */
  get usedBytes(): number {
    return this.#bytes.used + this.#spillBytes;
  }
  /** Slots of the function table in use. */
  get usedFunctions(): number {
    return this.#slots?.used ?? 0;
  }

  // --- the end -------------------------------------------------------------------------------------------------------

  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * Frees every context. After that, the views and everything that allocates throw. `reuse`: whether another store may have
   * its bytes; not while frames of emitted code are on the stack that still read them.
   */
  dispose(reuse = true): void {
    if (this.#disposed) return;
    for (const context of [...this.#contexts.values()]) context.free();
    this.#disposed = true;
    this.#functions = null;
    this.#slots = null;
    if (reuse && this.#arenas !== null) {
      for (const start of this.#regions) this.#arena.give(start);
      this.#arenas.returned(this.#arena);
    }
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

const storeContextOffsets = { 4: new StoreContextOffsets(4), 8: new StoreContextOffsets(8) };

/** A region of `bytes` in an arena of its own. */
function alone(bytes: number): { readonly arena: ContextArena; readonly start: number } {
  const arena = new ContextArena(bytes);
  return { arena, start: arena.take(bytes) };
}
