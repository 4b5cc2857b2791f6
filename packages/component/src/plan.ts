/**
 * `ComponentPlan`: what static translation makes of a valid component. Plain data: printable, comparable, storable
 * (JSON and structured clone). All nested components are instantiated abstractly, all aliases are resolved to indices,
 * and what is left for instantiation is one flat list of initializers.
 *
 * Index relations: `initializers` run in order; each may refer only to what earlier ones made. The counts that the
 * vmctx layout needs are in `counts`.
 */
import type { FlatType } from './abi/layout.ts';
import type { CoreExternType, CoreFuncType, CoreValType } from './binary/ast.ts';
import type { Id } from './ids.ts';
import type { IntrinsicIndex } from './intrinsics.ts';
import type { UnsupportedCanon } from './unsupported.ts';

export type TypeIndex = Id<'type'>;
export type FuncTypeIndex = Id<'func-type'>;
export type ResourceIndex = Id<'resource'>;
export type StaticModuleIndex = Id<'static-module'>;
/** A core instance made at run time: of a core module, static or imported. */
export type CoreInstanceIndex = Id<'core-instance'>;
/** A component instance that exists at run time; 0 is the root. */
export type ComponentInstanceIndex = Id<'component-instance'>;
/** A leaf of the root's imports: a function, a resource, a core module, a component. */
export type RuntimeImportIndex = Id<'runtime-import'>;
export type OptionsIndex = Id<'options'>;
export type TrampolineIndex = Id<'trampoline'>;
export type LoweringIndex = Id<'lowering'>;
export type AdapterIndex = Id<'adapter'>;
export type AdapterModuleIndex = Id<'adapter-module'>;
export type MemoryIndex = Id<'memory'>;
export type TableIndex = Id<'table'>;
export type ReallocIndex = Id<'realloc'>;
export type CallbackIndex = Id<'callback'>;
export type PostReturnIndex = Id<'post-return'>;

/** Bumped when a stored plan of an older version can no longer be read. */
export const PLAN_VERSION = 2;

export interface ComponentPlan {
  readonly version: typeof PLAN_VERSION;
  /** Name from the custom section, for messages. */
  readonly name: string | null;

  /** Interned: structurally equal types have one index. Element types come before the types that use them. */
  readonly types: readonly PlanType[];
  readonly funcTypes: readonly PlanFuncType[];
  /** Imported resources first, then defined ones, then abstract ones (only in types of imported or exported components). */
  readonly resources: readonly PlanResource[];

  /** The embedded core modules that are instantiated or exported, as byte ranges in the component binary. */
  readonly modules: readonly PlanModule[];
  /**
   * Imported components that were given to translation, by import name (nested in an instance: names joined by a space).
   * The bytes of the one at index i are `PlanModule.source` i + 1.
   */
  readonly linked: readonly string[];
  /**
   * Imported components that the component instantiates and that were not given to translation. While there are any,
   * imports and export names and types are complete, but there is nothing to instantiate: initializers, trampolines
   * and adapters are empty, and the definitions in `exports` refer to nothing.
   */
  readonly unlinked: readonly string[];
  /** The component instances; a parent comes before its children. */
  readonly componentInstances: readonly {
    readonly parent: ComponentInstanceIndex | null;
    readonly name: string | null;
  }[];

  /** The root's imports, as types; without those that {@link linked} has replaced. */
  readonly imports: readonly NamedExtern[];
  readonly runtimeImports: readonly RuntimeImport[];
  readonly exports: readonly PlanExport[];

  readonly options: readonly CanonicalOptions[];
  readonly memories: readonly CoreDef[];
  readonly tables: readonly CoreDef[];
  readonly reallocs: readonly CoreDef[];
  readonly callbacks: readonly CoreDef[];
  readonly postReturns: readonly CoreDef[];

  readonly trampolines: readonly Trampoline[];
  /** Those that are used, in order of first use; absent: none. */
  readonly intrinsics?: readonly IntrinsicIndex[];
  readonly adapters: readonly Adapter[];
  /** Partition of the adapters: a module depends only on what stands before its initializer. */
  readonly adapterModules: readonly (readonly AdapterIndex[])[];

  readonly initializers: readonly Initializer[];

  /** Whether any core module in the component can throw (declares or imports a tag, or is imported). */
  readonly mayThrow: boolean;
  readonly counts: PlanCounts;
}

/** The counts that the vmctx layout is computed from (DESIGN: vmctx). */
export interface PlanCounts {
  readonly componentInstances: number;
  readonly trampolines: number;
  /** The highest index in use + 1. */
  readonly intrinsics: number;
  readonly lowerings: number;
  readonly memories: number;
  readonly tables: number;
  readonly reallocs: number;
  readonly callbacks: number;
  readonly postReturns: number;
  /** Imported and defined ones; abstract ones have no slot. */
  readonly resources: number;
}

// --- types -----------------------------------------------------------------------------------------------------------

