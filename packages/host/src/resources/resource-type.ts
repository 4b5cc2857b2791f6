/**
 * Resource types at run time. In: a JS class that the embedder supplies, or a resource that an instance defines. Out: a
 * type with an id that is unique in its store: the upper 28 bits of a handle slot's type word.
 *
 * A host resource is a JS object; guests hold an integer representation of it, an index into the type's own table. A
 * guest resource is an integer that its instance chose; JS holds an object of a class made for the instance.
 *
 * Rejected: reusing the id of a disposed instance's type. A handle in another instance's table may still carry it.
 */
import type { ComponentInstanceIndex, ResourceIndex } from '@gangway/component/plan';
import { HANDLE_KIND_BITS, HANDLE_OWN } from '@gangway/offsets';
import type { CoreFunction } from '../call/guest-side.ts';
import { DisposedError, InternalError } from '../errors.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import { makeResourceClass } from './resource-class.ts';
import type { Finalizers, ResourceHandle } from './resource-handle.ts';

/** Anything that `instanceof` takes. */
// biome-ignore lint/complexity/noBannedTypes: every class is a Function, and `abstract new` would refuse private constructors.
export type ResourceClass = Function & { readonly prototype: object };

/** Makes an object with the prototype of a resource's class, and nothing on it. */
export type HandleSource = new () => object;

/** Ids have 28 bits. */
const MAX_ID = 2 ** (32 - HANDLE_KIND_BITS) - 1;

/** A resource that the embedder implements. */
export class HostResourceType {
  readonly kind = 'host';
  readonly id: number;
  readonly class: ResourceClass;
  /** For messages. */
  readonly name: string;
  /** By representation; 0 is never used. A free slot holds the next free representation. The array stays the same. */
  readonly objects: (object | number)[] = [0];
  /** The type word of an own handle. */
  readonly ownWord: number;
  #free = 0;

  constructor(id: number, resourceClass: ResourceClass) {
    this.id = id;
    this.ownWord = (id << HANDLE_KIND_BITS) | HANDLE_OWN;
    this.class = resourceClass;
    this.name = typeof resourceClass.name === 'string' ? resourceClass.name : 'resource';
  }

  /**
   * Whether an object with the class's own prototype is an instance of it and no handle, so that nothing else needs to be
   * asked; null before the first question.
   */
  ordinary: boolean | null = null;

  /** A representation for `object`: the same object may have several. */
  add(object: object): number {
    const rep = this.#free;
    if (rep === 0) return this.objects.push(object) - 1;
    this.#free = this.objects[rep] as number;
    this.objects[rep] = object;
    return rep;
  }

  get(rep: number): object {
    const object = this.objects[rep];
    if (typeof object !== 'object' && typeof object !== 'function') {
      throw new InternalError(`no ${this.name} has the representation ${rep}`);
    }
    return object;
  }

  remove(rep: number): object {
    const object = this.get(rep);
    this.objects[rep] = this.#free;
    this.#free = rep;
    return object;
  }
}

/** A destructor with the flags words of the instances that its call enters, without the root. */
export interface Destructor {
  readonly call: CoreFunction;
  readonly innerFlags: readonly number[];
  readonly name: string;
}

/** A resource that a component instance defines. */
export class GuestResourceType {
  readonly kind = 'guest';
  readonly id: number;
  /** For messages. */
  readonly name: string;
  /** Null when the instance has been disposed. */
  instance: ComponentInstance | null;
  readonly types: ResourceTypes;
  /** The instance of the component that may make it. */
  readonly definedIn: ComponentInstanceIndex;
  readonly resource: ResourceIndex;
  /** The type word of an own handle. */
  readonly ownWord: number;
  #class: (ResourceClass & { readonly prototype: ResourceHandle }) | undefined;

  constructor(
    id: number,
    name: string,
    types: ResourceTypes,
    instance: ComponentInstance,
    definedIn: ComponentInstanceIndex,
    resource: ResourceIndex,
  ) {
    this.id = id;
    this.name = name;
    this.types = types;
    this.instance = instance;
    this.definedIn = definedIn;
    this.resource = resource;
    this.ownWord = (id << HANDLE_KIND_BITS) | HANDLE_OWN;
  }

  // These two are added once, each: engines take a field that is never written again for a constant of its object.
  /** What dropping one takes; null: nothing, there is no destructor. Not there until one is made or dropped. */
  declare destructor?: Destructor | null;
  /** Not there until the class is. */
  declare bare?: HandleSource;

  get source(): HandleSource {
    if (this.bare === undefined) void this.class;
    return this.bare as HandleSource;
  }

  /** Made on first use. */
  get class(): ResourceClass & { readonly prototype: ResourceHandle } {
    if (this.#class === undefined) {
      if (this.instance === null) throw new DisposedError(`the instance that defines ${this.name} has been disposed`);
      this.#class = makeResourceClass(this.instance, this);
      guestClasses.set(this.#class, this);
    }
    return this.#class;
  }
}

export type ResourceType = HostResourceType | GuestResourceType;

/** The types behind the classes that instances export. */
const guestClasses = new WeakMap<ResourceClass, GuestResourceType>();

/** The resource types of one store. Only ids are kept of what instances define: a type goes with those who use it. */
export class ResourceTypes {
  readonly finalizers: Finalizers;
  readonly #host = new Map<ResourceClass, HostResourceType>();
  #lastId = 0;

  constructor(finalizers: Finalizers) {
    this.finalizers = finalizers;
  }

  /**
   * The type of a class that the embedder supplies. A class that an instance of the same store exports keeps its identity;
   * one of another store is a host class like any other.
   */
  forClass(resourceClass: ResourceClass): ResourceType {
    const guest = guestClasses.get(resourceClass);
    if (guest !== undefined && guest.types === this) return guest;
    let type = this.#host.get(resourceClass);
    if (type === undefined) {
      type = new HostResourceType(this.#nextId(), resourceClass);
      this.#host.set(resourceClass, type);
    }
    return type;
  }

  define(
    name: string,
    instance: ComponentInstance,
    definedIn: ComponentInstanceIndex,
    resource: ResourceIndex,
  ): GuestResourceType {
    return new GuestResourceType(this.#nextId(), name, this, instance, definedIn, resource);
  }

  #nextId(): number {
    if (this.#lastId === MAX_ID) throw new RangeError('the store has too many resource types');
    this.#lastId += 1;
    return this.#lastId;
  }
}
