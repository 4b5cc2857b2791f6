/**
 * Run-time linking: which lowered imports of a new instance are functions of other instances in its store. In: the store,
 * the component and its resolved imports. Out: for each of those a fused adapter, the same code that connects components
 * of one binary; the trampoline's func ref in the vmctx names it, and no JavaScript runs in the call.
 *
 * A function of another store's instance is lifted to JavaScript, and so is one where no adapter can be made: the engine
 * has one memory a module, or neither component came with a code generator.
 *
 * Rejected: one adapter module for all functions of two instances. Their memories and reallocs are known at different
 * steps of instantiation, and what a guest does not import is not lowered.
 */
import type { EmittedModule } from '@gangway/adapter-codegen/emitted';
import type { ComponentPlan, LoweringIndex, Trampoline, TrampolineIndex } from '@gangway/component/plan';
import type { CoreFunction } from '../call/guest-side.ts';
import type { Component } from '../compile/component.ts';
import { DisposedError, InternalError, LinkError } from '../errors.ts';
import type { LiftedExport } from '../forms/forms.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import { funcTypeText } from '../reflect/type-text.ts';
import type { StoreState } from '../store/store.ts';
import { exportedFunc } from './exported-funcs.ts';
import type { ImportValue } from './imports.ts';
import { LinkedInstance } from './linked-instance.ts';
import type { Links } from './linking.ts';
import { funcTypesMatch, type TypeSide } from './match-types.ts';

type LowerImport = Extract<Trampoline, { readonly kind: 'lower-import' }>;

/** What an adapter is emitted for: a lowered import of one component and a lifted function of another. */
export interface LinkRequest {
  readonly caller: { readonly component: Component; readonly trampoline: LowerImport };
  readonly callee: { readonly component: Component; readonly exported: LiftedExport };
}

/** The code generator, as far as linking goes. A component that was compiled ahead of time comes without. */
export interface LinkEmitter {
  emit(request: LinkRequest): Promise<EmittedModule>;
  /** Null: this code generator has to be loaded first. */
  emitNow(request: LinkRequest): EmittedModule | null;
}

/** An adapter module; it serves every pair of instances of the two components. */
export interface LinkAdapter {
  readonly emitted: EmittedModule;
  readonly module: WebAssembly.Module;
}

/** One lowered import that is connected to a function of another instance. */
export interface Link {
  readonly trampoline: TrampolineIndex;
  readonly callee: ComponentInstance;
  readonly adapter: LinkAdapter;
  /** Makes the adapter for a caller: what the trampoline's func ref names. Throws `DisposedError` when the callee is gone. */
  readonly connect: (caller: ComponentInstance) => CoreFunction;
}

/** A link whose adapter may not be there yet. */
interface Wanted {
  readonly index: TrampolineIndex;
  readonly trampoline: LowerImport;
  readonly callee: ComponentInstance;
  readonly request: LinkRequest;
}

/** The links of a new instance. Throws `LinkError` where types differ, `DisposedError` where the other instance is gone. */
export async function findLinks(
  store: StoreState,
  component: Component,
  imports: readonly ImportValue[],
): Promise<Links> {
  const links = new Map<LoweringIndex, Link>();
  for (const wanted of wantedLinks(store, component, imports)) {
    const adapter = await adapterLater(wanted.request);
    if (adapter !== null) add(links, wanted, adapter);
  }
  return links;
}

/** The same without waiting: where the code generator has to be loaded first and has not been, there is no link. */
export function findLinksNow(store: StoreState, component: Component, imports: readonly ImportValue[]): Links {
  const wanted = wantedLinks(store, component, imports);
  const links = new Map<LoweringIndex, Link>();
  for (const one of wanted) {
    const adapter = adapterNow(one.request);
    if (adapter !== null) add(links, one, adapter);
  }
  return links;
}

function add(links: Map<LoweringIndex, Link>, { index, trampoline, callee }: Wanted, adapter: LinkAdapter): void {
  const connect = (caller: ComponentInstance): CoreFunction => LinkedInstance.of(caller).connect(callee, adapter);
  links.set(trampoline.lowering, { trampoline: index, callee, adapter, connect });
}

