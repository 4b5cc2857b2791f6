/**
 * Core subtyping: import matching of core wasm. In: two items or module types. Out: why the first is no subtype of the
 * second, or `null`.
 *
 * Imports and exports of modules: Explainer.md#type-checking; limits and references: core specification, "matching".
 */

import type {
  CoreFieldType,
  CoreFuncType,
  CoreHeapType,
  CoreLimits,
  CoreRefType,
  CoreSubType,
  CoreValType,
} from '../binary/ast.ts';
import {
  type CoreItem,
  type CoreModuleType,
  type CoreTypeSpace,
  compositeOf,
  printCoreFunc,
  printCoreValType,
} from './core-types.ts';

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

type TypeDefinition = CoreTypeSpace[number];

/**
 * Pairs of definitions that are assumed equal, and those of them that are still to be compared. A worklist: chains of
 * types are as long as their author likes.
 */
class Assumed {
  readonly #pairs = new Map<TypeDefinition, Set<TypeDefinition>>();
  readonly #open: (() => boolean)[] = [];

  /** Assumes that `a` equals `b`, to be justified by `compare`. */
  add(a: TypeDefinition, b: TypeDefinition, compare: () => boolean): void {
    let others = this.#pairs.get(a);
    if (others === undefined) this.#pairs.set(a, (others = new Set()));
    if (others.has(b)) return;
    others.add(b);
    this.#open.push(compare);
  }

  /** Whether all assumptions are justified. */
  hold(): boolean {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) if (!next()) return false;
    return true;
  }
}

/** Runs a comparison with its assumptions. */
function justified(compare: (assumed: Assumed) => boolean): boolean {
  const assumed = new Assumed();
  return compare(assumed) && assumed.hold();
}

/** Why `a` cannot be given for `b`; `null` when it can. */
export function coreItemProblem(a: CoreItem, b: CoreItem): string | null {
  const given = a.type;
  const wanted = b.type;
  if (given.kind === 'func' && wanted.kind === 'func') return funcProblem(given.type, a.space, wanted.type, b.space);
  if (given.kind === 'tag' && wanted.kind === 'tag') return funcProblem(given.type, a.space, wanted.type, b.space);
  if (given.kind === 'memory' && wanted.kind === 'memory') return memoryProblem(given.limits, wanted.limits);
  if (given.kind === 'table' && wanted.kind === 'table') {
    if (!justified((assumed) => sameRef(given.element, a.space, wanted.element, b.space, assumed))) {
      return `expected table element type ${printCoreValType(wanted.element)}, found ${printCoreValType(given.element)}`;
    }
    if (given.limits.address !== wanted.limits.address) return 'mismatch in index type used for tables';
    if (given.limits.shared !== wanted.limits.shared) return 'mismatch in the shared flag for tables';
    return limitsMatch(given.limits, wanted.limits)
      ? null
      : `mismatch in table limits: ${limits(given.limits, wanted.limits)}`;
  }
  if (given.kind === 'global' && wanted.kind === 'global') {
    if (given.mutable !== wanted.mutable)
      return `mismatch in global mutability: expected ${global(wanted)}, found ${global(given)}`;
    const fits = wanted.mutable
      ? justified((assumed) => sameValType(given.type, a.space, wanted.type, b.space, assumed))
      : valTypeMatches(given.type, a.space, wanted.type, b.space);
    return fits ? null : `expected global type ${printCoreValType(wanted.type)}, found ${printCoreValType(given.type)}`;
  }
  return `expected ${wanted.kind}, found ${given.kind}`;
}

function global(type: { readonly mutable: boolean }): string {
  return type.mutable ? 'a mutable global' : 'an immutable global';
}

function limits(given: CoreLimits, wanted: CoreLimits): string {
  const print = (l: CoreLimits): string => (l.max === undefined ? `${l.min}` : `${l.min} to ${l.max}`);
  return `expected ${print(wanted)}, found ${print(given)}`;
}

function limitsMatch(given: CoreLimits, wanted: CoreLimits): boolean {
  if (given.min < wanted.min) return false;
  return wanted.max === undefined || (given.max !== undefined && given.max <= wanted.max);
}

/** Why a memory is no subtype of another. */
export function memoryProblem(given: CoreLimits, wanted: CoreLimits): string | null {
  if (given.shared !== wanted.shared) return 'mismatch in the shared flag for memories';
  if (given.address !== wanted.address) return 'mismatch in index type used for memories';
  if ((given.pageSizeLog2 ?? 16) !== (wanted.pageSizeLog2 ?? 16)) return 'mismatch in page size of memories';
  return limitsMatch(given, wanted) ? null : `mismatch in memory limits: ${limits(given, wanted)}`;
}

function funcProblem(a: CoreFuncType, aSpace: CoreTypeSpace, b: CoreFuncType, bSpace: CoreTypeSpace): string | null {
  return justified((assumed) => sameFunc(a, aSpace, b, bSpace, assumed))
    ? null
    : `expected: ${printCoreFunc(b)}, found: ${printCoreFunc(a)}`;
}

function sameFunc(
  a: CoreFuncType,
  aSpace: CoreTypeSpace,
  b: CoreFuncType,
  bSpace: CoreTypeSpace,
  assumed: Assumed,
): boolean {
  const same = (x: readonly CoreValType[], y: readonly CoreValType[]): boolean =>
    x.length === y.length && x.every((type, i) => sameValType(type, aSpace, y[i] as CoreValType, bSpace, assumed));
  return same(a.params, b.params) && same(a.results, b.results);
}

