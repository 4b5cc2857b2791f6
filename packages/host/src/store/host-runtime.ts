/**
 * `StoreRuntime`: what a store does for the call path (`call/guest-side.ts` states it). Entering the host from wasm goes
 * through here: address → instance → store.
 */
import type { ComponentInstanceIndex, OptionsIndex } from '@gangway/component/plan';
import { trapNumber } from '@gangway/component/traps';
import { CallFrameOffsets } from '@gangway/offsets';
import type { GuestSide, HandleOps, HostRuntime, Origin } from '../call/guest-side.ts';
import { type ComponentFrame, DisposedError } from '../errors.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { InstanceSide } from '../instance/instance-side.ts';
import type { StoreState } from './store.ts';
import { cannotEnterTrap } from './trap.ts';

export class StoreRuntime implements HostRuntime {
  readonly hostObjects: readonly unknown[];
  readonly #store: StoreState;

  constructor(store: StoreState) {
    this.#store = store;
    this.hostObjects = store.objects.array;
  }

  get handles(): HandleOps {
    return this.#store.handles;
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
    const { storeContext, spillBase } = this.#store.memory;
    if (storeContext.trapCode === trapNumber('cannot-enter')) {
      this.#store.closed?.get(storeContext.trapVmctx)?.explain();
    }
    const taken = this.#store.traps.take(error, frames);
    if (storeContext.frame === 0) storeContext.spillPointer = spillBase;
    return taken;
  }

  /** As `cannotEnter`. */
  refuse(owner: ComponentInstance, instance: ComponentInstanceIndex, name: string): unknown {
    if (this.#store.disposed) return new DisposedError('the store of this function has been disposed');
    if (owner.released) return new DisposedError('the instance of this function has been disposed');
    return cannotEnterTrap(this.#store.traps.trap, owner.instanceName(instance), name);
  }

  /**
   * Takes the call frame records off the chain that were pushed since the host entered `owner`: the calls between
   * component instances, its own and those it is linked with, innermost first. The first of them was made by `owner`,
   * which is on the stack once only; older ones belong to what the host was called from.
   */
  #takeFrames(owner: ComponentInstance): ComponentFrame[] {
    const { memory } = this.#store;
    const { storeContext } = memory;
    const offsets = new CallFrameOffsets(memory.pointerSize);
    const found: ComponentFrame[] = [];
    const words = memory.u32;
    const read = (record: number, offset: number): number => words[(record + offset) >>> 2] as number;
    let count = 0;
    let rest = storeContext.frame;
    for (let record = rest; record !== 0; ) {
      const caller = read(record, offsets.callerVmctx);
      const callee = read(record, offsets.calleeVmctx);
      const link = read(record, offsets.link);
      if (caller === 0) {
        // The record of a host's call with borrows: this boundary's own, or that of an outer one.
        if (callee === owner.vmctx.address) {
          count = found.length;
          rest = link;
        }
        break;
      }
      const index = read(record, offsets.calleeInstance) as ComponentInstanceIndex;
      found.push({ instance: this.#store.instanceAt(callee).instanceName(index), function: null });
      if (caller === owner.vmctx.address) {
        count = found.length;
        rest = link;
      }
      record = link;
    }
    storeContext.frame = rest;
    return found.slice(0, count);
  }
}
