/**
 * How names of a component look in JavaScript. In: a name as it stands in a component. Out: its parts, and the property
 * or class name that the embedder sees.
 *
 * Plain names become camelCase (`get-stdin` is `getStdin`), resource classes PascalCase; fragments in capitals keep
 * them (`inner-HTML` is `innerHTML`). Interface names stay as they are, because an embedder copies them from WIT.
 *
 * Rejected: lower-casing a leading acronym (`URL-parser` as `urlParser`). It would need an exception for names that are one
 * acronym, and two labels that differ only there are one and the same to the specification's uniqueness rule anyway.
 */

import type { MemberName, PlanExport } from '../plan.ts';

/** Explainer.md#import-and-export-definitions: what `plainname` and `interfacename` say. */
export type ExternNameParts =
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'constructor'; readonly resource: string }
  | { readonly kind: 'method' | 'static'; readonly resource: string; readonly label: string }
  /** `wasi:io/streams@0.2.0`; `version` is null without one. `projections` are the labels after the package's name. */
  | {
      readonly kind: 'interface';
      readonly namespace: string;
      readonly package: string;
      readonly projections: readonly string[];
      readonly version: string | null;
    };

const annotated = /^\[(constructor|method|static)\]([^.]*)(?:\.(.*))?$/s;
const interfaceName = /^([^/@]*):([^:/@]*)((?:\/[^/@]*)*)(?:@(.*))?$/s;

/** The parts of an import or export name. Never fails: what has no other form is a label. */
export function parseExternName(name: string): ExternNameParts {
  if (!name.startsWith('[') && !name.includes(':')) return { kind: 'label', label: name };
  const annotation = annotated.exec(name);
  if (annotation !== null) {
    const [, kind, resource = '', label] = annotation;
    if (kind === 'constructor') {
      if (label === undefined) return { kind, resource };
    } else if (label !== undefined) {
      return { kind: kind as 'method' | 'static', resource, label };
    }
    return { kind: 'label', label: name };
  }
  const parts = interfaceName.exec(name);
  if (parts === null) return { kind: 'label', label: name };
  const [, namespace = '', pkg = '', projections = '', version] = parts;
  return {
    kind: 'interface',
    namespace,
    package: pkg,
    projections: projections.split('/').slice(1),
    version: version ?? null,
  };
}

const fragment = /[^-]+/g;

/** `get-stdin` → `getStdin`, `inner-HTML` → `innerHTML`, `a1-2b` → `a12b`. */
export function camelCase(label: string): string {
  return cased(camelCased, label, 1);
}

/** `output-stream` → `OutputStream`. */
export function pascalCase(label: string): string {
  return cased(pascalCased, label, 0);
}

/** The fragments of a label, capitalised from the one at `from` on. */
function cased(cache: Map<string, string>, label: string, from: number): string {
  const cached = cache.get(label);
  if (cached !== undefined) return cached;
  const fragments = label.match(fragment) ?? [];
  const name = fragments.map((text, i) => (i < from ? text : text[0]!.toUpperCase() + text.slice(1))).join('');
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(label, name);
  return name;
}

/** Labels come from components: the caches are bounded so that a long-lived host does not collect them all. */
const CACHE_LIMIT = 4096;
const camelCased = new Map<string, string>();
const pascalCased = new Map<string, string>();

/** What an imports object may call a name as well; null: nothing. */
export function importSpelling(name: string, kind: 'resource' | 'other'): string | null {
  const parts = parseExternName(name);
  if (parts.kind !== 'label') return null;
  const spelled = kind === 'resource' ? pascalCase(parts.label) : camelCase(parts.label);
  return spelled === name ? null : spelled;
}

/** Where on its class a function of a resource is; null for what is no such function. */
export function memberName(name: string): MemberName | null {
  const parts = parseExternName(name);
  if (parts.kind === 'label' || parts.kind === 'interface') return null;
  const { kind, resource } = parts;
  return { kind, resource, class: pascalCase(resource), property: 'label' in parts ? camelCase(parts.label) : '' };
}

/** The property that an export has in `instance.exports`; null when it has none of its own. */
export function exportProperty({
  name,
  kind,
}: {
  readonly name: string;
  readonly kind: PlanExport['kind'];
}): string | null {
  const parts = parseExternName(name);
  switch (kind) {
    case 'type':
      return null;
    case 'resource':
      return pascalCase(name);
    case 'lifted-func':
    case 'imported-func':
      // Constructors, methods and statics are found on their class.
      return parts.kind === 'label' ? camelCase(parts.label) : parts.kind === 'interface' ? name : null;
    default:
      return parts.kind === 'label' ? camelCase(parts.label) : name;
  }
}

/**
 * The properties of a record, the names of parameters: camelCase, but where two would be the same, all of those keep
 * their own names.
 */
export function fieldNames(labels: readonly string[]): string[] {
  const names = labels.map(camelCase);
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return names.map((name, i) => (count.get(name) === 1 ? name : (labels[i] as string)));
}

/**
 * The property that an export has in `instance.exports` (or that an import is looked up under): camelCase for a label,
 * the full text for an interface name. For `[method]` and `[static]` the name of the member in its class; for
 * `[constructor]` the name of the class.
 */
export function jsProperty(name: string): string {
  const parts = parseExternName(name);
  switch (parts.kind) {
    case 'label':
      return camelCase(parts.label);
    case 'constructor':
      return pascalCase(parts.resource);
    case 'method':
    case 'static':
      return camelCase(parts.label);
    case 'interface':
      return name;
    default:
      return parts satisfies never;
  }
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Words that cannot be a binding in a module; `arguments` and `eval` because modules are strict. */
const reserved: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Whether `name` can be declared as a variable, function or class in an ES module. */
export function isBindingIdentifier(name: string): boolean {
  return identifier.test(name) && !reserved.has(name);
}

/** `name` as a binding: other characters become `_`, and a reserved word gets a `_` behind it. */
export function bindingIdentifier(name: string): string {
  const clean = name.replace(/[^\p{ID_Continue}$]/gu, '_');
  const started = identifier.test(clean) ? clean : `_${clean}`;
  return reserved.has(started) ? `${started}_` : started;
}

/** `name` as a property in source text: itself when it is an identifier, quoted otherwise. */
export function propertyText(name: string): string {
  return identifier.test(name) ? name : quote(name);
}

/** `text` as a string literal in single quotes. */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
