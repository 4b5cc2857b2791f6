/**
 * `Instance`: what the embedder holds of a component instance. In: the run-time instance. Out: its exports, its functions
 * by their names in the component, and the way to make more like it.
 */
import type { PlanExport } from '@gangway/component/plan';
import type { JsFunction } from '../call/requests.ts';
import type { Component } from '../compile/component.ts';
import { disposable } from '../dispose-symbol.ts';
import { DisposedError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ComponentInstance } from './component-instance.ts';
import { type Exports, exportFunction, makeExports } from './exports-object.ts';
import { InstancePre } from './instance-pre.ts';

/** The run-time instance behind what the embedder holds. */
export let componentInstance: (instance: Instance<object>) => ComponentInstance;

/** `E` is what the embedder knows of its exports. */
export class Instance<E extends object = Exports> {
  readonly store: Store;
  readonly component: Component;
  /** Functions in camelCase, resource classes in PascalCase, interfaces by their full names. */
  readonly exports: E;

  readonly #inner: ComponentInstance;

  /** Not for embedders: `instantiate`. */
  constructor(instance: ComponentInstance, store: Store) {
    this.store = store;
    this.component = instance.component;
    this.exports = makeExports(instance, instance.component.plan.exports, []) as object as E;
    this.#inner = instance;
  }

  /**
   * An exported function by its exact name, after the names of the instances around it: `getFunc('greet')`,
   * `getFunc('wasi:cli/run@0.2.0', 'run')`, `getFunc('a:b/c', '[method]blob.read')` (which takes the object first).
   * Undefined when there is none.
   */
  getFunc(...path: readonly string[]): JsFunction | undefined {
    const instance = componentInstance(this);
    if (instance.released) throw new DisposedError('the instance has been disposed');
    let exports: readonly PlanExport[] = this.component.plan.exports;
    let found: PlanExport | undefined;
    for (const name of path) {
      found = exports.find((exported) => exported.name === name);
      exports = found?.kind === 'instance' ? found.exports : [];
    }
    if (found?.kind !== 'lifted-func' && found?.kind !== 'imported-func') return undefined;
    return exportFunction(instance, found);
  }

  /** The component with the imports that this instance was made with, for more of the same kind. */
  instancePre(): InstancePre {
    return new InstancePre(this.component, componentInstance(this).imports);
  }

  /** Bytes of the linear memories that its core instances export: what the guest holds, and what never shrinks. */
  get memoryBytes(): number {
    const memories = new Set<WebAssembly.Memory>();
    for (const exports of componentInstance(this).coreExports) {
      for (const value of Object.values(exports ?? {})) if (value instanceof WebAssembly.Memory) memories.add(value);
    }
    return [...memories].reduce((bytes, memory) => bytes + memory.buffer.byteLength, 0);
  }

  /** Frees what the instance occupies in its store. Its functions throw after that. `TypeError` during a call into it. */
  dispose(): void {
    const instance = componentInstance(this);
    if (instance.released) return;
    if (this.store.trap === null) instance.checkIdle('the instance');
    instance.release();
  }

  static {
    componentInstance = (instance) => instance.#inner;
    disposable(Instance);
  }

  declare [Symbol.dispose]: () => void;
}
