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
  type Fields,
  type Form,
  gated,
  name,
  node,
  offset,
  optional,
  type Part,
  pick,
  type Read,
  u32,
  vec,
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

/** By hand, as the most frequent node of all. */
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

const func = (async: Form<boolean>): Fields<Extract<DefType, { kind: 'func' }>> => ({
  kind: 'func',
  async,
  params: vec('parameters', labelValType),
  result: readResultList,
});

/** What a declarator in a component type or instance type is. */
const declaration: Choices<Declaration> = {
  0x00: { offset, kind: 'core-type', type: readCoreDefType },
  0x01: { offset, kind: 'type', type: readDefType },
  0x02: { offset, kind: 'alias', alias: readAlias },
  0x04: { offset, kind: 'export', name: readExternName, type: readExternType },
};
const componentDecl: Choices<Declaration> = {
  ...declaration,
  0x03: { offset, kind: 'import', name: readExternName, type: readExternType },
};
const readDeclarations = (decl: Choices<Declaration>): Part<Declaration[]> =>
  declarations(choice('a declaration', 'component or instance type declaration', decl));

/** `deftype`, by opcode. */
const defTypes: Choices<DefType> = {
  0x72: { kind: 'record', fields: filled('record-empty', 'fields', labelValType) },
  0x71: { kind: 'variant', cases: filled('variant-empty', 'cases', variantCase) },
  0x70: { kind: 'list', element: readValType },
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
  0x6b: { kind: 'option', type: readValType },
  0x6a: { kind: 'result', ok: optionalValType, err: optionalValType },
  0x69: { kind: 'own', resource: typeIndex },
  0x68: { kind: 'borrow', resource: typeIndex },
  0x66: { kind: gated('async', 'the type `stream`', 'stream'), element: optionalValType },
  0x65: { kind: gated('async', 'the type `future`', 'future'), element: optionalValType },
  0x63: { kind: gated('map', 'the type `map`', 'map'), key: readValType, value: readValType },
  0x43: func(gated('async', 'an `async` function type', true)),
  0x40: func(false),
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

/** `externtype`, by opcode. */
const externTypes: Choices<ExternTypeAst> = {
  0x00: { kind: 'core-module', type: after(0x11, 'component external kind', u32('a core type index')) },
  0x01: { kind: 'func', type: typeIndex },
  0x02: {
    kind: gated('values', 'an import or export of a value', 'value'),
    bound: choice<Bound<'value'>>('a value bound', 'value bound', {
      0x00: { kind: 'eq', value: u32('a value index') },
      0x01: { kind: 'type', type: readValType },
    }),
  },
  0x03: {
    kind: 'type',
    bound: choice<Bound<'type'>>('a type bound', 'type bound', {
      0x00: { kind: 'eq', type: typeIndex },
      0x01: { kind: 'sub' },
    }),
  },
  0x04: { kind: 'component', type: typeIndex },
  0x05: { kind: 'instance', type: typeIndex },
};

/** `externtype`. */
export function readExternType(reader: BinaryReader): ExternTypeAst {
  return pick(reader, 'an extern type', 'component external kind', externTypes);
}
