/** Destructors of guests' resources. In: the instance that defines a resource, a representation. Out: nothing, or a `Trap`. */
import type { ResourceIndex } from '@gangway/component/plan';
import { FLAG_ENTERED } from '@gangway/offsets';
import { type CoreFunction, INSIDE, OPEN } from '../call/guest-side.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { GuestResourceType } from './resource-type.ts';

/** A destructor with the flags words of the instances that its call enters, without the root. */
interface Destructor {
  readonly call: CoreFunction;
  readonly innerFlags: readonly number[];
  readonly name: string;
}

/** What dropping each resource takes; null for one without a destructor. Found when one is first dropped. */
const destructors = new WeakMap<ComponentInstance, Map<ResourceIndex, Destructor | null>>();

function destructorOf(instance: ComponentInstance, type: GuestResourceType): Destructor | null {
  let own = destructors.get(instance);
  if (own === undefined) destructors.set(instance, (own = new Map()));
  let found = own.get(type.resource);
  if (found === undefined) {
    const index = instance.vmctx.resourceDestructor(type.resource);
    const innerFlags = instance.flagWords(type.definedIn).slice(1);
    found = index === 0 ? null : { call: instance.functionAt(index), innerFlags, name: `[dtor]${type.name}` };
    own.set(type.resource, found);
  }
  return found;
}

/** Enters the instance that defines the resource, and calls the destructor if there is one. */
export function destroy(instance: ComponentInstance, type: GuestResourceType, rep: number): void {
  if (instance.released) return;
  const found = destructorOf(instance, type);
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
