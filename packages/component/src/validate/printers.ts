/**
 * How parts of the validator's texts are printed. In: a part. Out: what stands in the text; or a part for the next printer.
 * A text names the printers in front of the placeholder (messages.ts). Loaded with the texts.
 */
import type { CoreSort, CoreValType } from '../binary/ast.ts';
import { semverProblem } from '../names/semver-problem.ts';
import { printCore } from './core-text.ts';
import { coreItemDifference, funcDifference, valueDifference } from './differences.ts';
import { type AnyType, isValueType } from './types.ts';

/** What labels are called: what they are labels of. */
const labelled: Readonly<Record<string, string>> = {
  record: 'record field',
  variant: 'variant case',
  flags: 'flag',
  enum: 'enum tag',
  func: 'function parameter',
};

/** By the name that texts have for them. */
export const printers: Readonly<Record<string, (part: never) => string>> = {
  /** `a func`, `an instance`. */
  a: (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`,
  /** A sort among those of one index space: `core module` is `module`. */
  plain: (sort: string): string => sort.replace('core ', ''),
  /** A sort in full: `core func` is `core function`, `core memory` is `memory`. */
  sort: (sort: string): string => {
    const [, core] = sort.split(' ') as [string, CoreSort?];
    const name = core === undefined || core === 'func' || core === 'type' || core === 'instance' ? sort : core;
    return name.replace('func', 'function');
  },
  /** What has labels: `record field`; for earlier ones just `field`. */
  labelled: (kind: string): string => labelled[kind]!,
  earlier: (kind: string): string => labelled[kind]!.split(' ').at(-1)!,
  encoding: (kind: string): string => kind.replace('+', '-'),
  /** The three kinds of types that an import of a type tells apart. */
  class: typeClass,
  core: printCore,
  /** Core types as the reference tests print them. */
  upper: (types: readonly CoreValType[]): string =>
    types.map((type) => (typeof type === 'string' ? type.toUpperCase() : printCore(type))).join(', '),
  semver: (version: string): string => `${semverProblem(version)}`,
  /** 2^64 bytes or 4 GiB, by address type. */
  space: (address: string): string => (address === 'i64' ? '2^64 bytes' : '4 GiB'),
  /** `export` of `instance export`. */
  last: (words: string): string => words.split(' ').at(-1)!,
  values: (types: Parameters<typeof valueDifference>): string => `${valueDifference(...types)}`,
  funcs: (types: Parameters<typeof funcDifference>): string => funcDifference(...types),
  items: (items: Parameters<typeof coreItemDifference>): string => coreItemDifference(...items),
};

function typeClass(type: AnyType): string {
  if (type.kind === 'resource') return 'resource';
  return isValueType(type) ? 'defined type' : `${type.kind} type`;
}
