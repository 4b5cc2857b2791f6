/**
 * Substitution: what an instantiation supplies, put in place of what a component imports (Explainer.md#type-checking). In:
 * types, and for named types and resources their replacements. Out: types with those replaced; parts that nothing
 * changes are shared.
 */

import { COPY_STEPS } from './limits.ts';
import type { TypeStore } from './type-store.ts';
import type { AnyType, Binder, Extern, Externs, FuncType, Resource } from './types.ts';
import { needsName } from './types.ts';

/** Resources of `binder` that have no replacement yet get a fresh one, which belongs to `into`. */
interface Freshening {
  readonly binder: Binder | null;
  readonly into: Binder;
  readonly imported: boolean;
}

export class Substitution {
  readonly store: TypeStore;
  readonly #fresh: Freshening | null;
  /** Replacements of types, by node: of the names that are given, and of what has been rebuilt. */
  readonly types = new Map<AnyType, AnyType>();
  readonly resources = new Map<Resource, Resource>();

  constructor(store: TypeStore, fresh: Freshening | null = null) {
    this.store = store;
    this.#fresh = fresh;
  }

  resource(resource: Resource): Resource {
    const known = this.resources.get(resource);
    if (known !== undefined) return known;
    const fresh = this.#fresh;
    if (resource.binder !== fresh?.binder || resource.imported) return resource;
    const made = this.store.newResource(fresh.into, fresh.imported).resource;
    this.resources.set(resource, made);
    return made;
  }

  type<T extends AnyType>(type: T): T;
  type(type: AnyType): AnyType {
    if (!type.open) return type;
    const known = this.types.get(type);
    if (known !== undefined) return known;
    const made = this.#rebuild(type);
    // What becomes of a resource may be said later.
    if (made !== type || type.kind !== 'resource') this.types.set(type, made);
    return made;
  }

  #rebuild(type: AnyType): AnyType {
    const { store } = this;
    if (type.kind === 'resource') {
      const resource = this.resource(type.resource);
      return resource === type.resource ? type : store.resourceType(resource);
    }
    if (type.kind === 'instance' || type.kind === 'component') {
      const imports = this.#externs(type.imports);
      const exports = this.#externs(type.exports);
      if (imports === type.imports && exports === type.exports) return type;
      return type.kind === 'instance'
        ? store.instanceType(exports, type.binder)
        : store.componentType(imports, exports, type.binder);
    }
    store.step(1 + type.parts.length);
    const parts = type.parts.map((part) => part && this.type(part));
    if (parts.every((part, i) => part === type.parts[i])) return type;
    return type.kind === 'func'
      ? store.funcType(type.async, type.labels, parts as FuncType['parts'])
      : store.valueType({ ...type, parts });
  }

  #externs(externs: Externs): Externs {
    this.store.step(COPY_STEPS * externs.size);
    let changed = false;
    const made = new Map<string, Extern>();
    for (const [name, extern] of externs) {
      const replaced = this.extern(extern);
      changed ||= replaced !== extern;
      made.set(name, replaced);
    }
    return changed ? made : externs;
  }

  extern(extern: Extern): Extern {
    if (extern.kind === 'core module') return extern;
    const type = this.type(extern.type);
    return type === extern.type ? extern : ({ kind: extern.kind, type } as Extern);
  }

  /**
   * The exports of an instance under new names, in order: a type gets a new node, and what follows refers to that. Nested
   * instances too.
   */
  renamed(exports: Externs): Externs {
    this.store.step(COPY_STEPS * exports.size);
    const made = new Map<string, Extern>();
    for (const [name, extern] of exports) made.set(name, this.#renamedExtern(extern));
    return made;
  }

  #renamedExtern(extern: Extern): Extern {
    const { kind, type } = extern;
    if (kind === 'instance') {
      return type.open ? { kind, type: this.store.instanceType(this.renamed(type.exports), null) } : extern;
    }
    if (kind !== 'type' || !needsName(type)) return this.extern(extern);
    const { store } = this;
    const renamed =
      type.kind === 'resource' ? store.resourceType(this.resource(type.resource)) : store.rename(this.type(type));
    this.types.set(type, renamed);
    return { kind, type: renamed };
  }
}
