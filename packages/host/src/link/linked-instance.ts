/**
 * An instance that is linked with others in its store: whose functions it calls, and how many call its own. In: its links, when the
 * memories that they need are there. Out: functions for the trampolines' slots; at the end of the instance, its context freed
 * when nobody has its address any more.
 *
 * Apart from the instance: most are not linked, and do not load this.
 */
import { trapText } from '@gangway/component/traps';
import type { CoreFunction } from '../call/guest-side.ts';
import { DisposedError } from '../errors.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { LinkAdapter } from './links.ts';

export class LinkedInstance {
  readonly #instance: ComponentInstance;
  /** Those that adapters of this one call; how many have adapters that call this one. */
  readonly #callees = new Set<LinkedInstance>();
  #callers = 0;

  private constructor(instance: ComponentInstance) {
    this.#instance = instance;
  }

  static of(instance: ComponentInstance): LinkedInstance {
    return (instance.linked ??= new LinkedInstance(instance));
  }

  /** Makes the adapter of a link, with its own memories and the callee's. */
  connect(callee: ComponentInstance, { emitted, module }: LinkAdapter): CoreFunction {
    if (callee.released) throw new DisposedError('the instance of a linked function has been disposed');
    callee.words.share();
    const instance = this.#instance;
    instance.store.memory.needSpillStack();
    const { exports } = new WebAssembly.Instance(module, instance.emittedImports(emitted.imports, 0, callee));
    const other = LinkedInstance.of(callee);
    if (!this.#callees.has(other)) {
      this.#callees.add(other);
      other.#callers += 1;
    }
    return exports['adapter'] as CoreFunction;
  }

  /** The instance has been disposed. */
  release(): void {
    for (const callee of this.#callees) callee.#callerGone();
    this.#callees.clear();
    if (this.#callers === 0) this.#instance.vmctx.free();
    else this.#refuse();
  }

  /** Adapters of other instances have the address of the vmctx: it stays, and says that nothing can be entered. */
  #refuse(): void {
    const { component, store, vmctx } = this.#instance;
    component.plan.componentInstances.forEach((_, i) => {
      vmctx.closeInstance(i);
    });
    store.closed ??= new Map();
    store.closed.set(vmctx.address, this);
  }

  #callerGone(): void {
    this.#callers -= 1;
    const { released, store, vmctx } = this.#instance;
    if (this.#callers > 0 || !released) return;
    store.closed?.delete(vmctx.address);
    vmctx.free();
  }

  /** An adapter to it has found it entered, which it will be for ever: why. */
  explain(): void {
    const name = this.#instance.instanceName(0 as never);
    const text = `${trapText('cannot-enter')}: ${name} has been disposed`;
    this.#instance.store.traps.explain(
      'cannot-enter',
      text,
      new DisposedError(`the instance ${name} has been disposed`),
    );
  }
}
