/**
 * `StoreRuntime`: what a store does for the call path (`call/guest-side.ts` states it). Entering the host from wasm goes
 * through here: address → instance → store.
 */
import type { ComponentInstanceIndex, OptionsIndex } from '@gangway/component/plan';
import { CallFrameOffsets } from '@gangway/offsets';
import type { GuestSide, HostRuntime, Origin } from './call/guest-side.ts';
import type { ComponentInstance } from './component-instance.ts';
import { type ComponentFrame, DisposedError } from './errors.ts';
import { StoreHandles } from './handle-ops.ts';
import type { InstanceSide } from './instance-side.ts';
import type { StoreState } from './store.ts';
import { cannotEnterTrap } from './trap.ts';

export class StoreRuntime implements HostRuntime {
  readonly handles: StoreHandles;
  readonly hostObjects: readonly unknown[];
  readonly #store: StoreState;
  readonly #frame: CallFrameOffsets;
  /** Start of the spill stack: an address. */
  readonly #spillBase: number;

  constructor(store: StoreState) {
    this.#store = store;
    this.handles = new StoreHandles(store);
    this.hostObjects = store.objects.array;
    this.#frame = new CallFrameOffsets(store.memory.pointerSize);
    this.#spillBase = store.memory.storeContext.spillPointer;
  }

  side(vmctx: number, options: OptionsIndex): GuestSide {
    return this.#store.instanceAt(vmctx).side(options);
  }

  record(side: GuestSide, error: unknown, origin: Origin): void {
    this.#store.traps.record(side.vmctx, side.instance, error, origin);
  }

  translate(side: GuestSide, error: unknown, name: string): unknown {
    return this.trapAt((side as InstanceSide).owner, side.instance, error, name);
  }

  cannotEnter(side: GuestSide, name: string): unknown {
    return this.refuse((side as InstanceSide).owner, side.instance, name);
  }

  /** As `translate`, for calls that have no canonical options: destructors, start functions. */
  trapAt(owner: ComponentInstance, instance: ComponentInstanceIndex, error: unknown, name: string): unknown {
    const frames = this.#takeFrames(owner);
    frames.push({ instance: owner.instanceName(instance), function: name });
    const taken = this.#store.traps.take(error, frames);
    const { storeContext } = this.#store.memory;
    if (storeContext.frame === 0) storeContext.spillPointer = this.#spillBase;
    return taken;
  }

  /** As `cannotEnter`. */
  refuse(owner: ComponentInstance, instance: ComponentInstanceIndex, name: string): unknown {
    if (this.#store.disposed) return new DisposedError('the store of this function has been disposed');
    if (owner.released) return new DisposedError('the instance of this function has been disposed');
    return cannotEnterTrap(this.#store.traps.trap, owner.instanceName(instance), name);
  }

  /**
   * Takes the call frame records off the chain that were pushed since the host entered `owner`: the calls between its
   * component instances, innermost first.
   */
  #takeFrames(owner: ComponentInstance): ComponentFrame[] {
    const { memory } = this.#store;
    const { storeContext } = memory;
    const frames: ComponentFrame[] = [];
    const words = memory.u32;
    const read = (record: number, offset: number): number => words[(record + offset) >>> 2] as number;
    let record = storeContext.frame;
    while (record !== 0) {
      const caller = read(record, this.#frame.callerVmctx);
      const callee = read(record, this.#frame.calleeVmctx);
      const link = read(record, this.#frame.link);
      if (caller === 0) {
        // The record of a host's call with borrows: this boundary's own, or that of an outer one.
        if (callee === owner.vmctx.address) record = link;
        break;
      }
      const instance = this.#store.instanceAt(callee);
      const index = read(record, this.#frame.calleeInstance) as ComponentInstanceIndex;
      frames.push({ instance: instance.instanceName(index), function: null });
      record = link;
      if (record !== 0 && caller === owner.vmctx.address && read(record, this.#frame.calleeVmctx) !== caller) break;
    }
    storeContext.frame = record;
    return frames;
  }
}
