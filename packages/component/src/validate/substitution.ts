/**
 * Substitution: what an instantiation supplies, put in place of what a component imports (Explainer.md#type-checking). In:
 * types, and for named types and resources their replacements. Out: types with those replaced; parts that nothing
 * changes are shared.
 */

import { COPY_STEPS } from './limits.ts';
import { partCount, type TypeStore } from './type-store.ts';
import type {
  AnyType,
  Binder,
  ComponentType,
  Extern,
  FuncType,
  InstanceType,
  Resource,
  ResourceType,
  ValueType,
} from './types.ts';
import { isValueType } from './types.ts';

/** Resources of `binder` that have no replacement yet get a fresh one, which belongs to `into`. */
interface Freshening {
  readonly binder: Binder;
  readonly into: Binder;
  readonly imported: boolean;
}

export class Substitution {
  readonly #store: TypeStore;
  readonly #fresh: Freshening | null;
  /** Replacements of named types, by node. */
  readonly #types = new Map<ValueType | ResourceType, ValueType | ResourceType>();
  readonly #resources = new Map<Resource, Resource>();
  readonly #done = new Map<AnyType, AnyType>();

  constructor(store: TypeStore, fresh: Freshening | null = null) {
    this.#store = store;
    this.#fresh = fresh;
  }

  /** From now on, the name `from` stands for `to`. */
  setType(from: ValueType | ResourceType, to: ValueType | ResourceType): void {
    this.#types.set(from, to);
  }

  setResource(from: Resource, to: Resource): void {
    this.#resources.set(from, to);
  }

  hasResource(resource: Resource): boolean {
    return this.#resources.has(resource);
  }

  resource(resource: Resource): Resource {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const fresh = this.#fresh;
    if (fresh === null || resource.binder !== fresh.binder || resource.imported !== false) return resource;
    const made = this.#store.newResource(fresh.into, fresh.imported);
    this.#resources.set(resource, made);
    return made;
  }

  resourceType(type: ResourceType): ResourceType {
    const direct = this.#types.get(type);
    if (direct !== undefined) return direct as ResourceType;
    const resource = this.resource(type.resource);
    if (resource === type.resource) return type;
    const done = this.#done.get(type);
    if (done !== undefined) return done as ResourceType;
    const made: ResourceType = { kind: 'resource', resource };
    this.#done.set(type, made);
    return made;
  }

  valueType(type: ValueType): ValueType {
    if (!type.open) return type;
    const direct = this.#types.get(type) ?? this.#done.get(type);
    if (direct !== undefined) return direct as ValueType;
    this.#store.step(1 + partCount(type));
    const made = this.#rebuild(type);
    this.#done.set(type, made);
    return made;
  }

