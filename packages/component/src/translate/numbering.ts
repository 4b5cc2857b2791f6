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
import { mapFuncType, mapType, type Resource, type TypeTable } from './type-table.ts';

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
    const parts = mapType(
      type,
      (part) => this.type(part),
      (resource) => this.resource(resource),
    );
    const made = (this.types.push(parts) - 1) as TypeIndex;
    this.#types.set(index, made);
    return made;
  }

  funcType(index: FuncTypeIndex): FuncTypeIndex {
    const known = this.#funcTypes.get(index);
    if (known !== undefined) return known;
    const type = this.#table.funcTypes[index];
    if (type === undefined) throw new InternalError(`unknown function type ${index}`);
    const made = (this.funcTypes.push(mapFuncType(type, (part) => this.type(part))) - 1) as FuncTypeIndex;
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

  module(source: number, range: ByteRange, name: string | null): StaticModuleIndex {
    const key = `${source} ${range.start}`;
    let index = this.#modules.get(key);
    if (index === undefined) {
      const { start, end } = range;
      index = (this.modules.push({ source, start, end, name }) - 1) as StaticModuleIndex;
      this.#modules.set(key, index);
    }
    return index;
  }

  #addResource(index: ResourceIndex, resource: Resource): ResourceIndex {
    const made = (this.resources.push(resource) - 1) as ResourceIndex;
    this.#resources.set(index, made);
    return made;
  }
}