function sameValType(
  a: CoreValType | 'i8' | 'i16',
  aSpace: CoreTypeSpace,
  b: CoreValType | 'i8' | 'i16',
  bSpace: CoreTypeSpace,
  assumed: Assumed,
): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return sameRef(a, aSpace, b, bSpace, assumed);
}

function sameRef(
  a: CoreRefType,
  aSpace: CoreTypeSpace,
  b: CoreRefType,
  bSpace: CoreTypeSpace,
  assumed: Assumed,
): boolean {
  return a.nullable === b.nullable && sameHeap(a.heap, aSpace, b.heap, bSpace, assumed);
}

function sameHeap(
  a: CoreHeapType,
  aSpace: CoreTypeSpace,
  b: CoreHeapType,
  bSpace: CoreTypeSpace,
  assumed: Assumed,
): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (aSpace === bSpace && a === b) return true;
  const x = aSpace[a];
  const y = bSpace[b];
  if (x === undefined || y === undefined) return false;
  assumed.add(x, y, () => sameDefinition(x, aSpace, y, bSpace, assumed));
  return true;
}

// NON-SPEC: recursive types are compared by what they unfold to, not by the groups that they are written in. The engine,
// which links the modules, compares groups.
function sameDefinition(
  a: TypeDefinition,
  aSpace: CoreTypeSpace,
  b: TypeDefinition,
  bSpace: CoreTypeSpace,
  assumed: Assumed,
): boolean {
  const x = subTypeOf(a);
  const y = subTypeOf(b);
  if (x === null || y === null || x.final !== y.final || x.supers.length !== y.supers.length) return false;
  const xSpace = spaceOf(a, aSpace);
  const ySpace = spaceOf(b, bSpace);
  if (!x.supers.every((parent, i) => sameHeap(parent, xSpace, y.supers[i] as number, ySpace, assumed))) return false;
  const p = x.comp;
  const q = y.comp;
  const field = (f: CoreFieldType, g: CoreFieldType | undefined): boolean =>
    g !== undefined && f.mutable === g.mutable && sameValType(f.storage, xSpace, g.storage, ySpace, assumed);
  if (p.kind === 'func' && q.kind === 'func') return sameFunc(p, xSpace, q, ySpace, assumed);
  if (p.kind === 'array' && q.kind === 'array') return field(p.field, q.field);
  if (p.kind === 'struct' && q.kind === 'struct') {
    return p.fields.length === q.fields.length && p.fields.every((f, i) => field(f, q.fields[i]));
  }
  return false;
}

function subTypeOf(entry: TypeDefinition | undefined): CoreSubType | null {
  if (entry === undefined) return null;
  if ('comp' in entry) return entry;
  return entry.kind === 'sub' ? entry.type : null;
}

function spaceOf(entry: TypeDefinition | undefined, space: CoreTypeSpace): CoreTypeSpace {
  return entry !== undefined && !('comp' in entry) && entry.kind === 'sub' ? entry.space : space;
}

function valTypeMatches(a: CoreValType, aSpace: CoreTypeSpace, b: CoreValType, bSpace: CoreTypeSpace): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (a.nullable && !b.nullable) return false;
  return heapMatches(a.heap, aSpace, b.heap, bSpace, 0);
}

/** Declared supertypes are followed up to this many steps (the core specification's limit on subtyping depth). */
const MAX_SUPERS = 64;

function heapMatches(
  a: CoreHeapType,
  aSpace: CoreTypeSpace,
  b: CoreHeapType,
  bSpace: CoreTypeSpace,
  depth: number,
): boolean {
  if (depth > MAX_SUPERS) return false;
  if (typeof a === 'string') {
    if (typeof b === 'string') {
      return a === b || (heapSupers[a] ?? []).some((parent) => heapMatches(parent, aSpace, b, bSpace, depth + 1));
    }
    const kind = compositeOf(bSpace[b])?.kind;
    return kind === 'func' ? a === 'nofunc' : kind !== undefined && a === 'none';
  }
  if (typeof b === 'string') {
    const kind = compositeOf(aSpace[a])?.kind;
    return kind !== undefined && heapMatches(kind, aSpace, b, bSpace, depth + 1);
  }
  if (justified((assumed) => sameHeap(a, aSpace, b, bSpace, assumed))) return true;
  const entry = aSpace[a];
  const parent = subTypeOf(entry)?.supers[0];
  return parent !== undefined && heapMatches(parent, spaceOf(entry, aSpace), b, bSpace, depth + 1);
}

/** Whether a table's elements match `funcref`. */
export function isFuncTable(item: CoreItem): boolean {
  return item.type.kind === 'table' && valTypeMatches(item.type.element, item.space, funcref, []);
}

const funcref: CoreRefType = { kind: 'ref', nullable: true, heap: 'func' };

/** Why module type `a` is no subtype of `b`: it may import less and export more. */
export function moduleProblem(a: CoreModuleType, b: CoreModuleType): string | null {
  if (a === b) return null;
  const imports = new Map<string, Map<string, CoreItem>>();
  for (const { module, name, item } of b.imports) {
    let names = imports.get(module);
    if (names === undefined) imports.set(module, (names = new Map()));
    names.set(name, item);
  }
  for (const { module, name, item } of a.imports) {
    const given = imports.get(module)?.get(name);
    if (given === undefined) return `missing expected import \`${module}::${name}\``;
    const problem = coreItemProblem(given, item);
    if (problem !== null) return `type mismatch in import \`${module}::${name}\`: ${problem}`;
  }
  for (const [name, item] of b.exports) {
    const given = a.exports.get(name);
    if (given === undefined) return `missing expected export \`${name}\``;
    const problem = coreItemProblem(given, item);
    if (problem !== null) return `type mismatch in export \`${name}\`: ${problem}`;
  }
  return null;
}
