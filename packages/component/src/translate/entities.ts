/**
 * What stands in the index spaces of a component while it is instantiated abstractly: static entities. A component is
 * a closure, an instance a map of names, a function where it comes from. All of them are immutable and shared.
 *
 * Type, function type and resource indices in here are those of the translation's own tables (`TypeTable`,
 * `ResourceTable`); the plan gets its own, dense ones when it is written out.
 */
import type { FlatType } from '../abi/layout.ts';
import type {
  ByteRange,
  ComponentAst,
  CoreModuleDecl,
  CoreSort,
  CoreSubType,
  Declaration,
  ExternName,
} from '../binary/ast.ts';
import { InternalError } from '../errors.ts';
import type {
  ComponentInstanceIndex,
  CoreInstanceIndex,
  CoreModuleType,
  FuncTypeIndex,
  IntrinsicIndex,
  ResourceIndex,
  TypeIndex,
} from '../plan.ts';
import type { UnsupportedCanon } from '../unsupported.ts';
import type { TypeTable } from './type-table.ts';

// --- component level -------------------------------------------------------------------------------------------------

export type Entity =
  | FuncEntity
  | InstanceEntity
  | ComponentEntity
  | ImportedComponent
  | ModuleEntity
  | TypeEntity
  | FuncTypeEntity
  | ResourceEntity
  | InstanceTypeEntity
  | ComponentTypeEntity;

/** Where a function comes from. */
export type FuncEntity = ImportedFunc | LiftedFunc | AbstractFunc | IntrinsicFunc;

/** A function of the root's imports. */
export interface ImportedFunc {
  readonly kind: 'imported-func';
  readonly path: readonly string[];
  readonly type: FuncTypeIndex;
}
/** A function of the root's import that stands for the intrinsics. */
export interface IntrinsicFunc {
  readonly kind: 'intrinsic-func';
  readonly intrinsic: IntrinsicIndex;
  readonly type: FuncTypeIndex;
}
/** A function that is only known by its type: in the type of a component, or of an instance of an unlinked component. */
export interface AbstractFunc {
  readonly kind: 'abstract-func';
  readonly type: FuncTypeIndex;
}
export interface LiftedFunc {
  readonly kind: 'lifted-func';
  readonly type: FuncTypeIndex;
  readonly func: CoreItem;
  readonly options: Options;
  /** For people; the first name that it was exported under. */
  name: string | null;
}

export interface InstanceEntity {
  readonly kind: 'instance';
  readonly exports: ExportMap;
}
export type ExportMap = ReadonlyMap<string, ExportEntry>;
export interface ExportEntry {
  readonly name: ExternName;
  readonly entity: Entity;
}

/** A component and what it closes over. */
export interface ComponentEntity {
  readonly kind: 'component';
  readonly ast: ComponentAst;
  /** The scope that the component was defined in; null for a root. */
  readonly scope: Scope | null;
  /** The binary that `ast` was decoded from. */
  readonly bytes: Uint8Array;
}
/** A component of the root's imports, only known by its type. */
export interface ImportedComponent {
  readonly kind: 'imported-component';
  /** Null for one in the type of another component. */
  readonly path: readonly string[] | null;
  readonly type: ComponentTypeEntity;
}

export type ModuleEntity =
  | { readonly kind: 'module'; readonly origin: 'static'; readonly bytes: Uint8Array; readonly range: ByteRange }
  | {
      readonly kind: 'module';
      readonly origin: 'import';
      readonly path: readonly string[];
      readonly type: CoreModuleType;
    }
  /** Only known by its type, as an {@link AbstractFunc}. */
  | { readonly kind: 'module'; readonly origin: 'abstract'; readonly type: CoreModuleType };

export interface TypeEntity {
  readonly kind: 'type';
  readonly type: TypeIndex;
}
export interface FuncTypeEntity {
  readonly kind: 'func-type';
  readonly type: FuncTypeIndex;
}
export interface ResourceEntity {
  readonly kind: 'resource';
  readonly resource: ResourceIndex;
}
export interface InstanceTypeEntity {
  readonly kind: 'instance-type';
  readonly declarations: readonly Declaration[];
  readonly scope: Scope;
}
export interface ComponentTypeEntity {
  readonly kind: 'component-type';
  readonly declarations: readonly Declaration[];
  readonly scope: Scope;
}

// --- core level ------------------------------------------------------------------------------------------------------

/** A core function, memory, table, global or tag. */
export type CoreItem =
  | {
      readonly kind: 'export';
      readonly instance: CoreInstanceIndex;
      readonly name: string;
      readonly sort: 'func' | 'table' | 'memory' | 'global' | 'tag';
      /** Of a memory or table: its address type. */
      readonly address: 'i32' | 'i64';
    }
  | LowerImportItem
  | AdapterItem
  | IntrinsicItem
  | ResourceBuiltinItem
  | ContextItem
  | UnsupportedItem
  /** What would come of an unlinked component. */
  | { readonly kind: 'abstract'; readonly address: 'i32' | 'i64' };

