/**
 * One section at a time. In: a cursor over the contents of a section and its id. Out: the definitions in it, appended.
 * Sections that hold a whole module or component are not read here: they are ranges, and `component-decoder.ts` walks them.
 */

import { malformed } from '../fail.ts';
import type { CoreInstanceExpr, Definition, InstanceExpr } from './ast.ts';
import { readCanon } from './canon.ts';
import { readCoreDefType } from './core-types.ts';
import { type NameTable, readComponentNames, readExternName } from './names.ts';
import type { BinaryReader } from './reader.ts';
import { readAlias, readCoreSortIdx, readSortIdx } from './sorts.ts';
import { readDefType, readExternType, readValType } from './types.ts';

/** Section ids (Binary.md `section`). */
export const sectionId = {
  custom: 0,
  coreModule: 1,
  coreInstance: 2,
  coreType: 3,
  component: 4,
  instance: 5,
  alias: 6,
  type: 7,
  canon: 8,
  start: 9,
  import: 10,
  export: 11,
  value: 12,
} as const;

/** What a section is called in errors and listings, by id. */
export const sectionNames: readonly string[] = [
  'custom',
  'core module',
  'core instance',
  'core type',
  'component',
  'instance',
  'alias',
  'type',
  'canon',
  'start',
  'import',
  'export',
  'value',
];

function coreInstance(reader: BinaryReader): CoreInstanceExpr {
  const byte = reader.byte('a core instance');
  switch (byte) {
    case 0x00: {
      const module = reader.u32('a core module index');
      const args = reader.vec('instantiation arguments', (r) => {
        const offset = r.position;
        const name = r.name('an argument name');
        r.expect(0x12, 'instantiation arg kind');
        return { name, instance: r.u32('a core instance index'), offset };
      });
      return { kind: 'instantiate', module, args };
    }
    case 0x01:
      return {
        kind: 'exports',
        exports: reader.vec('exports', (r) => {
          const offset = r.position;
          const name = r.name('an export name');
          return { name, item: readCoreSortIdx(r), offset };
        }),
      };
    default:
      return reader.badByte(byte, 'core instance');
  }
}

function instance(reader: BinaryReader): InstanceExpr {
  const byte = reader.byte('an instance');
  switch (byte) {
    case 0x00: {
      const component = reader.u32('a component index');
      const args = reader.vec('instantiation arguments', (r) => {
        const offset = r.position;
        const name = r.name('an argument name');
        return { name, item: readSortIdx(r), offset };
      });
      return { kind: 'instantiate', component, args };
    }
    case 0x01:
      return {
        kind: 'exports',
        exports: reader.vec('exports', (r) => {
          const offset = r.position;
          const name = readExternName(r);
          return { name, item: readSortIdx(r), offset };
        }),
      };
    default:
      return reader.badByte(byte, 'instance');
  }
}

function exportDefinition(reader: BinaryReader, offset: number): Definition {
  const name = readExternName(reader);
  const item = readSortIdx(reader);
  const byte = reader.byte('an optional export type');
  if (byte === 0x00) return { offset, kind: 'export', name, item };
  if (byte !== 0x01) reader.badByte(byte, 'optional component export type');
  return { offset, kind: 'export', name, item, type: readExternType(reader) };
}

function value(reader: BinaryReader, offset: number): Definition {
  reader.require('values', offset, 'a value definition');
  const type = readValType(reader);
  const at = reader.position;
  const size = reader.u32('the size of a value');
  if (size > reader.remaining) malformed(at, 'unexpected-end', { what: 'a value' });
  const start = reader.position;
  reader.position += size;
  return { offset, kind: 'value', type, bytes: { start, end: start + size } };
}

function start(reader: BinaryReader, offset: number): Definition {
  reader.require('values', offset, 'a start definition');
  const func = reader.u32('a function index');
  const args = reader.vec('arguments', (r) => r.u32('a value index'));
  return { offset, kind: 'start', func, args, results: reader.u32('the number of results') };
}

/** The reader of one element of each section that is a `vec`. */
const elements: Readonly<Record<number, (reader: BinaryReader, offset: number) => Definition>> = {
  [sectionId.coreInstance]: (reader, offset) => ({ offset, kind: 'core-instance', expr: coreInstance(reader) }),
  [sectionId.coreType]: (reader, offset) => ({ offset, kind: 'core-type', type: readCoreDefType(reader) }),
  [sectionId.instance]: (reader, offset) => ({ offset, kind: 'instance', expr: instance(reader) }),
  [sectionId.alias]: (reader, offset) => ({ offset, kind: 'alias', alias: readAlias(reader) }),
  [sectionId.type]: (reader, offset) => ({ offset, kind: 'type', type: readDefType(reader) }),
  [sectionId.canon]: (reader, offset) => ({ offset, kind: 'canon', canon: readCanon(reader) }),
  [sectionId.import]: (reader, offset) => {
    const name = readExternName(reader);
    return { offset, kind: 'import', name, type: readExternType(reader) };
  },
  [sectionId.export]: exportDefinition,
  [sectionId.value]: value,
};

/**
 * Reads the section `id` from its contents, to their last byte. Appends to `into` what the section defines.
 * Throws `DecodeError`, or `ValidationError` for what is well-formed but refused on sight.
 */
export function readSection(reader: BinaryReader, id: number, into: Definition[], names: NameTable): void {
  if (id === sectionId.custom) {
    const offset = reader.position;
    const name = reader.name('the name of a custom section');
    into.push({ offset, kind: 'custom', name, range: { start: reader.position, end: reader.end } });
    if (name === 'component-name') readComponentNames(reader, names);
    return;
  }
  if (id === sectionId.start) {
    into.push(start(reader, reader.position));
  } else {
    const element = elements[id]!;
    const what = `${sectionNames[id]} definitions`;
    for (let left = reader.count(what); left > 0; left--) into.push(element(reader, reader.position));
  }
  if (!reader.atEnd()) {
    malformed(reader.position, 'section-size', { section: sectionNames[id]!, left: reader.remaining });
  }
}
