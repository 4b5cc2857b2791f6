/**
 * Typed view of the store context: what emitted code and the host of one store share. Reads and writes go straight to
 * the bytes; nothing is cached.
 */
import type { StoreContextOffsets } from '@gangway/offsets';
import type { ContextMemory } from './context-memory.ts';

export class StoreContext {
  /** Byte address of the block. */
  readonly address: number;
  readonly offsets: StoreContextOffsets;
  readonly #memory: ContextMemory;
  // Word indices (address / 4), so that a hot access is one addition-free load.
  readonly #trapCode: number;
  readonly #locked: number;
  readonly #spillPointer: number;
  readonly #frame: number;

  constructor(memory: ContextMemory, address: number, offsets: StoreContextOffsets) {
    this.#memory = memory;
    this.address = address;
    this.offsets = offsets;
    this.#trapCode = (address + offsets.trapCode) >>> 2;
    this.#locked = (address + offsets.locked) >>> 2;
    this.#spillPointer = (address + offsets.spillPointer) >>> 2;
    this.#frame = (address + offsets.frame) >>> 2;
  }

  #read(offset: number): number {
    return this.#memory.u32[(this.address + offset) >>> 2] as number;
  }
  #write(offset: number, value: number): void {
    this.#memory.u32[(this.address + offset) >>> 2] = value;
  }

  /** Number of the recorded trap; 0 = none. */
  get trapCode(): number {
    return this.#memory.u32[this.#trapCode] as number;
  }
  set trapCode(value: number) {
    this.#memory.u32[this.#trapCode] = value;
  }
  get trapDetail0(): number {
    return this.#read(this.offsets.trapDetail0);
  }
  set trapDetail0(value: number) {
    this.#write(this.offsets.trapDetail0, value);
  }
  get trapDetail1(): number {
    return this.#read(this.offsets.trapDetail1);
  }
  set trapDetail1(value: number) {
    this.#write(this.offsets.trapDetail1, value);
  }
  /** Address of the vmctx in which it trapped. */
  get trapVmctx(): number {
    return this.#read(this.offsets.trapVmctx);
  }
  set trapVmctx(value: number) {
    this.#memory.writePointer(this.address + this.offsets.trapVmctx, value);
  }
  get trapInstance(): number {
    return this.#read(this.offsets.trapInstance);
  }
  set trapInstance(value: number) {
    this.#write(this.offsets.trapInstance, value);
  }
  /** First free byte of the spill stack: an address, a multiple of 16. */
  get spillPointer(): number {
    return this.#memory.u32[this.#spillPointer] as number;
  }
  set spillPointer(value: number) {
    this.#memory.writePointer(this.#spillPointer << 2, value);
  }
  /** End of the spill stack: an address. */
  get spillLimit(): number {
    return this.#read(this.offsets.spillLimit);
  }
  set spillLimit(value: number) {
    this.#memory.writePointer(this.address + this.offsets.spillLimit, value);
  }
  /** Whether something trapped: nothing may be entered again. */
  get locked(): boolean {
    return this.#memory.u32[this.#locked] !== 0;
  }
  set locked(value: boolean) {
    this.#memory.u32[this.#locked] = value ? 1 : 0;
  }
  get currentTask(): number {
    return this.#read(this.offsets.currentTask);
  }
  set currentTask(value: number) {
    this.#memory.writePointer(this.address + this.offsets.currentTask, value);
  }
  /** Address of the innermost call frame record; 0 = none. */
  get frame(): number {
    return this.#memory.u32[this.#frame] as number;
  }
  set frame(value: number) {
    this.#memory.writePointer(this.#frame << 2, value);
  }
  /** Context slot `i` (0 or 1), as an unsigned 64-bit value. */
  contextSlot(i: number): bigint {
    const word = (this.address + this.offsets.contextSlot(i)) >>> 2;
    const words = this.#memory.u32;
    return BigInt(words[word] as number) | (BigInt(words[word + 1] as number) << 32n);
  }
  setContextSlot(i: number, value: bigint): void {
    const word = (this.address + this.offsets.contextSlot(i)) >>> 2;
    const words = this.#memory.u32;
    words[word] = Number(BigInt.asUintN(32, value));
    words[word + 1] = Number(BigInt.asUintN(32, value >> 32n));
  }
}
