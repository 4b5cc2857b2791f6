/**
 * What a component must know of an embedded core module: its imports and exports with their types. In: the bytes and the
 * module's range. Out: lists, with absolute byte offsets.
 *
 * Whether the module is valid is the engine's verdict. So nothing is thrown here: where the structure cannot be read, reading
 * that section stops and `problem` says so. Code and data are skipped, so the cost does not grow with them.
 * Rejected: `WebAssembly.Module.imports` (no types), a general parser of modules (reads code, slower by orders of magnitude).
 */

import { BinaryError } from '../errors.ts';
import { malformed } from '../fail.ts';
import type { ByteRange, CoreExternType, CoreFuncType, CoreSubType } from './ast.ts';
import {
  readCoreExternType,
  readGlobalType,
  readHeapType,
  readMemoryType,
  readRecType,
  readTableType,
  readTagType,
} from './core-types.ts';
import { absent, type Choices, pick, type Read, take, u32 } from './grammar.ts';
import { BinaryReader } from './reader.ts';

/** The type of an import or export; function types are resolved. */
export type CoreModuleExtern = CoreExternType<CoreFuncType>;

export interface CoreModuleImport {
  readonly module: string;
  readonly name: string;
  readonly type: CoreModuleExtern;
  readonly offset: number;
}

export interface CoreModuleExport {
  readonly name: string;
  readonly type: CoreModuleExtern;
  readonly offset: number;
}

export interface CoreModuleInfo {
  readonly range: ByteRange;
  readonly imports: readonly CoreModuleImport[];
  readonly exports: readonly CoreModuleExport[];
  /** The module's types, by index; what concrete heap types refer to. */
  readonly types: readonly CoreSubType[];
  /** The module imports or defines tags: exceptions can leave its functions. */
  readonly hasTags: boolean;
  /** The module's own name, from its `name` section. */
  readonly name?: string;
  /** The first thing that could not be read; the engine will most likely refuse the module. `offset` is absolute. */
  readonly problem?: BinaryError;
}

const sectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  tag: 13,
} as const;

/** State of one reading: index spaces that grow section by section. */
class ModuleScan {
  readonly types: CoreSubType[] = [];
  readonly imports: CoreModuleImport[] = [];
  readonly exports: CoreModuleExport[] = [];
  readonly #spaces: Record<CoreModuleExtern['kind'], CoreModuleExtern[]> = {
    func: [],
    table: [],
    memory: [],
    global: [],
    tag: [],
  };
  /** One object for each function type in use, by type index: big modules have 100,000 functions. */
  readonly #funcs: CoreModuleExtern[] = [];
  name: string | undefined;
  hasTags = false;

  section(id: number, reader: BinaryReader): void {
    if (id === sectionId.custom) {
      this.#custom(reader);
      return;
    }
    const [what, element] = elements[id] ?? [];
    if (what !== undefined)
      for (let left = reader.count(what); left > 0; left--) element!(reader, this, reader.position);
  }

  /** The next item of an index space. `offset`: where its definition starts. */
  push(type: CoreExternType, offset: number): CoreModuleExtern {
    const resolved = this.#resolve(type, offset);
    this.#spaces[type.kind].push(resolved);
    if (type.kind === 'tag') this.hasTags = true;
    return resolved;
  }

  export(reader: BinaryReader): void {
    const offset = reader.position;
    const name = reader.name('an export name');
    const kind = pick(reader, 'an external kind', 'external kind', kinds);
    const index = reader.u32('an index');
    const space = this.#spaces[kind];
    const type = space[index] ?? malformed(offset, 'unknown-core-item', { kind, index, count: space.length });
    this.exports.push({ name, type, offset });
  }

  #resolve(type: CoreExternType, offset: number): CoreModuleExtern {
    const { kind } = type;
    if (kind !== 'func' && kind !== 'tag') return type;
    const index = type.type;
    const known = this.#funcs[index];
    if (known !== undefined && kind === 'func') return known;
    const comp = this.types[index]?.comp;
    if (comp?.kind !== 'func') malformed(offset, 'unknown-core-type', { index, count: this.types.length });
    const resolved: CoreModuleExtern = { kind, type: comp };
    if (kind === 'func') this.#funcs[index] = resolved;
    return resolved;
  }

  /** Of the custom sections only the module's name in `name` is read. */
  #custom(reader: BinaryReader): void {
    if (reader.name('the name of a custom section') !== 'name' || reader.atEnd()) return;
    if (reader.byte('a name subsection') !== 0) return;
    reader.u32('the size of a name subsection');
    this.name ??= reader.name('the name of the module');
  }
}

const index = u32('an index');
const typeIndex = u32('a type index');

const kinds: Choices<CoreModuleExtern['kind']> = ['func', 'table', 'memory', 'global', 'tag'];

/** Of each section that is read: what it has, and how one of them is read. */
const elements: Readonly<
  Record<number, readonly [what: string, element: (reader: BinaryReader, scan: ModuleScan, offset: number) => void]>
