/**
 * What the code generator hands to the host: the bytes of a core module, and where each of its imports comes from.
 * Plain data; this file loads no code generator, so that `host/runtime` can run stored modules.
 */
import type { CoreDef, ResourceIndex } from '@gangway/component/plan';
import type { BuiltinName } from './builtins.ts';

export type { BuiltinImplementations, BuiltinName } from './builtins.ts';

export interface EmittedModule {
  /** For people and file names: `trampolines`, `callees`, `adapters-0`. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly imports: readonly EmittedImport[];
  readonly exports: readonly string[];
}

export interface EmittedImport {
  readonly module: string;
  readonly name: string;
  readonly source: ImportSource;
}

/** Which of the two vmctxs of a call between components: they differ only when two components are linked at run time. */
export type Side = 'caller' | 'callee';

export type ImportSource =
  /** The store's exported memory. */
  | { readonly kind: 'context-memory' }
  /** The store's funcref table. */
  | { readonly kind: 'function-table' }
  /** Immutable i32 global: byte address of the vmctx. */
  | { readonly kind: 'vmctx'; readonly side: Side }
  /** Immutable i32 global: the first of the function-table slots that the module's element segment fills. */
  | { readonly kind: 'table-base' }
  /** Immutable i32 global: address of `bytes` zeroed bytes in the context memory that are the module's for its life. */
  | { readonly kind: 'block'; readonly bytes: number }
  /** Immutable i32 global: the store-wide id of a resource type of the component. */
  | { readonly kind: 'resource-type'; readonly resource: ResourceIndex; readonly side: Side }
  /** Immutable i32 global: where the data is that the store shares with its components, and how many bytes. */
  | { readonly kind: 'store-data'; readonly part: 'address' | 'length' }
  /** A host function from the table of built-ins. */
  | { readonly kind: 'builtin'; readonly builtin: BuiltinName }
  /** A JS lowering callee, in the form that the name says. `lowering` is its index in the plan. */
  | { readonly kind: 'callee'; readonly lowering: number; readonly form: 'typed' | 'spilled' }
  /** The JavaScript form of an adapter, where modules have one memory. `adapter` is its index in the plan. */
  | { readonly kind: 'fallback'; readonly adapter: number }
  /** A core function, memory or table of the component. */
  | { readonly kind: 'core-def'; readonly def: CoreDef; readonly side: Side };
