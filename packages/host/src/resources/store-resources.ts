/**
 * What a store has when one of its components has resources: their types, the operations on handles, finalizers. In: the
 * store. It is a part of the host that is loaded with the first such component.
 */
import type { ComponentInstanceIndex, ResourceIndex } from '@gangway/component/plan';
import { handleTable } from '@gangway/vmctx/handle-table';
import { AbiTrap } from '../call/abi-trap.ts';
import { disposeSymbol } from '../dispose-symbol.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { StoreState } from '../store/store.ts';
import { destroy } from './destroy.ts';
import { StoreHandles } from './handle-ops.ts';
import { Finalizers } from './resource-handle.ts';
import { type GuestResourceType, type ResourceType, ResourceTypes } from './resource-type.ts';

export class StoreResources {
  readonly types: ResourceTypes;
  readonly handles: StoreHandles;
  readonly #store: StoreState;

  constructor(store: StoreState) {
    const { memory } = store;
    const { address, offsets } = memory.storeContext;
    const locked = (address + offsets.locked) >>> 2;
    this.#store = store;
    this.types = new ResourceTypes(new Finalizers(() => store.disposed || memory.u32[locked] !== 0));
    this.handles = new StoreHandles(memory);
  }

  /** The resource types of a new instance, by `ResourceIndex`; undefined for an abstract one. */
  typesOf(instance: ComponentInstance): (ResourceType | undefined)[] {
    return instance.component.plan.resources.map((resource, i) => {
      const index = i as ResourceIndex;
      if (resource.kind === 'imported') {
        return this.types.forClass(instance.importOf(resource.import, 'resource').class);
      }
      if (resource.kind !== 'defined') return undefined;
      return this.types.define(resource.name ?? `resource-${i}`, instance, resource.instance, index);
    });
  }

  /** As `ComponentInstance.destroy`. */
  destroy(instance: ComponentInstance, type: GuestResourceType, rep: number): void {
    destroy(instance, type, rep);
  }

  /** The built-in `grow-handle-table`. */
  growTable(vmctx: number, instance: number): number {
    const store = this.#store;
    try {
      if (handleTable(store.instanceAt(vmctx).vmctx, instance).grow()) return 1;
      throw new AbiTrap('handle-table-full');
    } catch (error) {
      store.traps.record(vmctx, instance as ComponentInstanceIndex, error, 'guest');
      return 0;
    }
  }

  /** The built-in `drop-host-resource`. */
  dropHostResource(vmctx: number, resource: number, rep: number): number {
    const store = this.#store;
    // A resource of the embedder, unless the import is a class that another instance exports.
    let origin: 'guest' | 'host' = 'guest';
    try {
      const type = store.instanceAt(vmctx).resourceType(resource as ResourceIndex);
      if (type.kind === 'guest') {
        type.instance?.destroy(type, rep >>> 0);
        return 1;
      }
      const object = type.remove(rep >>> 0);
      origin = 'host';
      const dispose: unknown = Reflect.get(object, disposeSymbol);
      if (typeof dispose === 'function') Reflect.apply(dispose, object, []);
      return 1;
    } catch (error) {
      store.traps.record(vmctx, 0 as ComponentInstanceIndex, error, origin);
      return 0;
    }
  }
}
