/**
 * The components that a component instantiates and imports. In: the component, what the embedder supplies, names. Out: a
 * component for each name, or a `LinkError`.
 */
import { Component } from '../compile/component.ts';
import { LinkError } from '../errors.ts';
import { findExtern } from '../reflect/reflection.ts';
import { externTypeText } from '../reflect/type-text.ts';
import { describe, type ImportScope, type ImportsObject, lookUp, scopeOf } from './imports.ts';

/** The components for imports that a component instantiates; `names` of nested ones are joined by a space. */
export function resolveComponents(
  component: Component,
  imports: ImportsObject | ImportScope,
  names: readonly string[],
): Map<string, Component> {
  const found = new Map<string, Component>();
  for (const name of names) {
    const path = name.split(' ');
    let scope = scopeOf(imports);
    for (const part of path.slice(0, -1)) if (scope !== null) scope = scopeOf(lookUp(scope, part));
    const value = scope === null ? undefined : lookUp(scope, path.at(-1) as string);
    if (!(value instanceof Component)) {
      const type = findExtern(component.plan.imports, path);
      const expected = type === undefined ? 'component' : externTypeText(component.plan, type);
      throw new LinkError(path, expected, value === undefined ? 'not found' : `${describe(value)} is no Component`);
    }
    found.set(name, value);
  }
  return found;
}
