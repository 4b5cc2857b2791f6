/**
 * What an ES module that stands for a component exports. In: a plan. Out: for each export the property of
 * `instance.exports`, and the names under which the module exports it.
 *
 * A function `get-name` is `getName`, a resource a class. An interface has its full name (`import { 'a:b/c' as c }`) and,
 * where that is not taken, its last label in camelCase. An export named `then` is left out: `import()` would take the
 * module for a promise.
 */
import { camelCase, parseExternName, propertyText } from '@gangway/component/names';
import type { ComponentPlan } from '@gangway/component/plan';

export interface ModuleExport {
  /** In `instance.exports`. */
  readonly property: string;
  /** At least one. */
  readonly names: readonly string[];
}

export function moduleExports(plan: ComponentPlan): ModuleExport[] {
  const found = new Map<string, string[]>();
  for (const exported of plan.exports) {
    const { property } = exported;
    if (property !== null && property !== 'then') found.set(property, [property]);
  }
  const aliases = new Map<string, string[]>();
  for (const exported of plan.exports) {
    const parts = parseExternName(exported.name);
    const label = parts.kind === 'interface' ? parts.projections.at(-1) : undefined;
    if (label === undefined || exported.kind === 'type') continue;
    const alias = camelCase(label);
    aliases.set(alias, [...(aliases.get(alias) ?? []), exported.name]);
  }
  for (const [alias, [property, ...others]] of aliases) {
    const free = alias !== 'then' && alias !== 'default' && !found.has(alias) && others.length === 0;
    if (free && property !== undefined) found.get(property)?.push(alias);
  }
  return [...found].map(([property, names]) => ({ property, names }));
}

/** `name` as it stands in an export clause: an identifier, any reserved word, or a string. */
export function exportName(name: string): string {
  return propertyText(name);
}
