/**
 * Whether a function of one component can be called as an import of another. In: a function type of each of two plans, and
 * what their resources are in the store. Out: whether the two are the same type: structure and names must be equal, and
 * resources the same ones.
 */
import type { ComponentPlan, FuncTypeIndex, ResourceIndex, TypeIndex } from '@gangway/component/plan';
import type { ResourceType } from '../resources/resource-type.ts';

/** The types of one component, in a store. */
export interface TypeSide {
  readonly plan: ComponentPlan;
  /** Undefined for a resource that the component knows by its name only. */
  readonly resource: (resource: ResourceIndex) => ResourceType | undefined;
}

export function funcTypesMatch(a: TypeSide, b: TypeSide, first: FuncTypeIndex, second: FuncTypeIndex): boolean {
  const left = a.plan.funcTypes[first]!;
  const right = b.plan.funcTypes[second]!;
  const match = new Matching(a, b);
  return (
    left.async === right.async &&
    left.params.length === right.params.length &&
    left.params.every((param, i) => {
      const other = right.params[i]!;
      return param.name === other.name && match.types(param.type, other.type);
    }) &&
    match.optional(left.result, right.result)
  );
}

class Matching {
  readonly #a: TypeSide;
  readonly #b: TypeSide;
  /** By the two indices: types are shared, and following every use of them could take forever. */
  readonly #known = new Map<string, boolean>();

  constructor(a: TypeSide, b: TypeSide) {
    this.#a = a;
    this.#b = b;
  }

  types(first: TypeIndex, second: TypeIndex): boolean {
    const key = `${first} ${second}`;
    let same = this.#known.get(key);
    if (same === undefined) {
      same = this.#compare(first, second);
      this.#known.set(key, same);
    }
    return same;
  }

  optional(first: TypeIndex | null, second: TypeIndex | null): boolean {
    return first === null || second === null ? first === second : this.types(first, second);
  }

  #compare(first: TypeIndex, second: TypeIndex): boolean {
    const a = this.#a.plan.types[first]!;
    const b = this.#b.plan.types[second]!;
    switch (a.kind) {
      case 'list':
        return a.kind === b.kind && a.length === b.length && this.types(a.element, b.element);
      case 'record':
        return (
          a.kind === b.kind &&
          sameList(a.fields, b.fields, (one, other) => one.name === other.name && this.types(one.type, other.type))
        );
      case 'tuple':
        return a.kind === b.kind && sameList(a.types, b.types, (one, other) => this.types(one, other));
      case 'variant':
        return (
          a.kind === b.kind &&
          sameList(a.cases, b.cases, (one, other) => one.name === other.name && this.optional(one.type, other.type))
        );
      case 'enum':
      case 'flags':
        return a.kind === b.kind && sameList(a.names, b.names, (one, other) => one === other);
      case 'option':
        return a.kind === b.kind && this.types(a.type, b.type);
      case 'result':
        return a.kind === b.kind && this.optional(a.ok, b.ok) && this.optional(a.err, b.err);
      case 'map':
        return a.kind === b.kind && this.types(a.key, b.key) && this.types(a.value, b.value);
      case 'own':
      case 'borrow': {
        if (a.kind !== b.kind) return false;
        const resource = this.#a.resource(a.resource);
        return resource !== undefined && resource === this.#b.resource(b.resource);
      }
      case 'stream':
      case 'future':
        return a.kind === b.kind && this.optional(a.element, b.element);
      default:
        return a.kind === b.kind;
    }
  }
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return a.length === b.length && a.every((one, i) => same(one, b[i] as T));
}
