/** Destructors of guests' resources. In: the instance that defines a resource, a representation. Out: nothing, or a `Trap`. */
import { FLAG_ENTERED } from '@gangway/offsets';
import { INSIDE, OPEN } from '../call/guest-side.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { Destructor, GuestResourceType } from './resource-type.ts';

function destructorOf(instance: ComponentInstance, type: GuestResourceType): Destructor | null {
  const { vmctx } = instance;
  const index = vmctx.get(vmctx.offsets.resourceDestructors, type.resource);
  if (index === 0) return null;
  const innerFlags = instance.flagWords(type.definedIn).slice(1);
  return { call: instance.functionAt(index), innerFlags, name: `[dtor]${type.name}` };
}

/** Enters the instance that defines the resource, and calls the destructor if there is one. */
export function destroy(instance: ComponentInstance, type: GuestResourceType, rep: number): void {
  if (instance.released) return;
  if (type.destructor === undefined) type.destructor = destructorOf(instance, type);
  const found = type.destructor;
  if (found === null) return;
  const { call, innerFlags, name } = found;
  const { words: context, contextSlots } = instance;
  const { runtime } = instance.store;
  if (context.gate === OPEN) context.gate = INSIDE;
  else if (!context.enterWords()) throw runtime.refuse(instance, type.definedIn, name);
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  for (const flags of innerFlags) words[flags]! |= FLAG_ENTERED;
  try {
    if (contextSlots === null) call(rep | 0);
    else contextSlots.around(() => call(rep | 0));
  } catch (error) {
    throw runtime.trapAt(instance, type.definedIn, error, name);
  }
  if (context.shared) context.leaveWords();
  else context.gate = OPEN;
  const after = context.i32.length === 0 ? context.refresh() : context.i32;
  for (const flags of innerFlags) after[flags]! &= ~FLAG_ENTERED;
}
