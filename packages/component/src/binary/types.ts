/**
 * Component types in the binary format. In: a cursor. Out: nodes of the AST, type indices unresolved.
 *
 * Counts that Binary.md forbids (`if |t*| > 0`) are refused here, as errors of validation: the bytes are well-formed.
 */

import { fail, malformed } from '../fail.ts';
import type { Declaration, DefType, ExternTypeAst, LabelValType, PrimValType, ValTypeAst } from './ast.ts';
import { readCoreDefType, readCoreValType } from './core-types.ts';
import {
  absent,
  after,
  type Choices,
  choice,
  downFrom,
  gated,
  name,
  node,
  offset,
  optional,
  type Part,
  pick,
  type Read,
  u32,
} from './grammar.ts';
import { readExternName } from './names.ts';
import { type BinaryReader, nestingLimit } from './reader.ts';
import { readAlias } from './sorts.ts';

const primTypes: Choices<PrimValType> = {
  ...downFrom<PrimValType>(0x7f, 'bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string'),
  0x64: gated('error-context', 'the type `error-context`', 'error-context'),
};

/** `valtype`: a type index or a primitive. */
export function readValType(reader: BinaryReader): ValTypeAst {
  const byte = reader.peek('a value type');
  return byte >= 0x40 && byte < 0x80
    ? pick<ValTypeAst>(reader, 'a value type', 'component value type', primTypes)
    : reader.typeIndex('component value type');
}

/** `<valtype>?`. */
const optionalValType = optional('an optional value type', 'optional component value type', readValType);

function labelValType(reader: BinaryReader): LabelValType {
  const offset = reader.position;
  const label = reader.name('a label');
  return { label, type: readValType(reader), offset };
}

const variantCase = node<Extract<DefType, { kind: 'variant' }>['cases'][number]>({
  label: name('a case label'),
  type: (reader) => {
    const type = optionalValType(reader);
    reader.expect(0x00, 'zero byte required');
    return type;
  },
  offset,
});

/** `resultlist`: `undefined` when there is no result. */
export const readResultList = choice<ValTypeAst | undefined>('function results', 'component function results', {
  0x00: readValType,
  0x01: after(0x00, 'number of results', absent),
});

/** A `vec` of at least one element. */
function filled<T>(
  text: 'record-empty' | 'variant-empty' | 'tuple-empty' | 'flags-empty' | 'enum-empty',
  what: string,
  element: Read<T>,
): Part<T[]> {
  return (reader, start) => {
    const items = reader.vec(what, element);
    if (items.length === 0) fail(start, text, {});
    return items;
  };
}

const label = name('a label');
const fields = filled('record-empty', 'fields', labelValType);
const flagLabels = filled('flags-empty', 'labels', label);
const typeIndex = u32('a type index');

/** Declarators, at any depth but the deepest. */
function declarations(declaration: Read<Declaration>): Part<Declaration[]> {
  return (reader, start) => {
    if (++reader.depth > nestingLimit) malformed(start, 'nesting', { limit: nestingLimit });
    const list = reader.vec('declarations', declaration);
    reader.depth--;
    return list;
  };
}

/** `functype`, after its opcode. */
function readFunc(reader: BinaryReader, async: boolean): DefType {
  const params = reader.vec('parameters', labelValType);
  const result = readResultList(reader);
  return result === undefined ? { kind: 'func', async, params } : { kind: 'func', async, params, result };
}

function readResult(reader: BinaryReader): DefType {
  const node: { kind: 'result'; ok?: ValTypeAst; err?: ValTypeAst } = { kind: 'result' };
  const ok = optionalValType(reader);
  if (ok !== undefined) node.ok = ok;
  const err = optionalValType(reader);
  if (err !== undefined) node.err = err;
  return node;
}

/** What a declarator in a component type or instance type is. */
const declaration: Choices<Declaration> = {
  0x00: { offset, kind: 'core-type', type: readCoreDefType },
  0x01: (reader, offset) => ({ offset, kind: 'type', type: readDefType(reader) }),
  0x02: (reader, offset) => ({ offset, kind: 'alias', alias: readAlias(reader) }),
  0x04: (reader, offset) => ({ offset, kind: 'export', name: readExternName(reader), type: readExternType(reader) }),
};
const componentDecl: Choices<Declaration> = {
  ...declaration,
  0x03: (reader, offset) => ({ offset, kind: 'import', name: readExternName(reader), type: readExternType(reader) }),
};
const readDeclarations = (decl: Choices<Declaration>): Part<Declaration[]> =>
  declarations(choice('a declaration', 'component or instance type declaration', decl));

