/** What a core module is instantiated with. In: its imports, in any order, and what stands behind each. Out: the imports object. */

type Members = Record<string, WebAssembly.ImportValue>;

export function importsObject<I extends { readonly module: string; readonly name: string }>(
  items: readonly I[],
  value: (item: I) => WebAssembly.ImportValue,
): WebAssembly.Imports {
  const imports: Record<string, Members> = {};
  let module: string | null = null;
  let members: Members = {};
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    // Most stand next to others of the same module.
    if (item.module !== module) {
      module = item.module;
      members = Object.hasOwn(imports, module) ? imports[module]! : {};
      put(imports, module, members);
    }
    put(members, item.name, value(item));
  }
  return imports;
}

/** Objects without prototype would need no care for this one name, but are slow to make and to read. */
function put<V>(object: Record<string, V>, name: string, value: V): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true });
}
