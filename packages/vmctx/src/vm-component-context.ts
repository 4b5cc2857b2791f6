/**
 * View of one `VMComponentContext`. In: slots by list, index and part. Out: what they hold. Every position comes from
 * `VmctxOffsets`; every access checks its index.
 *
 * With `debug`, each slot from the func refs on starts out as the poison; reading it before it is set, or setting it twice, is a
 * VmctxError that names field and index.
 */
import {
  FLAG_ENTERED,
  FLAG_MAY_LEAVE,
  funcRefPart,
  instanceCell,
  type SlotList,
  VMCTX_MAGIC,
  type VmctxOffsets,
} from '@gangway/offsets';
import type { ContextMemory } from './context-memory.ts';
import { VmctxError } from './errors.ts';
import type { HandleTable } from './handle-table.ts';

/** The poison: 0xdeaddeadbeefbeef, or its low half in a 4-byte slot. */
export const POISON_LOW = 0xbeef_beef;
export const POISON_HIGH = 0xdead_dead;

/** A `VMFuncRef`: function indices of the spilled and of the typed form, the type, the vmctx it belongs to. */
export interface FuncRef {
  readonly arrayCall: number;
  readonly wasmCall: number;
  readonly typeIndex: number;
  readonly vmctx: number;
}

export class VMComponentContext {
  /** Byte address in the context memory. */
  readonly address: number;
  readonly offsets: VmctxOffsets;
  readonly memory: ContextMemory;
  /** What {@link ContextMemory.allocate} was given. */
  readonly owner: object | null;
  /** By component instance: those that `handleTable` has made. */
  handleTables: HandleTable[] | null = null;
  #live = true;

  /** Called by {@link ContextMemory.allocate} with a zeroed block. */
  constructor(memory: ContextMemory, address: number, offsets: VmctxOffsets, owner: object | null) {
    this.memory = memory;
    this.address = address;
    this.offsets = offsets;
    this.owner = owner;
    const words = memory.u32;
    words[address >>> 2] = VMCTX_MAGIC;
    words[(address + offsets.vmStoreContext) >>> 2] = memory.storeContext.address;
    for (let i = 0; i < offsets.counts.componentInstances; i += 1) words[this.#flags(i)] = FLAG_MAY_LEAVE;
    if (memory.debug) this.#poison();
  }

  #poison(): void {
    const { pointerSize, builtins, taskMayBlock, size } = this.offsets;
    const words = this.memory.u32;
    const poison = (offset: number): void => {
      const word = (this.address + offset) >>> 2;
      words[word] = POISON_LOW;
      if (pointerSize === 8) words[word + 1] = POISON_HIGH;
    };
    poison(builtins.at(0));
    // From the func refs on there is a slot of that width for everything.
    for (let offset = taskMayBlock + 16; offset < size; offset += pointerSize) poison(offset);
  }

  #isPoisoned(word: number): boolean {
    const { u32: words, pointerSize } = this.memory;
    return words[word] === POISON_LOW && (pointerSize === 4 || words[word + 1] === POISON_HIGH);
  }

  /** Word index of the flags of component instance `i`. */
  #flags(i: number): number {
    return (this.address + this.offsets.flags(i) + instanceCell.bits) >>> 2;
  }

  // --- slots -----------------------------------------------------------------------------------------------------------

  /** What element `i` of one of the lists of the `offsets` holds; `part` as `SlotList.at` counts them. */
  get(list: SlotList, i: number, part = 0): number {
    const { memory } = this;
    const word = (this.address + list.at(i, part)) >>> 2;
    if (memory.debug && this.#isPoisoned(word)) throw new VmctxError(`${list.field}[${i}] is read before it is set`);
    return memory.u32[word] as number;
  }

  set(list: SlotList, i: number, value: number, part = 0): void {
    const { memory } = this;
    const address = this.address + list.at(i, part);
    if (value >>> 0 !== value) throw new VmctxError(`${list.field}[${i}] must be a u32, not ${value}`);
    if (memory.debug && !this.#isPoisoned(address >>> 2)) throw new VmctxError(`${list.field}[${i}] is set twice`);
    memory.writePointer(address, value);
  }

  /** The func ref of trampoline or intrinsic `i`. */
  funcRef(list: SlotList, i: number): FuncRef {
    return {
      arrayCall: this.get(list, i),
      wasmCall: this.get(list, i, funcRefPart.wasmCall),
      typeIndex: this.get(list, i, funcRefPart.typeIndex),
      vmctx: this.get(list, i, funcRefPart.vmctx),
    };
  }

  /** Makes it one of this context. */
  setFuncRef(list: SlotList, i: number, { arrayCall, wasmCall, typeIndex }: Omit<FuncRef, 'vmctx'>): void {
    this.set(list, i, arrayCall);
    this.set(list, i, wasmCall, funcRefPart.wasmCall);
    this.set(list, i, typeIndex, funcRefPart.typeIndex);
    this.set(list, i, this.address, funcRefPart.vmctx);
  }

  /** Component instance `i` is entered from now on, whatever is called. */
  closeInstance(i: number): void {
    this.memory.u32[this.#flags(i)]! |= FLAG_ENTERED;
  }

  // --- its life --------------------------------------------------------------------------------------------------------

  /** VmctxError when this context was freed or its magic is gone. Do this before believing an address. */
  checkMagic(): void {
    if (!this.#live) throw new VmctxError(`the component context at address ${this.address} was freed`);
    if (this.memory.u32[this.address >>> 2] !== VMCTX_MAGIC) {
      throw new VmctxError(`no component context at address ${this.address}: its magic is gone`);
    }
  }

  /** Whether it has not been freed. */
  get live(): boolean {
    return this.#live;
  }

  /** Frees the block and its handle tables. The magic is cleared: an address that is kept no longer passes for a context. */
  free(): void {
    this.checkMagic();
    const { memory, address, offsets } = this;
    // Emitted code makes tables too.
    for (let i = 0; i < offsets.counts.componentInstances; i += 1) {
      const handles = memory.u32[(address + offsets.flags(i) + instanceCell.handles) >>> 2] as number;
      if (handles !== 0) memory.freeBytes(handles);
    }
    memory.u32[address >>> 2] = 0;
    this.#live = false;
    memory.release(this);
  }
}
