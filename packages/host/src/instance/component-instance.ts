/**
 * The run-time `ComponentInstance`: one instantiation of a component, root and nested component instances together. In:
 * its component, what its imports are, and its store. Out: the vmctx and everything that its slots name.
 *
 * The vmctx address, which is its id, and the `ComponentInstance` lead to each other in one step. The imports stay reachable from here for as
 * long as the instance lives, because slots of the vmctx name them by index only.
 *
 * Rejected: an object for each nested component instance. What differs between them is a flags cell and a handle table.
 */
import type { BuiltinImplementations, EmittedImport, ImportSource } from '@gangway/adapter-codegen/emitted';
import type {
  AdapterIndex,
  ComponentInstanceIndex,
  CoreDef,
  CoreInstanceIndex,
  LoweringIndex,
  OptionsIndex,
  ResourceIndex,
  TrampolineIndex,
} from '@gangway/component/plan';
import type { VMComponentContext } from '@gangway/vmctx';
import type { ContextSlots } from '../call/context-slots.ts';
import { GuestMemory } from '../call/guest-memory.ts';
import { ContextWords, type CoreFunction } from '../call/guest-side.ts';
import type { JsFunction } from '../call/requests.ts';
import type { Component, RunnableModule } from '../compile/component.ts';
import { InternalError } from '../errors.ts';
import { needPart } from '../forms/parts.ts';
import { stringsOption } from '../forms/strings.ts';
import type { ImportValue } from '../link/imports.ts';
import type { LinkedInstance } from '../link/linked-instance.ts';
import { type Links, noLinks } from '../link/linking.ts';
import type { GuestResourceType, ResourceType } from '../resources/resource-type.ts';
import type { StoreState } from '../store/store.ts';
import { importsObject } from './imports-object.ts';
import { InstanceSide } from './instance-side.ts';

/** Functions of the module that is emitted for a component's trampolines. */
type EmittedDef = Extract<CoreDef, { readonly kind: 'trampoline' | 'intrinsic' }>;

/** Of canonical options that name none. */
const noMemory = new GuestMemory(null);

/** Of disposed instances: every index is out of bounds, and what is read there is not zero. */
const closedWords = new Int32Array(1).fill(-1);

/** `list` with one more item. */
function added<T>(list: T[] | null, item: T): T[] {
  if (list === null) return [item];
  list.push(item);
  return list;
}

/** A list for `count` items: of just that size when there are few. */
export const roomFor = <T>(count: number): T[] => (count > 8 ? [] : new Array<T>(count));

export class ComponentInstance {
  readonly component: Component;
  readonly store: StoreState;
  readonly vmctx: VMComponentContext;
  /** The context memory for the call path: an object of its own for each instance, so that it can be made stale. */
  readonly words: ContextWords;
  /** Null: no core module in it can see its task's context slots. */
  readonly contextSlots: ContextSlots | null;
  /** By `RuntimeImportIndex`. */
  readonly imports: readonly ImportValue[];
  /** The imports that are functions of other instances in the store. */
  readonly links: Links;
  // Short lists are made for what is in them: an empty array has room for 17 after its first push.
  /** What the core instances export, by `CoreInstanceIndex`. */
  readonly coreExports: WebAssembly.Exports[];
  /** The emitted functions, by `AdapterIndex`. */
  adapters: CoreFunction[] | null = null;
  /** The functions that JavaScript has been given, by their number; made by exports-object.ts. */
  functions: (JsFunction | undefined)[] | null = null;
  // What most instances have none of is null until there is some.
  /** By `ResourceIndex`; undefined for an abstract one. */
  #resourceTypes: (ResourceType | undefined)[] | null = null;
  #sides: (InstanceSide | undefined)[] | null = null;
  #memories: GuestMemory[] | null = null;
  /** The first of its slots in the function table, how many there are, and the next one that is not used yet. */
  #firstSlot = 0;
  #slots = 0;
  #nextSlot = 0;
  #objects: number[] | null = null;
  /** Blocks in the context memory beside the vmctx: the call frame records of adapters. */
  blocks: { readonly address: number; readonly bytes: number }[] | null = null;
  /** Null: it is linked with no other. */
  linked: LinkedInstance | null = null;
  #released = false;

