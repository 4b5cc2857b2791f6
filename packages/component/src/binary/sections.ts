/**
 * One section at a time. In: a cursor over the contents of a section and its id. Out: the definitions in it, appended.
 * Sections that hold a whole module or component are not read here: they are ranges, and `component-decoder.ts` walks them.
 */

import { malformed } from '../fail.ts';
import type { CoreInstanceExpr, Definition, InstanceExpr } from './ast.ts';
import { readCanon } from './canon.ts';
import { readCoreDefType } from './core-types.ts';
import { after, type Choices, choice, gated, name, node, offset, optional, take, u32, vec } from './grammar.ts';
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
export const sectionNames: readonly string[] =
  'custom,core module,core instance,core type,component,instance,alias,type,canon,start,import,export,value'.split(',');

const exportType = optional('an optional export type', 'optional component export type', readExternType);

/** One element of each section, by its id. */
const elements: Choices<Definition> = {
  [sectionId.coreInstance]: {
    offset,
    kind: 'core-instance',
    expr: choice<CoreInstanceExpr>('a core instance', 'core instance', {
      0x00: {
        kind: 'instantiate',
        module: u32('a core module index'),
        args: vec(
          'instantiation arguments',
          node({
            name: name('an argument name'),
            instance: after(0x12, 'instantiation arg kind', u32('a core instance index')),
            offset,
          }),
        ),
      },
      0x01: {
        kind: 'exports',
        exports: vec('exports', node({ name: name('an export name'), item: readCoreSortIdx, offset })),
      },
    }),
  },
  [sectionId.coreType]: { offset, kind: 'core-type', type: readCoreDefType },
  [sectionId.instance]: {
    offset,
    kind: 'instance',
    expr: choice<InstanceExpr>('an instance', 'instance', {
      0x00: {
        kind: 'instantiate',
        component: u32('a component index'),
        args: vec('instantiation arguments', node({ name: name('an argument name'), item: readSortIdx, offset })),
      },
      0x01: {
        kind: 'exports',
        exports: vec('exports', node({ name: readExternName, item: readSortIdx, offset })),
      },
    }),
  },
  [sectionId.alias]: (reader, offset) => ({ offset, kind: 'alias', alias: readAlias(reader) }),
  [sectionId.type]: (reader, offset) => ({ offset, kind: 'type', type: readDefType(reader) }),
  [sectionId.canon]: (reader, offset) => ({ offset, kind: 'canon', canon: readCanon(reader) }),
  [sectionId.start]: {
    offset,
    kind: gated('values', 'a start definition', 'start'),
    func: u32('a function index'),
    args: vec('arguments', u32('a value index')),
    results: u32('the number of results'),
  },
  [sectionId.import]: (reader, offset) => ({
    offset,
    kind: 'import',
    name: readExternName(reader),
    type: readExternType(reader),
  }),
  [sectionId.export]: (reader, offset) => {
    const name = readExternName(reader);
    const item = readSortIdx(reader);
    const type = exportType(reader);
    return { offset, kind: 'export', name, item, ...(type && { type }) };
  },
  [sectionId.value]: {
    offset,
    kind: gated('values', 'a value definition', 'value'),
    type: readValType,
    bytes: (reader) => {
      const at = reader.position;
      const size = reader.u32('the size of a value');
      if (size > reader.remaining) malformed(at, 'unexpected-end', { what: 'a value' });
      const start = reader.position;
      reader.position += size;
      return { start, end: reader.position };
    },
  },
};

/**
 * Reads the section `id` from its contents, to their last byte. Appends to `into` what the section defines.
 * Throws `DecodeError`, or `ValidationError` for what is well-formed but refused on sight.
 */
export function readSection(reader: BinaryReader, id: number, into: Definition[], names: NameTable): void {
  if (id === sectionId.custom) {
    const start = reader.position;
    const name = reader.name('the name of a custom section');
    into.push({ offset: start, kind: 'custom', name, range: { start: reader.position, end: reader.end } });
    if (name === 'component-name') readComponentNames(reader, names);
    return;
  }
  const section = sectionNames[id]!;
  // The start section is no `vec`.
  for (let left = id === sectionId.start ? 1 : reader.count(`${section} definitions`); left > 0; left--) {
    into.push(take<Definition>(reader, elements[id]!, reader.position));
  }
  if (!reader.atEnd()) malformed(reader.position, 'section-size', { section, left: reader.remaining });
}
