/**
 * Property names for the fields of records and flags: camelCase, as in DESIGN's table of values. Fields whose camelCase
 * names are the same (`a1-2b`, `a12b`) keep their own names, all of them.
 */
import { camelCase } from '@gangway/component/names';

export function fieldNames(names: readonly string[]): string[] {
  const wanted = names.map(camelCase);
  const count = new Map<string, number>();
  for (const name of wanted) count.set(name, (count.get(name) ?? 0) + 1);
  return wanted.map((name, i) => (count.get(name) === 1 ? name : (names[i] as string)));
}

/**
 * Whether every object has a property of this name by inheritance. Reading such a name from an embedder's object must
 * not find what `Object.prototype` holds.
 */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Reads `object[name]` once, but not from `Object.prototype`. For names that {@link isInherited}. */
export function readOwn(object: object, name: string): unknown {
  for (let at: object | null = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) return (object as Record<string, unknown>)[name];
  }
  return undefined;
}

/** Sets an own property, whatever its name is (`__proto__` would set the prototype by assignment). */
export function setOwn(object: object, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as Record<string, unknown>)[name] = value;
  }
}
