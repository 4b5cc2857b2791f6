/**
 * From the translation's tables to those of the plan: types, function types, resources and modules get a dense index when
 * something in the plan first refers to them. What nothing refers to is left out.
 */
import type { ByteRange } from '../binary/ast.ts';
import { InternalError } from '../errors.ts';
import type {
  FuncTypeIndex,
  PlanFuncType,
  PlanModule,
  PlanType,
  ResourceIndex,
  StaticModuleIndex,
  TypeIndex,
} from '../plan.ts';
import type { Source } from './entities.ts';
import type { Resource, TypeTable } from './type-table.ts';

export class Numbering {
  readonly types: PlanType[] = [];
  readonly funcTypes: PlanFuncType[] = [];
  /** The resources of the plan, in the plan's order. */
  readonly resources: Resource[] = [];
  readonly modules: PlanModule[] = [];
  readonly #table: TypeTable;
  readonly #types = new Map<TypeIndex, TypeIndex>();
  readonly #funcTypes = new Map<FuncTypeIndex, FuncTypeIndex>();
  readonly #resources = new Map<ResourceIndex, ResourceIndex>();
  readonly #modules = new Map<string, StaticModuleIndex>();

  /** Imported resources come first, then the defined ones; abstract ones follow when they are met. */
  constructor(table: TypeTable) {
    this.#table = table;
    for (const kind of ['imported', 'defined']) {
      table.resources.forEach((resource, i) => {
        if (resource.kind === kind) this.#addResource(i as ResourceIndex, resource);
      });
    }
  }

  type(index: TypeIndex): TypeIndex {
    const known = this.#types.get(index);
    if (known !== undefined) return known;
    const type = this.#table.types[index];
    if (type === undefined) throw new InternalError(`unknown type ${index}`);
    const parts = this.#parts(type);
    const made = (this.types.push(parts) - 1) as TypeIndex;
    this.#types.set(index, made);
    return made;
  }

  optionalType(index: TypeIndex | null): TypeIndex | null {
    return index === null ? null : this.type(index);
  }

  funcType(index: FuncTypeIndex): FuncTypeIndex {
    const known = this.#funcTypes.get(index);
    if (known !== undefined) return known;
    const type = this.#table.funcTypes[index];
    if (type === undefined) throw new InternalError(`unknown function type ${index}`);
    const params = type.params.map((param) => ({ name: param.name, type: this.type(param.type) }));
    const result = this.optionalType(type.result);
    const made = (this.funcTypes.push({ async: type.async, params, result }) - 1) as FuncTypeIndex;
    this.#funcTypes.set(index, made);
    return made;
  }

  resource(index: ResourceIndex): ResourceIndex {
    const known = this.#resources.get(index);
    if (known !== undefined) return known;
    const resource = this.#table.resources[index];
    if (resource === undefined) throw new InternalError(`unknown resource ${index}`);
    return this.#addResource(index, resource);
  }

  module(source: Source, range: ByteRange, name: string | null): StaticModuleIndex {
    const key = `${source.index} ${range.start}`;
    let index = this.#modules.get(key);
    if (index === undefined) {
      const { start, end } = range;
      index = (this.modules.push({ source: source.index, start, end, name }) - 1) as StaticModuleIndex;
      this.#modules.set(key, index);
    }
    return index;
  }

  #addResource(index: ResourceIndex, resource: Resource): ResourceIndex {
    const made = (this.resources.push(resource) - 1) as ResourceIndex;
    this.#resources.set(index, made);
    return made;
  }

  /** The type with the plan's indices of its parts. */
  #parts(type: PlanType): PlanType {
    switch (type.kind) {
      case 'list':
        return { ...type, element: this.type(type.element) };
      case 'record':
        return { ...type, fields: type.fields.map((field) => ({ name: field.name, type: this.type(field.type) })) };
      case 'tuple':
        return { ...type, types: type.types.map((part) => this.type(part)) };
      case 'variant':
        return {
          ...type,
          cases: type.cases.map((item) => ({ name: item.name, type: this.optionalType(item.type) })),
        };
      case 'option':
        return { ...type, type: this.type(type.type) };
      case 'result':
        return { ...type, ok: this.optionalType(type.ok), err: this.optionalType(type.err) };
      case 'map':
        return { ...type, key: this.type(type.key), value: this.type(type.value) };
      case 'own':
      case 'borrow':
        return { ...type, resource: this.resource(type.resource) };
      case 'stream':
      case 'future':
        return { ...type, element: this.optionalType(type.element) };
      default:
        return type;
    }
  }
}
