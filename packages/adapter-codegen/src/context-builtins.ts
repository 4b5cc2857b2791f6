/**
 * `context.get` and `context.set`: the thread-local storage of the current task. In: a trampoline of one of these kinds.
 * Out: the core function that the guest imports. The slots of the task that runs now are in the store context; whoever
 * starts a task puts the slots of the one before away (adapters, destructor calls, the host's calls).
 *
 * A slot is written in the width of its type. Within one component all of them have one type, so the rest of a slot is
 * never seen.
 */
import type { Trampoline } from '@gangway/component/plan';
import type { Func, Local } from './builder.ts';
import { storeContext, storeContextOffsets } from './store-context.ts';
import type { TrampolineModule } from './trampolines.ts';

type ContextBuiltin = Extract<Trampoline, { kind: `context.${string}` }>;

/** CanonicalABI.md#-canon-contextget, #-canon-contextset, which have no may-leave check. */
export function emitContextBuiltin(t: TrampolineModule, { kind, type, slot }: ContextBuiltin, name: string): Func {
  const { context, offsets, module } = t;
  const offset = storeContextOffsets(offsets).contextSlot(slot);
  if (kind === 'context.get') {
    return module.func(name, [], [type], (f) => [f.int(type).load(context, storeContext(f, t), offset)]);
  }
  return module.func(name, [['value', type]], [], (f) => {
    const [value] = f.params as [Local];
    return [f.int(type).store(context, storeContext(f, t), f.get(value), offset)];
  });
}
