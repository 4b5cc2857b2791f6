/**
 * `ContextArena`: a linear memory for the contexts of one store, or of several that trust the same embedder: guests never
 * see it. In: sizes. Out: regions, and views of the whole memory. `ArenaPool`: which arena the next store gets.
 *
 * Engines reserve gigabytes of address space for each `WebAssembly.Memory`, and give out some thousands of them. So the
 * first store of a pool has a small memory to itself, and the more stores there are, the more share one: 1, 2, 4, … up to
 * 64. An arena has room for all of its stores from the start, as much as those in the arena before it took: growing
 * detaches the views of every store in it.
 *
 * Rejected: finalizers that give back the regions of stores that were dropped without being disposed. They would need the
 * arena to stay alive; without them it goes with the last of its stores.
 */
import { instantiateContextModule } from './context-module.ts';
import { VmctxError } from './errors.ts';
import { type Range, RangeAllocator } from './range-allocator.ts';

const PAGE = 65_536;
/** The most pages that a 32-bit memory can have. */
const MAX_PAGES = 65_536;
/** The first bytes stay unused, so that 0 is no address. */
const FIRST_ADDRESS = 64;
/** Regions start at multiples of this. */
const ALIGN = 64;

export class ContextArena {
  readonly memory: WebAssembly.Memory;
  /** How many stores are in it, and may be. */
  stores = 0;
  readonly mostStores: number;
  readonly #regions = new RangeAllocator('bytes');
  // Made on first use, and anew when the memory has grown: then their length is 0.
  #i32 = new Int32Array(0);
  #u32 = new Uint32Array(0);

  /** Room for `bytes` in regions. It grows when it has to. */
  constructor(bytes: number, mostStores = 1) {
    this.mostStores = mostStores;
    this.memory = instantiateContextModule(pagesFor(FIRST_ADDRESS + bytes));
    this.#regions.add({ start: FIRST_ADDRESS, size: this.memory.buffer.byteLength - FIRST_ADDRESS });
  }

  get i32(): Int32Array<ArrayBuffer> {
    return this.#i32.length !== 0 ? this.#i32 : (this.#i32 = new Int32Array(this.memory.buffer));
  }
  get u32(): Uint32Array<ArrayBuffer> {
    return this.#u32.length !== 0 ? this.#u32 : (this.#u32 = new Uint32Array(this.memory.buffer));
  }

  /** Bytes that it has given out. */
  get used(): number {
    return this.#regions.used;
  }

  /** Start of a region of `size` bytes that are there already; null when there are none. */
  tryTake(size: number): number | null {
    return this.#regions.tryAllocate(size, ALIGN);
  }

  /** As {@link tryTake}; the memory grows when it has to. VmctxError when it can't. What is in the bytes may be anything. */
  take(size: number): number {
    return this.#regions.allocate(size, ALIGN, (wanted) => this.#grow(wanted));
  }

  /** Takes a region back. */
  give({ start, size }: Range): void {
    this.#regions.release(start, size);
  }

  #grow(wanted: number): Range {
    const have = this.memory.buffer.byteLength;
    const last = this.#regions.free.at(-1);
    // What is free at the end counts.
    const end = (last !== undefined && last.start + last.size === have ? last.start : have) + wanted + ALIGN;
    // Half as much again, so that many small contexts cost few detached views.
    const want = pagesFor(Math.max(end, Math.min(have * 1.5, PAGE * MAX_PAGES)));
    const need = pagesFor(end);
    for (const pages of want > need ? [want, need] : [need]) {
      if (pages > MAX_PAGES) continue;
      try {
        this.memory.grow(pages - have / PAGE);
        return { start: have, size: pages * PAGE - have };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    throw new VmctxError(`the context memory cannot grow to ${end} bytes`);
  }
}

const pagesFor = (bytes: number): number => Math.ceil(bytes / PAGE);

/** Stores to an arena, at most, and bytes for each of them. */
const MOST_STORES = 64;
const MOST_BYTES = 2 ** 18;
/** Arenas that are kept because stores in them were disposed. */
const MOST_SPARES = 8;

export class ArenaPool {
  #current: ContextArena | null = null;
  /** How many stores the next arena is for. */
  #stores = 1;
  /** Arenas before the current one with room in them. */
  readonly #spares: ContextArena[] = [];

  /** The arena for a new store, and the start of a region of `size` bytes in it. */
  take(size: number): { readonly arena: ContextArena; readonly start: number } {
    for (;;) {
      const arena = this.#current;
      if (arena !== null && arena.stores < arena.mostStores) {
        const start = arena.tryTake(size);
        if (start !== null) {
          arena.stores += 1;
          return { arena, start };
        }
      }
      this.#current = this.#spares.pop() ?? this.#make(size, arena);
    }
  }

  #make(size: number, last: ContextArena | null): ContextArena {
    const average = last === null ? 0 : Math.min(last.used / Math.max(last.stores, 1), MOST_BYTES);
    // A multiple of the alignment, so that all of them fit.
    const bytes = Math.ceil(Math.max(size, average) / ALIGN) * ALIGN;
    const arena = new ContextArena(this.#stores * bytes, this.#stores);
    this.#stores = Math.min(this.#stores * 2, MOST_STORES);
    return arena;
  }

  /** A store in `arena` has given its regions back. */
  returned(arena: ContextArena): void {
    arena.stores -= 1;
    if (arena === this.#current || this.#spares.includes(arena) || this.#spares.length === MOST_SPARES) return;
    this.#spares.push(arena);
  }
}
