/** The context slots of the current task, as unsigned 64-bit values. In: a context memory, and which of the two, 0 or 1. */
import type { ContextMemory } from './context-memory.ts';

/** Word index of a slot. */
function wordOf({ storeContext: { address, offsets } }: ContextMemory, i: number): number {
  return (address + offsets.contextSlot(i)) >>> 2;
}

export function contextSlot(memory: ContextMemory, i: number): bigint {
  const word = wordOf(memory, i);
  const words = memory.u32;
  return BigInt(words[word] as number) | (BigInt(words[word + 1] as number) << 32n);
}

export function setContextSlot(memory: ContextMemory, i: number, value: bigint): void {
  const word = wordOf(memory, i);
  const words = memory.u32;
  words[word] = Number(BigInt.asUintN(32, value));
  words[word + 1] = Number(BigInt.asUintN(32, value >> 32n));
}
