/**
 * Which types have a name outside (Explainer.md#external-visibility-of-types). In: the types that imports or exports have
 * named so far, and a type that a new one uses. Out: what in it has no name.
 */

import { article } from '../fail.ts';
import { hasFreeResource } from './free-resources.ts';
import { children, partCount, type TypeStore } from './type-store.ts';
import type { AnyType, Binder, Extern, FuncType, Resource, ResourceType, ValueType } from './types.ts';
import { isValueType, needsName } from './types.ts';

/** The named types of one direction of one scope. It only grows, so that what was found visible stays so. */
export class VisibleTypes {
  readonly #store: TypeStore;
  readonly #outer: VisibleTypes | null;
  readonly #importer: Binder | null;
  readonly #named = new Set<ValueType | ResourceType>();
  readonly #visible = new Set<AnyType>();

  /**
   * `outer`: what is visible there is so here too. `importer`: of a scope's imports, the scope; no import can name a resource
   * that the scope does not import.
   */
  constructor(store: TypeStore, outer: VisibleTypes | null = null, importer: Binder | null = null) {
    this.#store = store;
    this.#outer = outer;
    this.#importer = importer;
  }

  add(type: ValueType | ResourceType): void {
    this.#named.add(type);
  }

  /** Whether `type` itself has a name. */
  has(type: ValueType | ResourceType): boolean {
    return this.#named.has(type) || (this.#outer?.has(type) ?? false);
  }

  /** What in a use of `type` has no name (`a record`); `null` when all has. */
  hiddenIn(type: ValueType): string | null {
    if (!type.open || this.#visible.has(type)) return null;
    this.#store.step(1 + partCount(type));
    const hidden = needsName(type) ? (this.has(type) ? null : article(type.kind)) : this.hiddenInside(type);
    if (hidden === null) this.#visible.add(type);
    return hidden;
  }

  /** What in the parts of `type` has no name. The type itself may be about to get one. */
  hiddenInside(type: ValueType): string | null {
    if (type.kind === 'own' || type.kind === 'borrow') return this.has(type.resource) ? null : 'a resource';
    for (const child of children(type)) {
      const hidden = child === null ? null : this.hiddenIn(child);
      if (hidden !== null) return hidden;
    }
    return null;
  }

  hiddenInFunc(type: FuncType): string | null {
    if (!type.open) return null;
    for (const param of type.params) {
      const hidden = this.hiddenIn(param.type);
      if (hidden !== null) return hidden;
    }
    return type.result === null ? null : this.hiddenIn(type.result);
  }

  /** What in the definition of `type`, which gets a name itself, has none. */
  hiddenInType(type: AnyType): string | null {
    if (isValueType(type)) return this.hiddenInside(type);
    switch (type.kind) {
      case 'func':
        return this.hiddenInFunc(type);
      case 'resource':
        return this.#isLocal(type.resource) ? 'a resource' : null;
      case 'instance': {
        // An instance type names what it exports for itself.
        const inner = new VisibleTypes(this.#store, this, this.#importer);
        for (const extern of type.exports.values()) {
          const hidden = inner.take(extern);
          if (hidden !== null) return hidden;
        }
        return null;
      }
      case 'component':
        // Component types are checked when they are defined, but for what is in scope around them.
        if (this.#importer === null || !type.open) return null;
        return hasFreeResource(type, this.#store, (resource) => this.#isLocal(resource)) ? 'a resource' : null;
      default:
        return null;
    }
  }

  #isLocal(resource: Resource): boolean {
    return resource.binder === this.#importer && !resource.imported;
  }

  /** Names the types that `extern` introduces; returns what in it has no name. Also into `also`, when given. */
  take(extern: Extern, also: VisibleTypes | null = null): string | null {
    this.#store.step();
    switch (extern.kind) {
      case 'type': {
        const { type } = extern;
        const hidden = this.hiddenInType(type);
        if (hidden !== null) return hidden;
        if (type.kind === 'resource' || isValueType(type)) {
          this.add(type);
          also?.add(type);
        }
        return null;
      }
      case 'instance':
        if (!extern.type.open) return null;
        for (const inner of extern.type.exports.values()) {
          const hidden = this.take(inner, also);
          if (hidden !== null) return hidden;
        }
        return null;
      case 'func':
        return this.hiddenInFunc(extern.type);
      case 'value':
        return this.hiddenIn(extern.type);
      case 'component':
        return this.hiddenInType(extern.type);
      case 'core module':
        return null;
    }
  }
}