  constructor(store: StoreState, component: Component, imports: readonly ImportValue[], links: Links = noLinks) {
    store.checkOpen(component.name ?? '#0');
    this.store = store;
    this.component = component;
    this.imports = imports;
    this.links = links;
    const { plan, engine } = component;
    const { resources } = plan;
    if (resources.length + plan.adapterModules.length !== 0 || engine.options.lowering === 'spilled') {
      store.memory.needSpillStack();
    }
    this.vmctx = store.memory.allocate(component.offsets, this);
    const { address, offsets } = store.memory.storeContext;
    const locked = (address + offsets.locked) >>> 2;
    const rootFlags = (this.vmctx.address + component.offsets.flags(0)) >>> 2;
    const trapCode = (address + offsets.trapCode) >>> 2;
    this.words = new ContextWords(store.memory, { rootFlags, locked, trapCode }, store.slots);
    this.coreExports = roomFor(plan.modules.length);
    this.contextSlots = null;
    if (component.seesContextSlots) {
      const Slots = needPart('contextSlots', 'context slots');
      this.contextSlots = new Slots(this.words, (address + offsets.contextSlot(0)) >>> 2);
    }
    if (resources.length !== 0) this.#resourceTypes = store.resources.typesOf(this);
  }

  /** An import of that kind: what resolving the imports has made sure of. */
  importOf<K extends ImportValue['kind']>(index: number, kind: K): ImportValue & { readonly kind: K } {
    const value = this.imports[index];
    if (value?.kind !== kind) throw new InternalError(`import ${index} is no ${kind}`);
    return value as ImportValue & { readonly kind: K };
  }

  /** For messages: the name in the component, or its index. */
  instanceName(index: ComponentInstanceIndex): string {
    return this.component.plan.componentInstances[index]?.name ?? this.component.name ?? `#${index}`;
  }

  resourceType(resource: ResourceIndex): ResourceType {
    const type = this.#resourceTypes?.[resource];
    if (type === undefined) throw new InternalError(`resource ${resource} is abstract`);
    return type;
  }

  // --- sides -----------------------------------------------------------------------------------------------------------