  #rebuild(type: ValueType): ValueType {
    const store = this.#store;
    switch (type.kind) {
      case 'record': {
        const fields = type.fields.map((field) => ({ label: field.label, type: this.valueType(field.type) }));
        if (fields.every((field, i) => field.type === type.fields[i]?.type)) return type;
        return store.valueType({ kind: 'record', fields });
      }
      case 'variant': {
        const cases = type.cases.map((item) => ({ label: item.label, type: this.#maybe(item.type) }));
        if (cases.every((item, i) => item.type === type.cases[i]?.type)) return type;
        return store.valueType({ kind: 'variant', cases });
      }
      case 'list': {
        const element = this.valueType(type.element);
        return element === type.element ? type : store.valueType({ kind: 'list', element, length: type.length });
      }
      case 'tuple': {
        const types = type.types.map((inner) => this.valueType(inner));
        return types.every((inner, i) => inner === type.types[i]) ? type : store.valueType({ kind: 'tuple', types });
      }
      case 'option': {
        const inner = this.valueType(type.type);
        return inner === type.type ? type : store.valueType({ kind: 'option', type: inner });
      }
      case 'result': {
        const ok = this.#maybe(type.ok);
        const err = this.#maybe(type.err);
        return ok === type.ok && err === type.err ? type : store.valueType({ kind: 'result', ok, err });
      }
      case 'map': {
        const value = this.valueType(type.value);
        return value === type.value ? type : store.valueType({ kind: 'map', key: type.key, value });
      }
      case 'own':
      case 'borrow': {
        const resource = this.resourceType(type.resource);
        return resource === type.resource ? type : store.valueType({ kind: type.kind, resource });
      }
      case 'stream':
      case 'future': {
        const element = this.#maybe(type.element);
        return element === type.element ? type : store.valueType({ kind: type.kind, element });
      }
      default:
        return type;
    }
  }

  #maybe(type: ValueType | null): ValueType | null {
    return type === null ? null : this.valueType(type);
  }

  funcType(type: FuncType): FuncType {
    if (!type.open) return type;
    const done = this.#done.get(type);
    if (done !== undefined) return done as FuncType;
    this.#store.step(1 + type.params.length);
    const params = type.params.map((param) => ({ label: param.label, type: this.valueType(param.type) }));
    const result = this.#maybe(type.result);
    const same = result === type.result && params.every((param, i) => param.type === type.params[i]?.type);
    const made = same ? type : this.#store.funcType(type.async, params, result);
    this.#done.set(type, made);
    return made;
  }

  instanceType(type: InstanceType): InstanceType {
    if (!type.open) return type;
    const done = this.#done.get(type);
    if (done !== undefined) return done as InstanceType;
    const exports = this.#externs(type.exports);
    const made = exports === type.exports ? type : this.#store.instanceType(exports, type.binder);
    this.#done.set(type, made);
    return made;
  }

  componentType(type: ComponentType): ComponentType {
    if (!type.open) return type;
    const done = this.#done.get(type);
    if (done !== undefined) return done as ComponentType;
    const imports = this.#externs(type.imports);
    const exports = this.#externs(type.exports);
    const same = imports === type.imports && exports === type.exports;
    const made = same ? type : this.#store.componentType(imports, exports, type.binder);
    this.#done.set(type, made);
    return made;
  }

  #externs(externs: ReadonlyMap<string, Extern>): ReadonlyMap<string, Extern> {
    this.#store.step(COPY_STEPS * externs.size);
    let changed = false;
    const made = new Map<string, Extern>();
    for (const [name, extern] of externs) {
      const replaced = this.extern(extern);
      changed ||= replaced !== extern;
      made.set(name, replaced);
    }
    return changed ? made : externs;
  }

  type(type: AnyType): AnyType {
    switch (type.kind) {
      case 'resource':
        return this.resourceType(type);
      case 'func':
        return this.funcType(type);
      case 'instance':
        return this.instanceType(type);
      case 'component':
        return this.componentType(type);
      default:
        return this.valueType(type);
    }
  }

  extern(extern: Extern): Extern {
    switch (extern.kind) {
      case 'core module':
        return extern;
      case 'func': {
        const type = this.funcType(extern.type);
        return type === extern.type ? extern : { kind: 'func', type };
      }
      case 'instance': {
        const type = this.instanceType(extern.type);
        return type === extern.type ? extern : { kind: 'instance', type };
      }
      case 'component': {
        const type = this.componentType(extern.type);
        return type === extern.type ? extern : { kind: 'component', type };
      }
      case 'value': {
        const type = this.valueType(extern.type);
        return type === extern.type ? extern : { kind: 'value', type };
      }
      case 'type': {
        const type = this.type(extern.type);
        return type === extern.type ? extern : { kind: 'type', type };
      }
    }
  }

  /**
   * The exports of an instance under new names, in order: a type gets a new node, and what follows refers to that. Nested
   * instances too.
   */
  renamed(exports: ReadonlyMap<string, Extern>): ReadonlyMap<string, Extern> {
    this.#store.step(COPY_STEPS * exports.size);
    const made = new Map<string, Extern>();
    for (const [name, extern] of exports) made.set(name, this.#renamedExtern(extern));
    return made;
  }

  #renamedExtern(extern: Extern): Extern {
    if (extern.kind === 'instance') {
      if (!extern.type.open) return extern;
      return { kind: 'instance', type: this.#store.instanceType(this.renamed(extern.type.exports), null) };
    }
    if (extern.kind !== 'type') return this.extern(extern);
    const { type } = extern;
    if (type.kind === 'resource') {
      const renamed: ResourceType = { kind: 'resource', resource: this.resource(type.resource) };
      this.#types.set(type, renamed);
      return { kind: 'type', type: renamed };
    }
    if (!isValueType(type)) return this.extern(extern);
    const replaced = this.valueType(type);
    const renamed = this.#store.rename(replaced);
    if (renamed !== replaced) this.#types.set(type, renamed);
    return { kind: 'type', type: renamed };
  }
}
