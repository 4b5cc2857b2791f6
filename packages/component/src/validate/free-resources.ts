/**
 * Whether a type refers to a resource that it does not introduce itself. Such a type cannot be aliased across a component
 * boundary (Explainer.md#alias-definitions): it could not be written in the inner component.
 */

import { children, partCount, type TypeStore } from './type-store.ts';
import type { AnyType, Binder, Extern } from './types.ts';

export function unsubstitutable(type: AnyType, store: TypeStore): boolean {
  const bound = new Set<Binder>();
  const done = new Set<AnyType>();
  const inType = (node: AnyType): boolean => {
    if (node.kind === 'resource') return !bound.has(node.resource.binder);
    if (!node.open || done.has(node)) return false;
    done.add(node);
    store.step(1 + partCount(node));
    switch (node.kind) {
      case 'func':
        return node.params.some((param) => inType(param.type)) || (node.result !== null && inType(node.result));
      case 'instance':
        if (node.binder !== null) bound.add(node.binder);
        return inExterns(node.exports);
      case 'component':
        bound.add(node.binder);
        return inExterns(node.imports) || inExterns(node.exports);
      case 'own':
      case 'borrow':
        return inType(node.resource);
      default:
        return children(node).some((child) => child !== null && inType(child));
    }
  };
  const inExterns = (externs: ReadonlyMap<string, Extern>): boolean =>
    [...externs.values()].some((extern) => extern.kind !== 'core module' && inType(extern.type));
  return inType(type);
}
