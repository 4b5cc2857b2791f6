/** The context slots of a task that emitted code starts. In: where they are. Out: code around what the task does. */
import type { Expr, FunctionBuilder, Local } from './builder.ts';
import { type Site, storeContextOffsets } from './store-context.ts';

/**
 * A new task has its own context slots, zero at first (definitions.py `Thread.storage`): code to run before and after
 * what the task does. The old values wait in locals.
 */
export function freshContextSlots(
  f: FunctionBuilder,
  at: Pick<Site, 'context' | 'offsets'>,
  store: Local,
): { readonly enter: readonly Expr[]; readonly leave: readonly Expr[] } {
  const offsets = [0, 1].map((i) => storeContextOffsets(at.offsets).contextSlot(i));
  const saved = offsets.map((_, i) => f.local(`saved_slot_${i}`, 'i64'));
  return {
    enter: offsets.flatMap((offset, i) => [
      f.set(saved[i]!, f.i64.load(at.context, f.get(store), offset)),
      f.i64.store(at.context, f.get(store), f.i64.const(0), offset),
    ]),
    leave: offsets.map((offset, i) => f.i64.store(at.context, f.get(store), f.get(saved[i]!), offset)),
  };
}
