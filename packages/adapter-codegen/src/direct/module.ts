/**
 * The module builder of builder.ts without a library: it writes the binary format itself. In: declarations and
 * expressions; out: the bytes of a core module with a name section. It does not optimise and hardly checks: the binaryen
 * back end is the reference that tests hold it against. It loads in a millisecond, which is what it is for.
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
import { CodeWriter, indexOf, type Placed } from './code-writer.ts';
import { ARRAY_TYPE_INDEX, code, FUNCREF, limits, preamble, sectionIds, sorts, valTypes } from './format.ts';
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
      this.#addImport(decl, sorts.memory);
      out.byte((address === 'i64' ? limits.address64 : 0) | (decl.shared ? limits.shared | limits.max : 0));
      out.unsigned(0);
      if (decl.shared) out.unsigned(MAX_PAGES);
      const memory: Memory & Placed = { name: identifier(decl.name), address, place: this.memories.size };
      this.memories.set(decl.name, memory);
    }
    for (const decl of spec.tables ?? []) {
      this.#addImport(decl, sorts.table);
      out.bytes([FUNCREF, 0, 0]);
      const table: Table & Placed = { name: identifier(decl.name), place: this.tables.size };
      this.tables.set(decl.name, table);
    }
    for (const decl of spec.tags ?? []) {
      this.#addImport(decl, sorts.tag);
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
      this.#addImport(decl, sorts.func);
      this.#importEntries.unsigned(this.#types.index(type));
      const func: Func & Placed = { name: this.funcName(decl.name), type, place: this.#importedFuncs.length };
      this.#importedFuncs.push(func);
      return func;
    });
  }

  importGlobal(decl: ImportDecl, type: ValType): Global {
    return this.imported(decl, () => {
      this.#addImport(decl, sorts.global);
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
    const bytes = this.#write();
    if (WebAssembly.validate(bytes)) return true;
    try {
      new WebAssembly.Module(bytes);
    } catch (error) {
      console.error(String(error));
    }
    return false;
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
    this.checkComplete();
    this.#defined.forEach(({ func }, i) => {
      (func as unknown as Placed).place = this.#importedFuncs.length + i;
    });
    let place = this.#globals.length;
    for (const array of this.arrays.values()) array.place = place++;
    // The type section comes first, so everything that names types is made before it.
    const bodies = this.#code();
    const typeIndices = this.#defined.map(({ func }) => this.#types.index(func.type));
    const out = new ByteWriter(1024 + 2 * bodies.length);
    const contents = new ByteWriter();
    const section = (id: number, write: (contents: ByteWriter) => void): void => {
      contents.clear();
      write(contents);
      out.byte(id);
      out.sized(contents);
    };
    out.bytes(preamble);
    section(sectionIds.type, (contents) => this.#types.write(contents));
    section(sectionIds.import, (contents) => {
      contents.unsigned(this.#importCount);
      contents.append(this.#importEntries);
    });
    section(sectionIds.function, (contents) => {
      contents.unsigned(typeIndices.length);
      for (const index of typeIndices) contents.unsigned(index);
    });
    if (this.arrays.size > 0) section(sectionIds.global, (contents) => this.#arrayGlobals(contents));
    section(sectionIds.export, (contents) => {
      contents.unsigned(this.#exports.length);
      for (const { name, func } of this.#exports) {
        contents.name(name);
        contents.byte(sorts.func);
        contents.unsigned(indexOf(func));
      }
    });
    const start = this.#start;
    if (start !== null) section(sectionIds.start, (contents) => contents.unsigned(indexOf(start)));
    if (this.#segments.length > 0) section(sectionIds.element, (contents) => this.#elements(contents));
    section(sectionIds.code, (contents) => contents.append(bodies));
    section(sectionIds.custom, (contents) => this.#names(contents));
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
    out.unsigned(this.arrays.size);
    const init = new CodeWriter(out, this.#types);
    for (const { length } of this.arrays.values()) {
      out.bytes([...valTypes.units, 0]);
      init.op(code.i32_const);
      out.signed32(length);
      init.indexed(code.array_new_default, ARRAY_TYPE_INDEX);
      init.op(code.end);
    }
  }

  #elements(out: ByteWriter): void {
    out.unsigned(this.#segments.length);
    for (const { table, offset, funcs } of this.#segments) {
      const index = indexOf(table);
      // Active, of table 0; or active, with a table index and the kind 0 (functions).
      if (index === 0) out.unsigned(0);
      else {
        out.unsigned(2);
        out.unsigned(index);
      }
      out.byte(code.global_get);
      out.unsigned(indexOf(offset));
      out.byte(code.end);
      if (index !== 0) out.byte(0);
      out.unsigned(funcs.length);
      for (const func of funcs) out.unsigned(indexOf(func));
    }
  }

  #names(out: ByteWriter): void {
    const names = (items: Iterable<{ readonly name: string }>): string[] => Array.from(items, ({ name }) => name);
    writeNames(out, {
      module: this.name,
      func: [...names(this.#importedFuncs), ...this.#defined.map(({ func }) => func.name)],
      local: [...this.#importedFuncs.map(() => null), ...this.#defined.map(({ localNames }) => localNames)],
      type: this.#types.names,
      table: names(this.tables.values()),
      memory: names(this.memories.values()),
      global: names([...this.#globals, ...this.arrays.values()]),
      element: this.#segments.map((_, i) => `elements${i || ''}`),
      tag: names(this.tags.values()),
    });
  }
}
