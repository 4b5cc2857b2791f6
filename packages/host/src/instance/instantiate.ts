/**
 * Instantiation: replays a plan's initializers into a new vmctx. In: a store, a component and its resolved imports. Out:
 * a `ComponentInstance` whose slots are set, each once, before anything reads it.
 *
 * There are two drivers, one that waits for large modules and one that does not; they share every step. Rejected: always
 * waiting (an instance of small modules costs microseconds, a promise for each of them costs as much again), and a
 * generator that both drive (it costs more than a step).
 */
import type {
  ComponentInstanceIndex,
  CoreDef,
  CoreInstanceIndex,
  Initializer,
  PlanResource,
} from '@gangway/component/plan';
import { loweringPart, type SlotList, tablePart } from '@gangway/offsets';
import { VmctxError } from '@gangway/vmctx';
import type { Component } from '../compile/component.ts';
import { InternalError, UnsupportedError, unreachable } from '../errors.ts';
import type { ImportValue } from '../link/imports.ts';
import { linksLater, linksNow, noLinks } from '../link/linking.ts';
import type { StoreState } from '../store/store.ts';
import { ComponentInstance } from './component-instance.ts';
import { importsObject } from './imports-object.ts';

type InstantiateModule = Extract<Initializer, { readonly kind: 'instantiate-module' }>;
type DefinedResource = Extract<PlanResource, { readonly kind: 'defined' }>;

/** Chromium's main thread refuses to instantiate larger modules synchronously: bytes. */
const SYNC_LIMIT = 4 * 1024 * 1024;

/** Everything on the calling thread, now. */
export function instantiateNow(
  store: StoreState,
  component: Component,
  imports: readonly ImportValue[],
): ComponentInstance {
  const instance = new ComponentInstance(store, component, imports, linksNow(store, component, imports));
  try {
    prepare(instance);
    replay(instance, 0, Number.POSITIVE_INFINITY);
    return instance;
  } catch (error) {
    throw abandoned(instance, error);
  }
}

/** Large core modules are instantiated asynchronously. */
export async function instantiateLater(
  store: StoreState,
  component: Component,
  imports: readonly ImportValue[],
): Promise<ComponentInstance> {
  const links = store.empty ? noLinks : await linksLater(store, component, imports);
  const instance = new ComponentInstance(store, component, imports, links);
  try {
    prepare(instance);
    let large = replay(instance, 0, SYNC_LIMIT);
    while (large !== null) {
      const { exports } = await instantiateLarge(instance, large);
      store.checkOpen(component.name ?? '#0');
      instance.coreExports[large.instance] = exports;
      large = replay(instance, large.next, SYNC_LIMIT);
    }
    return instance;
  } catch (error) {
    throw abandoned(instance, error);
  }
}

/** Nothing is left of it. What the embedder gets for the error. */
function abandoned(instance: ComponentInstance, error: unknown): unknown {
  instance.release();
  return error instanceof VmctxError ? new InternalError(error.message, { cause: error }) : error;
}

/** A core module that is still to be instantiated, and the initializer behind it. */
interface LargeModule {
  readonly module: WebAssembly.Module;
  readonly imports: WebAssembly.Imports;
  readonly instance: CoreInstanceIndex;
  readonly next: number;
}

/** Replays the initializers from one on, up to a core module of more bytes than `limit`: it returns that. Null: it did all. */
function replay(instance: ComponentInstance, from: number, limit: number): LargeModule | null {
  const { component, coreExports, contextSlots, store } = instance;
  const { initializers, modules } = component.plan;
  for (let i = from; i < initializers.length; i++) {
    const step = initializers[i]!;
    if (step.kind !== 'instantiate-module') {
      run(instance, step);
      continue;
    }
    const { module: ref } = step;
    let module: WebAssembly.Module | undefined;
    // Of an imported one nobody knows.
    let size = Number.MAX_VALUE;
    if (ref.kind === 'static') {
      module = component.modules[ref.module];
      const place = modules[ref.module];
      if (module === undefined || place === undefined) throw new InternalError(`there is no core module ${ref.module}`);
      size = place.end - place.start;
    } else {
      module = instance.importOf(ref.import, 'core-module').module;
    }
    const imports = importsObject(step.args, ({ def }) => instance.coreValue(def));
    if (size > limit) return { module, imports, instance: step.instance, next: i + 1 };
    store.starting += 1;
    try {
      // A start function has context slots of its own: a host function may instantiate during a call from a guest.
      const make = (): WebAssembly.Instance => new WebAssembly.Instance(module, imports);
      coreExports[step.instance] = (contextSlots === null ? make() : contextSlots.around(make)).exports;
    } catch (error) {
      throw failure(instance, error);
    } finally {
      store.starting -= 1;
    }
    store.checkOpen(component.name ?? '#0');
  }
  return null;
}

