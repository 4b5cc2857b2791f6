/**
 * The module builder of builder.ts without a library: it writes the binary format itself. In: declarations and
 * expressions; out: the bytes of a core module with a name section. It does not optimise and does not check: the binaryen
 * back end is the reference that tests hold it against, and finds mistakes. It loads in a millisecond, which is what it is for.
 */
import type {
  DeclaredFunc,
  Expr,
  Func,
  FuncType,
  FunctionBuilder,
  Global,
  ImportDecl,
  Memory,
  ModuleBuilder,
  ModuleSpec,
  Table,
  Tag,
} from '../builder.ts';
import type { EmittedModule } from '../emitted.ts';
import { ModuleBase } from '../module-base.ts';
import { identifier } from '../names.ts';
import type { ValType } from '../ops.ts';
import { ByteWriter } from './byte-writer.ts';
import * as code from './code.ts';
import { CodeWriter, type Placed, placeOf } from './code-writer.ts';
import {
  ARRAY_TYPE_INDEX,
  CODE_SECTION,
  CUSTOM_SECTION,
  ELEMENT_SECTION,
  EXPORT_SECTION,
  FUNC,
  FUNCREF,
  FUNCTION_SECTION,
  GLOBAL,
  GLOBAL_SECTION,
  IMPORT_SECTION,
  LIMITS_64,
  LIMITS_MAX,
  LIMITS_SHARED,
  MEMORY,
  preamble,
  START_SECTION,
  TABLE,
  TAG,
  TYPE_SECTION,
  valTypes,
} from './format.ts';
import { DirectFunction } from './function.ts';
import { writeNames } from './name-section.ts';
import { TypeSection } from './type-section.ts';

/** Pages of 64 KiB: a shared memory must have a maximum, and this one matches every shared memory. */
const MAX_PAGES = 65_536;

interface Segment {
  readonly table: Table;
  readonly offset: Global;
  readonly funcs: readonly Func[];
}

export class DirectModule extends ModuleBase implements ModuleBuilder {
  readonly #types: TypeSection;
  readonly #globals: Global[] = [];
  declare readonly arrays: Map<string, Global & Placed & { readonly length: number }>;
  readonly #importedFuncs: Func[] = [];
  /** The entries of the import section, and how many they are. */
  readonly #importEntries = new ByteWriter();
  #importCount = 0;
  readonly #defined: DirectFunction[] = [];
  readonly #exports: { readonly name: string; readonly func: Func }[] = [];
  readonly #segments: Segment[] = [];
  #start: Func | null = null;

  readonly #legacyExceptions: boolean;

  constructor(spec: ModuleSpec) {
    super(spec.name);
    this.#legacyExceptions = spec.legacyExceptions === true;
    this.#types = new TypeSection((spec.arrays ?? []).length > 0);
    for (const { name, length } of spec.arrays ?? []) {
      this.arrays.set(name, { name: identifier(name), type: 'units', length, place: -1 });
    }
    const out = this.#importEntries;
    for (const decl of spec.memories ?? []) {
      const address = decl.address ?? 'i32';
      this.#addImport(decl, MEMORY);
      out.byte((address === 'i64' ? LIMITS_64 : 0) | (decl.shared ? LIMITS_SHARED | LIMITS_MAX : 0));
      out.unsigned(0);
      if (decl.shared) out.unsigned(MAX_PAGES);
      const memory: Memory & Placed = { name: identifier(decl.name), address, place: this.memories.size };
      this.memories.set(decl.name, memory);
    }
    for (const decl of spec.tables ?? []) {
      this.#addImport(decl, TABLE);
      out.bytes([FUNCREF, 0, 0]);
      const table: Table & Placed = { name: identifier(decl.name), place: this.tables.size };
      this.tables.set(decl.name, table);
    }
    for (const decl of spec.tags ?? []) {
      this.#addImport(decl, TAG);
      // The attribute 0 says: an exception.
      out.byte(0);
      out.unsigned(this.#types.index({ params: decl.params ?? [], results: [] }));
      const tag: Tag & Placed = { name: identifier(decl.name), place: this.tags.size };
      this.tags.set(decl.name, tag);
    }
  }

  /** The entry of the import section up to its type, which the caller adds. */
  #addImport(decl: ImportDecl, sort: number): void {
    const { module, base } = decl;
    this.#importEntries.name(module);
    this.#importEntries.name(base);
    this.#importEntries.byte(sort);
    this.#importCount++;
    this.describe(decl);
  }