> = {
  [sectionId.type]: [
    'types',
    (reader, scan) => {
      const type = readRecType(reader);
      if (type.kind === 'sub') scan.types.push(type.type);
      else for (const member of type.types) scan.types.push(member);
    },
  ],
  [sectionId.import]: [
    'imports',
    (reader, scan, offset) => {
      const module = reader.name('an import module name');
      const name = reader.name('an import name');
      scan.imports.push({ module, name, type: scan.push(readCoreExternType(reader), offset), offset });
    },
  ],
  [sectionId.function]: [
    'functions',
    (reader, scan, offset) => scan.push({ kind: 'func', type: typeIndex(reader) }, offset),
  ],
  [sectionId.table]: [
    'tables',
    (reader, scan, offset) => {
      const initialised = reader.peek('a table') === 0x40;
      if (initialised) {
        reader.position++;
        reader.expect(0x00, 'table');
      }
      scan.push(readTableType(reader), offset);
      if (initialised) skipConstantExpression(reader);
    },
  ],
  [sectionId.memory]: ['memories', (reader, scan, offset) => scan.push(readMemoryType(reader), offset)],
  [sectionId.tag]: ['tags', (reader, scan, offset) => scan.push(readTagType(reader), offset)],
  [sectionId.global]: [
    'globals',
    (reader, scan, offset) => {
      scan.push(readGlobalType(reader), offset);
      skipConstantExpression(reader);
    },
  ],
  [sectionId.export]: ['exports', (reader, scan) => scan.export(reader)],
};

/** The immediates of the instructions of constant expressions, by opcode. */
const immediates: Choices<unknown> = {
  0x41: skipLeb, // i32.const
  0x42: skipLeb, // i64.const
  0x43: skip(4), // f32.const
  0x44: skip(8), // f64.const
  0x23: index, // global.get
  0xd2: index, // ref.func
  0xd0: readHeapType, // ref.null
  0x6a: absent, // i32.add, i32.sub, i32.mul, and the same of i64
  0x6b: absent,
  0x6c: absent,
  0x7c: absent,
  0x7d: absent,
  0x7e: absent,
  0xfb: prefixed('an instruction', {
    0x00: typeIndex, // struct.new, struct.new_default, array.new, array.new_default
    0x01: typeIndex,
    0x06: typeIndex,
    0x07: typeIndex,
    0x08: { type: typeIndex, length: u32('a length') }, // array.new_fixed
    0x1a: absent, // any.convert_extern, extern.convert_any, ref.i31
    0x1b: absent,
    0x1c: absent,
  }),
  0xfd: prefixed('a vector instruction', { 0x0c: skip(16) }), // v128.const
};

/** Skips a constant expression with its `end`. Throws `DecodeError` at an opcode that is none of a constant expression. */
function skipConstantExpression(reader: BinaryReader): void {
  while (reader.peek('a constant expression') !== 0x0b) {
    pick(reader, 'a constant expression', 'constant expression', immediates);
  }
  reader.position++;
}

/** The rest of an instruction behind its prefix. */
function prefixed(what: string, choices: Choices<unknown>): Read<unknown> {
  return (reader) => {
    const opcode = reader.u32(what);
    const form = choices[opcode];
    if (form === undefined) malformed(reader.position, 'leading-byte', { byte: opcode, what: 'constant expression' });
    return take(reader, form, reader.position);
  };
}

function skip(bytes: number): Read<void> {
  return (reader) => {
    if (bytes > reader.remaining) malformed(reader.position, 'unexpected-end', { what: 'a constant' });
    reader.position += bytes;
  };
}

/** An integer constant of at most 64 bits, 10 bytes. */
function skipLeb(reader: BinaryReader): void {
  const start = reader.position;
  for (let i = 0; i < 10; i++) if (reader.byte('a constant') < 0x80) return;
  malformed(start, 'leb-too-long', { what: 'a constant' });
}

/** Reads imports, exports and types of the core module in `range`. Never throws for what the bytes hold. */
export function readCoreModule(bytes: Uint8Array, range: ByteRange): CoreModuleInfo {
  const scan = new ModuleScan();
  const reader = new BinaryReader(bytes, Math.min(range.start + 8, range.end), Math.min(range.end, bytes.length));
  let problem: BinaryError | undefined;
  try {
    while (!reader.atEnd()) {
      const id = reader.byte('a section id');
      const size = reader.u32('the size of a section');
      const start = reader.position;
      if (size > reader.remaining) malformed(start, 'section-too-long', { size, left: reader.remaining });
      reader.position = start + size;
      try {
        scan.section(id, new BinaryReader(bytes, start, start + size));
      } catch (error) {
        const found = ofBytes(error);
        // a custom section that cannot be read is none of the module's problems
        if (id !== sectionId.custom) problem ??= found;
      }
    }
  } catch (error) {
    problem ??= ofBytes(error);
  }
  const { imports, exports, types, hasTags, name } = scan;
  return {
    range,
    imports,
    exports,
    types,
    hasTags,
    ...(name === undefined ? {} : { name }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** `error`, when it is about the bytes; throws it otherwise. */
function ofBytes(error: unknown): BinaryError {
  if (error instanceof BinaryError) return error;
  throw error;
}
