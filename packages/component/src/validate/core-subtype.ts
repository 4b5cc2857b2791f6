/**
 * Core subtyping: import matching of core wasm. In: two items or module types. Out: whether the first is a subtype of the
 * second, or why not (differences.ts makes the text).
 *
 * Imports and exports of modules: Explainer.md#type-checking; limits and references: core specification, "matching".
 */

import type { CoreCompType, CoreHeapType, CoreLimits, CoreValType } from '../binary/ast.ts';
import { reason } from '../fail.ts';
import {
  type CoreItem,
  type CoreItemOf,
  type CoreModuleType,
  type CoreTypeEntry,
  type CoreTypeSpace,
  isSignature,
  typesIn,
} from './core-types.ts';
import { matchAll, type Problem } from './problems.ts';

/** Abstract heap types and their direct supertypes. */
const heapSupers: Readonly<Record<string, readonly string[]>> = {
  none: ['i31', 'struct', 'array'],
  i31: ['eq'],
  struct: ['eq'],
  array: ['eq'],
  eq: ['any'],
  nofunc: ['func'],
  noextern: ['extern'],
  noexn: ['exn'],
  nocont: ['cont'],
};

/** What a heap type refers to: a definition, or an abstract heap type by name. */
type Heap = CoreTypeEntry | string | undefined;

function resolve(heap: CoreHeapType, space: CoreTypeSpace): Heap {
  return typeof heap === 'string' ? heap : space[heap];
}

/** A value type or storage type, and the type space of its indices. */
type Placed = readonly [type: CoreValType | 'i8' | 'i16', space: CoreTypeSpace];

/**
 * A comparison: pairs of definitions that are assumed equal, and those of them that are still to be compared. A worklist:
 * chains of types are as long as their author likes.
 */
class Comparison {
  readonly #pairs = new Map<CoreTypeEntry, Set<CoreTypeEntry>>();
  readonly #open: [CoreTypeEntry, CoreTypeEntry][] = [];

  heaps(a: Heap, b: Heap): boolean {
    if (a === b) return true;
    if (typeof a !== 'object' || typeof b !== 'object') return false;
    let others = this.#pairs.get(a);
    if (others === undefined) this.#pairs.set(a, (others = new Set()));
    if (!others.has(b)) this.#open.push([a, b]);
    others.add(b);
    return true;
  }

  types([a, aSpace]: Placed, [b, bSpace]: Placed): boolean {
    if (typeof a === 'string' || typeof b === 'string') return a === b;
    return a.nullable === b.nullable && this.heaps(resolve(a.heap, aSpace), resolve(b.heap, bSpace));
  }

  composites(a: CoreCompType, aSpace: CoreTypeSpace, b: CoreCompType, bSpace: CoreTypeSpace): boolean {
    const others = typesIn(b);
    return formOf(a) === formOf(b) && typesIn(a).every((type, i) => this.types([type, aSpace], [others[i]!, bSpace]));
  }

  // NON-SPEC: recursive types are compared by what they unfold to, not by the groups that they are written in. The engine,
  // which links the modules, compares groups.
  #definitions(a: CoreTypeEntry, b: CoreTypeEntry): boolean {
    if (a.kind !== 'sub' || b.kind !== 'sub') return false;
    const x = a.type;
    const y = b.type;
    return (
      x.final === y.final &&
      x.supers.length === y.supers.length &&
      x.supers.every((parent, i) => this.heaps(a.space[parent], b.space[y.supers[i]!])) &&
      this.composites(x.comp, a.space, y.comp, b.space)
    );
  }

  /** Whether all assumptions are justified. */
  holds(): boolean {
    for (let pair = this.#open.pop(); pair !== undefined; pair = this.#open.pop()) {
      if (!this.#definitions(...pair)) return false;
    }
    return true;
  }
}

/** What a composite type is but for its types: kind, how many, which of them can be changed. */
function formOf(comp: CoreCompType): string {
  switch (comp.kind) {
    case 'func':
      return `${comp.params.length} ${comp.results.length}`;
    case 'struct':
      return `struct ${comp.fields.map((field) => field.mutable)}`;
    case 'array':
      return `array ${comp.field.mutable}`;
  }
}

