/**
 * Components that are linked at run time. In: the component that is looked at, and those whose exports serve its imports,
 * in order: an earlier one may serve a later one. Out: an imports object for each.
 *
 * A name serves an import when it is the same or a compatible version.
 */
import { pascalCase } from '@gangway/component/names';
import { type Component, findCompatible, type Instance } from '@gangway/host';

/** What an instance exports, by name. */
export type Offer = ReadonlyMap<string, unknown>;

export function offerOf(component: Component, instance: Instance): Offer {
  const exports = instance.exports as Readonly<Record<string, unknown>>;
  const values = component.exports.map(({ name, kind }) => {
    if (kind === 'func') return [name, instance.getFunc(name)] as const;
    return [name, exports[kind === 'resource' ? pascalCase(name) : name]] as const;
  });
  return new Map(values.filter(([, value]) => value !== undefined));
}

/** The name in `offered` that serves the import `name`. */
export function servedBy(name: string, offered: ReadonlySet<string> | Offer): string | undefined {
  return findCompatible(name, offered.keys(), (key) => offered.has(key));
}

/** Imports that offers serve; earlier offers go first. */
export function servedImports(component: Component, offers: readonly Offer[]): Map<string, unknown> {
  const served = new Map<string, unknown>();
  for (const { name, kind } of component.imports) {
    if (kind === 'type') continue;
    for (const offer of offers) {
      const key = servedBy(name, offer);
      if (key === undefined) continue;
      served.set(name, offer.get(key));
      break;
    }
  }
  return served;
}
