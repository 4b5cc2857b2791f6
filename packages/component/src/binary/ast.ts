/**
 * What the decoder makes of a component binary: definitions in the order in which they stand, indices unresolved.
 * Every offset is an absolute byte offset in the bytes that were given. Shapes follow the productions of Binary.md.
 *
 * Rejected: one list a sort. Order is meaning here: index spaces grow definition by definition.
 */

/** A half-open range of absolute byte offsets. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ComponentAst {
  readonly kind: 'component';
  readonly range: ByteRange;
  readonly definitions: readonly Definition[];
  /** Names from the `component-name` custom section, when it is readable. */
  readonly names: ComponentNames;
}

export interface ComponentNames {
  readonly component?: string;
  /** Of component instances, by index: what call stacks show. Nothing asks for the names of other sorts. */
  readonly instances: ReadonlyMap<number, string>;
}

/** One definition; `offset` is where it starts. */
export type Definition = { readonly offset: number } & (
  | { readonly kind: 'core-module'; readonly range: ByteRange }
  | { readonly kind: 'core-instance'; readonly expr: CoreInstanceExpr }
  | { readonly kind: 'core-type'; readonly type: CoreDefType }
  | { readonly kind: 'component'; readonly component: ComponentAst }
  | { readonly kind: 'instance'; readonly expr: InstanceExpr }
  | { readonly kind: 'alias'; readonly alias: Alias }
  | { readonly kind: 'type'; readonly type: DefType }
  | { readonly kind: 'canon'; readonly canon: Canon }
  | { readonly kind: 'start'; readonly func: number; readonly args: readonly number[]; readonly results: number }
  | { readonly kind: 'import'; readonly name: ExternName; readonly type: ExternTypeAst }
  | { readonly kind: 'export'; readonly name: ExternName; readonly item: SortIdx; readonly type?: ExternTypeAst }
  | { readonly kind: 'value'; readonly type: ValTypeAst; readonly bytes: ByteRange }
  /** `range` holds what follows the name. */
  | { readonly kind: 'custom'; readonly name: string; readonly range: ByteRange }
);

// --- sorts -----------------------------------------------------------------------------------------------------------

export type CoreSort = 'func' | 'table' | 'memory' | 'global' | 'tag' | 'type' | 'module' | 'instance';
export type Sort = `core ${CoreSort}` | 'func' | 'value' | 'type' | 'component' | 'instance';

export interface CoreSortIdx {
  readonly sort: CoreSort;
  readonly index: number;
}
export interface SortIdx {
  readonly sort: Sort;
  readonly index: number;
}

// --- instances and aliases -------------------------------------------------------------------------------------------

export type CoreInstanceExpr =
  | {
      readonly kind: 'instantiate';
      readonly module: number;
      readonly args: readonly { readonly name: string; readonly instance: number; readonly offset: number }[];
    }
  | {
      readonly kind: 'exports';
      readonly exports: readonly { readonly name: string; readonly item: CoreSortIdx; readonly offset: number }[];
    };

export type InstanceExpr =
  | {
      readonly kind: 'instantiate';
      readonly component: number;
      readonly args: readonly { readonly name: string; readonly item: SortIdx; readonly offset: number }[];
    }
  | {
      readonly kind: 'exports';
      readonly exports: readonly { readonly name: ExternName; readonly item: SortIdx; readonly offset: number }[];
    };

export type Alias =
  | { readonly kind: 'export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: 'core-export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: 'outer'; readonly sort: Sort; readonly count: number; readonly index: number };

/** An import or export name with its attributes (Binary.md `nameattributes`). */
export interface ExternName {
  readonly name: string;
  readonly offset: number;
  readonly implements?: string;
  readonly versionSuffix?: string;
  readonly externalId?: string;
  /** Attribute kinds in the order in which they stand, duplicates included (validation refuses those). */
  readonly attributes: readonly ('implements' | 'versionsuffix' | 'external-id')[];
}

// --- component types -------------------------------------------------------------------------------------------------

export type PrimValType =
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

/** A type index, or a primitive. */
export type ValTypeAst = number | PrimValType;

export interface LabelValType {
  readonly label: string;
  readonly type: ValTypeAst;
  readonly offset: number;
}

