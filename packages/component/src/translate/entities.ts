/**
 * What stands in the index spaces of a component while it is instantiated abstractly: static entities. A component is
 * a closure, an instance a map of names, a function where it comes from. All of them are immutable and shared.
 *
 * Type, function type and resource indices in here are those of the translation's own `TypeTable`; the plan gets its
 * own, dense ones when it is written out.
 */
import type { FlatType } from '../abi/layout.ts';
import type {
  ByteRange,
  ComponentAst,
  CoreModuleDecl,
  CoreSubType,
  Declaration,
  ExternName,
  Sort,
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

/** Part of a binary, an import of the root, or (abstract) only known by its type. */
export type ModuleEntity =
  | { readonly kind: 'module'; readonly origin: 'static'; readonly bytes: Uint8Array; readonly range: ByteRange }
  | {
      readonly kind: 'module';
      readonly origin: 'import';
      readonly path: readonly string[];
      readonly type: CoreModuleType;
    }
  | AbstractModule;
export interface AbstractModule {
  readonly kind: 'module';
  readonly origin: 'abstract';
  readonly type: CoreModuleType;
}

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
  readonly kind: 'options';
  readonly instance: ComponentInstanceIndex;
  readonly stringEncoding: 'utf8' | 'utf16' | 'latin1+utf16';
  readonly items: OptionItems;
  /** Address type of the memory; `i32` when there is none. */
  readonly address: 'i32' | 'i64';
  readonly async: boolean;
}

/** The core items that options name. */
export type OptionItems = Readonly<Record<ItemOption, CoreItem | null>>;
export type ItemOption = 'memory' | 'realloc' | 'post-return' | 'callback';

export function optionItems({ items }: Options): CoreItem[] {
  return Object.values(items).filter((item) => item !== null);
}

export interface CoreInstanceEntity {
  /** Null for one that no module makes: of exports, or of what would come of an unlinked component. */
  readonly index: CoreInstanceIndex | null;
  /** Its items by name; of an instantiated module, those that have been asked for. */
  readonly items: Map<string, CoreItem>;
  /** Of an instantiated module. */
  readonly exports: CoreExports;
}
export type CoreExports = ReadonlyMap<string, CoreModuleType['exports'][number]['type']>;

export type CoreTypeEntity =
  | { readonly kind: 'sub'; readonly type: CoreSubType }
  | { readonly kind: 'module-type'; readonly declarations: readonly CoreModuleDecl[]; readonly scope: Scope };

// --- index spaces ----------------------------------------------------------------------------------------------------

export type TypeSpaceEntity = TypeEntity | FuncTypeEntity | ResourceEntity | InstanceTypeEntity | ComponentTypeEntity;

/** What the index space of each sort holds (Explainer.md#index-spaces). */
interface Spaces {
  func: FuncEntity;
  instance: InstanceEntity;
  component: ComponentEntity | ImportedComponent;
  type: TypeSpaceEntity;
  value: never;
  'core module': ModuleEntity;
  'core instance': CoreInstanceEntity;
  'core type': CoreTypeEntity;
  'core func': CoreItem;
  'core table': CoreItem;
  'core memory': CoreItem;
  'core global': CoreItem;
  'core tag': CoreItem;
}

/** The index spaces of one component instance, or of one component or instance type. */
export class Scope {
  readonly parent: Scope | null;
  /** Whose indices the types in here have. A component that is given for an import closes over scopes of another table. */
  readonly table: TypeTable;
  readonly #spaces: { [S in Sort]?: Spaces[S][] } = {};

  constructor(parent: Scope | null, table: TypeTable) {
    this.parent = parent;
    this.table = table;
  }

  /** `count` scopes further out; 0 is this one (Explainer.md#alias-definitions). */
  outer(count: number): Scope {
    return count === 0 ? this : found(this.parent, 'scope', count).outer(count - 1);
  }

  /** Puts `item` at the end of the index space of `sort`. */
  push<S extends Sort>(sort: S, item: Spaces[S]): void {
    const spaces: { [T in S]?: Spaces[T][] } = this.#spaces;
    (spaces[sort] ??= []).push(item);
  }

  at<S extends Sort>(sort: S, index: number): Spaces[S] {
    const spaces: { readonly [T in S]?: Spaces[T][] } = this.#spaces;
    return found(spaces[sort]?.[index], sort, index);
  }

  /** How many items `sort` has. */
  count(sort: Sort): number {
    return this.#spaces[sort]?.length ?? 0;
  }

  /** The type at `index`, which is of `kind`. */
  type<K extends TypeSpaceEntity['kind']>(kind: K, index: number): TypeSpaceEntity & { readonly kind: K } {
    const entity = this.at('type', index);
    return found(entity.kind === kind ? (entity as TypeSpaceEntity & { readonly kind: K }) : null, kind, index);
  }
}

/** `item`, which is there when validation has passed; `what` and `name` say what it is. */
export function found<T>(item: T | null | undefined, what: string, name: string | number): T {
  if (item !== undefined && item !== null) return item;
  throw new InternalError(`unknown ${what} ${name} in a component that passed validation`);
}
