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
import type { GuestResourceType, ResourceType } from './resource-type.ts';

/** How a handle ends. */
type Ended = 'dropped' | 'given away' | 'returned';

/** The part that outlives the object: the finalizer sees only this. */
export class HandleState {
  // `declare`: a field that is defined first and then assigned is written twice, and engines do not take it for a constant.
  declare readonly type: GuestResourceType;
  /** As a core value: i32. */
  declare readonly rep: number;
  declare status: 'own' | 'borrow' | Ended;
  /** Calls under way that have it on loan; negative: it has ended. */
  declare lends: number;

  constructor(type: GuestResourceType, rep: number, status: 'own' | 'borrow') {
    this.type = type;
    this.rep = rep;
    this.status = status;
    this.lends = 0;
  }

  get alive(): boolean {
    return this.lends >= 0;
  }

  end(status: Ended): void {
    this.status = status;
    this.lends = -1;
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

/** The state of a resource object; null for anything else. */
export let handleState: (value: unknown) => HandleState | null;

/**
 * The state of an object of the type that has not ended; null for anything else. It asks nothing before its one access to
 * the object: with `#state in value` it took twice as long where there are objects of many classes.
 */
export let liveHandle: (type: object, value: unknown) => HandleState | null;

/** Base of the resource classes. Its objects come from calls only. */
export class ResourceHandle {
  /** Not for embedders: a class with an exported constructor has its own. */
  constructor() {
    throw new TypeError('this resource has no constructor');
  }

  [disposeSymbol](): void {
    const state = handleState(this);
    if (state === null) throw new TypeError('not a resource');
    if (state.lends === 0 && state.status === 'own' && state.type.destructor === null) state.end('dropped');
    else {
      dropHandle(state);
      state.type.types.finalizers.forget(this);
    }
  }
}

/** In this file, because V8 14.6 inlines no base from another module. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the fields of a subclass are put on what is returned.
    return object;
  }
}

/**
 * Puts the state on an object. A private field of `ResourceHandle` itself costs twice as much: engines look for the
 * constructor of a class whose base has fields in each `new`.
 */
class Held extends Given {
  readonly #state: HandleState;

  constructor(object: object, state: HandleState) {
    super(object);
    this.#state = state;
  }

  static {
    handleState = (value) =>
      typeof value === 'object' && value !== null && #state in value ? (value as Held).#state : null;
    liveHandle = (type, value) => {
      try {
        const state = (value as Held).#state;
        if (state.type === type && state.lends >= 0) return state;
      } catch {
        // It is no handle.
      }
      return null;
    };
  }
}

/** An object of the type's class around `rep`. */
export function wrapHandle(type: GuestResourceType, rep: number, status: 'own' | 'borrow'): ResourceHandle {
  const object = new Held(new type.source(), new HandleState(type, rep | 0, status)) as object as ResourceHandle;
  // Nothing happens when one without a destructor goes.
  if (status === 'own' && type.destructor !== null) type.types.finalizers.watch(object);
  return object;
}

/** What JavaScript gets for a handle that a guest gives away. */
export function wrapOwn(type: ResourceType, rep: number): object {
  return type.kind === 'host' ? type.remove(rep) : wrapHandle(type, rep, 'own');
}

/**
 * Ends a handle. Dropping one that is gone already does nothing, and so does dropping one of a locked or disposed store,
 * whose guests are not run any more. Throws `Trap` when it is lent or its instance cannot be entered.
 */
function dropHandle(state: HandleState): void {
  if (!state.alive) return;
  const { type } = state;
  const stopped = type.types.finalizers.stopped();
  // A call that trapped never returned what it had on loan.
  if (state.lends !== 0 && !stopped) throw new Trap('owned-is-lent');
  if (state.status === 'own' && !stopped) type.instance?.destroy(type, state.rep);
  state.end(state.status === 'own' ? 'dropped' : 'returned');
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
      const state = handleState(object) as HandleState;
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
