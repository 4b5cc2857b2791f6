/**
 * How types differ, in words. In: two types or core items of which validation has found that one cannot stand for the other.
 * Out: what is different. Loaded with the texts.
 */
import type { CoreLimits } from '../binary/ast.ts';
import { isEqual } from './core-subtype.ts';
import { printCore, printCoreFunc } from './core-text.ts';
import type { CoreItem } from './core-types.ts';
import type { FuncType, ValueType } from './types.ts';

// --- component types --------------------------------------------------------------------------------------------------

/** How two function types differ. */
export function funcDifference(given: FuncType, wanted: FuncType): string {
  if (given.async !== wanted.async) {
    const noun = (type: FuncType): string => (type.async ? 'an async function' : 'a function that is not async');
    return `expected ${noun(wanted)}, found ${noun(given)}`;
  }
  if (given.params.length !== wanted.params.length) {
    return `expected ${wanted.params.length} parameters, found ${given.params.length}`;
  }
  for (const [i, label] of wanted.labels.entries()) {
    const found = given.labels[i]!;
    if (found !== label) return `expected parameter named \`${label}\`, found \`${found}\``;
    const problem = inside(`function parameter \`${label}\``, given.params[i]!, wanted.params[i]!);
    if (problem !== null) return problem;
  }
  if (given.result === null) return 'expected no result, found one (in the type asked for)';
  if (wanted.result === null) return 'expected a result, found none (in the type asked for)';
  return `type mismatch with result type: ${valueDifference(given.result, wanted.result)}`;
}

/**
 * How two value types differ; `null`: not at all. `nested`: they stand inside another type, where a primitive is called by its
 * name. The walk follows one path, so it ends after the depth of the type.
 */
export function valueDifference(given: ValueType, wanted: ValueType, nested = true): string | null {
  if (given.shape === wanted.shape) return null;
  const { kind } = wanted;
  if (given.kind !== kind) {
    if (isPrimitive(given) && isPrimitive(wanted)) {
      return `expected primitive \`${kind}\` found primitive \`${given.kind}\``;
    }
    return `expected ${isPrimitive(wanted) && !nested ? 'primitive' : kind}, found ${given.kind}`;
  }
  switch (kind) {
    case 'record':
    case 'variant':
    case 'tuple':
      return partsDifference(given, wanted, kind);
    case 'flags':
    case 'enum':
      return `mismatch in ${kind} elements`;
    case 'list':
      if (given.length !== wanted.length) return `expected list of ${lengthOf(wanted)}, found ${lengthOf(given)}`;
      return inside('list', ...first(given, wanted));
    case 'option':
      return inside('option', ...first(given, wanted));
    case 'result':
      return payloadDifference(given, wanted, 0, 'ok') ?? payloadDifference(given, wanted, 1, 'err');
    case 'map':
      return (
        inside('map key', ...first(given, wanted)) ??
        inside('map value', given.parts[1] as ValueType, wanted.parts[1] as ValueType)
      );
    case 'stream':
    case 'future':
      if (wanted.parts[0] === null) return `expected ${kind} element type to not be present`;
      if (given.parts[0] === null) return `expected ${kind} element type, but found none`;
      return inside(`${kind} element`, ...first(given, wanted));
    default:
      return 'resource types are not the same';
  }
}

function isPrimitive({ parts, labels }: ValueType): boolean {
  return parts.length === 0 && labels.length === 0;
}

function first(given: ValueType, wanted: ValueType): [ValueType, ValueType] {
  return [given.parts[0] as ValueType, wanted.parts[0] as ValueType];
}

function lengthOf({ length }: ValueType): string {
  return length === null ? 'no fixed length' : `length ${length}`;
}

function inside(where: string, given: ValueType, wanted: ValueType): string | null {
  const problem = valueDifference(given, wanted);
  return problem === null ? null : `type mismatch in ${where}: ${problem}`;
}

/** What the parts are called: how many; one that has another name; one that has another type. */
const nouns = {
  record: ['fields', 'field name', 'record field'],
  variant: ['cases', 'case named', 'variant case'],
  tuple: ['types', '', 'tuple field'],
} as const;

function partsDifference(given: ValueType, wanted: ValueType, kind: keyof typeof nouns): string | null {
  const [many, named, noun] = nouns[kind];
  if (given.parts.length !== wanted.parts.length) {
    return `expected ${wanted.parts.length} ${many}, found ${given.parts.length}`;
  }
  for (const [i, part] of wanted.parts.entries()) {
    const label = wanted.labels[i];
    const found = given.parts[i] as ValueType | null;
    if (given.labels[i] !== label) return `expected ${named} \`${label}\`, found \`${given.labels[i]}\``;
    if (found?.shape === part?.shape) continue;
    if (part === null) return `expected case \`${label}\` to have no type, found ${found!.kind}`;
    if (found === null) return `expected case \`${label}\` to have a type, found none`;
    return inside(`${noun} ${label === undefined ? i : `\`${label}\``}`, found, part as ValueType);
  }
  return null;
}

function payloadDifference(given: ValueType, wanted: ValueType, index: number, which: 'ok' | 'err'): string | null {
  const found = given.parts[index] as ValueType | null;
  const part = wanted.parts[index] as ValueType | null;
  if (found === null && part === null) return null;
  if (part === null) return `expected ${which} type to not be present`;
  if (found === null) return `expected ${which} type, but found none`;
  return inside(`${which} variant`, found, part);
}

// --- core types -------------------------------------------------------------------------------------------------------

/** Why the core item `a` cannot be supplied for `b`. */
export function coreItemDifference(a: CoreItem, b: CoreItem): string {
  const given = a.type;
  const wanted = b.type;
  if ((given.kind === 'func' && wanted.kind === 'func') || (given.kind === 'tag' && wanted.kind === 'tag')) {
    return `expected: ${printCoreFunc(wanted.type)}, found: ${printCoreFunc(given.type)}`;
  }
  if (given.kind === 'memory' && wanted.kind === 'memory') {
    if (given.limits.shared !== wanted.limits.shared) return 'mismatch in the shared flag for memories';
    if (given.limits.address !== wanted.limits.address) return 'mismatch in index type used for memories';
    if ((given.limits.pageSizeLog2 ?? 16) !== (wanted.limits.pageSizeLog2 ?? 16)) {
      return 'mismatch in page size of memories';
    }
    return `mismatch in memory limits: ${limits(given.limits, wanted.limits)}`;
  }
  if (given.kind === 'table' && wanted.kind === 'table') {
    if (!isEqual([given.element, a.space], [wanted.element, b.space])) {
      return `expected table element type ${printCore(wanted.element)}, found ${printCore(given.element)}`;
    }
    if (given.limits.address !== wanted.limits.address) return 'mismatch in index type used for tables';
    if (given.limits.shared !== wanted.limits.shared) return 'mismatch in the shared flag for tables';
    return `mismatch in table limits: ${limits(given.limits, wanted.limits)}`;
  }
  if (given.kind === 'global' && wanted.kind === 'global') {
    if (given.mutable !== wanted.mutable) {
      return `mismatch in global mutability: expected ${global(wanted)}, found ${global(given)}`;
    }
    return `expected global type ${printCore(wanted.type)}, found ${printCore(given.type)}`;
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
