/**
 * Resources as the draft of the JS API has them (JS-Reference.md, "Resource types"). In: a constructor that the embedder
 * gives for an imported resource type, or a handle of a resource that the component defines. Out: the conversions of their
 * values, and the class of a component's resource.
 *
 * An imported type takes whatever passes the brand check of its constructor, primitives too, so each value goes to the guest
 * in an object of ours. That also keeps two types apart that were given the same constructor.
 *
 * NON-SPEC: the draft reads `Symbol.dispose` from the constructor, where no class has it, and calls it on the value; here it
 * is the one of the constructor's prototype. Web IDL's interface objects are brand checked by `instanceof` as well:
 * JavaScript has no way to ask for the slot behind it.
 */
import { expected } from '../../abi/argument-error.ts';
import { disposeSymbol } from '../../dispose-symbol.ts';
import { handleState, type ResourceHandle } from '../../resources/resource-handle.ts';
import type { ResourceClass } from '../../resources/resource-type.ts';
import type { Conversion } from './values.ts';

// --- what the embedder supplies -----------------------------------------------------------------------------------------

/** An imported resource type of one instance. */
export interface HostResource {
  /** What satisfied the import. */
  readonly constructor: ResourceClass;
  /** What `@gangway/host` is given for it. */
  readonly class: ResourceClass;
  /** Both for an own and for a borrow. */
  readonly conversion: Conversion;
}

/** JS-Reference.md, "read the type import". `constructor` is callable. */
export function hostResource(owner: ResourceClass): HostResource {
  const dispose: unknown = (owner.prototype as { [disposeSymbol]?: unknown } | undefined)?.[disposeSymbol];
  class Held {
    readonly value: unknown;
    constructor(value: unknown) {
      this.value = value;
    }
  }
  Object.defineProperty(Held, 'name', { value: nameOf(owner) });
  if (typeof dispose === 'function') {
    Object.defineProperty(Held.prototype, disposeSymbol, {
      value(this: Held) {
        Reflect.apply(dispose, this.value, []);
      },
    });
  }
  return {
    constructor: owner,
    class: Held,
    conversion: {
      out: (held) => (held as Held).value,
      in: (value) => {
        if (!hasBrand(value, owner)) expected(`an instance of ${nameOf(owner)}`, value);
        return new Held(value);
      },
    },
  };
}

/** JS-Reference.md, "brand check". */
function hasBrand(value: unknown, owner: ResourceClass): boolean {
  return guestClasses.has(owner) ? slots.get(value as object)?.class === owner : value instanceof owner;
}

function nameOf({ name }: ResourceClass): string {
  return typeof name === 'string' && name !== '' ? name : 'the imported class';
}

// --- what the component defines -----------------------------------------------------------------------------------------

/** JS-Reference.md, "Guest resource classes". */
export type GuestClass = ResourceClass & { readonly prototype: object };

/** JS-Reference.md, "Guest resource instances": the rep, its owner and its lend count are the handle's. */
interface Slots {
  readonly class: GuestClass;
  readonly handle: ResourceHandle;
}
const slots = new WeakMap<object, Slots>();
const guestClasses = new WeakSet<ResourceClass>();

/**
 * The class of a resource, without its methods. `construct` calls the exported constructor; null without one.
 * `length`: the number of its parameters.
 */
export function guestClass(
  name: string,
  length: number,
  construct: ((args: readonly unknown[]) => ResourceHandle) | null,
): GuestClass {
  const made = function (this: unknown, ...args: unknown[]): object {
    if (new.target === undefined) throw new TypeError(`${name} is a class: call it with new`);
    if (construct === null) throw new TypeError(`${name} has no constructor`);
    const handle = construct(args);
    const prototype: unknown = new.target.prototype;
    return instanceOf(made, handle, typeof prototype === 'object' && prototype !== null ? prototype : made.prototype);
  } as unknown as GuestClass;
  const prototype = {};
  define(prototype, disposeSymbol, dispose);
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  define(prototype, 'constructor', made);
  Object.defineProperty(made, 'prototype', { value: prototype, writable: false });
  Object.defineProperty(made, 'name', { value: name, configurable: true });
  Object.defineProperty(made, 'length', { value: length, configurable: true });
  guestClasses.add(made);
  return made;
}

/** A member of a class or of its prototype. */
export function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
}

function instanceOf(made: GuestClass, handle: ResourceHandle, prototype: object): object {
  const object = Object.create(prototype) as object;
  slots.set(object, { class: made, handle });
  return object;
}

/** The conversions of a class's objects. */
export function guestConversion(made: GuestClass): Conversion {
  return {
    out: (handle) => instanceOf(made, handle as ResourceHandle, made.prototype),
    in: (value) => {
      const found = slots.get(value as object);
      if (found?.class !== made) expected(`an instance of ${made.name}`, value);
      return found.handle;
    },
  };
}

/** JS-Reference.md, "drop a guest resource instance". */
const dispose = {
  [disposeSymbol](this: unknown): void {
    const found = slots.get(this as object);
    if (found === undefined) throw new TypeError('not a resource');
    const state = handleState(found.handle);
    if (state?.status === 'own' && state.lends !== 0 && !state.type.types.finalizers.stopped()) {
      throw new TypeError(`this ${found.class.name} is lent to a call and cannot be dropped`);
    }
    found.handle[disposeSymbol]();
  },
}[disposeSymbol];
