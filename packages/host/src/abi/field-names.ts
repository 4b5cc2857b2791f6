/**
 * Properties of records and flags. In: names as a component has them. Out: their names in JavaScript, and reading and setting
 * properties whatever they are called.
 */
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

/**
 * The same names as engines have them for properties and literals. What came out of a component's bytes is compared letter by
 * letter, and looked up in a table before each use as a property's name.
 */
export function asKeys(names: readonly string[]): string[] {
  return names.map((name) => Object.keys({ [name]: 0 })[0] as string);
}