/** Whether two types are equal. */
export function isEqual(a: Placed, b: Placed): boolean {
  const comparison = new Comparison();
  return comparison.types(a, b) && comparison.holds();
}

function isSubtype(a: Placed, b: Placed): boolean {
  const [given, aSpace] = a;
  const [wanted, bSpace] = b;
  if (typeof given === 'string' || typeof wanted === 'string') return given === wanted;
  if (given.nullable && !wanted.nullable) return false;
  return heapMatches(resolve(given.heap, aSpace), resolve(wanted.heap, bSpace), 0);
}

/** Declared supertypes are followed up to this many steps (the core specification's limit on subtyping depth). */
const MAX_SUPERS = 64;

function heapMatches(a: Heap, b: Heap, depth: number): boolean {
  if (a === undefined || b === undefined || depth > MAX_SUPERS) return false;
  const comparison = new Comparison();
  if (comparison.heaps(a, b) && comparison.holds()) return true;
  if (typeof a === 'string') {
    if (typeof b === 'string') return heapSupers[a]?.some((parent) => heapMatches(parent, b, depth + 1)) ?? false;
    return b.kind === 'sub' && a === (b.type.comp.kind === 'func' ? 'nofunc' : 'none');
  }
  if (a.kind !== 'sub') return false;
  if (typeof b === 'string') return heapMatches(a.type.comp.kind, b, depth + 1);
  const [parent] = a.type.supers;
  return parent !== undefined && heapMatches(a.space[parent], b, depth + 1);
}

/** Whether `given` can be supplied for `wanted`. */
function itemFits({ type: given, space }: CoreItem, { type: wanted, space: wantedSpace }: CoreItem): boolean {
  switch (wanted.kind) {
    case 'func':
    case 'tag': {
      if (given.kind !== wanted.kind) return false;
      if (isSignature(given.type, wanted.type.params, wanted.type.results)) return true;
      const comparison = new Comparison();
      return comparison.composites(given.type, space, wanted.type, wantedSpace) && comparison.holds();
    }
    case 'memory':
      return given.kind === 'memory' && limitsFit(given.limits, wanted.limits);
    case 'table':
      return (
        given.kind === 'table' &&
        isEqual([given.element, space], [wanted.element, wantedSpace]) &&
        limitsFit(given.limits, wanted.limits)
      );
    case 'global':
      return (
        given.kind === 'global' &&
        given.mutable === wanted.mutable &&
        (wanted.mutable ? isEqual : isSubtype)([given.type, space], [wanted.type, wantedSpace])
      );
  }
}

function limitsFit(given: CoreLimits, wanted: CoreLimits): boolean {
  return (
    given.shared === wanted.shared &&
    given.address === wanted.address &&
    (given.pageSizeLog2 ?? 16) === (wanted.pageSizeLog2 ?? 16) &&
    given.min >= wanted.min &&
    (wanted.max === undefined || (given.max !== undefined && given.max <= wanted.max))
  );
}

/** Why `given` cannot be supplied for `wanted`; `null` when it can. */
export function coreItemProblem(given: CoreItem, wanted: CoreItem): Problem {
  return itemFits(given, wanted) ? null : reason('core-items-differ', { items: [given, wanted] });
}

/** Whether a table's elements match `funcref`. */
export function isFuncTable({ type, space }: CoreItemOf<'table'>): boolean {
  return isSubtype([type.element, space], [{ kind: 'ref', nullable: true, heap: 'func' }, []]);
}

/** Why the module type `given` is no subtype of `wanted`: it may import less and export more. */
export function moduleProblem(given: CoreModuleType, wanted: CoreModuleType): Problem {
  if (given === wanted) return null;
  return (
    matchAll(
      'import',
      wanted.imports,
      given.imports,
      (found, { item }) => coreItemProblem(found.item, item),
      (_, { module, name }) => `${module}::${name}`,
    ) ?? matchAll('export', given.exports, wanted.exports, coreItemProblem)
  );
}