export interface LowerImportItem {
  readonly kind: 'lower-import';
  readonly func: ImportedFunc;
  readonly options: Options;
}
export interface IntrinsicItem {
  readonly kind: 'intrinsic';
  readonly intrinsic: IntrinsicIndex;
}
export interface AdapterItem {
  readonly kind: 'adapter';
  readonly lower: { readonly type: FuncTypeIndex; readonly options: Options };
  readonly lift: LiftedFunc;
  /** One more than that of the adapters that it needs. */
  readonly depth: number;
}
export interface ResourceBuiltinItem {
  readonly kind: 'resource.new' | 'resource.rep' | 'resource.drop';
  readonly resource: ResourceIndex;
  readonly instance: ComponentInstanceIndex;
}

/** `context.get` and `context.set`. */
export interface ContextItem {
  readonly kind: 'context.get' | 'context.set';
  readonly type: 'i32' | 'i64';
  readonly slot: number;
}
/** A core function that needs tasks. */
export interface UnsupportedItem {
  readonly kind: 'unsupported';
  readonly canon: UnsupportedCanon;
  readonly params: readonly FlatType[];
  readonly results: readonly FlatType[];
  readonly instance: ComponentInstanceIndex;
  /** What it would call, when that has to be imported. */
  readonly func: ImportedFunc | null;
}

/** Canonical options, resolved. Interned: equal ones are one object. */
export interface Options {
  readonly id: number;
  readonly instance: ComponentInstanceIndex;
  readonly stringEncoding: 'utf8' | 'utf16' | 'latin1+utf16';
  readonly memory: CoreItem | null;
  readonly address: 'i32' | 'i64';
  readonly realloc: CoreItem | null;
  readonly postReturn: CoreItem | null;
  readonly callback: CoreItem | null;
  readonly async: boolean;
}

/** The core items that options name. */
export function optionItems(options: Options): CoreItem[] {
  return [options.memory, options.realloc, options.postReturn, options.callback].filter((item) => item !== null);
}

export type CoreInstanceEntity =
  | { readonly kind: 'instantiated'; readonly index: CoreInstanceIndex; readonly exports: CoreModuleType['exports'] }
  | { readonly kind: 'exports'; readonly items: ReadonlyMap<string, CoreItem> }
  | { readonly kind: 'abstract'; readonly exports: CoreModuleType['exports'] };

export type CoreTypeEntity =
  | { readonly kind: 'sub'; readonly type: CoreSubType }
  | { readonly kind: 'module-type'; readonly declarations: readonly CoreModuleDecl[]; readonly scope: Scope };

// --- index spaces ----------------------------------------------------------------------------------------------------

type TypeSpaceEntity = TypeEntity | FuncTypeEntity | ResourceEntity | InstanceTypeEntity | ComponentTypeEntity;

export type { TypeSpaceEntity };

/** The index spaces of one component instance, or of one component or instance type. */
export class Scope {
  readonly parent: Scope | null;
  /** Whose indices the types in here have. A component that is given for an import closes over scopes of another table. */
  readonly table: TypeTable;
  readonly types: TypeSpaceEntity[] = [];
  readonly funcs: FuncEntity[] = [];
  readonly instances: InstanceEntity[] = [];
  readonly components: (ComponentEntity | ImportedComponent)[] = [];
  readonly modules: ModuleEntity[] = [];
  readonly coreTypes: CoreTypeEntity[] = [];
  readonly coreInstances: CoreInstanceEntity[] = [];
  readonly coreFuncs: CoreItem[] = [];
  readonly coreTables: CoreItem[] = [];
  readonly coreMemories: CoreItem[] = [];
  readonly coreGlobals: CoreItem[] = [];
  readonly coreTags: CoreItem[] = [];

  constructor(parent: Scope | null, table: TypeTable) {
    this.parent = parent;
    this.table = table;
  }

  /** `count` scopes further out; 0 is this one (Explainer.md#alias-definitions). */
  outer(count: number): Scope {
    let scope: Scope = this;
    for (let i = 0; i < count; i++) scope = scope.parent ?? missing('scope', count);
    return scope;
  }

  /** Puts a component-level entity into the index space of its sort. */
  push(entity: Entity): void {
    switch (entity.kind) {
      case 'imported-func':
      case 'lifted-func':
      case 'abstract-func':
      case 'intrinsic-func':
        this.funcs.push(entity);
        break;
      case 'instance':
        this.instances.push(entity);
        break;
      case 'component':
      case 'imported-component':
        this.components.push(entity);
        break;
      case 'module':
        this.modules.push(entity);
        break;
      case 'type':
      case 'func-type':
      case 'resource':
      case 'instance-type':
      case 'component-type':
        this.types.push(entity);
        break;
      default:
        entity satisfies never;
    }
  }

  /** The index space of core items of one sort. */
  coreItems(sort: CoreSort): CoreItem[] {
    switch (sort) {
      case 'func':
        return this.coreFuncs;
      case 'table':
        return this.coreTables;
      case 'memory':
        return this.coreMemories;
      case 'global':
        return this.coreGlobals;
      case 'tag':
        return this.coreTags;
      default:
        throw new InternalError(`no core items of sort ${sort}`);
    }
  }
}

/** The item at `index` of an index space; validation has made sure that there is one. */
export function at<T>(space: readonly T[], index: number, sort: string): T {
  const item = space[index];
  return item === undefined ? missing(sort, index) : item;
}

function missing(sort: string, index: number): never {
  throw new InternalError(`unknown ${sort} ${index} in a component that passed validation`);
}
