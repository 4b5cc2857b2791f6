/**
 * Core types in the binary format: value types, recursive types, limits, extern types, and the module types that
 * components add to them. In: a cursor. Out: nodes of the AST, type indices unresolved.
 */

import { fail, malformed } from '../fail.ts';
import type {
  CoreCompType,
  CoreDefType,
  CoreExternType,
  CoreFieldType,
  CoreFuncType,
  CoreHeapType,
  CoreLimits,
  CoreModuleDecl,
  CoreRefType,
  CoreSort,
  CoreSubType,
  CoreValType,
} from './ast.ts';
import type { BinaryReader } from './reader.ts';

/** Abstract heap types by opcode. `(ref null heap)` has the same opcode as short form. */
const heapTypes: Readonly<Record<number, string>> = {
  116: 'noexn',
  115: 'nofunc',
  114: 'noextern',
  113: 'none',
  112: 'func',
  111: 'extern',
  110: 'any',
  109: 'eq',
  108: 'i31',
  107: 'struct',
  106: 'array',
  105: 'exn',
};

const numTypes: Readonly<Record<number, 'i32' | 'i64' | 'f32' | 'f64' | 'v128'>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
};

/** Core sorts by opcode (Binary.md `core:sort`). */
export const coreSorts: Readonly<Record<number, CoreSort>> = {
  0: 'func',
  1: 'table',
  2: 'memory',
  3: 'global',
  4: 'tag',
  16: 'type',
  17: 'module',
  18: 'instance',
};

/** `core:heaptype`. */
export function readHeapType(reader: BinaryReader): CoreHeapType {
  const abstract = heapTypes[reader.peek('a heap type')];
  if (abstract !== undefined) {
    reader.position++;
    return abstract;
  }
  return reader.typeIndex('heap type');
}

/** `core:reftype`. */
export function readCoreRefType(reader: BinaryReader): CoreRefType {
  const byte = reader.byte('a reference type');
  if (byte === 0x63 || byte === 0x64) return { kind: 'ref', nullable: byte === 0x63, heap: readHeapType(reader) };
  const heap = heapTypes[byte];
  if (heap === undefined) reader.badByte(byte, 'reference type');
  return { kind: 'ref', nullable: true, heap };
}

/** `core:valtype`. */
export function readCoreValType(reader: BinaryReader): CoreValType {
  const num = numTypes[reader.peek('a core value type')];
  if (num !== undefined) {
    reader.position++;
    return num;
  }
  const byte = reader.peek('a core value type');
  if (byte !== 0x63 && byte !== 0x64 && heapTypes[byte] === undefined) {
    reader.position++;
    reader.badByte(byte, 'core value type');
  }
  return readCoreRefType(reader);
}

function mutability(reader: BinaryReader): boolean {
  const byte = reader.byte('a mutability');
  if (byte > 1) malformed(reader.position - 1, 'mutability', { byte });
  return byte === 1;
}

function fieldType(reader: BinaryReader): CoreFieldType {
  const byte = reader.peek('a storage type');
  if (byte === 0x78 || byte === 0x77) {
    reader.position++;
    return { storage: byte === 0x78 ? 'i8' : 'i16', mutable: mutability(reader) };
  }
  const storage = readCoreValType(reader);
  return { storage, mutable: mutability(reader) };
}

function funcType(reader: BinaryReader): CoreFuncType {
  const params = reader.vec('core parameters', readCoreValType);
  const results = reader.vec('core results', readCoreValType);
  return { kind: 'func', params, results };
}

function compType(reader: BinaryReader): CoreCompType {
  const byte = reader.byte('a core type');
  switch (byte) {
    case 0x60:
      return funcType(reader);
    case 0x5f:
      return { kind: 'struct', fields: reader.vec('fields', fieldType) };
    case 0x5e:
      return { kind: 'array', field: fieldType(reader) };
    default:
      return reader.badByte(byte, 'type definition');
  }
}

function subType(reader: BinaryReader): CoreSubType {
  const byte = reader.peek('a core type');
  if (byte === 0x50 || byte === 0x4f) {
    reader.position++;
    const supers = reader.vec('supertypes', (r) => r.u32('a core type index'));
    return { final: byte === 0x4f, supers, comp: compType(reader) };
  }
  return { final: true, supers: [], comp: compType(reader) };
}

/** `core:rectype`. A group of one that is not written as a group is a `sub`. */
export function readRecType(reader: BinaryReader): CoreDefType & { kind: 'rec' | 'sub' } {
  if (reader.peek('a core type') === 0x4e) {
    reader.position++;
    return { kind: 'rec', types: reader.vec('types of a recursive group', subType) };
  }
  return { kind: 'sub', type: subType(reader) };
}

