/**
 * Types, interned: structurally equal types have one index, so types are compared by index. In: types whose parts are
 * already interned. Out: indices. Parts come before the types that use them.
 *
 * A translation has one such table, the plan that comes of it another, with what the plan refers to; `typeCopies` take
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
import { put } from '../put.ts';
import type { CoreItem } from './entities.ts';

export class TypeTable {
  readonly types: PlanType[] = [];
  readonly funcTypes: PlanFuncType[] = [];
  readonly resources: Resource[] = [];
  readonly #indices = new Map<string, number>();
  readonly #copies = new Map<TypeTable, TypeCopies>();
  /** By type index: whether it holds a stream, a future or an error context. Only decided when there is such a type. */
  readonly #async: boolean[] = [];
  #hasAsync = false;

  type(type: PlanType): TypeIndex {
    this.#hasAsync ||= isAsync(type);
    return this.#intern(this.types, type) as TypeIndex;
  }

  funcType(type: PlanFuncType): FuncTypeIndex {
    return this.#intern(this.funcTypes, type) as FuncTypeIndex;
  }

  /** Types are made by {@link mapType} and {@link mapFuncType}: equal ones have their properties in one order. */
  #intern<T extends PlanType | PlanFuncType>(types: T[], type: T): number {
    const key = JSON.stringify(type);
    return this.#indices.get(key) ?? put(this.#indices, key, types.push(type) - 1);
  }

  /** The types of `from` in this table. They hold no resources: what a component closes over has none. */
  copiesFrom(from: TypeTable): TypeCopies {
    const known = this.#copies.get(from);
    return known ?? put(this.#copies, from, typeCopies(from, this, noResource));
  }

  /** Resources are generative: each call makes another type. */
  resource(resource: Resource): ResourceIndex {
    return (this.resources.push(resource) - 1) as ResourceIndex;
  }

  /** Whether a parameter or the result holds a stream, a future or an error context. */
  passesAsyncValues({ params, result }: PlanFuncType): boolean {
    if (!this.#hasAsync) return false;
    // Parts come before the types that use them, so all types can be decided in order.
    for (const type of this.types.slice(this.#async.length)) {
      let found = isAsync(type);
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

function isAsync({ kind }: PlanType): boolean {
  return kind === 'stream' || kind === 'future' || kind === 'error-context';
}

/** Indices of one table's types in another. */
export interface TypeCopies {
  type(index: TypeIndex): TypeIndex;
  funcType(index: FuncTypeIndex): FuncTypeIndex;
}

/** Takes types of the table `from` to the table `to`, each once. `resource` says what becomes of resources. */
export function typeCopies(
  from: TypeTable,
  to: TypeTable,
  resource: (index: ResourceIndex) => ResourceIndex,
): TypeCopies {
  const types = new Map<TypeIndex, TypeIndex>();
  const funcTypes = new Map<FuncTypeIndex, FuncTypeIndex>();
  const type = (index: TypeIndex): TypeIndex =>
    types.get(index) ?? put(types, index, to.type(mapType(from.types[index] as PlanType, type, resource)));
  const funcType = (index: FuncTypeIndex): FuncTypeIndex =>
    funcTypes.get(index) ??
    put(funcTypes, index, to.funcType(mapFuncType(from.funcTypes[index] as PlanFuncType, type)));
  return { type, funcType };
}

/** For types that a component closes over. */
function noResource(): never {
  throw new InternalError('a component closes over a resource type');
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
      return { kind, fields: mapNamed(type.fields, part) };
    case 'tuple':
      return { kind, types: type.types.map(part) };
    case 'variant':
      return { kind, cases: mapNamed(type.cases, optional) };
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
    params: mapNamed(params, part),
    result: result === null ? null : part(result),
  };
}

interface Named<T> {
  readonly name: string;
  readonly type: T;
}

function mapNamed<A, B>(items: readonly Named<A>[], part: (part: A) => B): Named<B>[] {
  return items.map(({ name, type }) => ({ name, type: part(type) }));
}
