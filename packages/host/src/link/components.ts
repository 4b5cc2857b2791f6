/**
 * The components that a component instantiates and imports. In: the component, and what the embedder supplies. Out: the
 * component with these linked in, or a `LinkError`.
 */
import { importSpelling } from '@gangway/component/names';
import { Component } from '../compile/component.ts';
import { LinkError } from '../errors.ts';
import { registerPart } from '../forms/parts.ts';
import { findExtern } from '../reflect/reflection.ts';
import { externTypeText } from '../reflect/type-text.ts';
import { describe, type ImportScope, type ImportsObject, lookUp, scopeOf } from './imports.ts';
import { findCompatible } from './semver.ts';

/**
 * The component with those that `find` gives for names of imports (nested in an instance: names joined by a space). What is
 * linked in may instantiate what it is passed, and that may be an import of the root again: hence the rounds.
 */
export async function linkImported(
  component: Component,
  find: (name: string) => Component | Promise<Component>,
): Promise<Component> {
  const given = new Map<string, Component>();
  let linked = component;
  while (linked.plan.unlinked.length > 0) {
    for (const name of linked.plan.unlinked) given.set(name, await find(name));
    linked = await component.link(given);
  }
  return linked;
}

/** The component with those of an imports object linked in. */
export function linkFrom(component: Component, imports: ImportsObject | ImportScope): Promise<Component> {
  registerPart('versions', findCompatible);
  return linkImported(component, (name) => {
    const path = name.split(' ');
    const last = path.at(-1) as string;
    let scope = scopeOf(imports);
    for (const part of path.slice(0, -1))
      if (scope !== null) scope = scopeOf(lookUp(scope, part, importSpelling(part, 'other')));
    const value = scope === null ? undefined : lookUp(scope, last, importSpelling(last, 'other'));
    if (value instanceof Component) return value;
    const type = findExtern(component.plan.imports, path);
    const expected = type === undefined ? 'component' : externTypeText(component.plan, type);
    throw new LinkError(path, expected, value === undefined ? 'not found' : `${describe(value)} is no Component`);
  });
}