async function instantiateLarge(
  instance: ComponentInstance,
  { module, imports }: LargeModule,
): Promise<WebAssembly.Instance> {
  const { store } = instance;
  store.starting += 1;
  try {
    return await WebAssembly.instantiate(module, imports);
  } catch (error) {
    throw failure(instance, error);
  } finally {
    store.starting -= 1;
  }
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

function run(instance: ComponentInstance, initializer: Exclude<Initializer, InstantiateModule>): void {
  const { vmctx, component } = instance;
  const { offsets } = vmctx;
  const { plan } = component;
  /** Puts the index of a function into its slot. */
  const setFunction = (list: SlotList, i: number, def: CoreDef): void => vmctx.set(list, i, instance.fillSlot(def));
  /** The index of a memory or a table in the store's array, plus one. */
  const addObject = (def: CoreDef): number => instance.addObject(instance.coreValue(def)) + 1;
  switch (initializer.kind) {
    case 'instantiate-adapters': {
      const emitted = component.emitted.adapters[initializer.module];
      if (emitted === undefined)
        throw new UnsupportedError(0, 'calls between components need several memories a module');
      // Adapters fill no slots.
      const { exports } = instance.instantiateEmitted(emitted, 0);
      instance.adapters ??= [];
      const { adapters } = instance;
      plan.adapterModules[initializer.module]!.forEach((adapter, i) => {
        adapters[adapter] = exports[emitted.exports[i] as string] as never;
      });
      return;
    }
    case 'lower-import': {
      const { lowering } = initializer;
      const link = instance.links.get(lowering);
      let callee = 0;
      let data = 0;
      if (link !== undefined) {
        const index = instance.linkSlot(link.trampoline, link.connect(instance));
        setFuncRef(instance, link.trampoline, index, index);
      } else {
        // Typed callees are imports of the trampolines.
        if (component.engine.options.lowering !== 'typed') callee = calleesBase(instance) + lowering;
        data = instance.addObject(instance.importOf(initializer.import, 'func').func);
      }
      vmctx.set(offsets.lowerings, lowering, callee);
      vmctx.set(offsets.lowerings, lowering, data, loweringPart.data);
      return;
    }
    case 'extract-memory':
      vmctx.set(offsets.memories, initializer.memory, addObject(plan.memories[initializer.memory]!));
      return;
    case 'extract-table': {
      const { table } = initializer;
      vmctx.set(offsets.tables, table, addObject(plan.tables[table]!));
      vmctx.set(offsets.tables, table, vmctx.address, tablePart.vmctx);
      vmctx.set(offsets.tables, table, 0, tablePart.index);
      return;
    }
    case 'extract-realloc':
      setFunction(offsets.reallocs, initializer.realloc, plan.reallocs[initializer.realloc]!);
      return;
    case 'extract-callback':
      setFunction(offsets.callbacks, initializer.callback, plan.callbacks[initializer.callback]!);
      return;
    case 'extract-post-return':
      setFunction(offsets.postReturns, initializer.postReturn, plan.postReturns[initializer.postReturn]!);
      return;
    case 'resource': {
      const { dtor } = plan.resources[initializer.resource] as DefinedResource;
      // Without one the slot says so from the start.
      if (dtor !== null) setFunction(offsets.resourceDestructors, initializer.resource, dtor);
      return;
    }
    default:
      unreachable(initializer);
  }
}

/** The func ref of trampoline `i`: function indices of its typed and of its spilled form. */
function setFuncRef({ vmctx, component }: ComponentInstance, i: number, wasmCall: number, arrayCall: number): void {
  vmctx.setFuncRef(vmctx.offsets.trampolineFuncRefs, i, {
    wasmCall,
    arrayCall,
    typeIndex: component.signatures[i] as number,
  });
}

/** What is there before the first initializer: built-ins, slots of resources without destructor, trampolines, intrinsics. */
function prepare(instance: ComponentInstance): void {
  const { vmctx, component } = instance;
  const { offsets } = vmctx;
  const { trampolines, intrinsics = [], reallocs, callbacks, postReturns, resources } = component.plan;
  vmctx.set(offsets.builtins, 0, instance.store.builtins + 1);
  resources.forEach((resource, i) => {
    if (resource.kind !== 'defined' || resource.dtor === null) vmctx.set(offsets.resourceDestructors, i, 0);
  });
  const { length } = trampolines;
  const emitted = 2 * length + intrinsics.length;
  // Behind what is emitted, the functions that the vmctx names besides.
  const named = reallocs.length + callbacks.length + postReturns.length + resources.length;
  const base = instance.allocateSlots(emitted, emitted + named);
  if (emitted === 0) return;
  const code = component.emitted.trampolines;
  if (code === null) throw new InternalError('the trampolines of the component have not been emitted');
  instance.instantiateEmitted(code, base);
  for (let i = 0; i < length; i++) {
    const trampoline = trampolines[i]!;
    // Adapters take the place of these, when the memories that they need are there.
    if (trampoline.kind === 'lower-import' && instance.links.has(trampoline.lowering)) continue;
    setFuncRef(instance, i, base + 2 * i, base + 2 * i + 1);
  }
  intrinsics.forEach((intrinsic, i) => {
    const func = base + 2 * length + i;
    vmctx.setFuncRef(offsets.intrinsicFuncRefs, intrinsic, {
      wasmCall: func,
      arrayCall: func,
      typeIndex: component.signatures[length + i] as number,
    });
  });
}

/** Function index of the first callee of the component's lowerings, in the spilled form; they are made once a store. */
function calleesBase(instance: ComponentInstance): number {
  const { store, component } = instance;
  store.callees ??= new Map();
  let base = store.callees.get(component);
  if (base === undefined) {
    const { callees } = component.emitted;
    if (callees === null) throw new UnsupportedError(null, "the component was compiled for lowering: 'typed'");
    base = store.memory.allocateFunctions(component.plan.counts.lowerings);
    store.callees.set(component, base);
    instance.instantiateEmitted(callees, base);
  }
  return base;
}
