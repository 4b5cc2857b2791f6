/**
 * Generated code as part of an ES module, so that nothing is evaluated at run time: strict policies and workers that forbid
 * it get the same code. In: the texts of a manifest. Out: an expression, and the manifest without them.
 */
import type { ComponentPlan } from '@gangway/component/plan';
import { nestedPlans } from '../compile/nested-plans.ts';
import type { Manifest } from '../compile/stored-component.ts';
import { InternalError } from '../errors.ts';
import { EAGER } from '../instance/exports-object.ts';
import type { PartTexts } from './forms.ts';
import { type NeededPart, neededParts } from './needed-parts.ts';

/** The generated code of a manifest, and the manifest without it. */
export function splitTexts(manifest: Manifest): { readonly manifest: Manifest; readonly texts: readonly PartTexts[] } {
  const texts: PartTexts[] = [];
  const parts = manifest.parts.map(({ texts: own = { exports: [], callees: [] }, ...part }) => {
    texts.push(own);
    return part;
  });
  return { manifest: { ...manifest, parts }, texts };
}

/** The name of a part as an ES module imports it: `@gangway/host/parts/core-modules`. */
const specifiers: Readonly<Record<NeededPart, string>> = {
  contextSlots: 'context-slots',
  coreModules: 'core-modules',
  fallback: 'fallback',
  resources: 'resources',
  unsupported: 'unsupported',
  versions: 'versions',
};

/** Statements that import the parts of the host that the component needs, and an expression: `StoredComponent.parts`. */
export function partsSource({ plan, parts }: Manifest): {
  readonly imports: readonly string[];
  readonly parts: string;
} {
  const all = parts.flatMap(({ path, adapters }) => neededParts(planAt(plan, path), { adapters }));
  const needed = [...new Set(all)].sort();
  return {
    imports: needed.map((name) => `import { part as ${name} } from '@gangway/host/parts/${specifiers[name]}';`),
    parts: `{ ${needed.join(', ')} }`,
  };
}

/** The plan of an exported component. */
function planAt(root: ComponentPlan, path: readonly string[]): ComponentPlan {
  if (path.length === 0) return root;
  for (const { component, path: names } of nestedPlans(root)) {
    if (names.every((name, i) => path[i] === name)) return planAt(component, path.slice(names.length));
  }
  throw new InternalError(`no component is exported as "${path.join(' ')}"`);
}

/** The first line of a text: which helpers it uses. */
const used = /^const \{ ([^}]*) \} = helpers;\n/;

/**
 * `forms`: an array literal, `StoredComponent.forms`; `helpers`: what a module that contains it has to import from
 * `@gangway/host/helpers`. Whatever a component supplies is in it as string literals only.
 */
export function formsSource(texts: readonly PartTexts[]): {
  readonly forms: string;
  readonly helpers: readonly string[];
} {
  const helpers = new Set<string>();
  const form = (text: string, runs: boolean): string => {
    for (const name of (used.exec(text)?.[1] ?? '').split(', ')) if (name !== '') helpers.add(name);
    const body = `() => {\n${text.replace(used, '')}\n}`;
    // In parentheses, engines compile it while they parse it.
    return runs ? `(${body})` : body;
  };
  const list = (functions: PartTexts['exports'], runs: boolean): string =>
    functions.map((one) => `${typeof one === 'string' ? form(one, runs) : JSON.stringify(one)},\n`).join('');
  const parts = texts.map(({ exports, callees }) => {
    const areMade = exports.length <= EAGER;
    return `{\nexports: [\n${list(exports, areMade)}],\ncallees: [\n${list(callees, true)}],\n},\n`;
  });
  return { forms: `[\n${parts.join('')}]`, helpers: [...helpers].sort() };
}