/** `deftype`, by opcode. */
const defTypes: Choices<DefType> = {
  0x72: (reader, start) => ({ kind: 'record', fields: fields(reader, start) }),
  0x71: { kind: 'variant', cases: filled('variant-empty', 'cases', variantCase) },
  0x70: (reader) => ({ kind: 'list', element: readValType(reader) }),
  0x67: {
    kind: gated('fixed-length-lists', 'a list of a fixed length', 'list'),
    element: readValType,
    length: (reader, start) => {
      const length = reader.u32('the length of a list');
      if (length === 0) fail(start, 'list-empty', {});
      return length;
    },
  },
  0x6f: { kind: 'tuple', types: filled('tuple-empty', 'types of a tuple', readValType) },
  0x6e: {
    kind: 'flags',
    labels: (reader, start) => {
      const labels = flagLabels(reader, start);
      if (labels.length > 32) fail(start, 'flags-many', { count: labels.length });
      return labels;
    },
  },
  0x6d: { kind: 'enum', labels: filled('enum-empty', 'labels', label) },
  0x6b: (reader) => ({ kind: 'option', type: readValType(reader) }),
  0x6a: readResult,
  0x69: (reader) => ({ kind: 'own', resource: typeIndex(reader) }),
  0x68: (reader) => ({ kind: 'borrow', resource: typeIndex(reader) }),
  0x66: { kind: gated('async', 'the type `stream`', 'stream'), element: optionalValType },
  0x65: { kind: gated('async', 'the type `future`', 'future'), element: optionalValType },
  0x63: { kind: gated('map', 'the type `map`', 'map'), key: readValType, value: readValType },
  0x43: (reader, start) => {
    reader.require('async', start, 'an `async` function type');
    return readFunc(reader, true);
  },
  0x40: (reader) => readFunc(reader, false),
  0x41: { kind: 'component-type', declarations: readDeclarations(componentDecl) },
  0x42: { kind: 'instance-type', declarations: readDeclarations(declaration) },
  0x3f: {
    kind: 'resource',
    rep: (reader) => {
      const at = reader.position;
      const rep = readCoreValType(reader);
      if (rep === 'i64') reader.require('memory64', at, 'a resource with the representation `i64`');
      return rep;
    },
    dtor: optional('a destructor', 'resource destructor', u32('a core function index')),
  },
};

/** `deftype`. */
export function readDefType(reader: BinaryReader): DefType {
  const byte = reader.peek('a type');
  return byte in primTypes
    ? { kind: 'prim', prim: readValType(reader) as PrimValType }
    : pick(reader, 'a type', 'component defined type', defTypes);
}

type Bound<K> = Extract<ExternTypeAst, { kind: K; bound: unknown }>['bound'];

const typeBound = choice<Bound<'type'>>('a type bound', 'type bound', {
  0x00: (reader) => ({ kind: 'eq', type: typeIndex(reader) }),
  0x01: { kind: 'sub' },
});

/** `externtype`, by opcode. */
const externTypes: Choices<ExternTypeAst> = {
  0x00: { kind: 'core-module', type: after(0x11, 'component external kind', u32('a core type index')) },
  0x01: (reader) => ({ kind: 'func', type: typeIndex(reader) }),
  0x02: {
    kind: gated('values', 'an import or export of a value', 'value'),
    bound: choice<Bound<'value'>>('a value bound', 'value bound', {
      0x00: { kind: 'eq', value: u32('a value index') },
      0x01: { kind: 'type', type: readValType },
    }),
  },
  0x03: (reader) => ({ kind: 'type', bound: typeBound(reader) }),
  0x04: { kind: 'component', type: typeIndex },
  0x05: (reader) => ({ kind: 'instance', type: typeIndex(reader) }),
};

/** `externtype`. */
export function readExternType(reader: BinaryReader): ExternTypeAst {
  return pick(reader, 'an extern type', 'component external kind', externTypes);
}