  importFunc(decl: ImportDecl, type: FuncType): Func {
    return this.imported(decl, () => {
      this.#addImport(decl, FUNC);
      this.#importEntries.unsigned(this.#types.index(type));
      const func: Func & Placed = { name: this.funcName(decl.name), type, place: this.#importedFuncs.length };
      this.#importedFuncs.push(func);
      return func;
    });
  }

  importGlobal(decl: ImportDecl, type: ValType): Global {
    return this.imported(decl, () => {
      this.#addImport(decl, GLOBAL);
      // 0: immutable.
      this.#importEntries.bytes([...valTypes[type], 0]);
      const global: Global & Placed = { name: identifier(decl.name), type, place: this.#globals.length };
      this.#globals.push(global);
      return global;
    });
  }

  override addBody(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): void {
    this.#defined.push(new DirectFunction(this, func, body, this.#legacyExceptions));
  }

  exportFunc(func: Func, name: string): void {
    this.#exports.push({ name, func });
  }

  start(func: Func): void {
    this.#start = func;
  }

  elements(table: Table, offset: Global, funcs: readonly Func[]): void {
    this.#segments.push({ table, offset, funcs });
  }

  validate(): boolean {
    return WebAssembly.validate(this.#write());
  }

  emit(): EmittedModule {
    return {
      name: this.name,
      bytes: this.#write(),
      imports: this.imports,
      exports: this.#exports.map(({ name }) => name),
    };
  }

  #write(): Uint8Array<ArrayBuffer> {
    let place = this.#importedFuncs.length;
    for (const { func } of this.#defined) placeOf(func).place = place++;
    place = this.#globals.length;
    for (const array of this.arrays.values()) array.place = place++;
    // The type section comes first, so everything that names types is made before it.
    const bodies = this.#code();
    const typeIndices: number[] = [];
    for (const { func } of this.#defined) typeIndices.push(this.#types.index(func.type));
    const out = new ByteWriter(1024 + 2 * bodies.length);
    const contents = new ByteWriter();
    const section = (id: number): void => {
      // Nothing but the count 0: a section that can be left out. The start section is an index.
      if (contents.length > 1 || id === START_SECTION) {
        out.byte(id);
        out.sized(contents);
      }
      contents.clear();
    };
    out.bytes(preamble);
    this.#types.write(contents);
    section(TYPE_SECTION);
    contents.unsigned(this.#importCount);
    contents.append(this.#importEntries);
    section(IMPORT_SECTION);
    contents.unsigned(typeIndices.length);
    for (const index of typeIndices) contents.unsigned(index);
    section(FUNCTION_SECTION);
    if (this.arrays.size > 0) this.#arrayGlobals(contents);
    section(GLOBAL_SECTION);
    contents.unsigned(this.#exports.length);
    for (const { name, func } of this.#exports) {
      contents.name(name);
      contents.byte(FUNC);
      contents.unsigned(placeOf(func).place);
    }
    section(EXPORT_SECTION);
    if (this.#start !== null) {
      contents.unsigned(placeOf(this.#start).place);
      section(START_SECTION);
    }
    this.#elements(contents);
    section(ELEMENT_SECTION);
    contents.append(bodies);
    section(CODE_SECTION);
    this.#names(contents);
    section(CUSTOM_SECTION);
    return out.toBytes();
  }

  #code(): ByteWriter {
    const out = new ByteWriter(4096);
    const body = new ByteWriter(512);
    out.unsigned(this.#defined.length);
    for (const func of this.#defined) {
      body.clear();
      func.write(body, this.#types);
      out.sized(body);
    }
    return out;
  }

  /** Immutable globals, each of a new array. */
  #arrayGlobals(out: ByteWriter): void {
    const init = new CodeWriter(out, this.#types);
    out.unsigned(this.arrays.size);
    for (const { length } of this.arrays.values()) {
      out.bytes([...valTypes.units, 0]);
      init.op(code.i32_const);
      out.signed(length);
      init.instruction([], code.array_new_default, [ARRAY_TYPE_INDEX]);
      init.op(code.end);
    }
  }

  #elements(out: ByteWriter): void {
    out.unsigned(this.#segments.length);
    for (const { table, offset, funcs } of this.#segments) {
      // 2: active, with a table index; 0: of functions.
      out.byte(2);
      out.unsigned(placeOf(table).place);
      out.byte(code.global_get);
      out.unsigned(placeOf(offset).place);
      out.bytes([code.end, 0]);
      out.unsigned(funcs.length);
      for (const func of funcs) out.unsigned(placeOf(func).place);
    }
  }

  #names(out: ByteWriter): void {
    const funcs = namesOf(this.#importedFuncs);
    const locals = new Map<number, readonly string[]>();
    for (const { func, locals: variables } of this.#defined) {
      if (variables.length > 0) locals.set(funcs.length, namesOf(variables));
      funcs.push(func.name);
    }
    writeNames(out, {
      module: this.name,
      func: funcs,
      local: locals,
      type: this.#types.names,
      table: namesOf(this.tables.values()),
      memory: namesOf(this.memories.values()),
      global: namesOf([...this.#globals, ...this.arrays.values()]),
      element: this.#segments.map((_, i) => `elements${i || ''}`),
      tag: namesOf(this.tags.values()),
    });
  }
}

function namesOf(items: Iterable<{ readonly name: string }>): string[] {
  const names: string[] = [];
  for (const { name } of items) names.push(name);
  return names;
}
