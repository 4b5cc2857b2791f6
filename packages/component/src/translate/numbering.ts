/**
 * From the translation's tables to those of the plan: types, function types, resources and modules get a dense index when
 * something in the plan first refers to them. What nothing refers to is left out.
 */
import type { ByteRange } from '../binary/ast.ts';
import type { FuncTypeIndex, PlanModule, ResourceIndex, StaticModuleIndex, TypeIndex } from '../plan.ts';
import { memo } from './memo.ts';
import { type Resource, TypeCopies, TypeTable } from './type-table.ts';

export class Numbering {
  /** The types of the plan. */
  readonly table = new TypeTable();
  readonly modules: PlanModule[] = [];
  readonly #from: TypeTable;
  readonly #copies: TypeCopies;
  readonly #resources = new Map<ResourceIndex, ResourceIndex>();
  readonly #modules = new Map<string, StaticModuleIndex>();

  /** Imported resources come first, then the defined ones; abstract ones follow when they are met. */
  constructor(from: TypeTable) {
    this.#from = from;
    this.#copies = new TypeCopies(from, this.table, (index) => this.resource(index));
    for (const wanted of ['imported', 'defined']) {
      from.resources.forEach(({ kind }, i) => {
        if (kind === wanted) this.resource(i as ResourceIndex);
      });
    }
  }

  type(index: TypeIndex): TypeIndex {
    return this.#copies.type(index);
  }

  funcType(index: FuncTypeIndex): FuncTypeIndex {
    return this.#copies.funcType(index);
  }

  resource(index: ResourceIndex): ResourceIndex {
    return memo(this.#resources, index, () => this.table.resource(this.#from.resources[index] as Resource));
  }

  module(source: number, { start, end }: ByteRange, name: string | null): StaticModuleIndex {
    return memo(this.#modules, `${source} ${start}`, () => {
      return (this.modules.push({ source, start, end, name }) - 1) as StaticModuleIndex;
    });
  }
}
