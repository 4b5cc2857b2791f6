/**
 * What a context says of a task and of its component instances, for what is not emitted code and seldom runs. In: a context. Out:
 * views that read and write the bytes.
 */
import { FLAG_ENTERED, FLAG_MAY_LEAVE, instanceCell } from '@gangway/offsets';
import type { ContextMemory } from './context-memory.ts';
import type { VMComponentContext } from './vm-component-context.ts';

class InstanceFlags {
  readonly #memory: ContextMemory;
  readonly #word: number;
  constructor(memory: ContextMemory, cell: number) {
    this.#memory = memory;
    this.#word = (cell + instanceCell.bits) >>> 2;
  }
  #get(bit: number): boolean {
    return ((this.#memory.u32[this.#word] as number) & bit) !== 0;
  }
  #set(bit: number, on: boolean): void {
    const words = this.#memory.u32;
    const old = words[this.#word] as number;
    words[this.#word] = on ? old | bit : old & ~bit;
  }
  get mayLeave(): boolean {
    return this.#get(FLAG_MAY_LEAVE);
  }
  set mayLeave(on: boolean) {
    this.#set(FLAG_MAY_LEAVE, on);
  }
  get entered(): boolean {
    return this.#get(FLAG_ENTERED);
  }
  set entered(on: boolean) {
    this.#set(FLAG_ENTERED, on);
  }
}

/** The flags of component instance `i`. */
export function instanceFlags({ memory, address, offsets }: VMComponentContext, i: number): InstanceFlags {
  return new InstanceFlags(memory, address + offsets.flags(i));
}

export function taskMayBlock({ memory, address, offsets }: VMComponentContext): boolean {
  return memory.u32[(address + offsets.taskMayBlock) >>> 2] !== 0;
}

export function setTaskMayBlock({ memory, address, offsets }: VMComponentContext, may: boolean): void {
  memory.u32[(address + offsets.taskMayBlock) >>> 2] = may ? 1 : 0;
}
