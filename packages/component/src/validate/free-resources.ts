/**
 * Resources that a type refers to without introducing them. In: a type and a predicate. Out: whether there is one of which
 * it holds.
 *
 * A type with any cannot be aliased across a component boundary (Explainer.md#alias-definitions): it could not be written in
 * the inner component. An import with one that its component defines could not be written outside.
 */

import type { CoreModuleType } from './core-types.ts';
import type { TypeStore } from './type-store.ts';
import type { AnyType, Binder, Resource } from './types.ts';

export function hasFreeResource(type: AnyType, store: TypeStore, holds: (resource: Resource) => boolean): boolean {
  const bound = new Set<Binder | null>();
  const done = new Set<AnyType | CoreModuleType>();
  const inType = (node: AnyType | CoreModuleType): boolean => {
    if (node.kind === 'resource') return !bound.has(node.resource.binder) && holds(node.resource);
    if (!node.open || done.has(node)) return false;
    done.add(node);
    if ('parts' in node) {
      store.step(1 + node.parts.length);
      return node.parts.some((part) => part !== null && inType(part));
    }
    store.step(3);
    bound.add(node.binder);
    return [...node.imports.values(), ...node.exports.values()].some((extern) => inType(extern.type));
  };
  return inType(type);
}