export type DefValTypeAst =
  | { readonly kind: 'prim'; readonly prim: PrimValType }
  | { readonly kind: 'record'; readonly fields: readonly LabelValType[] }
  | {
      readonly kind: 'variant';
      readonly cases: readonly { readonly label: string; readonly type?: ValTypeAst; readonly offset: number }[];
    }
  /** `length` only for a fixed-length list. */
  | { readonly kind: 'list'; readonly element: ValTypeAst; readonly length?: number }
  | { readonly kind: 'tuple'; readonly types: readonly ValTypeAst[] }
  | { readonly kind: 'flags'; readonly labels: readonly string[] }
  | { readonly kind: 'enum'; readonly labels: readonly string[] }
  | { readonly kind: 'option'; readonly type: ValTypeAst }
  | { readonly kind: 'result'; readonly ok?: ValTypeAst; readonly err?: ValTypeAst }
  | { readonly kind: 'own'; readonly resource: number }
  | { readonly kind: 'borrow'; readonly resource: number }
  | { readonly kind: 'stream'; readonly element?: ValTypeAst }
  | { readonly kind: 'future'; readonly element?: ValTypeAst }
  | { readonly kind: 'map'; readonly key: ValTypeAst; readonly value: ValTypeAst };

export type DefType =
  | DefValTypeAst
  | {
      readonly kind: 'func';
      readonly async: boolean;
      readonly params: readonly LabelValType[];
      readonly result?: ValTypeAst;
    }
  | { readonly kind: 'component-type'; readonly declarations: readonly Declaration[] }
  | { readonly kind: 'instance-type'; readonly declarations: readonly Declaration[] }
  | { readonly kind: 'resource'; readonly rep: CoreValType; readonly dtor?: number };

/** A declarator; `import` only in a component type. */
export type Declaration = { readonly offset: number } & (
  | { readonly kind: 'core-type'; readonly type: CoreDefType }
  | { readonly kind: 'type'; readonly type: DefType }
  | { readonly kind: 'alias'; readonly alias: Alias }
  | { readonly kind: 'import'; readonly name: ExternName; readonly type: ExternTypeAst }
  | { readonly kind: 'export'; readonly name: ExternName; readonly type: ExternTypeAst }
);

export type ExternTypeAst =
  | { readonly kind: 'core-module'; readonly type: number }
  | { readonly kind: 'func'; readonly type: number }
  | {
      readonly kind: 'value';
      readonly bound:
        | { readonly kind: 'eq'; readonly value: number }
        | { readonly kind: 'type'; readonly type: ValTypeAst };
    }
  | { readonly kind: 'type'; readonly bound: { readonly kind: 'eq'; readonly type: number } | { readonly kind: 'sub' } }
  | { readonly kind: 'component'; readonly type: number }
  | { readonly kind: 'instance'; readonly type: number };

// --- core types ------------------------------------------------------------------------------------------------------

/** Heap types: an abstract one by name, or a type index (an index into the enclosing core type space). */
export type CoreHeapType = string | number;
export interface CoreRefType {
  readonly kind: 'ref';
  readonly nullable: boolean;
  readonly heap: CoreHeapType;
}
export type CoreNumType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
export type CoreValType = CoreNumType | CoreRefType;

export interface CoreFuncType {
  readonly kind: 'func';
  readonly params: readonly CoreValType[];
  readonly results: readonly CoreValType[];
}
export interface CoreFieldType {
  readonly storage: CoreValType | 'i8' | 'i16';
  readonly mutable: boolean;
}
export type CoreCompType =
  | CoreFuncType
  | { readonly kind: 'struct'; readonly fields: readonly CoreFieldType[] }
  | { readonly kind: 'array'; readonly field: CoreFieldType };