function wantedLinks(store: StoreState, component: Component, imports: readonly ImportValue[]): Wanted[] {
  const { plan, engine } = component;
  const found: Wanted[] = [];
  plan.trampolines.forEach((trampoline, index) => {
    if (trampoline.kind !== 'lower-import') return;
    const value = imports[trampoline.import];
    const target = value?.kind === 'func' ? exportedFunc(value.func) : undefined;
    if (target === undefined || target.instance.store !== store) return;
    const { instance: callee, exported } = target;
    const { path } = plan.runtimeImports[trampoline.import]!;
    if (callee.released) {
      throw new DisposedError(`import ${path.join(' / ')}: the instance of this function has been disposed`);
    }
    checkTypes(store, plan, imports, trampoline, callee, exported);
    const isAsync = (p: ComponentPlan, options: number): boolean => p.options[options]!.async;
    if (isAsync(plan, trampoline.options) || isAsync(callee.component.plan, exported.options)) return;
    if (!engine.options.multiMemory) return;
    const request = { caller: { component, trampoline }, callee: { component: callee.component, exported } };
    found.push({ index: index as TrampolineIndex, trampoline, callee, request });
  });
  return found;
}

function checkTypes(
  store: StoreState,
  plan: ComponentPlan,
  imports: readonly ImportValue[],
  trampoline: LowerImport,
  callee: ComponentInstance,
  exported: LiftedExport,
): void {
  const caller: TypeSide = {
    plan,
    resource: (index) => {
      const resource = plan.resources[index]!;
      const value = resource.kind === 'imported' ? imports[resource.import] : undefined;
      return value?.kind === 'resource' ? store.resourceTypes.forClass(value.class) : undefined;
    },
  };
  const other: TypeSide = { plan: callee.component.plan, resource: (index) => callee.resourceType(index) };
  if (funcTypesMatch(caller, other, trampoline.type, exported.type)) return;
  const expected = funcTypeText(plan, trampoline.type);
  const given = funcTypeText(other.plan, exported.type);
  const problem = `the function of the other instance is ${given}`;
  throw new LinkError(
    plan.runtimeImports[trampoline.import]!.path,
    expected,
    expected === given ? `${problem}, of other resources` : problem,
  );
}

// --- adapters --------------------------------------------------------------------------------------------------------

/** The adapters between two components, by trampoline of the caller and export of the callee. */
class Pair {
  readonly #made = new Map<LowerImport, Map<LiftedExport, LinkAdapter>>();

  get({ caller, callee }: LinkRequest): LinkAdapter | undefined {
    return this.#made.get(caller.trampoline)?.get(callee.exported);
  }

  /** Compiles, unless someone else was faster. */
  add(request: LinkRequest, emitted: EmittedModule): LinkAdapter {
    const known = this.get(request);
    if (known !== undefined) return known;
    const { caller, callee } = request;
    let adapters = this.#made.get(caller.trampoline);
    if (adapters === undefined) {
      adapters = new Map();
      this.#made.set(caller.trampoline, adapters);
    }
    let module: WebAssembly.Module;
    try {
      module = new WebAssembly.Module(emitted.bytes);
    } catch (cause) {
      throw new InternalError(`the engine refuses the emitted module "${emitted.name}"`, { cause });
    }
    const adapter = { emitted, module };
    adapters.set(callee.exported, adapter);
    return adapter;
  }
}

/** By the caller's component, then the callee's: adapters go with either. */
const pairs = new WeakMap<Component, WeakMap<Component, Pair>>();

function pairOf({ caller, callee }: LinkRequest): Pair {
  let callees = pairs.get(caller.component);
  if (callees === undefined) {
    callees = new WeakMap();
    pairs.set(caller.component, callees);
  }
  let pair = callees.get(callee.component);
  if (pair === undefined) {
    pair = new Pair();
    callees.set(callee.component, pair);
  }
  return pair;
}

function emitterOf({ caller, callee }: LinkRequest): LinkEmitter | null {
  return caller.component.linking ?? callee.component.linking;
}

/** Null: neither component came with a code generator. */
async function adapterLater(request: LinkRequest): Promise<LinkAdapter | null> {
  const pair = pairOf(request);
  const known = pair.get(request);
  if (known !== undefined) return known;
  const emitter = emitterOf(request);
  return emitter === null ? null : pair.add(request, await emitter.emit(request));
}

/** Null: as for {@link adapterLater}, or its code generator is not there yet. */
function adapterNow(request: LinkRequest): LinkAdapter | null {
  const pair = pairOf(request);
  const known = pair.get(request);
  if (known !== undefined) return known;
  const emitted = emitterOf(request)?.emitNow(request) ?? null;
  return emitted === null ? null : pair.add(request, emitted);
}
