/**
 * Which types have a name outside (Explainer.md#external-visibility-of-types). In: the types that imports or exports have
 * named so far, and a type that a new one uses. Out: what in it has no name.
 */

import { hasFreeResource } from './free-resources.ts';
import type { TypeStore } from './type-store.ts';
import type { AnyType, Binder, Extern, FuncType, Resource, ResourceType, ValueType } from './types.ts';
import { needsName } from './types.ts';

/** The kind of a type that has no name (`record`); `null` when all have. */
type Hidden = AnyType['kind'] | null;

/** The named types of one direction of one scope. It only grows, so that what was found visible stays so. */
export class VisibleTypes {
  readonly #store: TypeStore;
  readonly #outer: VisibleTypes | null;
  readonly #importer: Binder | null;
  readonly #named = new Set<AnyType>();
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

  /** Whether `type` itself has a name. */
  has(type: AnyType): boolean {
    return this.#named.has(type) || (this.#outer?.has(type) ?? false);
  }

  /** What in a use of `type` has no name. */
  #inUse(type: ValueType | ResourceType | FuncType): Hidden {
    if (!type.open || this.#visible.has(type)) return null;
    if (type.kind === 'resource') return this.has(type) ? null : type.kind;
    this.#store.step(1 + type.parts.length);
    const hidden = needsName(type) ? (this.has(type) ? null : type.kind) : this.#inParts(type);
    if (hidden === null) this.#visible.add(type);
    return hidden;
  }

  #inParts({ parts }: ValueType | FuncType): Hidden {
    for (const part of parts) {
      const hidden = part && this.#inUse(part);
      if (hidden !== null) return hidden;
    }
    return null;
  }

  /** What in the definition of `type`, which may get a name itself, has none. */
  #inDefinition(type: AnyType): Hidden {
    switch (type.kind) {
      case 'resource':
        return this.#isLocal(type.resource) ? type.kind : null;
      case 'instance':
        // An instance type names what it exports for itself.
        return new VisibleTypes(this.#store, this, this.#importer).#takeAll(type.exports.values(), null);
      case 'component':
        // Component types are checked when they are defined, but for what is in scope around them.
        if (this.#importer === null || !type.open) return null;
        return hasFreeResource(type, this.#store, (resource) => this.#isLocal(resource)) ? 'resource' : null;
      default:
        return this.#inParts(type);
    }
  }

  #isLocal(resource: Resource): boolean {
    return resource.binder === this.#importer && !resource.imported;
  }

  #takeAll(externs: Iterable<Extern>, also: VisibleTypes | null): Hidden {
    for (const extern of externs) {
      const hidden = this.take(extern, also);
      if (hidden !== null) return hidden;
    }
    return null;
  }

  /** Names the types that `extern` introduces; returns what in it has no name. Also into `also`, when given. */
  take({ kind, type }: Extern, also: VisibleTypes | null = null): Hidden {
    this.#store.step();
    switch (kind) {
      case 'type': {
        const hidden = this.#inDefinition(type);
        if (hidden === null) {
          this.#named.add(type);
          if (also !== null) also.#named.add(type);
        }
        return hidden;
      }
      case 'instance':
        return type.open ? this.#takeAll(type.exports.values(), also) : null;
      case 'component':
        return this.#inDefinition(type);
      case 'core module':
        return null;
      default:
        return this.#inUse(type);
    }
  }
}
