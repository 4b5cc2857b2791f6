/**
 * Which ES module supplies an import of a component. In: a mapping, and import names. Out: specifiers.
 *
 * Keys are import names: `log`, `wasi:cli/stdout@0.2.0`, `wasi:cli/stdout` for any version, `wasi:cli/*` for all that begin
 * so. Values are specifiers: `./log.ts`, `some-package`, `some-package#member` for one export of it; a `*` in a value
 * stands for what the `*` in its key matched. An exact name goes before one without version, that before patterns, and a
 * longer pattern before a shorter one.
 *
 * Without a mapping, interfaces of WASI come from `@gangway/wasi`, and every other name is a specifier as it stands: what
 * Explainer.md says of components in the module graph.
 */
import { splitVersion } from '../link/semver.ts';

export type ImportMap = Readonly<Record<string, string>>;

/** Where an import comes from. */
export type ImportOrigin =
  /** An ES module; `member` is the one export that is meant, null: the module as a whole. */
  | { readonly kind: 'module'; readonly specifier: string; readonly member: string | null; readonly mapped: boolean }
  /** `@gangway/wasi`. */
  | { readonly kind: 'wasi' };

/** Interfaces of WASI 0.2, of any minor version; `wasi:foo` without an interface is a name like others. */
const wasiName = /^wasi:[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*(@0\.2\.|$)/;

/** Throws `TypeError` for a mapping that is none. */
export function importOrigin(name: string, map: ImportMap = {}): ImportOrigin {
  const target = mappedTo(name, map);
  if (target !== null) {
    // `#` at the start is a package's own import (`#log`), not a member.
    const at = target.indexOf('#', 1);
    return {
      kind: 'module',
      specifier: at < 0 ? target : target.slice(0, at),
      member: at < 0 ? null : target.slice(at + 1),
      mapped: true,
    };
  }
  return wasiName.test(name) ? { kind: 'wasi' } : { kind: 'module', specifier: name, member: null, mapped: false };
}

function mappedTo(name: string, map: ImportMap): string | null {
  const { base } = splitVersion(name);
  for (const key of [name, base]) if (Object.hasOwn(map, key)) return checked(key, map[key]);
  const patterns = Object.keys(map)
    .filter((key) => key.includes('*'))
    .sort((a, b) => b.length - a.length);
  for (const pattern of patterns) {
    const [head = '', tail = ''] = pattern.split('*');
    for (const text of [name, base]) {
      if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) continue;
      const matched = text.slice(head.length, text.length - tail.length);
      return checked(pattern, map[pattern]).replaceAll('*', () => splitVersion(matched).base);
    }
  }
  return null;
}

function checked(key: string, target: unknown): string {
  if (typeof target === 'string' && target !== '') return target;
  throw new TypeError(`the import mapping of "${key}" must be a module specifier`);
}

/** The mapping with its relative specifiers made absolute by `resolve`. */
export function resolveImportMap(map: ImportMap, resolve: (specifier: string) => string): ImportMap {
  return Object.fromEntries(
    Object.entries(map).map(([key, target]) => [
      key,
      /^\.{1,2}\//.test(checked(key, target)) ? resolve(target) : target,
    ]),
  );
}
