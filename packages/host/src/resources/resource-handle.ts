/**
 * A guest's resource in JavaScript's hands. `ResourceHandle` is the base of every resource class that an instance exports:
 * its objects hold the representation itself, not a slot of a handle table (CanonicalABI.md: the host is no component
 * instance).
 *
 * An own ends by `Symbol.dispose`, by being given to a guest, or, as the backstop, by a finalizer. A borrow is dead when
 * the call that lent it returns.
 *
 * Rejected: a `WeakMap` from object to state (three times the cost of a private field on each use).
 */

import { disposeSymbol } from '../dispose-symbol.ts';
import { Trap } from '../errors.ts';
import type { GuestResourceType } from './resource-type.ts';

/** The part that outlives the object: the finalizer sees only this. */
export class HandleState {
  // `declare`: a field that is defined first and then assigned is written twice, and engines do not take it for a constant.
  declare readonly type: GuestResourceType;
  declare readonly rep: number;
  declare status: 'own' | 'borrow' | 'dropped' | 'given away' | 'returned';
  /** Calls under way that have it on loan. */
  declare lends: number;
  declare readonly finalizers: Finalizers;

  constructor(type: GuestResourceType, rep: number, status: 'own' | 'borrow', finalizers: Finalizers) {
    this.type = type;
    this.rep = rep;
    this.status = status;
    this.lends = 0;
    this.finalizers = finalizers;
  }

  get alive(): boolean {
    return this.status === 'own' || this.status === 'borrow';
  }

  /** Why it cannot be used, to stand in a `TypeError`; null when it can. */
  get problem(): string | null {
    switch (this.status) {
      case 'own':
      case 'borrow':
        return null;
      case 'dropped':
        return `this ${this.type.name} has been dropped`;
      case 'given away':
        return `this ${this.type.name} has been given away`;
      case 'returned':
        return `this ${this.type.name} was borrowed for a call that has returned`;
      default:
        return this.status satisfies never;
    }
  }
}

let stateOf: (value: unknown) => HandleState | null;

/** Base of the resource classes. Its objects come from calls only. */
export class ResourceHandle {
  readonly #state: HandleState;

  /** Not for embedders: a class with an exported constructor has its own. */
  constructor(state: unknown) {
    if (!(state instanceof HandleState)) throw new TypeError('this resource has no constructor');
    this.#state = state;
  }

  static {
    stateOf = (value) =>
      typeof value === 'object' && value !== null && #state in value ? (value as ResourceHandle).#state : null;
    const dispose = function (this: ResourceHandle): void {
      const state = stateOf(this);
      if (state === null) throw new TypeError('not a resource');
      dropHandle(state);
      state.finalizers.forget(this);
    };
    Object.defineProperty(ResourceHandle.prototype, disposeSymbol, {
      value: dispose,
      writable: true,
      configurable: true,
    });
  }

  declare [Symbol.dispose]: () => void;
}

/** The state of a resource object; null for anything else. */
export function handleState(value: unknown): HandleState | null {
  return stateOf(value);
}

/** An object of the type's class around `rep`. */
export function wrapHandle(
  type: GuestResourceType,
  rep: number,
  status: 'own' | 'borrow',
  finalizers: Finalizers,
): ResourceHandle {
  const state = new HandleState(type, rep, status, finalizers);
  if (type.source === null) void type.class;
  const Source = type.source as new (state: unknown) => ResourceHandle;
  const object = new Source(state);
  if (status === 'own') finalizers.watch(object);
  return object;
}

/**
 * Ends a handle. Dropping one that is gone already does nothing, and so does dropping one of a locked or disposed store,
 * whose guests are not run any more. Throws `Trap` when it is lent or its instance cannot be entered.
 */
export function dropHandle(state: HandleState): void {
  if (state.status === 'own' && state.lends === 0 && state.type.destructor === null) {
    state.status = 'dropped';
    return;
  }
  if (!state.alive) return;
  // A call that trapped never returned what it had on loan.
  if (state.lends !== 0 && !state.finalizers.stopped()) throw new Trap('owned-is-lent');
  if (state.status === 'borrow') {
    state.status = 'returned';
    return;
  }
  if (state.finalizers.stopped()) {
    state.status = 'dropped';
    return;
  }
  state.type.instance?.destroy(state.type, state.rep);
  state.status = 'dropped';
}

/** Objects that wait for the microtask at most. */
const MOST_FRESH = 1024;

/**
 * The finalizers of one store. Objects are registered in a microtask, those that are still alive then: most are dropped
 * before, and registering costs more than all the rest of a handle.
 */
export class Finalizers {
  readonly #registry: FinalizationRegistry<HandleState>;
  /** Objects that are not registered yet: the first `#count`. */
  #fresh: (ResourceHandle | null)[] = [];
  #count = 0;
  #scheduled = false;
  readonly #flush = (): void => {
    const fresh = this.#fresh.slice(0, this.#count) as ResourceHandle[];
    this.#fresh = [];
    this.#count = 0;
    for (const object of fresh) {
      const state = stateOf(object) as HandleState;
      if (state.alive) this.#registry.register(object, state);
    }
    this.drain();
  };
  /** States whose objects are gone while a call was under way. */
  #queue: HandleState[] = [];
  /** Whether guests are not run any more (locked, disposed). */
  readonly stopped: () => boolean;

  constructor(stopped: () => boolean) {
    this.stopped = stopped;
    this.#registry = new FinalizationRegistry((state) => {
      this.#queue.push(state);
      this.drain();
    });
  }

  watch(object: ResourceHandle): void {
    this.#fresh[this.#count++] = object;
    if (!this.#scheduled) this.#schedule();
    // A loop that never returns to the event loop must not keep everything alive.
    else if (this.#count === MOST_FRESH) this.#flush();
  }

  #schedule(): void {
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  /** The object is no handle any more. Most are dropped in the order opposite to that in which they were made. */
  forget(object: ResourceHandle): void {
    const last = this.#count - 1;
    if (last < 0 || this.#fresh[last] !== object) return;
    this.#fresh[last] = null;
    this.#count = last;
  }

  /** Runs the destructors that are due. Those whose instance is in a call stay in the queue. */
  drain(): void {
    if (this.#queue.length === 0) return;
    const queue = this.#queue;
    this.#queue = [];
    if (this.stopped()) return;
    for (const state of queue) {
      if (!state.alive) continue;
      try {
        dropHandle(state);
      } catch (error) {
        // The instance is in a call: later. A destructor that fails has locked the store, which is all there is to say.
        if (error instanceof Trap && error.code === 'cannot-enter' && !this.stopped()) this.#queue.push(state);
      }
    }
  }
}
