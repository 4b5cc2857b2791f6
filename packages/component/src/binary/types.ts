/**
 * Component types in the binary format. In: a cursor. Out: nodes of the AST, type indices unresolved.
 *
 * Counts that Binary.md forbids (`if |t*| > 0`) are refused here, as errors of validation: the bytes are well-formed.
 */

import { fail } from '../fail.ts';
import type {
  Declaration,
  DefType,
  DefValTypeAst,
  ExternTypeAst,
  LabelValType,
  PrimValType,
  ValTypeAst,
} from './ast.ts';
import { readCoreDefType, readCoreValType } from './core-types.ts';
import { readExternName } from './names.ts';
import type { BinaryReader } from './reader.ts';
import { readAlias } from './sorts.ts';

const primTypes: Readonly<Record<number, PrimValType>> = {
  127: 'bool',
  126: 's8',
  125: 'u8',
  124: 's16',
  123: 'u16',
  122: 's32',
  121: 'u32',
  120: 's64',
  119: 'u64',
  118: 'f32',
  117: 'f64',
  116: 'char',
  115: 'string',
  100: 'error-context',
};

function prim(reader: BinaryReader, byte: number, offset: number): PrimValType | undefined {
  if (byte === 0x64) reader.require('error-context', offset, 'the type `error-context`');
  return primTypes[byte];
}

/** `valtype`: a type index or a primitive. */
export function readValType(reader: BinaryReader): ValTypeAst {
  const start = reader.position;
  const byte = reader.peek('a value type');
  if (byte >= 0x40 && byte < 0x80) {
    reader.position++;
    return prim(reader, byte, start) ?? reader.badByte(byte, 'component value type');
  }
  return reader.typeIndex('component value type');
}

/** `<valtype>?`. */
function optionalValType(reader: BinaryReader): ValTypeAst | undefined {
  const byte = reader.byte('an optional value type');
  if (byte === 0x00) return undefined;
  if (byte !== 0x01) reader.badByte(byte, 'optional component value type');
  return readValType(reader);
}

function labelValType(reader: BinaryReader): LabelValType {
  const offset = reader.position;
  const label = reader.name('a label');
  return { label, type: readValType(reader), offset };
}

function variantCase(reader: BinaryReader): { label: string; type?: ValTypeAst; offset: number } {
  const offset = reader.position;
  const label = reader.name('a case label');
  const type = optionalValType(reader);
  reader.expect(0x00, 'zero byte required');
  return type === undefined ? { label, offset } : { label, type, offset };
}

function labels(reader: BinaryReader): string[] {
  return reader.vec('labels', (r) => r.name('a label'));
}

/** `resultlist`: `undefined` when there is no result. */
export function readResultList(reader: BinaryReader): ValTypeAst | undefined {
  const byte = reader.byte('function results');
  if (byte === 0x00) return readValType(reader);
  if (byte !== 0x01) reader.badByte(byte, 'component function results');
  reader.expect(0x00, 'number of results');
  return undefined;
}

function funcType(reader: BinaryReader, async: boolean): DefType {
  const params = reader.vec('parameters', labelValType);
  const result = readResultList(reader);
  return result === undefined ? { kind: 'func', async, params } : { kind: 'func', async, params, result };
}

function elementType(reader: BinaryReader, kind: 'stream' | 'future', offset: number): DefValTypeAst {
  reader.require('async', offset, `the type \`${kind}\``);
  const element = optionalValType(reader);
  return element === undefined ? { kind } : { kind, element };
}

function resourceType(reader: BinaryReader): DefType {
  const at = reader.position;
  const rep = readCoreValType(reader);
  if (rep === 'i64') reader.require('memory64', at, 'a resource with the representation `i64`');
  const byte = reader.byte('a destructor');
  if (byte === 0x00) return { kind: 'resource', rep };
  if (byte !== 0x01) reader.badByte(byte, 'resource destructor');
  return { kind: 'resource', rep, dtor: reader.u32('a core function index') };
}

/** Refuses an empty `vec` where the production asks for at least one element. */
function filled<T>(
  items: T[],
  offset: number,
  text: 'record-empty' | 'variant-empty' | 'tuple-empty' | 'enum-empty',
): T[] {
  if (items.length === 0) fail(offset, text, {});
  return items;
}

