/**
 * In: what an abstract instantiation found out. Out: the plan's lists: initializers, each right before its first use,
 * and the trampolines, adapters, options and slots that they refer to, numbered in order of first use. What
 * no core module and no export reaches gets no number.
 */

import { InternalError } from '../errors.ts';
import { importSpelling, memberName } from '../names/js-names.ts';
import type {
  Adapter,
  AdapterIndex,
  AdapterModuleIndex,
  CallbackIndex,
  CanonicalOptions,
  CoreDef,
  CoreInstanceIndex,
  CoreModuleType,
  FuncTypeIndex,
  Initializer,
  IntrinsicIndex,
  LoweringIndex,
  MemoryIndex,
  ModuleRef,
  OptionsIndex,
  PlanResource,
  PostReturnIndex,
  ReallocIndex,
  ResourceIndex,
  RuntimeImport,
  RuntimeImportIndex,
  StaticModuleIndex,
  Trampoline,
  TrampolineIndex,
} from '../plan.ts';
import { put } from '../put.ts';
import type {
  AdapterItem,
  CoreItem,
  ImportedFunc,
  ItemOption,
  LiftedFunc,
  LowerImportItem,
  ModuleEntity,
  Options,
  UnsupportedItem,
} from './entities.ts';
import { found, optionItems } from './entities.ts';
import type { Effect, Instantiation } from './instantiate.ts';
import { enteringInstances } from './may-enter.ts';
import { Numbering } from './numbering.ts';
import { partitionAdapters } from './partition.ts';
import type { Resource } from './type-table.ts';

/** One kind of slots of the vmctx that core items are copied into. */
interface Slots {
  readonly defs: CoreDef[];
  readonly indices: Map<CoreItem, number>;
}

const slots = (): Slots => ({ defs: [], indices: new Map() });

/** {@link RuntimeImport} without its path. */
type ImportLeaf =
  | { readonly kind: 'func'; readonly type: FuncTypeIndex }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex }
  | { readonly kind: 'core-module'; readonly type: CoreModuleType }
  | { readonly kind: 'component' };

/** The items that emitted trampolines are. */
type TrampolineItem = Exclude<CoreItem, { readonly kind: 'export' | 'adapter' | 'intrinsic' | 'abstract' }>;

/** Where an adapter stands in the plan. */
interface Place {
  readonly module: AdapterModuleIndex;
  readonly adapter: AdapterIndex;
}

/** What stands for the definitions of a component that is not linked yet. */
export const NOTHING: CoreDef = { kind: 'export', instance: 0 as CoreInstanceIndex, name: '', sort: 'func' };

export class Linearizer {
  readonly numbering: Numbering;
  readonly initializers: Initializer[] = [];
  readonly runtimeImports: RuntimeImport[] = [];
  readonly options: CanonicalOptions[] = [];
  readonly trampolines: Trampoline[] = [];
  readonly intrinsics: IntrinsicIndex[] = [];
  readonly adapters: Adapter[] = [];
  readonly adapterModules: AdapterIndex[][] = [];
  readonly slots: Readonly<Record<ItemOption, Slots>> = {
    memory: slots(),
    realloc: slots(),
    'post-return': slots(),
    callback: slots(),
  };
  lowerings = 0;
  mayThrow = false;

  readonly #instantiation: Instantiation;
  /** Whether no component is missing. Otherwise only types and imports are written. */
  readonly #linked: boolean;
  readonly #imports = new Map<string, RuntimeImportIndex>();
  readonly #options = new Map<Options, OptionsIndex>();
  readonly #trampolines = new Map<CoreItem, TrampolineIndex>();
  /** The modules of adapters, and where each adapter stands. */
  #partition: AdapterItem[][] = [];
  readonly #places = new Map<AdapterItem, Place>();