/** A value type; its parts are types of this table. */
export type PlanType = TypeOf<TypeIndex, ResourceIndex>;

/** A value type whose parts are `T` and whose resources are `R`. */
export type TypeOf<T, R> =
  | {
      readonly kind:
        | 'bool'
        | 's8'
        | 'u8'
        | 's16'
        | 'u16'
        | 's32'
        | 'u32'
        | 's64'
        | 'u64'
        | 'f32'
        | 'f64'
        | 'char'
        | 'string'
        | 'error-context';
    }
  /** `length` is null but for a fixed-length list. */
  | { readonly kind: 'list'; readonly element: T; readonly length: number | null }
  | { readonly kind: 'record'; readonly fields: readonly { readonly name: string; readonly type: T }[] }
  | { readonly kind: 'tuple'; readonly types: readonly T[] }
  | { readonly kind: 'variant'; readonly cases: readonly { readonly name: string; readonly type: T | null }[] }
  | { readonly kind: 'enum'; readonly names: readonly string[] }
  | { readonly kind: 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'option'; readonly type: T }
  | { readonly kind: 'result'; readonly ok: T | null; readonly err: T | null }
  | { readonly kind: 'map'; readonly key: T; readonly value: T }
  | { readonly kind: 'own'; readonly resource: R }
  | { readonly kind: 'borrow'; readonly resource: R }
  | { readonly kind: 'stream'; readonly element: T | null }
  | { readonly kind: 'future'; readonly element: T | null };

export type PlanFuncType = FuncTypeOf<TypeIndex>;

/** A function type whose value types are `T`. */
export interface FuncTypeOf<T> {
  readonly async: boolean;
  readonly params: readonly { readonly name: string; readonly type: T }[];
  readonly result: T | null;
}

export type PlanResource =
  | { readonly kind: 'imported'; readonly import: RuntimeImportIndex; readonly name: string }
  /** Defined by `instance`. `dtor` is a core function of type [rep] -> []. */
  | {
      readonly kind: 'defined';
      readonly instance: ComponentInstanceIndex;
      readonly rep: 'i32' | 'i64';
      readonly dtor: CoreDef | null;
      readonly name: string | null;
    }
  | { readonly kind: 'abstract'; readonly name: string | null };

export type ExternType =
  | { readonly kind: 'func'; readonly type: FuncTypeIndex }
  | { readonly kind: 'instance'; readonly exports: readonly NamedExtern[] }
  | { readonly kind: 'component'; readonly imports: readonly NamedExtern[]; readonly exports: readonly NamedExtern[] }
  | { readonly kind: 'core-module'; readonly type: CoreModuleType }
  | { readonly kind: 'type'; readonly type: TypeIndex }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex }
  | { readonly kind: 'value'; readonly type: TypeIndex };

export interface NamedExtern {
  readonly name: string;
  readonly type: ExternType;
  /** Attributes of the name, when present. */
  readonly implements?: string;
  readonly externalId?: string;
}

/** A core module's type; function types are written out. */
export interface CoreModuleType {
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly type: CoreExternType<CoreFuncType>;
  }[];
  readonly exports: readonly { readonly name: string; readonly type: CoreExternType<CoreFuncType> }[];
}

// --- what instantiation starts from ----------------------------------------------------------------------------------

export interface PlanModule {
  /** Whose bytes: 0 is the component itself, i + 1 the imported component `linked[i]`. */
  readonly source: number;
  /** Absolute byte offsets in those bytes. */
  readonly start: number;
  readonly end: number;
  readonly name: string | null;
}

/** A core definition: something that can be given to a core module as an import. */
export type CoreDef =
  | {
      readonly kind: 'export';
      readonly instance: CoreInstanceIndex;
      readonly name: string;
      readonly sort: 'func' | 'table' | 'memory' | 'global' | 'tag';
    }
  | { readonly kind: 'trampoline'; readonly trampoline: TrampolineIndex }
  | { readonly kind: 'adapter'; readonly adapter: AdapterIndex }
  | { readonly kind: 'intrinsic'; readonly intrinsic: IntrinsicIndex };

export type ModuleRef =
  | { readonly kind: 'static'; readonly module: StaticModuleIndex }
  | { readonly kind: 'import'; readonly import: RuntimeImportIndex };

export type RuntimeImport = {
  /** Names from the root down, the root's import name first: `['wasi:io/streams@0.2.0', '[method]output-stream.write']`. */
  readonly path: readonly string[];
  /** By name of the path: how JavaScript writes it, where that is another way: `getStdin`, `OutputStream`; null otherwise. */
  readonly spellings: readonly (string | null)[];
  /** Of a function of a resource: where on the class it is. */
  readonly member?: MemberName;
} & (
  | { readonly kind: 'func'; readonly type: FuncTypeIndex }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex }
  | { readonly kind: 'core-module'; readonly type: CoreModuleType }
  | { readonly kind: 'component' }
);