/** `deftype`. */
export function readDefType(reader: BinaryReader): DefType {
  const start = reader.position;
  const byte = reader.byte('a type');
  switch (byte) {
    case 0x72:
      return { kind: 'record', fields: filled(reader.vec('fields', labelValType), start, 'record-empty') };
    case 0x71:
      return { kind: 'variant', cases: filled(reader.vec('cases', variantCase), start, 'variant-empty') };
    case 0x70:
      return { kind: 'list', element: readValType(reader) };
    case 0x67: {
      reader.require('fixed-length-lists', start, 'a list of a fixed length');
      const element = readValType(reader);
      const length = reader.u32('the length of a list');
      if (length === 0) fail(start, 'list-empty', {});
      return { kind: 'list', element, length };
    }
    case 0x6f:
      return { kind: 'tuple', types: filled(reader.vec('types of a tuple', readValType), start, 'tuple-empty') };
    case 0x6e: {
      const names = labels(reader);
      if (names.length === 0) fail(start, 'flags-empty', {});
      if (names.length > 32) fail(start, 'flags-many', { count: names.length });
      return { kind: 'flags', labels: names };
    }
    case 0x6d:
      return { kind: 'enum', labels: filled(labels(reader), start, 'enum-empty') };
    case 0x6b:
      return { kind: 'option', type: readValType(reader) };
    case 0x6a: {
      const ok = optionalValType(reader);
      const err = optionalValType(reader);
      return { kind: 'result', ...(ok === undefined ? {} : { ok }), ...(err === undefined ? {} : { err }) };
    }
    case 0x69:
      return { kind: 'own', resource: reader.u32('a type index') };
    case 0x68:
      return { kind: 'borrow', resource: reader.u32('a type index') };
    case 0x66:
      return elementType(reader, 'stream', start);
    case 0x65:
      return elementType(reader, 'future', start);
    case 0x63: {
      reader.require('map', start, 'the type `map`');
      const key = readValType(reader);
      return { kind: 'map', key, value: readValType(reader) };
    }
    case 0x43:
      reader.require('async', start, 'an `async` function type');
      return funcType(reader, true);
    case 0x40:
      return funcType(reader, false);
    case 0x41:
      return reader.nested(start, () => ({
        kind: 'component-type',
        declarations: reader.vec('declarations', componentDecl),
      }));
    case 0x42:
      return reader.nested(start, () => ({
        kind: 'instance-type',
        declarations: reader.vec('declarations', instanceDecl),
      }));
    case 0x3f:
      return resourceType(reader);
    default: {
      const primitive = prim(reader, byte, start);
      if (primitive === undefined) reader.badByte(byte, 'component defined type');
      return { kind: 'prim', prim: primitive };
    }
  }
}

/** `externtype`. */
export function readExternType(reader: BinaryReader): ExternTypeAst {
  const start = reader.position;
  const byte = reader.byte('an extern type');
  switch (byte) {
    case 0x00:
      reader.expect(0x11, 'component external kind');
      return { kind: 'core-module', type: reader.u32('a core type index') };
    case 0x01:
      return { kind: 'func', type: reader.u32('a type index') };
    case 0x02: {
      reader.require('values', start, 'an import or export of a value');
      const bound = reader.byte('a value bound');
      if (bound === 0x00) return { kind: 'value', bound: { kind: 'eq', value: reader.u32('a value index') } };
      if (bound !== 0x01) reader.badByte(bound, 'value bound');
      return { kind: 'value', bound: { kind: 'type', type: readValType(reader) } };
    }
    case 0x03: {
      const bound = reader.byte('a type bound');
      if (bound === 0x00) return { kind: 'type', bound: { kind: 'eq', type: reader.u32('a type index') } };
      if (bound !== 0x01) reader.badByte(bound, 'type bound');
      return { kind: 'type', bound: { kind: 'sub' } };
    }
    case 0x04:
      return { kind: 'component', type: reader.u32('a type index') };
    case 0x05:
      return { kind: 'instance', type: reader.u32('a type index') };
    default:
      return reader.badByte(byte, 'component external kind');
  }
}

function declaration(reader: BinaryReader, inComponent: boolean): Declaration {
  const offset = reader.position;
  const byte = reader.byte('a declaration');
  switch (byte) {
    case 0x00:
      return { offset, kind: 'core-type', type: readCoreDefType(reader) };
    case 0x01:
      return { offset, kind: 'type', type: readDefType(reader) };
    case 0x02:
      return { offset, kind: 'alias', alias: readAlias(reader) };
    case 0x03: {
      if (!inComponent) return reader.badByte(byte, 'component or instance type declaration');
      const name = readExternName(reader);
      return { offset, kind: 'import', name, type: readExternType(reader) };
    }
    case 0x04: {
      const name = readExternName(reader);
      return { offset, kind: 'export', name, type: readExternType(reader) };
    }
    default:
      return reader.badByte(byte, 'component or instance type declaration');
  }
}

const componentDecl = (reader: BinaryReader): Declaration => declaration(reader, true);
const instanceDecl = (reader: BinaryReader): Declaration => declaration(reader, false);
