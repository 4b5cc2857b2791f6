/**
 * `Store`: what traps together and shares state. In: an engine. Out: one context memory with the vmctx of every instance,
 * the host objects and resource types that they name, and the trap that ended it, if one did.
 *
 * The address of its vmctx is the id of an instance in its store: from there to the `ComponentInstance` is one look-up.
 *
 * Rejected: a memory for each instance. Engines reserve gigabytes of address space for a `WebAssembly.Memory`.
 */
import { ArenaPool, ContextMemory } from '@gangway/vmctx';
import { GuestMemory } from '../call/guest-memory.ts';
import type { HandleOps } from '../call/guest-side.ts';
import type { Component } from '../compile/component.ts';
import { disposable } from '../dispose-symbol.ts';
import { Engine } from '../engine.ts';
import { DisposedError, InternalError, type Trap } from '../errors.ts';
import { needPart } from '../forms/parts.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { LinkedInstance } from '../link/linked-instance.ts';
import type { ResourceTypes } from '../resources/resource-type.ts';
import type { StoreResources } from '../resources/store-resources.ts';
import { builtinImplementations } from './builtins.ts';
import { HostObjects } from './host-objects.ts';
import { StoreRuntime } from './host-runtime.ts';
import { cannotEnterTrap, TrapState } from './trap.ts';

export interface StoreOptions {
  /** Default: `Engine.default`. */
  readonly engine?: Engine;
  /**
   * Bytes that the store shares with its components: `store.data` here, the intrinsics there (`compile`'s option). Default 0.
   * `RangeError` when it is no size.
   */
  readonly data?: number;
}

/** The bytes that the store shares with its components: where in the context memory. */
export interface StoreData {
  readonly address: number;
  readonly length: number;
}

const noHandles = {} as HandleOps;

/** Bytes: 1 GiB. */
const MAX_DATA = 2 ** 30;

/** What the rest of the package knows of a store. Embedders hold a {@link Store}. */
export class StoreState {
  readonly engine: Engine;
  readonly memory: ContextMemory;
  readonly objects = new HostObjects();
  readonly traps: TrapState;
  readonly runtime: StoreRuntime;
  /** The context memory, for the slots of its spill stack. */
  readonly slots: GuestMemory;
  /** Index of the built-ins in `objects`. */
  readonly builtins: number;
  /** Function index of the first callee of each component's lowerings; null: nothing has been lowered. */
  callees: Map<Component, number> | null = null;
  /** Disposed instances whose contexts adapters of others still refer to, by their addresses; null: there are none. */
  closed: Map<number, LinkedInstance> | null = null;
  /** Core instances that are being made: their start functions are on the stack. */
  starting = 0;
  readonly data: StoreData;
  /** The instance that was looked up last: most calls in a row come from one. */
  #last: ComponentInstance | undefined;
  #lastAddress = 0;
  #disposed = false;
  #resources: StoreResources | undefined;

