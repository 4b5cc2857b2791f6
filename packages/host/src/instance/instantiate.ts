/**
 * Instantiation: replays a plan's initializers into a new vmctx. In: a store, a component and its resolved imports. Out:
 * a `ComponentInstance` whose slots are set, each once, before anything reads it.
 *
 * There are two drivers, one that waits for large modules and one that does not; they share every step. Rejected: always
 * waiting (an instance of small modules costs microseconds, a promise for each of them costs as much again), and a
 * generator that both drive (it costs more than a step).
 */
import type { ComponentInstanceIndex, ComponentPlan, Initializer, ResourceIndex } from '@gangway/component/plan';
import { VmctxError } from '@gangway/vmctx';
import type { Component } from '../compile/component.ts';
import { InternalError, UnsupportedError, unreachable } from '../errors.ts';
import type { ImportValue } from '../link/imports.ts';
import { linksLater, linksNow } from '../link/linking.ts';
import type { StoreState } from '../store/store.ts';
import { ComponentInstance } from './component-instance.ts';

/** A core module to be instantiated. */
export interface CoreInstantiation {
  readonly module: WebAssembly.Module;
  readonly imports: WebAssembly.Imports;
  /** Bytes of the module; null when it is not known. */
  readonly size: number | null;
}

/** Chromium's main thread refuses to instantiate larger modules synchronously: bytes. */
export const SYNC_LIMIT = 4 * 1024 * 1024;

/** Everything on the calling thread, now. */
export function instantiateNow(
  store: StoreState,
  component: Component,
  imports: readonly ImportValue[],
): ComponentInstance {
  const instance = new ComponentInstance(store, component, imports, linksNow(store, component, imports));
  try {
    const { plan } = component;
    prepare(instance);
    for (const initializer of plan.initializers) {
      if (initializer.kind !== 'instantiate-module') {
        run(instance, plan, initializer);
        continue;
      }
      const wanted = coreInstantiation(instance, plan, initializer);
      try {
        instance.coreInstances[initializer.instance] = instantiateModule(instance, wanted);
      } catch (error) {
        throw failure(instance, error);
      }
    }
    return instance;
  } catch (error) {
    instance.release();
    throw error instanceof VmctxError ? new InternalError(error.message, { cause: error }) : error;
  }
}

/** Large core modules are instantiated asynchronously. */
export async function instantiateLater(
  store: StoreState,
  component: Component,
  imports: readonly ImportValue[],
): Promise<ComponentInstance> {
  const links = await linksLater(store, component, imports);
  const instance = new ComponentInstance(store, component, imports, links);
  try {
    const { plan } = component;
    prepare(instance);
    for (const initializer of plan.initializers) {
      if (initializer.kind !== 'instantiate-module') {
        run(instance, plan, initializer);
        continue;
      }
      const wanted = coreInstantiation(instance, plan, initializer);
      const { module, imports: values, size } = wanted;
      const small = size !== null && size <= SYNC_LIMIT;
      let made: WebAssembly.Instance;
      try {
        made = small ? instantiateModule(instance, wanted) : await WebAssembly.instantiate(module, values);
      } catch (error) {
        throw failure(instance, error);
      }
      store.checkOpen(component.name ?? '#0');
      instance.coreInstances[initializer.instance] = made;
    }
    return instance;
  } catch (error) {
    instance.release();
    throw error instanceof VmctxError ? new InternalError(error.message, { cause: error }) : error;
  }
}

/** A start function has context slots of its own: a host function may instantiate during a call from a guest. */
function instantiateModule({ contextSlots }: ComponentInstance, { module, imports }: CoreInstantiation) {
  if (contextSlots === null) return new WebAssembly.Instance(module, imports);
  return contextSlots.around(() => new WebAssembly.Instance(module, imports));
}

/** What the embedder gets when a core module cannot be instantiated: a trap when its start function or a segment trapped. */
function failure(instance: ComponentInstance, error: unknown): unknown {
  const { store } = instance;
  if (error instanceof WebAssembly.LinkError) {
    return new InternalError('a core module was given the wrong imports', { cause: error });
  }
  return store.traps.isTrap(error)
    ? store.runtime.trapAt(instance, 0 as ComponentInstanceIndex, error, 'start')
    : error;
}

type Simple = Exclude<Initializer, { readonly kind: 'instantiate-module' }>;