  /** `lifted` are the functions that the root exports. */
  constructor(instantiation: Instantiation, lifted: readonly LiftedFunc[]) {
    this.#instantiation = instantiation;
    this.numbering = new Numbering(instantiation.table);
    for (const [i, resource] of this.numbering.table.resources.entries()) {
      if (resource.kind === 'imported') this.#resourceImport(resource, i as ResourceIndex);
    }
    this.#linked = instantiation.unlinked.length === 0;
    if (!this.#linked) return;
    if (instantiation.canons.hasAdapters) this.#placeAdapters(lifted);
    for (const effect of instantiation.effects) this.#effect(effect);
    for (const func of lifted) {
      this.def(func.func);
      this.optionsIndex(func.options);
    }
  }

  #placeAdapters(lifted: readonly LiftedFunc[]): void {
    const roots = lifted.flatMap((func) => [func.func, ...optionItems(func.options)]);
    this.#partition = partitionAdapters(this.#instantiation.effects, roots);
    for (const [module, items] of this.#partition.entries()) {
      for (const item of items) {
        this.#places.set(item, { module: module as AdapterModuleIndex, adapter: this.#places.size as AdapterIndex });
      }
    }
  }

  /** The plan's resources; their destructors have been numbered with the effects. */
  resources(): PlanResource[] {
    return this.numbering.table.resources.map((resource, i): PlanResource => {
      const { kind, name } = resource;
      switch (kind) {
        case 'imported':
          return { kind, import: this.#resourceImport(resource, i as ResourceIndex), name: name ?? '' };
        case 'defined': {
          const dtor = resource.dtor === null ? null : this.def(resource.dtor);
          return { kind, instance: resource.instance, rep: 'i32', dtor, name };
        }
        case 'abstract':
          return { kind, name };
        default:
          return resource satisfies never;
      }
    });
  }

  #effect(effect: Effect): void {
    if (effect.kind === 'resource') {
      if (effect.dtor !== null) this.def(effect.dtor);
      this.initializers.push({ kind: 'resource', resource: this.numbering.resource(effect.resource) });
      return;
    }
    const { instance, componentInstance } = effect;
    const args = effect.args.map(({ module, name, item }) => ({ module, name, def: this.def(item) }));
    const module = this.moduleRef(effect.module);
    this.mayThrow ||= effect.module.origin !== 'static' || this.#instantiation.module(effect.module).hasTags;
    this.initializers.push({ kind: 'instantiate-module', instance, module, args, componentInstance });
  }

  // --- items ---------------------------------------------------------------------------------------------------------

  /** The definition for a core item; first makes what it needs. */
  def(item: CoreItem): CoreDef {
    if (!this.#linked) return NOTHING;
    switch (item.kind) {
      case 'export': {
        const { kind, instance, name, sort } = item;
        return { kind, instance, name, sort };
      }
      case 'adapter':
        return { kind: 'adapter', adapter: this.#adapter(item) };
      case 'intrinsic':
        if (!this.intrinsics.includes(item.intrinsic)) this.intrinsics.push(item.intrinsic);
        return { kind: 'intrinsic', intrinsic: item.intrinsic };
      case 'abstract':
        throw new InternalError('an item of an unlinked component is used');
      default: {
        const known = this.#trampolines.get(item);
        return { kind: 'trampoline', trampoline: known ?? put(this.#trampolines, item, this.#newTrampoline(item)) };
      }
    }
  }

  #newTrampoline(item: TrampolineItem): TrampolineIndex {
    const trampoline = this.#trampoline(item);
    return (this.trampolines.push(trampoline) - 1) as TrampolineIndex;
  }

  #trampoline(item: TrampolineItem): Trampoline {
    switch (item.kind) {
      case 'lower-import':
        return this.#lowerImport(item);
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop':
        return { ...item, resource: this.numbering.resource(item.resource) };
      case 'context.get':
      case 'context.set':
        return item;
      case 'unsupported':
        return this.#unsupported(item);
      default:
        return item satisfies never;
    }
  }

  /** What it would call is asked of the embedder all the same. */
  #unsupported({ func, ...trampoline }: UnsupportedItem): Trampoline {
    if (func !== null) this.funcImport(func);
    return trampoline;
  }

  #lowerImport({ func, options }: LowerImportItem): Trampoline {
    const type = this.numbering.funcType(func.type);
    const optionsIndex = this.optionsIndex(options);
    const runtimeImport = this.funcImport(func);
    const lowering = this.lowerings++ as LoweringIndex;
    this.initializers.push({ kind: 'lower-import', lowering, import: runtimeImport });
    return { kind: 'lower-import', lowering, import: runtimeImport, type, options: optionsIndex };
  }

