/**
 * Types, interned: structurally equal types have one index, so types are compared by index. In: types whose parts are
 * already interned. Out: indices. Parts come before the types that use them.
 *
 * A translation has one such table, the plan that comes of it another, with what the plan refers to; `TypeCopies` takes
 * types from one to the other.
 */
import { InternalError } from '../errors.ts';
import type {
  ComponentInstanceIndex,
  FuncTypeIndex,
  FuncTypeOf,
  PlanFuncType,
  PlanType,
  ResourceIndex,
  TypeIndex,
  TypeOf,
} from '../plan.ts';
import type { CoreItem } from './entities.ts';
import { memo } from './memo.ts';

export class TypeTable {
  readonly types: PlanType[] = [];
  readonly funcTypes: PlanFuncType[] = [];
  readonly resources: Resource[] = [];
  readonly #indices = new Map<string, number>();
  readonly #copies = new Map<TypeTable, TypeCopies>();
  /** By type index: whether it holds a stream, a future or an error context. */
  readonly #async: boolean[] = [];

  type(type: PlanType): TypeIndex {
    return this.#intern(this.types, type) as TypeIndex;
  }

  funcType(type: PlanFuncType): FuncTypeIndex {
    return this.#intern(this.funcTypes, type) as FuncTypeIndex;
  }

  /** Types are made by {@link mapType} and {@link mapFuncType}: equal ones have their properties in one order. */
  #intern<T extends PlanType | PlanFuncType>(types: T[], type: T): number {
    return memo(this.#indices, JSON.stringify(type), () => types.push(type) - 1);
  }

  /** The types of `from` in this table. They hold no resources: what a component closes over has none. */
  copiesFrom(from: TypeTable): TypeCopies {
    return memo(this.#copies, from, () => {
      return new TypeCopies(from, this, () => {
        throw new InternalError('a component closes over a resource type');
      });
    });
  }

  /** Resources are generative: each call makes another type. */
  resource(resource: Resource): ResourceIndex {
    return (this.resources.push(resource) - 1) as ResourceIndex;
  }

  /** Whether a parameter or the result holds a stream, a future or an error context. */
  passesAsyncValues({ params, result }: PlanFuncType): boolean {
    // Parts come before the types that use them, so all types can be decided in order.
    for (const type of this.types.slice(this.#async.length)) {
      let found = type.kind === 'stream' || type.kind === 'future' || type.kind === 'error-context';
      const part = (index: TypeIndex): TypeIndex => {
        found ||= this.#async[index] as boolean;
        return index;
      };
      mapType(type, part, (resource) => resource);
      this.#async.push(found);
    }
    return [...params.map(({ type }) => type), result].some((type) => type !== null && this.#async[type]);
  }
}

/** Types of one table in another, each taken there once. `resource` says what becomes of resources. */
export class TypeCopies {
  readonly #from: TypeTable;
  readonly #to: TypeTable;
  readonly #resource: (index: ResourceIndex) => ResourceIndex;
  readonly #types = new Map<TypeIndex, TypeIndex>();
  readonly #funcTypes = new Map<FuncTypeIndex, FuncTypeIndex>();

  constructor(from: TypeTable, to: TypeTable, resource: (index: ResourceIndex) => ResourceIndex) {
    this.#from = from;
    this.#to = to;
    this.#resource = resource;
  }

  type(index: TypeIndex): TypeIndex {
    return memo(this.#types, index, () => {
      const type = this.#from.types[index] as PlanType;
      return this.#to.type(mapType(type, (part) => this.type(part), this.#resource));
    });
  }

  funcType(index: FuncTypeIndex): FuncTypeIndex {
    return memo(this.#funcTypes, index, () => {
      const type = this.#from.funcTypes[index] as PlanFuncType;
      return this.#to.funcType(mapFuncType(type, (part) => this.type(part)));
    });
  }
}

/** A resource type of the translation. `name` is the first name that it was imported or exported under. */
export type Resource = { name: string | null } & (
  | { readonly kind: 'imported'; readonly path: readonly string[] }
  | { readonly kind: 'defined'; readonly instance: ComponentInstanceIndex; readonly dtor: CoreItem | null }
  | { readonly kind: 'abstract' }
);

/** The type `type`, its parts and its resource replaced by what these functions make of them. */
export function mapType<T, R>(
  type: TypeOf<T, R>,
  part: (part: T) => TypeIndex,
  resource: (resource: R) => ResourceIndex,
): PlanType {
  const optional = (index: T | null): TypeIndex | null => (index === null ? null : part(index));
  const { kind } = type;
  switch (kind) {
    case 'list':
      return { kind, element: part(type.element), length: type.length };
    case 'record':
      return { kind, fields: type.fields.map(({ name, type }) => ({ name, type: part(type) })) };
    case 'tuple':
      return { kind, types: type.types.map(part) };
    case 'variant':
      return { kind, cases: type.cases.map(({ name, type }) => ({ name, type: optional(type) })) };
    case 'enum':
    case 'flags':
      return { kind, names: type.names };
    case 'option':
      return { kind, type: part(type.type) };
    case 'result':
      return { kind, ok: optional(type.ok), err: optional(type.err) };
    case 'map':
      return { kind, key: part(type.key), value: part(type.value) };
    case 'own':
    case 'borrow':
      return { kind, resource: resource(type.resource) };
    case 'stream':
    case 'future':
      return { kind, element: optional(type.element) };
    default:
      return { kind };
  }
}

/** The function type `type`, its value types replaced by what `part` makes of them. */
export function mapFuncType<T>({ async, params, result }: FuncTypeOf<T>, part: (part: T) => TypeIndex): PlanFuncType {
  return {
    async,
    params: params.map(({ name, type }) => ({ name, type: part(type) })),
    result: result === null ? null : part(result),
  };
}
