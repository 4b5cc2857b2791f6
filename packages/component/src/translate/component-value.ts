/**
 * A component as a value: what an embedder gives for an imported component. In: the bytes and their AST. Out: a closure.
 */
import type { ComponentAst } from '../binary/ast.ts';
import type { CoreModuleInfo } from '../binary/core-module.ts';
import type { ComponentEntity, Scope } from './entities.ts';

export interface ComponentValue {
  /** The binary that `ast` was decoded from; byte ranges in the plan refer to it. */
  readonly bytes: Uint8Array;
  readonly ast: ComponentAst;
  /** What the component closes over; null for a component that is a binary of its own. */
  readonly scope: Scope | null;
  /** The component that exports it, and under which names, when it is no binary of its own. */
  readonly exportedBy?: { readonly value: ComponentValue; readonly path: readonly string[] };
  /** What validation has read of the embedded core modules, so that they are not read again. */
  readonly modules?: ReadonlyMap<number, CoreModuleInfo>;
  /** As a root, it gets the intrinsics for its import of that name, an instance. */
  readonly intrinsics?: string;
}

/** The component that `bytes` is. `modules` is `ValidComponent.modules`, by the byte offset where each starts. */
export function componentValue(
  bytes: Uint8Array,
  ast: ComponentAst,
  modules: ReadonlyMap<number, CoreModuleInfo> = new Map(),
): ComponentValue {
  return { bytes, ast, scope: null, modules };
}

/** What stands for it in the index space of whoever instantiates it. */
export function entityOf({ bytes, ast, scope }: ComponentValue): ComponentEntity {
  return { kind: 'component', bytes, ast, scope };
}
