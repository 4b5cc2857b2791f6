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
    switch (id) {
      case sectionId.custom:
        this.#custom(reader);
        break;
      case sectionId.type:
        this.#each(reader, 'types', () => {
          const type = readRecType(reader);
          if (type.kind === 'sub') this.types.push(type.type);
          else for (const member of type.types) this.types.push(member);
        });
        break;
      case sectionId.import:
        this.#each(reader, 'imports', () => {
          const offset = reader.position;
          const module = reader.name('an import module name');
          const name = reader.name('an import name');
          const type = this.#resolve(readCoreExternType(reader), offset);
          this.#spaces[type.kind].push(type);
          this.imports.push({ module, name, type, offset });
          if (type.kind === 'tag') this.hasTags = true;
        });
        break;
      case sectionId.function:
        this.#each(reader, 'functions', () => {
          const offset = reader.position;
          this.#spaces.func.push(this.#resolve({ kind: 'func', type: reader.u32('a type index') }, offset));
        });
        break;
      case sectionId.table:
        this.#each(reader, 'tables', () => {
          const initialised = reader.peek('a table') === 0x40;
          if (initialised) {
            reader.position++;
            reader.expect(0x00, 'table');
          }
          this.#spaces.table.push(readTableType(reader));
          if (initialised) skipConstantExpression(reader);
        });
        break;
      case sectionId.memory:
        this.#each(reader, 'memories', () => void this.#spaces.memory.push(readMemoryType(reader)));
        break;
      case sectionId.tag:
        this.#each(reader, 'tags', () => {
          const offset = reader.position;
          this.#spaces.tag.push(this.#resolve(readTagType(reader), offset));
          this.hasTags = true;
        });
        break;
      case sectionId.global:
        this.#each(reader, 'globals', () => {
          this.#spaces.global.push(readGlobalType(reader));
          skipConstantExpression(reader);
        });
        break;
      case sectionId.export:
        this.#each(reader, 'exports', () => this.#export(reader));
        break;
    }
  }

  #each(reader: BinaryReader, what: string, element: () => void): void {
    for (let left = reader.count(what); left > 0; left--) element();
  }

  #export(reader: BinaryReader): void {
    const offset = reader.position;
    const name = reader.name('an export name');
    const byte = reader.byte('an external kind');
    const kind = (['func', 'table', 'memory', 'global', 'tag'] as const)[byte];
    if (kind === undefined) reader.badByte(byte, 'external kind');
    const index = reader.u32('an index');
    const type = this.#spaces[kind][index];
    if (type === undefined) {
      malformed(offset, 'unknown-core-item', { kind, index, count: this.#spaces[kind].length });
    }
    this.exports.push({ name, type, offset });
  }

  #resolve(type: CoreExternType, offset: number): CoreModuleExtern {
    if (type.kind !== 'func' && type.kind !== 'tag') return type;
    const known = type.kind === 'func' ? this.#funcs[type.type] : undefined;
    if (known !== undefined) return known;
    const comp = this.types[type.type]?.comp;
    if (comp?.kind !== 'func') {
      malformed(offset, 'unknown-core-type', { index: type.type, count: this.types.length });
    }
    const resolved: CoreModuleExtern = { kind: type.kind, type: comp };
    if (type.kind === 'func') this.#funcs[type.type] = resolved;
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

/** Skips a constant expression with its `end`. Throws `DecodeError` at an opcode that is none of a constant expression. */
function skipConstantExpression(reader: BinaryReader): void {
  for (;;) {
    const opcode = reader.byte('a constant expression');
    switch (opcode) {
      case 0x0b:
        return;
      case 0x41: // i32.const
      case 0x42: // i64.const
        skipLeb(reader);
        break;
      case 0x43: // f32.const
        skip(reader, 4);
        break;
      case 0x44: // f64.const
        skip(reader, 8);
        break;
      case 0x23: // global.get
      case 0xd2: // ref.func
        reader.u32('an index');
        break;
      case 0xd0: // ref.null
        readHeapType(reader);
        break;
      case 0x6a: // i32.add, i32.sub, i32.mul, and the same of i64
      case 0x6b:
      case 0x6c:
      case 0x7c:
      case 0x7d:
      case 0x7e:
        break;
      case 0xfb:
        skipGcInstruction(reader);
        break;
      case 0xfd: {
        const simd = reader.u32('a vector instruction');
        if (simd !== 0x0c) malformed(reader.position, 'leading-byte', { byte: simd, what: 'constant expression' });
        skip(reader, 16);
        break;
      }
      default:
        reader.badByte(opcode, 'constant expression');
    }
  }
}

/** The instructions with the prefix 0xfb that are constant. */
function skipGcInstruction(reader: BinaryReader): void {
  const opcode = reader.u32('an instruction');
  switch (opcode) {
    case 0x00: // struct.new, struct.new_default, array.new, array.new_default
    case 0x01:
    case 0x06:
    case 0x07:
      reader.u32('a type index');
      return;
    case 0x08: // array.new_fixed
      reader.u32('a type index');
      reader.u32('a length');
      return;
    case 0x1a: // any.convert_extern, extern.convert_any, ref.i31
    case 0x1b:
    case 0x1c:
      return;
    default:
      malformed(reader.position, 'leading-byte', { byte: opcode, what: 'constant expression' });
  }
}

function skip(reader: BinaryReader, bytes: number): void {
  if (bytes > reader.remaining) malformed(reader.position, 'unexpected-end', { what: 'a constant' });
  reader.position += bytes;
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
  let problem: CoreModuleInfo['problem'];
  const guard = (body: () => void): void => {
    try {
      body();
    } catch (error) {
      if (!(error instanceof BinaryError)) throw error;
      problem ??= error;
    }
  };
  guard(() => {
    while (!reader.atEnd()) {
      const id = reader.byte('a section id');
      const size = reader.u32('the size of a section');
      const start = reader.position;
      if (size > reader.remaining) {
        malformed(start, 'section-too-long', { size, left: reader.remaining });
      }
      reader.position = start + size;
      const section = new BinaryReader(bytes, start, start + size);
      if (id === sectionId.custom) {
        // a custom section that cannot be read is none of the module's problems
        try {
          scan.section(id, section);
        } catch (error) {
          if (!(error instanceof BinaryError)) throw error;
        }
      } else guard(() => scan.section(id, section));
    }
  });
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