function run(instance: ComponentInstance, plan: ComponentPlan, initializer: Simple): void {
  const { vmctx } = instance;
  switch (initializer.kind) {
    case 'instantiate-adapters': {
      const emitted = instance.component.emitted.adapters[initializer.module];
      if (emitted === undefined)
        throw new UnsupportedError(0, 'calls between components need several memories a module');
      const base = instance.allocateFunctions(1);
      const { exports } = instance.instantiateEmitted(emitted, base);
      plan.adapterModules[initializer.module]!.forEach((adapter, i) => {
        instance.adapters[adapter] = exports[emitted.exports[i] as string] as never;
      });
      return;
    }
    case 'lower-import': {
      const link = instance.links.get(initializer.lowering);
      if (link !== undefined) {
        vmctx.setTrampoline(link.trampoline, {
          ...instance.connect(link),
          typeIndex: instance.component.signatures[link.trampoline] as number,
        });
        vmctx.setLowering(initializer.lowering, { callee: 0, data: 0 });
        return;
      }
      const value = instance.imports[initializer.import];
      if (value?.kind !== 'func') throw new InternalError(`import ${initializer.import} is no function`);
      vmctx.setLowering(initializer.lowering, {
        callee: calleesBase(instance) + 2 * initializer.lowering,
        data: instance.addObject(value.func),
      });
      return;
    }
    case 'extract-memory': {
      const memory = instance.coreValue(plan.memories[initializer.memory]!);
      vmctx.setMemory(initializer.memory, instance.addObject(memory) + 1);
      return;
    }
    case 'extract-table': {
      const table = instance.coreValue(plan.tables[initializer.table]!);
      vmctx.setTable(initializer.table, { from: instance.addObject(table) + 1, vmctx: vmctx.address, index: 0 });
      return;
    }
    case 'extract-realloc':
      vmctx.setRealloc(initializer.realloc, instance.functionIndex(plan.reallocs[initializer.realloc]!));
      return;
    case 'extract-callback':
      vmctx.setCallback(initializer.callback, instance.functionIndex(plan.callbacks[initializer.callback]!));
      return;
    case 'extract-post-return':
      vmctx.setPostReturn(initializer.postReturn, instance.functionIndex(plan.postReturns[initializer.postReturn]!));
      return;
    case 'resource': {
      const resource = plan.resources[initializer.resource]!;
      if (resource.kind !== 'defined') throw new InternalError(`resource ${initializer.resource} is not defined here`);
      const destructor = resource.dtor === null ? null : instance.functionIndex(resource.dtor);
      vmctx.setResourceDestructor(initializer.resource, destructor);
      return;
    }
    default:
      unreachable(initializer);
  }
}

function coreInstantiation(
  instance: ComponentInstance,
  plan: ComponentPlan,
  initializer: Extract<Initializer, { readonly kind: 'instantiate-module' }>,
): CoreInstantiation {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = Object.create(null);
  for (const { module, name, def } of initializer.args) {
    imports[module] ??= Object.create(null) as Record<string, WebAssembly.ImportValue>;
    imports[module][name] = instance.coreValue(def);
  }
  if (initializer.module.kind === 'static') {
    const index = initializer.module.module;
    const { start, end } = plan.modules[index]!;
    return { module: instance.component.modules[index]!, imports, size: end - start };
  }
  const value = instance.imports[initializer.module.import];
  if (value?.kind !== 'core-module') throw new InternalError(`import ${initializer.module.import} is no core module`);
  return { module: value.module, imports, size: null };
}

/** What is there before the first initializer: built-ins, destructor slots of others' resources, trampolines, intrinsics. */
function prepare(instance: ComponentInstance): void {
  const { vmctx, component } = instance;
  const { plan } = component;
  vmctx.setBuiltins(instance.store.builtins + 1);
  plan.resources.forEach((resource, i) => {
    if (resource.kind !== 'defined') vmctx.setResourceDestructor(i as ResourceIndex, null);
  });
  const { length } = plan.trampolines;
  const intrinsics = plan.intrinsics ?? [];
  if (length + intrinsics.length === 0) return;
  const { trampolines } = component.emitted;
  if (trampolines === null) throw new InternalError('the trampolines of the component have not been emitted');
  const base = instance.allocateFunctions(2 * length + intrinsics.length);
  instance.instantiateEmitted(trampolines, base);
  for (let i = 0; i < length; i++) {
    const trampoline = plan.trampolines[i]!;
    // Adapters take the place of these, when the memories that they need are there.
    if (trampoline.kind === 'lower-import' && instance.links.has(trampoline.lowering)) continue;
    vmctx.setTrampoline(i, {
      wasmCall: base + 2 * i,
      arrayCall: base + 2 * i + 1,
      typeIndex: component.signatures[i] as number,
    });
  }
  intrinsics.forEach((intrinsic, i) => {
    const func = base + 2 * length + i;
    vmctx.setIntrinsic(intrinsic, {
      wasmCall: func,
      arrayCall: func,
      typeIndex: component.signatures[length + i] as number,
    });
  });
}

/** Function index of the first callee of the component's lowerings; they are made once a store. */
function calleesBase(instance: ComponentInstance): number {
  const { store, component } = instance;
  let base = store.callees.get(component);
  if (base === undefined) {
    const { callees } = component.emitted;
    if (callees === null) throw new InternalError('the callees of the component have not been emitted');
    base = store.memory.allocateFunctions(2 * component.plan.counts.lowerings);
    store.callees.set(component, base);
    instance.instantiateEmitted(callees, base);
  }
  return base;
}
