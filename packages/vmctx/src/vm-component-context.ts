/**
 * Typed view of one `VMComponentContext`. In: slots by kind and index. Out: what they hold. Every position comes from
 * `VmctxOffsets`; every access checks its index.
 *
 * With `debug`, each slot that will hold a pointer starts out as the poison; reading it before it is set, or setting it
 * twice, is a VmctxError that names field and index.
 */
import {
  FLAG_ENTERED,
  FLAG_MAY_LEAVE,
  instanceCell,
  type Place,
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
/** A `VMLowering`. `callee`: function index; `data`: index of the host object. */
export interface Lowering {
  readonly callee: number;
  readonly data: number;
}
/** A `VMTableImport`. `from`: index + 1 of the table in the store's array. */
export interface TableImport {
  readonly from: number;
  readonly vmctx: number;
  readonly index: number;
}

/** The flags of one component instance. A view: reads and writes the bytes. */
export class InstanceFlags {
  readonly #memory: ContextMemory;
  readonly #word: number;
  constructor(memory: ContextMemory, cell: number) {
    this.#memory = memory;
    this.#word = (cell + instanceCell.bits) >>> 2;
  }
  #set(bit: number, on: boolean): void {
    const words = this.#memory.u32;
    const old = words[this.#word] as number;
    words[this.#word] = on ? old | bit : old & ~bit;
  }
  get mayLeave(): boolean {
    return ((this.#memory.u32[this.#word] as number) & FLAG_MAY_LEAVE) !== 0;
  }
  set mayLeave(on: boolean) {
    this.#set(FLAG_MAY_LEAVE, on);
  }
  get entered(): boolean {
    return ((this.#memory.u32[this.#word] as number) & FLAG_ENTERED) !== 0;
  }
  set entered(on: boolean) {
    this.#set(FLAG_ENTERED, on);
  }
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
  /** By component instance; made on first use. */
  #flags: InstanceFlags[] | null = null;
  #live = true;

  /** Called by {@link ContextMemory.allocate} with a zeroed block. */
  constructor(memory: ContextMemory, address: number, offsets: VmctxOffsets, owner: object | null) {
    this.memory = memory;
    this.address = address;
    this.offsets = offsets;
    this.owner = owner;
    const words = memory.u32;
    words[(address + offsets.magic) >>> 2] = VMCTX_MAGIC;
    if (memory.debug) this.#poison();
    for (let i = 0; i < offsets.counts.componentInstances; i += 1) {
      words[(address + offsets.flags(i) + instanceCell.bits) >>> 2] = FLAG_MAY_LEAVE;
    }
    this.#writeAt(offsets.vmStoreContext, memory.storeContext.address, 'vm_store_context', 0);
  }

  /** Fills every pointer part of every field with the poison. */
  #poison(): void {
    const { offsets } = this;
    const words = this.memory.u32;
    const fill = (offset: number): void => {
      const word = (this.address + offset) >>> 2;
      words[word] = POISON_LOW;
      if (offsets.pointerSize === 8) words[word + 1] = POISON_HIGH;
    };
    fill(offsets.builtins);
    fill(offsets.vmStoreContext);
    // From the func refs on there is a slot of that width for everything; some hold numbers of another kind.
    const from = offsets.taskMayBlock + 16;
    for (let offset = from; offset < offsets.size; offset += offsets.pointerSize) fill(offset);
    const { trampolines, intrinsics, tables } = offsets.counts;
    const clear = (place: Place, count: number): void => {
      for (let i = 0; i < count; i += 1) this.memory.writePointer(this.address + place(i), 0);
    };
    clear(offsets.trampolineFuncRefTypeIndex, trampolines);
    clear(offsets.intrinsicFuncRefTypeIndex, intrinsics);
    clear(offsets.tableIndex, tables);
  }

  #isPoisoned(address: number): boolean {
    const words = this.memory.u32;
    if (words[address >>> 2] !== POISON_LOW) return false;
    return this.memory.pointerSize === 4 || words[(address >>> 2) + 1] === POISON_HIGH;
  }

  #read(place: Place, i: number): number {
    return this.#readAt(place(i), place.field, i);
  }
  #write(place: Place, i: number, value: number): void {
    this.#writeAt(place(i), value, place.field, i);
  }
  #readAt(offset: number, field: string, i: number): number {
    const address = this.address + offset;
    if (this.memory.debug && this.#isPoisoned(address)) throw new VmctxError(`${field}[${i}] is read before it is set`);
    return this.memory.u32[address >>> 2] as number;
  }
  #writeAt(offset: number, value: number, field: string, i: number): void {
    const address = this.address + offset;
    if (value >>> 0 !== value) throw new VmctxError(`${field}[${i}] must be a u32, not ${value}`);
    if (this.memory.debug && !this.#isPoisoned(address)) throw new VmctxError(`${field}[${i}] is set twice`);
    this.memory.writePointer(address, value);
  }
  /** A part that is no pointer. */
  #word(place: Place, i: number): number {
    return this.memory.u32[(this.address + place(i)) >>> 2] as number;
  }
  #setWord(place: Place, i: number, value: number): void {
    this.memory.u32[(this.address + place(i)) >>> 2] = value;
  }

  // --- the head ------------------------------------------------------------------------------------------------------

  /** VmctxError when this context was freed or its magic is gone. Do this before believing an address. */
  checkMagic(): void {
    if (!this.#live) throw new VmctxError(`the component context at address ${this.address} was freed`);
    if (this.memory.u32[(this.address + this.offsets.magic) >>> 2] !== VMCTX_MAGIC) {
      throw new VmctxError(`no component context at address ${this.address}: its magic is gone`);
    }
  }
  /** Whether it has not been freed. */
  get live(): boolean {
    return this.#live;
  }

  get builtins(): number {
    return this.#readAt(this.offsets.builtins, 'builtins', 0);
  }
  setBuiltins(value: number): void {
    this.#writeAt(this.offsets.builtins, value, 'builtins', 0);
  }
  /** Address of the store context. */
  get vmStoreContext(): number {
    return this.#readAt(this.offsets.vmStoreContext, 'vm_store_context', 0);
  }
  get taskMayBlock(): boolean {
    return this.memory.u32[(this.address + this.offsets.taskMayBlock) >>> 2] !== 0;
  }
  set taskMayBlock(value: boolean) {
    this.memory.u32[(this.address + this.offsets.taskMayBlock) >>> 2] = value ? 1 : 0;
  }

  // --- component instances -------------------------------------------------------------------------------------------

  /** The flags of component instance `i`; always the same object. */
  flags(i: number): InstanceFlags {
    this.#flags ??= [];
    return (this.#flags[i] ??= new InstanceFlags(this.memory, this.#cell(i)));
  }
  #cell(i: number): number {
    return this.address + this.offsets.flags(i);
  }

  // --- functions -----------------------------------------------------------------------------------------------------

  setTrampoline(i: number, ref: Omit<FuncRef, 'vmctx'>): void {
    this.#write(this.offsets.trampolineFuncRefArrayCall, i, ref.arrayCall);
    this.#write(this.offsets.trampolineFuncRefWasmCall, i, ref.wasmCall);
    this.#write(this.offsets.trampolineFuncRefVmctx, i, this.address);
    this.#setWord(this.offsets.trampolineFuncRefTypeIndex, i, ref.typeIndex);
  }
  trampolineFuncRef(i: number): FuncRef {
    return {
      arrayCall: this.#read(this.offsets.trampolineFuncRefArrayCall, i),
      wasmCall: this.#read(this.offsets.trampolineFuncRefWasmCall, i),
      typeIndex: this.#word(this.offsets.trampolineFuncRefTypeIndex, i),
      vmctx: this.#read(this.offsets.trampolineFuncRefVmctx, i),
    };
  }
  setIntrinsic(i: number, ref: Omit<FuncRef, 'vmctx'>): void {
    this.#write(this.offsets.intrinsicFuncRefArrayCall, i, ref.arrayCall);
    this.#write(this.offsets.intrinsicFuncRefWasmCall, i, ref.wasmCall);
    this.#write(this.offsets.intrinsicFuncRefVmctx, i, this.address);
    this.#setWord(this.offsets.intrinsicFuncRefTypeIndex, i, ref.typeIndex);
  }
  intrinsicFuncRef(i: number): FuncRef {
    return {
      arrayCall: this.#read(this.offsets.intrinsicFuncRefArrayCall, i),
      wasmCall: this.#read(this.offsets.intrinsicFuncRefWasmCall, i),
      typeIndex: this.#word(this.offsets.intrinsicFuncRefTypeIndex, i),
      vmctx: this.#read(this.offsets.intrinsicFuncRefVmctx, i),
    };
  }
  setLowering(i: number, lowering: Lowering): void {
    this.#write(this.offsets.loweringCallee, i, lowering.callee);
    this.#write(this.offsets.loweringData, i, lowering.data);
  }
  lowering(i: number): Lowering {
    return { callee: this.loweringCallee(i), data: this.loweringData(i) };
  }
  loweringCallee(i: number): number {
    return this.#read(this.offsets.loweringCallee, i);
  }
  loweringData(i: number): number {
    return this.#read(this.offsets.loweringData, i);
  }

  // --- what the options of lift and lower name -----------------------------------------------------------------------

  /** `value`: index + 1 of the memory in the store's array. */
  setMemory(i: number, value: number): void {
    this.#write(this.offsets.memory, i, value);
  }
  runtimeMemory(i: number): number {
    return this.#read(this.offsets.memory, i);
  }
  setTable(i: number, table: TableImport): void {
    this.#write(this.offsets.tableFrom, i, table.from);
    this.#write(this.offsets.tableVmctx, i, table.vmctx);
    this.#setWord(this.offsets.tableIndex, i, table.index);
  }
  runtimeTable(i: number): TableImport {
    return {
      from: this.#read(this.offsets.tableFrom, i),
      vmctx: this.#read(this.offsets.tableVmctx, i),
      index: this.#word(this.offsets.tableIndex, i),
    };
  }
  /** `func`: function index. */
  setRealloc(i: number, func: number): void {
    this.#write(this.offsets.realloc, i, func);
  }
  realloc(i: number): number {
    return this.#read(this.offsets.realloc, i);
  }
  /** `func`: function index. */
  setCallback(i: number, func: number): void {
    this.#write(this.offsets.callback, i, func);
  }
  callback(i: number): number {
    return this.#read(this.offsets.callback, i);
  }
  /** `func`: function index. */
  setPostReturn(i: number, func: number): void {
    this.#write(this.offsets.postReturn, i, func);
  }
  postReturn(i: number): number {
    return this.#read(this.offsets.postReturn, i);
  }
  /** `func`: function index; null or 0 for "none". */
  setResourceDestructor(i: number, func: number | null): void {
    this.#write(this.offsets.resourceDestructor, i, func ?? 0);
  }
  /** Function index; 0 = none. */
  resourceDestructor(i: number): number {
    return this.#read(this.offsets.resourceDestructor, i);
  }

  // --- the end -------------------------------------------------------------------------------------------------------

  /** Frees the block and its handle tables. The magic is cleared: an address that is kept no longer passes for a context. */
  free(): void {
    this.checkMagic();
    // Emitted code makes tables too.
    for (let i = 0; i < this.offsets.counts.componentInstances; i += 1) {
      const handles = this.memory.u32[(this.#cell(i) + instanceCell.handles) >>> 2] as number;
      if (handles !== 0) this.memory.freeBytes(handles);
    }
    this.memory.u32[(this.address + this.offsets.magic) >>> 2] = 0;
    this.#live = false;
    this.memory.release(this);
  }
}
