/** Sorts, indices with a sort, and aliases. In: a cursor. Out: nodes of the AST. */

import { malformed } from '../fail.ts';
import type { Alias, CoreSortIdx, Sort, SortIdx } from './ast.ts';
import { coreSorts } from './core-types.ts';
import type { BinaryReader } from './reader.ts';

const componentSorts: Readonly<Record<number, Sort>> = {
  1: 'func',
  2: 'value',
  3: 'type',
  4: 'component',
  5: 'instance',
};

/** `sort`; `what` names the place in the error. */
export function readSort(reader: BinaryReader, what: string): Sort {
  const start = reader.position;
  const byte = reader.byte('a sort');
  if (byte === 0x00) {
    const core = reader.byte('a core sort');
    const sort = coreSorts[core];
    if (sort === undefined) reader.badByte(core, what);
    return `core ${sort}`;
  }
  const sort = componentSorts[byte];
  if (sort === undefined) reader.badByte(byte, what);
  if (sort === 'value') reader.require('values', start, 'the sort `value`');
  return sort;
}

export function readSortIdx(reader: BinaryReader): SortIdx {
  const sort = readSort(reader, 'component external kind');
  return { sort, index: reader.u32('an index') };
}

export function readCoreSortIdx(reader: BinaryReader): CoreSortIdx {
  const byte = reader.byte('a core sort');
  const sort = coreSorts[byte];
  if (sort === undefined) reader.badByte(byte, 'external kind');
  return { sort, index: reader.u32('an index') };
}

/** The sorts an outer alias may have (Explainer.md `outeraliassort`). */
const outerSorts: ReadonlySet<Sort> = new Set(['core module', 'core type', 'type', 'component']);

/**
 * `alias`. The target stands after the sort, and decides what a bad sort is called: so the sort's bytes are taken first and
 * judged afterwards.
 */
export function readAlias(reader: BinaryReader): Alias {
  const start = reader.position;
  const first = reader.byte('an alias');
  const second = first === 0x00 ? reader.byte('an alias') : undefined;
  const target = reader.byte('an alias target');
  if (target > 0x02) reader.badByte(target, 'alias');
  const afterTarget = reader.position;
  const place = target === 0x02 ? 'component outer alias kind' : 'component external kind';
  reader.position = start;
  const sort = readSort(reader, place);
  reader.position = afterTarget;
  if (target === 0x02) {
    if (!outerSorts.has(sort)) {
      const at = second === undefined ? start : start + 1;
      malformed(at, 'leading-byte', { byte: second ?? first, what: place });
    }
    const count = reader.u32('an outer alias count');
    return { kind: 'outer', sort, count, index: reader.u32('an index') };
  }
  const instance = reader.u32('an instance index');
  const name = reader.name('an export name');
  return { kind: target === 0x00 ? 'export' : 'core-export', sort, instance, name };
}
