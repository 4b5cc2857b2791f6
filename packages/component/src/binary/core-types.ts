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
  CoreHeapType,
  CoreLimits,
  CoreModuleDecl,
  CoreNumType,
  CoreRefType,
  CoreSubType,
  CoreValType,
} from './ast.ts';
import { absent, after, choice, downFrom, name, node, offset, type Read, take, u32, vec } from './grammar.ts';
import type { BinaryReader } from './reader.ts';

/** Abstract heap types by opcode. `(ref null heap)` has the same opcode as short form. */
const heapTypes = downFrom(0x74, 'noexn nofunc noextern none func extern any eq i31 struct array exn');

const numTypes = downFrom<CoreNumType>(0x7f, 'i32 i64 f32 f64 v128');

const typeIndex = u32('a core type index');

/** `core:heaptype`. */
export function readHeapType(reader: BinaryReader): CoreHeapType {
  const abstract = heapTypes[reader.peek('a heap type')];
  if (abstract === undefined) return reader.typeIndex('heap type');
  reader.position++;
  return abstract;
}

/** `core:reftype`. */
function readCoreRefType(reader: BinaryReader, refused = 'reference type'): CoreRefType {
  const byte = reader.byte('a reference type');
  if (byte === 0x63 || byte === 0x64) return { kind: 'ref', nullable: byte === 0x63, heap: readHeapType(reader) };
  return { kind: 'ref', nullable: true, heap: heapTypes[byte] ?? reader.badByte(byte, refused) };
}

/** `core:valtype`. */
export function readCoreValType(reader: BinaryReader): CoreValType {
  const num = numTypes[reader.peek('a core value type')];
  if (num === undefined) return readCoreRefType(reader, 'core value type');
  reader.position++;
  return num;
}

function mutability(reader: BinaryReader): boolean {
  const byte = reader.byte('a mutability');
  if (byte > 1) malformed(reader.position - 1, 'mutability', { byte });
  return byte === 1;
}

const packedTypes = downFrom<'i8' | 'i16'>(0x78, 'i8 i16');

const fieldType = node<CoreFieldType>({
  storage: (reader) => {
    const packed = packedTypes[reader.peek('a storage type')];
    if (packed === undefined) return readCoreValType(reader);
    reader.position++;
    return packed;
  },
  mutable: mutability,
});

const compType = choice<CoreCompType>('a core type', 'type definition', {
  0x60: {
    kind: 'func',
    params: vec('core parameters', readCoreValType),
    results: vec('core results', readCoreValType),
  },
  0x5f: { kind: 'struct', fields: vec('fields', fieldType) },
  0x5e: { kind: 'array', field: fieldType },
});

const supertypes = vec('supertypes', typeIndex);

function subType(reader: BinaryReader): CoreSubType {
  const byte = reader.peek('a core type');
  const isWritten = byte === 0x50 || byte === 0x4f;
  if (isWritten) reader.position++;
  return { final: byte !== 0x50, supers: isWritten ? supertypes(reader) : [], comp: compType(reader) };
}

/** `core:rectype`. A group of one that is not written as a group is a `sub`. */
export function readRecType(reader: BinaryReader): CoreDefType & { kind: 'rec' | 'sub' } {
  if (reader.peek('a core type') !== 0x4e) return { kind: 'sub', type: subType(reader) };
  reader.position++;
  return { kind: 'rec', types: reader.vec('types of a recursive group', subType) };
}

/** `limits`. Bits of the flags: 0 maximum, 1 shared, 2 64-bit addresses, 3 own page size (memories only). `allowed`: a mask. */
function limits(reader: BinaryReader, allowed: 7 | 15): CoreLimits {
  const flags = reader.byte('limits');
  if (flags > allowed) malformed(reader.position - 1, 'limits-flags', { byte: flags });
  const wide = (flags & 4) !== 0;
  const bound =
    (what: string): Read<bigint> =>
    (r) =>
      wide ? r.u64(what) : BigInt(r.u32(what));
  return take<CoreLimits>(
    reader,
    {
      min: bound('a minimum size'),
      max: flags & 1 ? bound('a maximum size') : absent,
      shared: (flags & 2) !== 0,
      address: wide ? 'i64' : 'i32',
      pageSizeLog2: flags & 8 ? u32('a page size') : absent,
    },
    reader.position,
  );
}

/** `core:tabletype`, `core:memtype`, `core:globaltype`, `core:tagtype`. */
export const readTableType = node<CoreExternType & { kind: 'table' }>({
  kind: 'table',
  element: (reader) => readCoreRefType(reader),
  limits: (reader) => limits(reader, 7),
});
export const readMemoryType = node<CoreExternType & { kind: 'memory' }>({
  kind: 'memory',
  limits: (reader) => limits(reader, 15),
});
export const readGlobalType = node<CoreExternType & { kind: 'global' }>({
  kind: 'global',
  type: readCoreValType,
  mutable: mutability,
});
export const readTagType = node<CoreExternType & { kind: 'tag' }>({
  kind: 'tag',
  type: after(0x00, 'tag attribute', typeIndex),
});

/** `core:externtype`. */
export const readCoreExternType = choice<CoreExternType>('an external kind', 'external kind', {
  0x00: { kind: 'func', type: typeIndex },
  0x01: readTableType,
  0x02: readMemoryType,
  0x03: readGlobalType,
  0x04: readTagType,
});

/**
 * A type in a module type. Here 0x50 is a non-final `sub`, as it is in core modules. Where no core type follows it, it can
 * only have been a nested module type, which Binary.md has validation refuse.
 */
function moduleDeclType(reader: BinaryReader): CoreDefType {
  const start = reader.position;
  if (reader.peek('a core type') === 0x00) return readCoreDefType(reader);
  if (reader.peek('a core type') === 0x50) {
    reader.position++;
    supertypes(reader);
    const opcode = reader.peek('a core type');
    if (opcode < 0x5e || opcode > 0x60) fail(start, 'module-type-in-module-type', {});
    reader.position = start;
  }
  return readRecType(reader);
}

const moduleDecl = choice<CoreModuleDecl>('a module type declaration', 'type definition', {
  0x00: {
    offset,
    kind: 'import',
    module: name('an import module name'),
    name: name('an import name'),
    type: readCoreExternType,
  },
  0x01: { offset, kind: 'type', type: moduleDeclType },
  0x02: {
    offset,
    kind: 'alias',
    sort: choice('an outer alias', 'outer alias kind', { 0x10: 'type' }),
    count: after(0x01, 'outer alias target', u32('an outer alias count')),
    index: typeIndex,
  },
  0x03: { offset, kind: 'export', name: name('an export name'), type: readCoreExternType },
});

/** `core:deftype`: 0x50 is a module type here, and a non-final `sub` has a prefix of 0x00. */
export function readCoreDefType(reader: BinaryReader): CoreDefType {
  const byte = reader.peek('a core type');
  if (byte === 0x50) {
    reader.position++;
    return { kind: 'module-type', declarations: reader.vec('module type declarations', moduleDecl) };
  }
  if (byte === 0x00) {
    reader.position++;
    if (reader.peek('a core type') !== 0x50) reader.badByte(reader.byte('a core type'), 'core type');
    return { kind: 'sub', type: subType(reader) };
  }
  return readRecType(reader);
}
