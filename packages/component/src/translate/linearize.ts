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
import type {
  AdapterItem,
  CoreItem,
  LiftedFunc,
  LowerImportItem,
  ModuleEntity,
  Options,
  UnsupportedItem,
} from './entities.ts';
import { optionItems } from './entities.ts';
import type { Effect, Instantiation } from './instantiate.ts';
import { enteringInstances } from './may-enter.ts';
import { Numbering } from './numbering.ts';
import { partitionAdapters } from './partition.ts';
import type { Resource } from './type-table.ts';

/** One kind of slots of the vmctx that core items are copied into. */
interface Slots<I> {
  readonly defs: CoreDef[];
  readonly indices: Map<CoreItem, I>;
}

const slots = <I>(): Slots<I> => ({ defs: [], indices: new Map() });

/** {@link RuntimeImport} without its path. */
type ImportLeaf =
  | { readonly kind: 'func'; readonly type: FuncTypeIndex }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex }
  | { readonly kind: 'core-module'; readonly type: CoreModuleType }
  | { readonly kind: 'component' };

/** The items that emitted trampolines are. */
type TrampolineItem = Exclude<CoreItem, { readonly kind: 'export' | 'adapter' | 'intrinsic' | 'abstract' }>;

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
  readonly memories = slots<MemoryIndex>();
  readonly reallocs = slots<ReallocIndex>();
  readonly callbacks = slots<CallbackIndex>();
  readonly postReturns = slots<PostReturnIndex>();
  lowerings = 0;
  mayThrow = false;

  readonly #instantiation: Instantiation;
  /** Whether no component is missing. Otherwise only types and imports are written. */
  readonly #linked: boolean;
  readonly #imports = new Map<string, RuntimeImportIndex>();
  readonly #options = new Map<Options, OptionsIndex>();
  readonly #trampolines = new Map<CoreItem, TrampolineIndex>();
  readonly #adapters = new Map<AdapterItem, AdapterIndex>();
  /** Where each adapter stands, and which modules have been instantiated so far. */
  readonly #moduleOf = new Map<AdapterItem, AdapterModuleIndex>();
  readonly #partition: AdapterItem[][];
  readonly #done = new Set<AdapterModuleIndex>();

  /** `lifted` are the functions that the root exports. */
  constructor(instantiation: Instantiation, lifted: readonly LiftedFunc[]) {
    this.#instantiation = instantiation;
    this.numbering = new Numbering(instantiation.table);
    for (const resource of this.numbering.resources) {
      if (resource.kind === 'imported') this.#resourceImport(resource);
    }
    this.#linked = instantiation.unlinked.length === 0;
    if (!this.#linked) {
      this.#partition = [];
      return;
    }
    const roots = lifted.flatMap((func) => [func.func, ...optionItems(func.options)]);
    this.#partition = partitionAdapters(instantiation.effects, (effect) => this.#needs(effect), roots);
    this.#partition.forEach((module, i) => {
      for (const adapter of module) {
        this.#moduleOf.set(adapter, i as AdapterModuleIndex);
        this.#adapters.set(adapter, this.#adapters.size as AdapterIndex);
      }
    });
    for (const effect of instantiation.effects) this.#effect(effect);
    for (const func of lifted) {
      this.def(func.func);
      this.optionsIndex(func.options);
    }
  }

  /** The plan's resources; their destructors have been numbered with the effects. */
  resources(): PlanResource[] {
    return this.numbering.resources.map((resource): PlanResource => {
      const { name } = resource;
      switch (resource.kind) {
        case 'imported':
          return { kind: 'imported', import: this.#resourceImport(resource), name: name ?? '' };
        case 'defined': {
          const dtor = resource.dtor === null ? null : this.def(resource.dtor);
          return { kind: 'defined', instance: resource.instance, rep: 'i32', dtor, name };
        }
        case 'abstract':
          return { kind: 'abstract', name };
        default:
          return resource satisfies never;
      }
    });
  }

  #effect(effect: Effect): void {
    if (effect.kind === 'resource') {
      for (const item of this.#needs(effect)) this.def(item);
      this.initializers.push({ kind: 'resource', resource: this.numbering.resource(effect.resource) });
      return;
    }
    const { instance, componentInstance } = effect;
    const args = effect.args.map(({ module, name, item }) => ({ module, name, def: this.def(item) }));
    const module = this.moduleRef(effect.module);
    this.#noteTags(effect.module);
    this.initializers.push({ kind: 'instantiate-module', instance, module, args, componentInstance });
  }

  #needs(effect: Effect): readonly CoreItem[] {
    if (effect.kind === 'instantiate') return effect.args.map((arg) => arg.item);
    const resource = this.#instantiation.table.resources[effect.resource];
    return resource?.kind === 'defined' && resource.dtor !== null ? [resource.dtor] : [];
  }

  #noteTags(module: ModuleEntity): void {
    this.mayThrow ||= module.origin !== 'static' || this.#instantiation.module(module).hasTags;
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
      case 'lower-import':
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop':
      case 'context.get':
      case 'context.set':
      case 'unsupported':
        return { kind: 'trampoline', trampoline: this.#trampoline(item) };
      case 'abstract':
        throw new InternalError('an item of an unlinked component is used');
      default:
        return item satisfies never;
    }
  }

  #trampoline(item: TrampolineItem): TrampolineIndex {
    const known = this.#trampolines.get(item);
    if (known !== undefined) return known;
    const trampoline = this.#describeTrampoline(item);
    const index = (this.trampolines.push(trampoline) - 1) as TrampolineIndex;
    this.#trampolines.set(item, index);
    return index;
  }

  #describeTrampoline(item: TrampolineItem): Trampoline {
    switch (item.kind) {
      case 'lower-import':
        return this.#lowerImport(item);
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop':
        return { kind: item.kind, resource: this.numbering.resource(item.resource), instance: item.instance };
      case 'context.get':
      case 'context.set':
        return { kind: item.kind, type: item.type, slot: item.slot };
      case 'unsupported':
        return this.#unsupported(item);
      default:
        return item satisfies never;
    }
  }

  /** What it would call is asked of the embedder all the same. */
  #unsupported({ canon, params, results, instance, func }: UnsupportedItem): Trampoline {
    if (func !== null) this.runtimeImport(func.path, { kind: 'func', type: this.numbering.funcType(func.type) });
    return { kind: 'unsupported', canon, params, results, instance };
  }

  #lowerImport({ func, options }: LowerImportItem): Trampoline {
    const type = this.numbering.funcType(func.type);
    const optionsIndex = this.optionsIndex(options);
    const runtimeImport = this.runtimeImport(func.path, { kind: 'func', type });
    const lowering = this.lowerings++ as LoweringIndex;
    this.initializers.push({ kind: 'lower-import', lowering, import: runtimeImport });
    return { kind: 'lower-import', lowering, import: runtimeImport, type, options: optionsIndex };
  }

  /** Instantiates the adapter's module when that has not happened yet. */
  #adapter(item: AdapterItem): AdapterIndex {
    const module = this.#moduleOf.get(item);
    const index = this.#adapters.get(item);
    if (module === undefined || index === undefined) throw new InternalError('an adapter was not partitioned');
    if (!this.#done.has(module)) {
      this.#done.add(module);
      for (const adapter of this.#partition[module] ?? []) this.#describe(adapter);
      this.initializers.push({ kind: 'instantiate-adapters', module });
    }
    return index;
  }

  #describe(item: AdapterItem): void {
    const { lower, lift } = item;
    const index = this.#adapters.get(item) as AdapterIndex;
    const instances = this.#instantiation.componentInstances;
    this.adapters[index] = {
      name: lift.name ?? (lift.func.kind === 'export' ? lift.func.name : ''),
      lower: { type: this.numbering.funcType(lower.type), options: this.optionsIndex(lower.options) },
      lift: {
        type: this.numbering.funcType(lift.type),
        options: this.optionsIndex(lift.options),
        func: this.def(lift.func),
      },
      entering: enteringInstances(instances, lower.options.instance, lift.options.instance),
    };
    const module = this.#moduleOf.get(item) as AdapterModuleIndex;
    (this.adapterModules[module] ??= []).push(index);
  }

  optionsIndex(options: Options): OptionsIndex {
    if (!this.#linked) return 0 as OptionsIndex;
    const known = this.#options.get(options);
    if (known !== undefined) return known;
    const memory = this.#slot(this.memories, options.memory, (memory) => ({ kind: 'extract-memory', memory }));
    const realloc = this.#slot(this.reallocs, options.realloc, (realloc) => ({ kind: 'extract-realloc', realloc }));
    const postReturn = this.#slot(this.postReturns, options.postReturn, (postReturn) => ({
      kind: 'extract-post-return',
      postReturn,
    }));
    const callback = this.#slot(this.callbacks, options.callback, (callback) => ({
      kind: 'extract-callback',
      callback,
    }));
    const { instance, stringEncoding, address, async } = options;
    const index = (this.options.push({
      instance,
      stringEncoding,
      memory,
      address,
      realloc,
      postReturn,
      callback,
      async,
    }) - 1) as OptionsIndex;
    this.#options.set(options, index);
    return index;
  }

  #slot<I extends number>(slots: Slots<I>, item: CoreItem | null, initializer: (index: I) => Initializer): I | null {
    if (item === null) return null;
    const known = slots.indices.get(item);
    if (known !== undefined) return known;
    const def = this.def(item);
    const index = (slots.defs.push(def) - 1) as I;
    slots.indices.set(item, index);
    this.initializers.push(initializer(index));
    return index;
  }

  // --- imports and modules -------------------------------------------------------------------------------------------

  /** The leaf of the root's imports at `path`. */
  runtimeImport(path: readonly string[], leaf: ImportLeaf): RuntimeImportIndex {
    const key = JSON.stringify(path);
    let index = this.#imports.get(key);
    if (index === undefined) {
      const last = path.length - 1;
      const spellings = path.map((name, i) =>
        importSpelling(name, i === last && leaf.kind === 'resource' ? 'resource' : 'other'),
      );
      const member = leaf.kind === 'func' ? memberName(path[last] ?? '') : null;
      const item: RuntimeImport = { path, spellings, ...(member === null ? {} : { member }), ...leaf };
      index = (this.runtimeImports.push(item) - 1) as RuntimeImportIndex;
      this.#imports.set(key, index);
    }
    return index;
  }

  #resourceImport(resource: Resource & { readonly kind: 'imported' }): RuntimeImportIndex {
    const index = this.numbering.resources.indexOf(resource) as ResourceIndex;
    return this.runtimeImport(resource.path, { kind: 'resource', resource: index });
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
