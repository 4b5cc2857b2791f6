/**
 * The context memory of one store: its part of the linear memory that holds contexts, the store context, handle tables and
 * the spill stack, and the table of functions that the contexts name. In: requests for blocks and slots. Out: addresses,
 * function indices, and typed views on them.
 *
 * The linear memory is an arena, the store's own or one that it shares with others: it takes regions from it, one of them
 * for the spill stack, which most stores never need: engines collect garbage the more often the more memory there is, so
 * reserving 64 KiB made a store cost three times as much. The table is always its own: what stands in it keeps the store
 * alive, and with it goes.
 *
 * All addresses are byte offsets in `memory` and fit into a u32; 0 is never a valid one. The arrays of words are the arena's, which
 * makes them anew when the memory has grown.
 */
import { type PointerSize, StoreContextOffsets, type VmctxOffsets } from '@gangway/offsets';
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
  /** Whether there is no spill stack, and what needs it traps, until {@link ContextMemory.needSpillStack} is called. */
  readonly spillStackLater?: boolean;
  /** Highest handle index of a table; 2^28 - 1 by default, the specification's limit. */
  readonly maximumHandles?: number;
  /** Where the linear memory comes from. Default: a new one for this store alone. */
  readonly arenas?: ArenaPool;
}

/** Bytes of the first region: the store context and a context or two. 64 of them fit into two pages with room to spare. */
const FIRST_ROOM = 1024;
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

  /** Null: disposed. */
  #arena: ContextArena | null;
  readonly #arenas: ArenaPool | null;
  /** What it has of the arena. */
  readonly #regions: Range[];
  /** Bytes of that which are not the spill stack. */
  #room = FIRST_ROOM;
  #spillBase = 0;
  readonly #bytes = new RangeAllocator('bytes');
  /** Sizes of the blocks that are no contexts, by address. */
  #blocks: Map<number, number> | null = null;
  #functions: WebAssembly.Table | null = null;
  #slots: RangeAllocator | null = null;
  readonly #contexts = new Map<number, VMComponentContext>();

  static create(options: ContextMemoryOptions = {}): ContextMemory {
    return new ContextMemory(options);
  }

  private constructor(options: ContextMemoryOptions) {
    this.#arenas = options.arenas ?? null;
    const { arena, start } = this.#arenas?.take(FIRST_ROOM) ?? alone(FIRST_ROOM);
    this.#arena = arena;
    const first = { start, size: FIRST_ROOM };
    this.#regions = [first];
    this.#bytes.add(first);
    this.memory = arena.memory;
    this.pointerSize = options.pointerSize ?? 4;
    this.debug = options.debug ?? false;
    this.maximumHandles = Math.min(options.maximumHandles ?? MAX_HANDLES, MAX_HANDLES);
    const offsets = new StoreContextOffsets(this.pointerSize);
    this.storeContext = new StoreContext(this, this.#zeroed(offsets.size, BLOCK_ALIGN), offsets);
    if (options.spillStackLater !== true) this.needSpillStack();
  }

  /** From now on there is a spill stack. Before that nothing is on it, since nothing fits. VmctxError when there is no room. */
  needSpillStack(): void {
    if (this.#spillBase !== 0) return;
    // What lies in it is written before it is read: nothing is zeroed.
    this.#spillBase = this.#take(SPILL_STACK_BYTES);
    this.storeContext.spillPointer = this.#spillBase;
    this.storeContext.spillLimit = this.#spillBase + SPILL_STACK_BYTES;
  }

  /** Where the spill stack starts; 0: there is none. */
  get spillBase(): number {
    return this.#spillBase;
  }

  /** Function index = index in this table; index 0 stays null. Made on first use. */
  get functions(): WebAssembly.Table {
    return (this.#functions ??= new WebAssembly.Table({ element: 'anyfunc', initial: FIRST_FUNCTIONS }));
  }

  // --- views ---------------------------------------------------------------------------------------------------------

  /** The whole memory as bytes, each time anew: for what works on words, the words are faster. */
  get u8(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#live().memory.buffer);
  }
  /** The whole memory as i32: index with `address >>> 2`. Keep it no longer than until the memory may grow. */
  get i32(): Int32Array<ArrayBuffer> {
    return this.#live().i32;
  }
  /** The whole memory as u32, likewise. */
  get u32(): Uint32Array<ArrayBuffer> {
    return this.#live().u32;
  }

  /** Its arena. VmctxError when it has been disposed. */
  #live(): ContextArena {
    if (this.#arena === null) throw new VmctxError('the context memory is disposed');
    return this.#arena;
  }

  /** Writes a pointer slot. The high word of an 8-byte slot is 0 but for the poison. */
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
    const address = this.#zeroed(offsets.size, BLOCK_ALIGN);
    const context = new VMComponentContext(this, address, offsets, owner);
    this.#contexts.set(address, context);
    return context;
  }

  /** The context at an address that wasm gave us. VmctxError when there is none. */
  contextAt(address: number): VMComponentContext {
    const context = this.#contexts.get(address >>> 0);
    if (context === undefined) throw new VmctxError(`no component context at address ${address >>> 0}`);
    context.checkMagic();
    return context;
  }

  /** Live contexts by their addresses, in the order in which they were allocated. */
  get contexts(): ReadonlyMap<number, VMComponentContext> {
    return this.#contexts;
  }

  /** Called by {@link VMComponentContext.free}. */
  release(context: VMComponentContext): void {
    if (!this.#contexts.delete(context.address)) throw new VmctxError('this component context is not of this memory');
    this.#bytes.release(context.address, blockSize(context.offsets.size));
  }

  // --- blocks and slots ----------------------------------------------------------------------------------------------

  /**
   * A zeroed block of at least `size` bytes at a multiple of 16 and of `align` (a power of two). The memory grows when
   * it has to; VmctxError when it can't.
   */
  allocateBytes(size: number, align: number = BLOCK_ALIGN): number {
    const address = this.#zeroed(size, align);
    this.#blocks ??= new Map();
    this.#blocks.set(address, blockSize(size));
    return address;
  }

  /** Frees a block by its address. VmctxError when none starts there. */
  freeBytes(address: number): void {
    const size = this.#blocks?.get(address);
    if (size === undefined) throw new VmctxError(`no bytes in use start at ${address}`);
    this.#blocks?.delete(address);
    this.#bytes.release(address, size);
  }

  #zeroed(size: number, align: number): number {
    const bytes = blockSize(size);
    const aligned = Math.max(align, BLOCK_ALIGN);
    const address = this.#bytes.allocate(bytes, aligned, () => {
      const room = Math.max(bytes + aligned, Math.min(this.#room, MOST_ROOM));
      const start = this.#take(room);
      this.#room += room;
      return { start, size: room };
    });
    this.u32.fill(0, address >>> 2, (address + bytes) >>> 2);
    return address;
  }

  /** Start of one more region. */
  #take(size: number): number {
    const start = this.#live().take(size);
    this.#regions.push({ start, size });
    return start;
  }

  /** Whether these bytes are its own, all of them in one region: others may have what lies between. */
  owns(address: number, length: number): boolean {
    return this.#regions.some(({ start, size }) => address >= start && address + length <= start + size);
  }

  /** Consecutive slots of the function table; returns the first. They are null until something fills them. */
  allocateFunctions(count: number): number {
    this.#live();
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
    if (this.#slots === null) throw new VmctxError('no function slots are in use');
    this.#slots.release(base, count);
    for (let i = base; i < base + count; i += 1) this.functions.set(i, null);
  }

  /** Bytes in use: contexts, handle tables, store context. The spill stack is not among them. */
  get usedBytes(): number {
    return this.#bytes.used;
  }
  /** Slots of the function table in use. */
  get usedFunctions(): number {
    return this.#slots?.used ?? 0;
  }

  // --- the end -------------------------------------------------------------------------------------------------------

  get disposed(): boolean {
    return this.#arena === null;
  }

  /**
   * Frees every context. After that, the views and everything that allocates throw. `reuse`: whether another store may have
   * its bytes; not while frames of emitted code are on the stack that still read them.
   */
  dispose(reuse = true): void {
    const arena = this.#arena;
    if (arena === null) return;
    for (const context of [...this.#contexts.values()]) context.free();
    this.#arena = null;
    this.#functions = null;
    this.#slots = null;
    if (reuse && this.#arenas !== null) {
      for (const region of this.#regions) arena.give(region);
      this.#arenas.returned(arena);
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Bytes of a block: whole multiples of 16, so that no crumbs are left between blocks. */
const blockSize = (bytes: number): number => Math.ceil(bytes / BLOCK_ALIGN) * BLOCK_ALIGN;

/** A region of `bytes` in an arena of its own. */
function alone(bytes: number): { readonly arena: ContextArena; readonly start: number } {
  const arena = new ContextArena(bytes);
  return { arena, start: arena.take(bytes) };
}