/** `limits`. Bits of the flags: 0 maximum, 1 shared, 2 64-bit addresses, 3 own page size (memories only). */
function limits(reader: BinaryReader, of: 'memory' | 'table'): CoreLimits {
  const flags = reader.byte('limits');
  if (flags > (of === 'memory' ? 15 : 7)) malformed(reader.position - 1, 'limits-flags', { byte: flags });
  const wide = (flags & 4) !== 0;
  const bound = (what: string): bigint => (wide ? reader.u64(what) : BigInt(reader.u32(what)));
  const min = bound('a minimum size');
  const max = flags & 1 ? bound('a maximum size') : undefined;
  const pageSizeLog2 = flags & 8 ? reader.u32('a page size') : undefined;
  return {
    min,
    ...(max === undefined ? {} : { max }),
    shared: (flags & 2) !== 0,
    address: wide ? 'i64' : 'i32',
    ...(pageSizeLog2 === undefined ? {} : { pageSizeLog2 }),
  };
}

/** `core:tabletype`. */
export function readTableType(reader: BinaryReader): CoreExternType & { kind: 'table' } {
  const element = readCoreRefType(reader);
  return { kind: 'table', element, limits: limits(reader, 'table') };
}

/** `core:memtype`. */
export function readMemoryType(reader: BinaryReader): CoreExternType & { kind: 'memory' } {
  return { kind: 'memory', limits: limits(reader, 'memory') };
}

/** `core:globaltype`. */
export function readGlobalType(reader: BinaryReader): CoreExternType & { kind: 'global' } {
  const type = readCoreValType(reader);
  return { kind: 'global', type, mutable: mutability(reader) };
}

/** `core:tagtype`. */
export function readTagType(reader: BinaryReader): CoreExternType & { kind: 'tag' } {
  reader.expect(0x00, 'tag attribute');
  return { kind: 'tag', type: reader.u32('a core type index') };
}

/** `core:externtype`. */
export function readCoreExternType(reader: BinaryReader): CoreExternType {
  const byte = reader.byte('an external kind');
  switch (byte) {
    case 0x00:
      return { kind: 'func', type: reader.u32('a core type index') };
    case 0x01:
      return readTableType(reader);
    case 0x02:
      return readMemoryType(reader);
    case 0x03:
      return readGlobalType(reader);
    case 0x04:
      return readTagType(reader);
    default:
      return reader.badByte(byte, 'external kind');
  }
}

/**
 * A type in a module type. Here 0x50 is a non-final `sub`, as it is in core modules. Where no core type follows it, it can
 * only have been a nested module type, which Binary.md has validation refuse.
 */
function moduleDeclType(reader: BinaryReader): CoreDefType {
  const start = reader.position;
  if (reader.peek('a core type') === 0x00) return readCoreDefType(reader);
  if (reader.peek('a core type') === 0x50) {
    reader.position++;
    reader.vec('supertypes', (r) => r.u32('a core type index'));
    const opcode = reader.peek('a core type');
    if (opcode < 0x5e || opcode > 0x60) fail(start, 'module-type-in-module-type', {});
    reader.position = start;
  }
  return readRecType(reader);
}

function moduleDecl(reader: BinaryReader): CoreModuleDecl {
  const offset = reader.position;
  const byte = reader.byte('a module type declaration');
  switch (byte) {
    case 0x00: {
      const module = reader.name('an import module name');
      const name = reader.name('an import name');
      return { offset, kind: 'import', module, name, type: readCoreExternType(reader) };
    }
    case 0x01:
      return { offset, kind: 'type', type: moduleDeclType(reader) };
    case 0x02: {
      const sort = reader.byte('an outer alias');
      if (sort !== 0x10) reader.badByte(sort, 'outer alias kind');
      reader.expect(0x01, 'outer alias target');
      const count = reader.u32('an outer alias count');
      return { offset, kind: 'alias', sort: 'type', count, index: reader.u32('a core type index') };
    }
    case 0x03: {
      const name = reader.name('an export name');
      return { offset, kind: 'export', name, type: readCoreExternType(reader) };
    }
    default:
      return reader.badByte(byte, 'type definition');
  }
}

/** `core:deftype`: 0x50 is a module type here, and a non-final `sub` has a prefix of 0x00. */
export function readCoreDefType(reader: BinaryReader): CoreDefType {
  const byte = reader.peek('a core type');
  if (byte === 0x50) {
    reader.position++;
    return { kind: 'module-type', declarations: reader.vec('module type declarations', moduleDecl) };
  }
  if (byte === 0x00) {
    reader.position++;
    const sub = reader.peek('a core type');
    if (sub !== 0x50) {
      reader.position++;
      reader.badByte(sub, 'core type');
    }
    return { kind: 'sub', type: subType(reader) };
  }
  return readRecType(reader);
}
