/**
 * Resources that a type refers to without introducing them. In: a type and a predicate. Out: whether there is one of which
 * it holds.
 *
 * A type with any cannot be aliased across a component boundary (Explainer.md#alias-definitions): it could not be written in
 * the inner component. An import with one that its component defines could not be written outside.
 */

import { children, partCount, type TypeStore } from './type-store.ts';
import type { AnyType, Binder, Extern, Resource } from './types.ts';

export function hasFreeResource(type: AnyType, store: TypeStore, holds: (resource: Resource) => boolean): boolean {
  const bound = new Set<Binder>();
  const done = new Set<AnyType>();
  const inType = (node: AnyType): boolean => {
    if (node.kind === 'resource') return !bound.has(node.resource.binder) && holds(node.resource);
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
