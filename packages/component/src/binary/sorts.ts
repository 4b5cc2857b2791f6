/** Sorts, indices with a sort, and aliases. In: a cursor. Out: nodes of the AST. */

import type { Alias, CoreSort, CoreSortIdx, Sort, SortIdx } from './ast.ts';
import { type Choices, gated, pick, u32 } from './grammar.ts';
import type { BinaryReader } from './reader.ts';

/** Core sorts by opcode (Binary.md `core:sort`). */
const coreSorts: Choices<CoreSort> = {
  0x00: 'func',
  0x01: 'table',
  0x02: 'memory',
  0x03: 'global',
  0x04: 'tag',
  0x10: 'type',
  0x11: 'module',
  0x12: 'instance',
};

/** Of core sorts as sorts: the same strings for all definitions. */
const sortOf = {
  func: 'core func',
  table: 'core table',
  memory: 'core memory',
  global: 'core global',
  tag: 'core tag',
  type: 'core type',
  module: 'core module',
  instance: 'core instance',
} as const;

const componentSorts: Choices<Sort> = {
  0x01: 'func',
  0x02: gated('values', 'the sort `value`', 'value'),
  0x03: 'type',
  0x04: 'component',
  0x05: 'instance',
};

/** `sort`; `place` names the place in the error. */
export function readSort(reader: BinaryReader, place: string): Sort {
  if (reader.peek('a sort') !== 0x00) return pick(reader, 'a sort', place, componentSorts);
  reader.position++;
  return sortOf[pick(reader, 'a core sort', place, coreSorts)];
}

const index = u32('an index');

export function readSortIdx(reader: BinaryReader): SortIdx {
  const sort = readSort(reader, 'component external kind');
  return { sort, index: index(reader) };
}

export function readCoreSortIdx(reader: BinaryReader): CoreSortIdx {
  const sort = pick(reader, 'a core sort', 'external kind', coreSorts);
  return { sort, index: index(reader) };
}

/** The sorts an outer alias may have (Explainer.md `outeraliassort`). */
const outerSorts: readonly Sort[] = ['core module', 'core type', 'type', 'component'];

/**
 * `alias`. The target stands after the sort, and decides what a bad sort is called: so the sort's bytes are skipped first and
 * read afterwards.
 */
export function readAlias(reader: BinaryReader): Alias {
  const start = reader.position;
  if (reader.byte('an alias') === 0x00) reader.byte('an alias');
  const target = reader.byte('an alias target');
  if (target > 0x02) reader.badByte(target, 'alias');
  const isOuter = target === 0x02;
  const place = isOuter ? 'component outer alias kind' : 'component external kind';
  reader.position = start;
  const sort = readSort(reader, place);
  if (isOuter && !outerSorts.includes(sort)) reader.badByte(reader.bytes[reader.position - 1]!, place);
  reader.position++;
  if (isOuter) return { kind: 'outer', sort, count: reader.u32('an outer alias count'), index: index(reader) };
  const kind = target === 0x00 ? 'export' : 'core-export';
  return { kind, sort, instance: reader.u32('an instance index'), name: reader.name('an export name') };
}
