/**
 * `InstancePre`: a component with its imports resolved. In: a component and an imports object or a `Linker`, checked
 * once. Out: instances, any number of them, each for the price of replaying the initializers.
 */
import { Component } from '../compile/component.ts';
import { LinkError } from '../errors.ts';
import { part, partNow } from '../forms/parts.ts';
import { type ImportScope, type ImportsObject, type ImportValue, resolveImports } from '../link/imports.ts';
import { Store, storeState } from '../store/store.ts';
import type { Exports } from './exports-object.ts';
import { Instance } from './instance.ts';
import { instantiateLater, instantiateNow } from './instantiate.ts';

export class InstancePre {
  readonly component: Component;
  readonly #imports: readonly ImportValue[];

  /** Not for embedders: {@link InstancePre.link}. */
  constructor(component: Component, imports: readonly ImportValue[]) {
    this.component = component;
    this.#imports = imports;
  }

  /**
   * Resolves the imports. Throws `LinkError` for the first that is missing or of the wrong kind, and `TypeError` for a
   * component that instantiates imported components: those take {@link InstancePre.prepare}.
   */
  static link(component: Component, imports: ImportsObject | ImportScope = {}): InstancePre {
    if (!(component instanceof Component)) throw new TypeError('expected a Component');
    if (component.plan.unlinked.length !== 0) {
      throw new TypeError('the component instantiates imported components: linking it takes InstancePre.prepare()');
    }
    return new InstancePre(component, resolveImports(component, imports));
  }

  /** As {@link InstancePre.link}, for every component: imported components are linked in and compiled. */
  static async prepare(component: Component, imports: ImportsObject | ImportScope = {}): Promise<InstancePre> {
    if (!(component instanceof Component)) throw new TypeError('expected a Component');
    const linked = component.plan.unlinked.length === 0 ? component : await linkComponents(component, imports);
    if (!linked.prepared) await linked.prepare();
    try {
      return new InstancePre(linked, resolveImports(linked, imports));
    } catch (error) {
      if (!(error instanceof LinkError) || partNow('texts') !== undefined) throw error;
      await part('texts');
      return new InstancePre(linked, resolveImports(linked, imports));
    }
  }

  /** A new instance, in its own store unless it is given one. Rejects with `Trap` when a start function traps. */
  async instantiate<E extends object = Exports>(
    store: Store = new Store({ engine: this.component.engine }),
  ): Promise<Instance<E>> {
    const state = storeState(store);
    checkStore(state.engine === this.component.engine);
    if (!this.component.prepared) await this.component.prepare();
    return new Instance<E>(await instantiateLater(state, this.component, this.#imports), store);
  }

  /** The same without waiting. In a browser's main thread core modules may be refused that are larger than 4 MB. */
  instantiateSync<E extends object = Exports>(
    store: Store = new Store({ engine: this.component.engine }),
  ): Instance<E> {
    const state = storeState(store);
    checkStore(state.engine === this.component.engine);
    return new Instance<E>(instantiateNow(state, this.component, this.#imports), store);
  }
}

async function linkComponents(component: Component, imports: ImportsObject | ImportScope): Promise<Component> {
  const { linkFrom } = await import('../parts/components.ts');
  return linkFrom(component, imports);
}

function checkStore(same: boolean): void {
  if (!same) throw new TypeError('the component and the store belong to different engines');
}
