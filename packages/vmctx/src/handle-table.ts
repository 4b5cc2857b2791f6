/**
 * The handle table of one component instance, on the same bytes as the emitted code: 16-byte slots in the context
 * memory; address, capacity and first free index in the instance's cell of the vmctx (CanonicalABI.md#canonical-definitions:
 * `Table` in definitions.py).
 *
 * Index 0 is never used. New slots are linked in ascending order, so that indices come out 1, 2, 3, …; freed ones are
 * used again last in, first out, and always before a new one: what the specification's list with a stack of free
 * indices does. Growth doubles.
 */
import { HANDLE_FREE, HANDLE_KIND_MASK, handleSlot, instanceCell } from '@gangway/offsets';
import type { ContextMemory } from './context-memory.ts';
import { VmctxError } from './errors.ts';
import type { VMComponentContext } from './vm-component-context.ts';

/** Slots of a table when it gets its first handle. */
const FIRST_CAPACITY = 16;

const SLOT_SHIFT = Math.log2(handleSlot.size);

export class HandleTable {
  readonly #memory: ContextMemory;
  /** Word index of the instance's cell. */
  readonly #cell: number;

  /** `cell`: byte address of the instance's 16 bytes in the vmctx. */
  constructor(memory: ContextMemory, cell: number) {
    this.#memory = memory;
    this.#cell = cell >>> 2;
  }

  /** Byte address of slot 0; 0 while there is no table yet. */
  get address(): number {
    return this.#memory.u32[this.#cell + (instanceCell.handles >>> 2)] as number;
  }
  /** Slots there is room for, slot 0 included: an index in use is below it. */
  get capacity(): number {
    return this.#memory.u32[this.#cell + (instanceCell.capacity >>> 2)] as number;
  }
  /** The index that is handed out next; 0 when the table is full and has to grow. */
  get firstFree(): number {
    return this.#memory.u32[this.#cell + (instanceCell.free >>> 2)] as number;
  }

  /** Puts a handle into the table and returns its index; 0 when the table is at its limit or memory is exhausted. */
  add(rep: number, typeWord: number, scope: number): number {
    if ((typeWord & HANDLE_KIND_MASK) === HANDLE_FREE) throw new VmctxError('a handle of kind 0 would be a free slot');
    if (this.firstFree === 0 && !this.grow()) return 0;
    const words = this.#memory.u32;
    const index = this.firstFree;
    const slot = (this.address + (index << SLOT_SHIFT)) >>> 2;
    words[this.#cell + (instanceCell.free >>> 2)] = words[slot + (handleSlot.nextFree >>> 2)] as number;
    words[slot + (handleSlot.rep >>> 2)] = rep;
    words[slot + (handleSlot.type >>> 2)] = typeWord;
    words[slot + (handleSlot.lends >>> 2)] = 0;
    words[slot + (handleSlot.scope >>> 2)] = scope;
    return index;
  }

  /** Byte address of the slot of a handle that is in the table; 0 for any other index. */
  slot(index: number): number {
    if (index >>> 0 !== index || index >= this.capacity) return 0;
    const address = this.address + index * handleSlot.size;
    const type = this.#memory.u32[(address + handleSlot.type) >>> 2] as number;
    return (type & HANDLE_KIND_MASK) === HANDLE_FREE ? 0 : address;
  }

  /** Takes a handle out of the table. VmctxError when it is not there: callers check first and trap with a text. */
  remove(index: number): void {
    const slot = this.slot(index) >>> 2;
    if (slot === 0) throw new VmctxError(`no handle ${index} in the table`);
    const words = this.#memory.u32;
    words.fill(0, slot, slot + (handleSlot.size >>> 2));
    words[slot + (handleSlot.nextFree >>> 2)] = this.firstFree;
    words[this.#cell + (instanceCell.free >>> 2)] = index;
  }

  /**
   * Doubles the table if it has no free slot. Returns false, with nothing changed, when it is at its limit or memory is
   * exhausted. The slots move: addresses of slots are dead after this.
   */
  grow(): boolean {
    if (this.firstFree !== 0) return true;
    const old = this.address;
    const before = this.capacity;
    const capacity = Math.min(before === 0 ? FIRST_CAPACITY : before * 2, this.#memory.maximumHandles + 1);
    if (capacity <= Math.max(before, 1)) return false;
    const address = this.#allocate(capacity);
    if (address === 0) return false;
    if (old !== 0) {
      this.#memory.u8.copyWithin(address, old, old + before * handleSlot.size);
      this.#memory.freeBytes(old);
    }
    const words = this.#memory.u32;
    const first = Math.max(before, 1);
    for (let i = first; i < capacity; i += 1) {
      const next = i + 1 < capacity ? i + 1 : 0;
      words[(address + i * handleSlot.size + handleSlot.nextFree) >>> 2] = next;
    }
    words[this.#cell + (instanceCell.handles >>> 2)] = address;
    words[this.#cell + (instanceCell.capacity >>> 2)] = capacity;
    words[this.#cell + (instanceCell.free >>> 2)] = first;
    return true;
  }

  #allocate(capacity: number): number {
    try {
      return this.#memory.allocateBytes(capacity * handleSlot.size, handleSlot.size);
    } catch (error) {
      if (error instanceof VmctxError) return 0;
      throw error;
    }
  }

  /** Indices in use, ascending. Walks the table: for the end of an instance and for people, not for calls. */
  *indices(): IterableIterator<number> {
    for (let i = 1; i < this.capacity; i += 1) if (this.slot(i) !== 0) yield i;
  }

  /** Handles in use. Walks the table. */
  get length(): number {
    let count = 0;
    for (const _ of this.indices()) count += 1;
    return count;
  }
}

/** The handle table of component instance `i`; always the same object. */
export function handleTable(context: VMComponentContext, i: number): HandleTable {
  context.handleTables ??= [];
  return (context.handleTables[i] ??= new HandleTable(context.memory, context.address + context.offsets.flags(i)));
}