/** A constructor, method or static of a resource. */
export interface MemberName {
  readonly kind: 'constructor' | 'method' | 'static';
  /** As in the component, and as JavaScript names the class. */
  readonly resource: string;
  readonly class: string;
  /** The property of the class or its prototype; empty for a constructor. */
  readonly property: string;
}

export interface CanonicalOptions {
  /** The component instance whose handle table and flags the lift or lower uses. */
  readonly instance: ComponentInstanceIndex;
  readonly stringEncoding: 'utf8' | 'utf16' | 'latin1+utf16';
  readonly memory: MemoryIndex | null;
  /** Address type of the memory; `i32` when there is none. */
  readonly address: 'i32' | 'i64';
  readonly realloc: ReallocIndex | null;
  readonly postReturn: PostReturnIndex | null;
  readonly callback: CallbackIndex | null;
  readonly async: boolean;
}

export type Initializer =
  | {
      readonly kind: 'instantiate-module';
      readonly instance: CoreInstanceIndex;
      readonly module: ModuleRef;
      /** One entry an import of the module, in the module's order. */
      readonly args: readonly { readonly module: string; readonly name: string; readonly def: CoreDef }[];
      readonly componentInstance: ComponentInstanceIndex;
    }
  | { readonly kind: 'instantiate-adapters'; readonly module: AdapterModuleIndex }
  | { readonly kind: 'lower-import'; readonly lowering: LoweringIndex; readonly import: RuntimeImportIndex }
  | { readonly kind: 'extract-memory'; readonly memory: MemoryIndex }
  | { readonly kind: 'extract-table'; readonly table: TableIndex }
  | { readonly kind: 'extract-realloc'; readonly realloc: ReallocIndex }
  | { readonly kind: 'extract-callback'; readonly callback: CallbackIndex }
  | { readonly kind: 'extract-post-return'; readonly postReturn: PostReturnIndex }
  /** Sets the destructor slot of a defined resource (`resources[resource].dtor`). */
  | { readonly kind: 'resource'; readonly resource: ResourceIndex };

/** A core function that emitted code supplies to the guest. */
export type Trampoline =
  | {
      readonly kind: 'lower-import';
      readonly lowering: LoweringIndex;
      readonly import: RuntimeImportIndex;
      readonly type: FuncTypeIndex;
      readonly options: OptionsIndex;
    }
  /** `instance` is the component instance that the built-in was defined in. */
  | {
      readonly kind: 'resource.new' | 'resource.rep' | 'resource.drop';
      readonly resource: ResourceIndex;
      readonly instance: ComponentInstanceIndex;
    }
  | { readonly kind: 'context.get' | 'context.set'; readonly type: 'i32' | 'i64'; readonly slot: number }
  /** Traps: it needs tasks. `params` and `results` are its core type. */
  | {
      readonly kind: 'unsupported';
      readonly canon: UnsupportedCanon;
      readonly params: readonly FlatType[];
      readonly results: readonly FlatType[];
      readonly instance: ComponentInstanceIndex;
    };

/** A call from one component instance to another: `lower` is the caller's side, `lift` the callee's. */
export interface Adapter {
  /** For people: the callee's function name as far as known. */
  readonly name: string;
  readonly lower: { readonly type: FuncTypeIndex; readonly options: OptionsIndex };
  readonly lift: { readonly type: FuncTypeIndex; readonly options: OptionsIndex; readonly func: CoreDef };
  /**
   * The instances that the call enters (those around the callee that are not around the caller): their entered bit is
   * checked and set. `null`: caller and callee are the same instance, or one contains the other, and the call always
   * traps with `cannot-enter`. The one place of the may-enter rule: translate/may-enter.ts.
   */
  readonly entering: readonly ComponentInstanceIndex[] | null;
}

export type PlanExport = {
  readonly name: string;
  /** The property of the exports object; null: it has none of its own. */
  readonly property: string | null;
  /** Of a function of a resource: where on the class it is. */
  readonly member?: MemberName;
  readonly implements?: string;
  readonly externalId?: string;
} & (
  | {
      readonly kind: 'lifted-func';
      readonly type: FuncTypeIndex;
      readonly func: CoreDef;
      readonly options: OptionsIndex;
    }
  /** An imported function, exported again. */
  | { readonly kind: 'imported-func'; readonly type: FuncTypeIndex; readonly import: RuntimeImportIndex }
  | { readonly kind: 'instance'; readonly exports: readonly PlanExport[] }
  | { readonly kind: 'core-module'; readonly module: ModuleRef; readonly type: CoreModuleType }
  | { readonly kind: 'type'; readonly type: TypeIndex }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex }
  /**
   * A component, exported: its own plan, over the bytes that `source` says (as in {@link PlanModule}); or an imported
   * component, exported again.
   */
  | {
      readonly kind: 'component';
      readonly source: number;
      readonly component: ComponentPlan | { readonly import: RuntimeImportIndex };
    }
);

export type { CoreValType, IntrinsicIndex };
