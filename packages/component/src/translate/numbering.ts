/**
 * From the translation's tables to those of the plan: types, function types, resources and modules get a dense index when
 * something in the plan first refers to them. What nothing refers to is left out.
 */
import type { ByteRange } from '../binary/ast.ts';
import type { FuncTypeIndex, PlanModule, ResourceIndex, StaticModuleIndex, TypeIndex } from '../plan.ts';
import { put } from '../put.ts';
import { type Resource, TypeTable, typeCopies } from './type-table.ts';

export class Numbering {
  /** The types of the plan. */
  readonly table = new TypeTable();
  readonly modules: PlanModule[] = [];
  readonly type: (index: TypeIndex) => TypeIndex;
  readonly funcType: (index: FuncTypeIndex) => FuncTypeIndex;
  readonly #from: TypeTable;
  readonly #resources = new Map<ResourceIndex, ResourceIndex>();
  readonly #modules = new Map<string, StaticModuleIndex>();

  /** Imported resources come first, then the defined ones; abstract ones follow when they are met. */
  constructor(from: TypeTable) {
    this.#from = from;
    const { type, funcType } = typeCopies(from, this.table, (index) => this.resource(index));
    this.type = type;
    this.funcType = funcType;
    for (const wanted of ['imported', 'defined']) {
      for (const [i, { kind }] of from.resources.entries()) if (kind === wanted) this.resource(i as ResourceIndex);
    }
  }

  resource(index: ResourceIndex): ResourceIndex {
    const known = this.#resources.get(index);
    return known ?? put(this.#resources, index, this.table.resource(this.#from.resources[index] as Resource));
  }

  module(source: number, { start, end }: ByteRange, name: string | null): StaticModuleIndex {
    const key = `${source} ${start}`;
    const known = this.#modules.get(key);
    return known ?? put(this.#modules, key, (this.modules.push({ source, start, end, name }) - 1) as StaticModuleIndex);
  }
}