  /** Instantiates the adapter's module when that has not happened yet. */
  #adapter(item: AdapterItem): AdapterIndex {
    const { module, adapter } = this.#place(item);
    if (this.adapterModules[module] === undefined) {
      const items = this.#partition[module] ?? [];
      this.adapterModules[module] = items.map((one) => this.#place(one).adapter);
      for (const one of items) this.#describe(one);
      this.initializers.push({ kind: 'instantiate-adapters', module });
    }
    return adapter;
  }

  #place(item: AdapterItem): Place {
    return found(this.#places.get(item), 'adapter', item.lift.name ?? '');
  }

  #describe(item: AdapterItem): void {
    const { lower, lift } = item;
    const instances = this.#instantiation.componentInstances;
    this.adapters[this.#place(item).adapter] = {
      name: lift.name ?? (lift.func.kind === 'export' ? lift.func.name : ''),
      lower: this.#side(lower),
      lift: { ...this.#side(lift), func: this.def(lift.func) },
      entering: enteringInstances(instances, lower.options.instance, lift.options.instance),
    };
  }

  #side({ type, options }: AdapterItem['lower']): Adapter['lower'] {
    return { type: this.numbering.funcType(type), options: this.optionsIndex(options) };
  }

  optionsIndex(options: Options): OptionsIndex {
    if (!this.#linked) return 0 as OptionsIndex;
    const known = this.#options.get(options);
    if (known !== undefined) return known;
    const { instance, stringEncoding, address, async } = options;
    const index = this.options.push({
      instance,
      stringEncoding,
      memory: this.#slot<MemoryIndex>(options, 'memory'),
      address,
      realloc: this.#slot<ReallocIndex>(options, 'realloc'),
      postReturn: this.#slot<PostReturnIndex>(options, 'post-return'),
      callback: this.#slot<CallbackIndex>(options, 'callback'),
      async,
    });
    return put(this.#options, options, (index - 1) as OptionsIndex);
  }

  /** The slot of what `options` give for `option`. */
  #slot<I extends number>({ items }: Options, option: ItemOption): I | null {
    const item = items[option];
    if (item === null) return null;
    const { defs, indices } = this.slots[option];
    const known = indices.get(item);
    if (known !== undefined) return known as I;
    const index = defs.push(this.def(item)) - 1;
    const property = option === 'post-return' ? 'postReturn' : option;
    this.initializers.push({ kind: `extract-${option}`, [property]: index } as unknown as Initializer);
    return put(indices, item, index) as I;
  }

  // --- imports and modules -------------------------------------------------------------------------------------------

  /** The leaf of the root's imports at `path`. */
  runtimeImport(path: readonly string[], leaf: ImportLeaf): RuntimeImportIndex {
    const key = JSON.stringify(path);
    const known = this.#imports.get(key);
    if (known !== undefined) return known;
    const last = path.length - 1;
    const spellings = path.map((name, i) =>
      importSpelling(name, i === last && leaf.kind === 'resource' ? 'resource' : 'other'),
    );
    const member = leaf.kind === 'func' ? memberName(path[last] ?? '') : null;
    const index = this.runtimeImports.push({ path, spellings, ...(member === null ? {} : { member }), ...leaf }) - 1;
    return put(this.#imports, key, index as RuntimeImportIndex);
  }

  funcImport({ path, type }: ImportedFunc): RuntimeImportIndex {
    return this.runtimeImport(path, { kind: 'func', type: this.numbering.funcType(type) });
  }

  #resourceImport({ path }: Resource & { readonly kind: 'imported' }, resource: ResourceIndex): RuntimeImportIndex {
    return this.runtimeImport(path, { kind: 'resource', resource });
  }

  moduleRef(module: ModuleEntity): ModuleRef {
    if (module.origin === 'static') {
      const name = this.#instantiation.module(module).name ?? null;
      return {
        kind: 'static',
        module: this.numbering.module(this.#instantiation.source(module.bytes), module.range, name),
      };
    }
    if (module.origin === 'import') {
      this.#instantiation.checkImport(module);
      return { kind: 'import', import: this.runtimeImport(module.path, { kind: 'core-module', type: module.type }) };
    }
    if (this.#linked) throw new InternalError('a core module of an unlinked component is used');
    return { kind: 'static', module: 0 as StaticModuleIndex };
  }
}