  constructor(engine: Engine, data = 0) {
    if (!Number.isInteger(data) || data < 0 || data > MAX_DATA) {
      throw new RangeError(`the data of a store has 0 to ${MAX_DATA} bytes, not ${data}`);
    }
    const { pointerSize, debug } = engine.options;
    // The embedder sees the memory around data, which other stores must not be in.
    const arenas = data === 0 ? { arenas: arenasOf(engine) } : {};
    const memory = ContextMemory.create({ pointerSize, debug, spillStackLater: true, ...arenas });
    const { storeContext } = memory;
    this.engine = engine;
    this.memory = memory;
    this.data = { address: data === 0 ? 0 : memory.allocateBytes(data), length: data };
    this.traps = new TrapState(storeContext, () => this.#lock());
    this.runtime = new StoreRuntime(this);
    this.builtins = this.objects.add(builtinImplementations(this));
    this.slots = new GuestMemory(memory.memory);
  }

  /**
   * What it has for resources; made when the first component that has any is instantiated. Throws `TypeError` when that part
   * of the host has to be loaded first.
   */
  get resources(): StoreResources {
    if (this.#resources === undefined) {
      const { StoreResources } = needPart('resources', 'resources');
      this.#resources = new StoreResources(this);
    }
    return this.#resources;
  }
  get resourceTypes(): ResourceTypes {
    return this.resources.types;
  }
  /** Operations on handles. Nobody asks an instance for them that has no resources. */
  get handles(): HandleOps {
    return this.#resources?.handles ?? noHandles;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Throws `DisposedError` after the end of the store. */
  checkLive(): void {
    if (this.#disposed) throw new DisposedError('the store has been disposed');
  }

  /** As {@link checkLive}; throws `Trap` after a trap. `what` is to be entered. */
  checkOpen(what: string): void {
    this.checkLive();
    if (this.memory.storeContext.locked !== 0) throw cannotEnterTrap(this.traps.trap, what, 'instantiate');
  }

  /** Whether there is no instance in it. */
  get empty(): boolean {
    return this.memory.contexts.size === 0;
  }

  /** Called when `instance` is released. */
  forget(instance: ComponentInstance): void {
    if (this.#last === instance) {
      this.#last = undefined;
      this.#lastAddress = 0;
    }
  }

  /** The instance whose vmctx is at `address`, an address that wasm gave us: its magic is checked first. */
  instanceAt(address: number): ComponentInstance {
    if (address === this.#lastAddress && this.#last !== undefined) {
      this.#last.vmctx.checkMagic();
      return this.#last;
    }
    const instance = this.memory.contextAt(address).owner as ComponentInstance | null;
    if (instance === null) throw new InternalError(`no component instance has its context at ${address}`);
    this.#last = instance;
    this.#lastAddress = address;
    return instance;
  }

  /** Those that have not been released. */
  instances(): ComponentInstance[] {
    const all = Array.from(this.memory.contexts.values(), ({ owner }) => owner as ComponentInstance);
    return all.filter(({ released }) => !released);
  }

  /**
   * Keeps every instance from being entered: the store says so, and each root has its entered bit set for good, so that
   * a call need look at one word.
   */
  #lock(): void {
    this.memory.storeContext.locked = 1;
    for (const { words, vmctx } of this.instances()) {
      words.share();
      vmctx.closeInstance(0);
    }
  }

  /** Throws when a call is under way: its frames still use the memory. */
  dispose(): void {
    if (this.#disposed) return;
    const instances = this.instances();
    if (this.memory.storeContext.locked === 0) {
      for (const instance of instances) instance.checkIdle('the store');
    }
    // Of a store that has trapped, and of start functions, frames may be on the stack.
    const idle = this.memory.storeContext.locked === 0 && this.starting === 0;
    this.#lock();
    this.#disposed = true;
    for (const instance of instances) instance.release();
    this.callees = null;
    this.memory.dispose(idle);
  }
}

const pools = new WeakMap<Engine, ArenaPool>();

/** Where the stores of an engine have their context memory. */
function arenasOf(engine: Engine): ArenaPool {
  let pool = pools.get(engine);
  if (pool === undefined) {
    pool = new ArenaPool();
    pools.set(engine, pool);
  }
  return pool;
}

/** The state behind a store. */
export let storeState: (store: Store) => StoreState;

/**
 * Instances that live in one store end together: when one of them traps, none can be entered again. `using store = new
 * Store()` frees what they occupy at the end of the block; what still refers to them throws {@link DisposedError} then.
 */
export class Store {
  readonly #state: StoreState;
  #data: Uint8Array<ArrayBuffer> | undefined;

  constructor(options: StoreOptions = {}) {
    this.#state = new StoreState(options.engine ?? Engine.default, options.data);
  }

  get engine(): Engine {
    return this.#state.engine;
  }

  /**
   * The bytes that it shares with its components, without copies. Its context memory may grow when something is
   * instantiated or called, and a view that was taken before is empty then: ask for it again, which costs nothing.
   * Throws `DisposedError` when the store has been disposed.
   */
  get data(): Uint8Array<ArrayBuffer> {
    const state = this.#state;
    state.checkLive();
    const { buffer } = state.memory.memory;
    if (this.#data?.buffer !== buffer) this.#data = new Uint8Array(buffer, state.data.address, state.data.length);
    return this.#data;
  }

  /** The trap that locked the store; null while it can be entered. */
  get trap(): Trap | InternalError | null {
    return this.#state.traps.trap;
  }

  get disposed(): boolean {
    return this.#state.disposed;
  }

  /** Bytes of the context memory in use: contexts, handle tables. The spill stack, 64 KiB where there is one, is not counted. */
  get usedBytes(): number {
    return this.#state.memory.usedBytes;
  }

  /**
   * A copy of `length` bytes of its context memory from `address` on, for tools that show what lies there: the store context, handle
   * tables (`@gangway/offsets` says where, `Instance.context` has the addresses). `RangeError` where they are not all its own:
   * other stores may be in the same memory. `DisposedError` when the store has been disposed.
   */
  contextBytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    const state = this.#state;
    state.checkLive();
    if (!(length >= 0 && state.memory.owns(address, length))) {
      throw new RangeError(`the ${length} bytes at ${address} are not the store's own`);
    }
    return state.memory.u8.slice(address, address + length);
  }

  /** Ends all its instances. Throws `TypeError` when a call is under way; does nothing the second time. */
  dispose(): void {
    this.#state.dispose();
  }

  static {
    storeState = (store) => store.#state;
    disposable(Store);
  }

  declare [Symbol.dispose]: () => void;
}