export interface CoreSubType {
  readonly final: boolean;
  readonly supers: readonly number[];
  readonly comp: CoreCompType;
}
export interface CoreLimits {
  readonly min: bigint;
  readonly max?: bigint;
  readonly shared: boolean;
  /** `i64` for memory64 and table64. */
  readonly address: 'i32' | 'i64';
  /** log2 of the page size; absent = 16. */
  readonly pageSizeLog2?: number;
}
/** The type of a core import or export. `T` is how a function type is named: a type index in the AST. */
export type CoreExternType<T = number> =
  | { readonly kind: 'func'; readonly type: T }
  | { readonly kind: 'table'; readonly element: CoreRefType; readonly limits: CoreLimits }
  | { readonly kind: 'memory'; readonly limits: CoreLimits }
  | { readonly kind: 'global'; readonly type: CoreValType; readonly mutable: boolean }
  | { readonly kind: 'tag'; readonly type: T };

export type CoreDefType =
  | { readonly kind: 'rec'; readonly types: readonly CoreSubType[] }
  | { readonly kind: 'sub'; readonly type: CoreSubType }
  | { readonly kind: 'module-type'; readonly declarations: readonly CoreModuleDecl[] };

export type CoreModuleDecl = { readonly offset: number } & (
  | { readonly kind: 'import'; readonly module: string; readonly name: string; readonly type: CoreExternType }
  | { readonly kind: 'type'; readonly type: CoreDefType }
  | { readonly kind: 'alias'; readonly sort: CoreSort; readonly count: number; readonly index: number }
  | { readonly kind: 'export'; readonly name: string; readonly type: CoreExternType }
);

// --- canonical definitions -------------------------------------------------------------------------------------------

export type CanonOption =
  | { readonly kind: 'utf8' | 'utf16' | 'latin1+utf16' | 'async' }
  | { readonly kind: 'memory' | 'realloc' | 'post-return' | 'callback'; readonly index: number };

type CanonOptions = readonly CanonOption[];

/** Canonical definitions (Binary.md `canon`). `type`, `func`, `memory`, `table` are indices. */
export type Canon =
  | { readonly kind: 'lift'; readonly func: number; readonly options: CanonOptions; readonly type: number }
  | { readonly kind: 'lower'; readonly func: number; readonly options: CanonOptions }
  | { readonly kind: 'resource.new' | 'resource.drop' | 'resource.rep'; readonly type: number }
  | {
      readonly kind:
        | 'backpressure.inc'
        | 'backpressure.dec'
        | 'task.cancel'
        | 'subtask.drop'
        | 'error-context.drop'
        | 'waitable-set.new'
        | 'waitable-set.drop'
        | 'waitable.join'
        | 'thread.index'
        | 'thread.resume-later';
    }
  | { readonly kind: 'task.return'; readonly result?: ValTypeAst; readonly options: CanonOptions }
  | { readonly kind: 'context.get' | 'context.set'; readonly type: CoreValType; readonly slot: number }
  | { readonly kind: 'subtask.cancel'; readonly async: boolean }
  | {
      readonly kind:
        | 'stream.new'
        | 'stream.drop-readable'
        | 'stream.drop-writable'
        | 'future.new'
        | 'future.drop-readable'
        | 'future.drop-writable';
      readonly type: number;
    }
  | {
      readonly kind: 'stream.read' | 'stream.write' | 'future.read' | 'future.write';
      readonly type: number;
      readonly options: CanonOptions;
    }
  | {
      readonly kind: 'stream.cancel-read' | 'stream.cancel-write' | 'future.cancel-read' | 'future.cancel-write';
      readonly type: number;
      readonly async: boolean;
    }
  | { readonly kind: 'error-context.new' | 'error-context.debug-message'; readonly options: CanonOptions }
  | { readonly kind: 'waitable-set.wait' | 'waitable-set.poll'; readonly cancellable: boolean; readonly memory: number }
  | { readonly kind: 'thread.new-indirect'; readonly type: number; readonly table: number }
  | {
      readonly kind:
        | 'thread.suspend'
        | 'thread.yield'
        | 'thread.suspend-then-resume'
        | 'thread.yield-then-resume'
        | 'thread.suspend-then-promote'
        | 'thread.yield-then-promote';
      readonly cancellable: boolean;
    }
  | { readonly kind: 'thread.spawn-ref'; readonly shared: boolean; readonly type: number }
  | { readonly kind: 'thread.spawn-indirect'; readonly shared: boolean; readonly type: number; readonly table: number }
  | { readonly kind: 'thread.available-parallelism'; readonly shared: boolean };
