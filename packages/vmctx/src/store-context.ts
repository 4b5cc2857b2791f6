/**
 * Typed view of the store context: what emitted code and the host of one store share. Reads and writes go straight to
 * the bytes; nothing is cached.
 *
 * Rejected: a getter and a setter written out for each word. They are alike, and most programs use two of them.
 */
import type { StoreContextOffsets } from '@gangway/offsets';
import type { ContextMemory } from './context-memory.ts';

/** Its words; a slot for a pointer counts as its low word, since the high one is never anything but 0. */
const words = [
  'trapCode',
  'trapDetail0',
  'trapDetail1',
  'trapVmctx',
  'trapInstance',
  'spillPointer',
  'spillLimit',
  'locked',
  'currentTask',
  'frame',
] as const;

export class StoreContext {
  /** Byte address of the block. */
  readonly address: number;
  readonly offsets: StoreContextOffsets;
  readonly #memory: ContextMemory;
  /** Of each of the words: its index (address / 4). */
  readonly #at: readonly number[];

  /** Number of the recorded trap; 0 = none. */
  declare trapCode: number;
  declare trapDetail0: number;
  declare trapDetail1: number;
  /** Address of the vmctx in which it trapped. */
  declare trapVmctx: number;
  declare trapInstance: number;
  /** First free byte of the spill stack: an address, a multiple of 16. */
  declare spillPointer: number;
  /** End of the spill stack: an address. */
  declare spillLimit: number;
  /** Whether something trapped, 0 or 1: nothing may be entered again. */
  declare locked: number;
  declare currentTask: number;
  /** Address of the innermost call frame record; 0 = none. */
  declare frame: number;

  constructor(memory: ContextMemory, address: number, offsets: StoreContextOffsets) {
    this.#memory = memory;
    this.address = address;
    this.offsets = offsets;
    this.#at = words.map((name) => (address + offsets[name]) >>> 2);
  }

  static {
    words.forEach((name, i) => {
      Object.defineProperty(StoreContext.prototype, name, {
        get(this: StoreContext) {
          return this.#memory.u32[this.#at[i] as number];
        },
        set(this: StoreContext, value: number) {
          this.#memory.u32[this.#at[i] as number] = value;
        },
      });
    });
  }
}
