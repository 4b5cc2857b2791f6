/**
 * The types of one translation, interned: structurally equal types have one index, so types are compared by index.
 * In: types whose parts are already interned. Out: indices. Parts come before the types that use them.
 */
import { InternalError } from '../errors.ts';
import type {
  ComponentInstanceIndex,
  FuncTypeIndex,
  PlanFuncType,
  PlanType,
  ResourceIndex,
  TypeIndex,
} from '../plan.ts';
import type { CoreItem } from './entities.ts';

export class TypeTable {
  readonly types: PlanType[] = [];
  readonly funcTypes: PlanFuncType[] = [];
  readonly resources: Resource[] = [];
  readonly #typeKeys = new Map<string, TypeIndex>();
  readonly #funcTypeKeys = new Map<string, FuncTypeIndex>();
  /** By type index: whether it holds a stream, a future or an error context. */
  readonly #async: boolean[] = [];

  type(type: PlanType): TypeIndex {
    const key = typeKey(type);
    const known = this.#typeKeys.get(key);
    if (known !== undefined) return known;
    const index = (this.types.push(type) - 1) as TypeIndex;
    this.#typeKeys.set(key, index);
    return index;
  }

  funcType(type: PlanFuncType): FuncTypeIndex {
    const parts: unknown[] = [type.async, type.result];
    for (const param of type.params) parts.push(param.name, param.type);
    const key = JSON.stringify(parts);
    const known = this.#funcTypeKeys.get(key);
    if (known !== undefined) return known;
    const index = (this.funcTypes.push(type) - 1) as FuncTypeIndex;
    this.#funcTypeKeys.set(key, index);
    return index;
  }

  /** The type of another table, in this one. */
  adoptType(index: TypeIndex, from: TypeTable): TypeIndex {
    const type = from.types[index];
    if (type === undefined) throw new InternalError(`unknown type ${index}`);
    return this.type(mapType(type, (part) => this.adoptType(part, from), noResource));
  }

  /** The function type of another table, in this one. */
  adoptFuncType(index: FuncTypeIndex, from: TypeTable): FuncTypeIndex {
    const type = from.funcTypes[index];
    if (type === undefined) throw new InternalError(`unknown function type ${index}`);
    return this.funcType(mapFuncType(type, (part) => this.adoptType(part, from)));
  }

  /** Whether a parameter or the result holds a stream, a future or an error context. */
  passesAsyncValues({ params, result }: PlanFuncType): boolean {
    return params.some(({ type }) => this.#isAsync(type)) || (result !== null && this.#isAsync(result));
  }

  #isAsync(index: TypeIndex): boolean {
    // Parts come before the types that use them, so all up to `index` can be decided in order.
    for (let i = this.#async.length; i <= index; i++) this.#async.push(this.#decideAsync(this.types[i] as PlanType));
    return this.#async[index] as boolean;
  }

  #decideAsync(type: PlanType): boolean {
    if (type.kind === 'stream' || type.kind === 'future' || type.kind === 'error-context') return true;
    let found = false;
    const part = (index: TypeIndex): TypeIndex => {
      found ||= this.#async[index] as boolean;
      return index;
    };
    mapType(type, part, (resource) => resource);
    return found;
  }

  /** Resources are generative: each call makes another type. */
  resource(resource: Resource): ResourceIndex {
    return (this.resources.push(resource) - 1) as ResourceIndex;
  }
}

/** A resource type of the translation. `name` is the first name that it was imported or exported under. */
export type Resource = { name: string | null } & (
  | { readonly kind: 'imported'; readonly path: readonly string[] }
  | { readonly kind: 'defined'; readonly instance: ComponentInstanceIndex; readonly dtor: CoreItem | null }
  | { readonly kind: 'abstract' }
);

function noResource(): never {
  throw new InternalError('a component closes over a resource type');
}

/** `type` with other indices for its parts. */
export function mapType(
  type: PlanType,
  part: (index: TypeIndex) => TypeIndex,
  resource: (index: ResourceIndex) => ResourceIndex,
): PlanType {
  const optional = (index: TypeIndex | null): TypeIndex | null => (index === null ? null : part(index));
  switch (type.kind) {
    case 'list':
      return { ...type, element: part(type.element) };
    case 'record':
      return { ...type, fields: type.fields.map((field) => ({ name: field.name, type: part(field.type) })) };
    case 'tuple':
      return { ...type, types: type.types.map(part) };
    case 'variant':
      return { ...type, cases: type.cases.map((item) => ({ name: item.name, type: optional(item.type) })) };
    case 'option':
      return { ...type, type: part(type.type) };
    case 'result':
      return { ...type, ok: optional(type.ok), err: optional(type.err) };
    case 'map':
      return { ...type, key: part(type.key), value: part(type.value) };
    case 'own':
    case 'borrow':
      return { ...type, resource: resource(type.resource) };
    case 'stream':
    case 'future':
      return { ...type, element: optional(type.element) };
    default:
      return type;
  }
}

/** `type` with other indices for its parts. */
export function mapFuncType(type: PlanFuncType, part: (index: TypeIndex) => TypeIndex): PlanFuncType {
  const params = type.params.map((param) => ({ name: param.name, type: part(param.type) }));
  return { async: type.async, params, result: type.result === null ? null : part(type.result) };
}

function typeKey(type: PlanType): string {
  switch (type.kind) {
    case 'list':
      return `list ${type.element} ${type.length ?? ''}`;
    case 'record':
      return JSON.stringify(['record', ...type.fields.flatMap((field) => [field.name, field.type])]);
    case 'tuple':
      return `tuple ${type.types.join(' ')}`;
    case 'variant':
      return JSON.stringify(['variant', ...type.cases.flatMap((item) => [item.name, item.type])]);
    case 'enum':
    case 'flags':
      return `${type.kind} ${type.names.join(' ')}`;
    case 'option':
      return `option ${type.type}`;
    case 'result':
      return `result ${type.ok ?? '_'} ${type.err ?? '_'}`;
    case 'map':
      return `map ${type.key} ${type.value}`;
    case 'own':
    case 'borrow':
      return `${type.kind} ${type.resource}`;
    case 'stream':
    case 'future':
      return `${type.kind} ${type.element ?? '_'}`;
    default:
      return type.kind;
  }
}