  /** The side of a call that canonical options describe; made on first use from the slots of the vmctx. */
  side(options: OptionsIndex): InstanceSide {
    this.#sides ??= roomFor(this.component.plan.options.length);
    return (this.#sides[options] ??= this.#makeSide(options));
  }

  #makeSide(index: OptionsIndex): InstanceSide {
    const options = this.component.plan.options[index]!;
    const { vmctx, store } = this;
    let memory = noMemory;
    if (options.memory !== null) {
      memory = this.#guestMemory(
        store.objects.array[vmctx.get(vmctx.offsets.memories, options.memory) - 1] as WebAssembly.Memory,
      );
    }
    const realloc = options.realloc === null ? null : this.functionIn('reallocs', options.realloc);
    return new InstanceSide(
      {
        runtime: store.runtime,
        context: this.words,
        vmctx: vmctx.address,
        options: index,
        instance: options.instance,
        flags: this.flagWords(options.instance),
        memory,
        address: options.address,
        encoding: options.stringEncoding,
        realloc,
        stringsOption: stringsOption(this.component.engine),
      },
      this,
    );
  }

  #guestMemory(memory: WebAssembly.Memory): GuestMemory {
    let views = this.#memories?.find((one) => one.memory === memory);
    if (views === undefined) {
      views = new GuestMemory(memory);
      this.#memories = added(this.#memories, views);
    }
    return views;
  }

  /** Word indices of the flags of an instance and its ancestors, root first. */
  flagWords(index: ComponentInstanceIndex): number[] {
    const { offsets, plan } = this.component;
    const words = [(this.vmctx.address + offsets.flags(index)) >>> 2];
    const parent = plan.componentInstances[index]?.parent ?? null;
    return parent === null ? words : [...this.flagWords(parent), ...words];
  }

  // --- core definitions ------------------------------------------------------------------------------------------------

  /** What a core definition is in this instance: an export of a core instance, a trampoline, an adapter. */
  coreValue(def: CoreDef): WebAssembly.ExportValue {
    switch (def.kind) {
      case 'export': {
        const value = this.#exportsOf(def.instance)[def.name];
        if (value === undefined) throw new InternalError(`core instance ${def.instance} exports no "${def.name}"`);
        return value;
      }
      case 'trampoline':
      case 'intrinsic':
        return this.functionAt(this.#emittedIndex(def));
      case 'adapter': {
        const adapter = this.adapters?.[def.adapter];
        if (adapter === undefined) throw new InternalError(`adapter ${def.adapter} has not been made yet`);
        return adapter;
      }
      default:
        return def satisfies never;
    }
  }

  coreFunction(def: CoreDef): CoreFunction {
    return this.coreValue(def) as CoreFunction;
  }

  #exportsOf(index: CoreInstanceIndex): WebAssembly.Exports {
    const exports = this.coreExports[index];
    if (exports === undefined) throw new InternalError(`core instance ${index} has not been made yet`);
    return exports;
  }

  /** The function of a slot of the function table. */
  functionAt(index: number): CoreFunction {
    const value = this.store.memory.functions.get(index) as CoreFunction | null;
    if (value === null) throw new InternalError(`function slot ${index} is empty`);
    return value;
  }

  /** The function that a slot of the vmctx names. */
  functionIn(field: 'reallocs' | 'postReturns', i: number): CoreFunction {
    const { vmctx } = this;
    return this.functionAt(vmctx.get(vmctx.offsets[field], i));
  }

  /** Reads the func ref of what was emitted for it back from the vmctx: the form that the engine's options ask for. */
  #emittedIndex(def: EmittedDef): number {
    const { plan, signatures, engine } = this.component;
    const { offsets } = this.vmctx;
    let list = offsets.trampolineFuncRefs;
    let index: number;
    let position: number;
    if (def.kind === 'trampoline') position = index = def.trampoline;
    else {
      list = offsets.intrinsicFuncRefs;
      index = def.intrinsic;
      position = plan.trampolines.length + (plan.intrinsics ?? []).indexOf(def.intrinsic);
    }
    const ref = this.vmctx.funcRef(list, index);
    if (ref.vmctx !== this.vmctx.address || ref.typeIndex !== signatures[position]) {
      throw new InternalError(`the func ref of ${def.kind} ${index} is not this instance's`);
    }
    return engine.options.lowering === 'typed' ? ref.wasmCall : ref.arrayCall;
  }

  /**
   * Slots of the function table, `count` in a row, the first of them for what is emitted: `emitted`. They are freed with the
   * instance. Returns the first.
   */
  allocateSlots(emitted: number, count: number): number {
    if (count === 0) return 0;
    this.#slots = count;
    this.#firstSlot = this.store.memory.allocateFunctions(count);
    this.#nextSlot = this.#firstSlot + emitted;
    return this.#firstSlot;
  }

  /** Puts the adapter of a link into the slot of the trampoline that it takes the place of; its function index. */
  linkSlot(trampoline: TrampolineIndex, adapter: CoreFunction): number {
    const index = this.#firstSlot + 2 * trampoline;
    this.store.memory.functions.set(index, adapter);
    return index;
  }

  /** The function index of a function that a slot of the vmctx is to name. */
  fillSlot(def: CoreDef): number {
    if (def.kind === 'trampoline' || def.kind === 'intrinsic') return this.#emittedIndex(def);
    const index = this.#nextSlot++;
    this.store.memory.functions.set(index, this.coreFunction(def));
    return index;
  }

  /** Zeroed bytes in the context memory that are freed with the instance; their address. */
  #allocateBlock(bytes: number): number {
    const address = this.store.memory.allocateBytes(bytes);
    this.blocks ??= [];
    this.blocks.push({ address, bytes });
    return address;
  }

  /** A host object that is released with the instance; returns its index. */
  addObject(object: unknown): number {
    const index = this.store.objects.add(object);
    this.#objects = added(this.#objects, index);
    return index;
  }

  // --- emitted modules -------------------------------------------------------------------------------------------------

  /** Instantiates an emitted module. `tableBase` is the first of the slots that its element segment fills. */
  instantiateEmitted(emitted: RunnableModule, tableBase: number): WebAssembly.Instance {
    const imports = this.emittedImports(emitted.imports, tableBase, this);
    return new WebAssembly.Instance(this.component.compiled(emitted), imports);
  }

  /** What an emitted module is instantiated with. `callee`: the instance that the callee's side of an adapter is. */
  emittedImports(imports: readonly EmittedImport[], tableBase: number, callee: ComponentInstance): WebAssembly.Imports {
    return importsObject(imports, ({ source }) => {
      const owner = 'side' in source && source.side === 'callee' ? callee : this;
      return owner.#supply(source, tableBase);
    });
  }

  /** Integers stand for immutable i32 globals: the engine makes them. */
  #supply(source: ImportSource, tableBase: number): WebAssembly.ImportValue {
    switch (source.kind) {
      case 'context-memory':
        return this.store.memory.memory;
      case 'function-table':
        return this.store.memory.functions;
      case 'vmctx':
        return this.vmctx.address;
      case 'table-base':
        return tableBase;
      case 'block':
        return this.#allocateBlock(source.bytes);
      case 'store-data':
        return this.store.data[source.part];
      case 'resource-type':
        return this.#resourceTypes?.[source.resource]?.id ?? 0;
      case 'builtin':
        return (this.store.objects.array[this.vmctx.get(this.vmctx.offsets.builtins, 0) - 1] as BuiltinImplementations)[
          source.builtin
        ];
      case 'callee': {
        const maker = this.component.calleeMaker(source.lowering as LoweringIndex);
        const { runtime } = this.store;
        if (source.form === 'spilled') return maker.spilled(runtime);
        const { func } = this.importOf(this.component.lowered[source.lowering] as number, 'func');
        return maker.typed(runtime, this.vmctx.address, func);
      }
      case 'fallback': {
        return needPart('fallback', 'copies between memories')(this, source.adapter as AdapterIndex);
      }
      case 'core-def':
        return this.coreValue(source.def);
      default:
        return source satisfies never;
    }
  }

  // --- resources -------------------------------------------------------------------------------------------------------

  /** Enters it and calls the destructor of one of its resources. Throws `Trap`. */
  destroy(type: GuestResourceType, rep: number): void {
    this.store.resources.destroy(this, type, rep);
  }

  // --- the end ---------------------------------------------------------------------------------------------------------

  /** Whether it has been disposed. */
  get released(): boolean {
    return this.#released;
  }

  /** Throws `TypeError` when a call into it is under way. `what` is to be disposed. */
  checkIdle(what: string): void {
    if (this.words.entered) throw new TypeError(`${what} cannot be disposed during a call into it`);
  }

  /** Frees all that it occupies in the store. What still refers to it is refused entry. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { memory, objects } = this.store;
    // Calls that have these words in a closure find no store that is not locked, whatever takes the place of the vmctx.
    const { words } = this;
    words.share();
    words.i32 = closedWords;
    for (const side of this.#sides ?? []) if (side !== undefined) side.vmctx = 0;
    this.store.forget(this);
    if (!this.store.disposed) {
      if (this.#slots !== 0) memory.freeFunctions(this.#firstSlot, this.#slots);
      for (const index of this.#objects ?? []) objects.remove(index);
      for (const { address } of this.blocks ?? []) memory.freeBytes(address);
    }
    for (const type of this.#resourceTypes ?? []) {
      if (type?.kind === 'guest' && type.instance === this) type.instance = null;
    }
    this.coreExports.length = 0;
    this.adapters = null;
    if (this.linked === null) this.vmctx.free();
    else this.linked.release();
  }
}
