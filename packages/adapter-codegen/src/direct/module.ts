/**
 * The module builder of builder.ts without a library: it writes the binary format itself. In: declarations and
 * expressions; out: the bytes of a core module with a name section. It does not optimise and hardly checks: the binaryen
 * back end is the reference that tests hold it against. It loads in a millisecond, which is what it is for.
 */
import { InternalError } from '@gangway/component/errors';
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
  NamedParam,
  Table,
  Tag,
} from '../builder.ts';
import type { EmittedImport, EmittedModule } from '../emitted.ts';
import { identifier, uniqueName } from '../names.ts';
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

export class DirectModule implements ModuleBuilder {
  readonly name: string;
  readonly #types: TypeSection;
  readonly #memories = new Map<string, Memory & Placed>();
  readonly #tables = new Map<string, Table & Placed>();
  readonly #tags = new Map<string, Tag & Placed>();
  readonly #globals: Global[] = [];
  readonly #arrays = new Map<string, Global & Placed & { readonly length: number }>();
  readonly #imports: EmittedImport[] = [];
  readonly #imported = new Map<string, Func | Global>();
  readonly #importedFuncs: Func[] = [];
  /** The entries of the import section, and how many they are. */
  readonly #importEntries = new ByteWriter();
  #importCount = 0;
  readonly #funcNames = new Set<string>();
  readonly #outlined = new Map<string, Func>();
  readonly #pending = new Set<DeclaredFunc>();
  readonly #defined: DirectFunction[] = [];
  readonly #exports: { readonly name: string; readonly func: Func }[] = [];
  readonly #segments: Segment[] = [];
  #start: Func | null = null;

  readonly #legacyExceptions: boolean;

  constructor(spec: ModuleSpec) {
    this.name = spec.name;
    this.#legacyExceptions = spec.legacyExceptions === true;
    this.#types = new TypeSection((spec.arrays ?? []).length > 0);
    for (const { name, length } of spec.arrays ?? []) {
      this.#arrays.set(name, { name: identifier(name), type: 'units', length, place: -1 });
    }
    const out = this.#importEntries;
    for (const decl of spec.memories ?? []) {
      const address = decl.address ?? 'i32';
      this.#addImport(decl, sorts.memory);
      out.byte((address === 'i64' ? limits.address64 : 0) | (decl.shared ? limits.shared | limits.max : 0));
      out.unsigned(0);
      if (decl.shared) out.unsigned(MAX_PAGES);
      this.#memories.set(decl.name, { name: identifier(decl.name), address, place: this.#memories.size });
    }
    for (const decl of spec.tables ?? []) {
      this.#addImport(decl, sorts.table);
      out.bytes([FUNCREF, 0, 0]);
      this.#tables.set(decl.name, { name: identifier(decl.name), place: this.#tables.size });
    }
    for (const decl of spec.tags ?? []) {
      this.#addImport(decl, sorts.tag);
      // The attribute 0 says: an exception.
      out.byte(0);
      out.unsigned(this.#types.index({ params: decl.params ?? [], results: [] }));
      this.#tags.set(decl.name, { name: identifier(decl.name), place: this.#tags.size });
    }
  }

  /** The entry of the import section up to its type, which the caller adds. */
  #addImport({ module, base, source }: ImportDecl, sort: number): void {
    this.#importEntries.name(module);
    this.#importEntries.name(base);
    this.#importEntries.byte(sort);
    this.#importCount++;
    if (source !== null) this.#imports.push({ module, name: base, source });
  }

  memory(name: string): Memory {
    return declared(this.#memories, 'memory', name);
  }
  table(name: string): Table {
    return declared(this.#tables, 'table', name);
  }
  tag(name: string): Tag {
    return declared(this.#tags, 'tag', name);
  }
  array(name: string): Global {
    return declared(this.#arrays, 'array', name);
  }

  importFunc(decl: ImportDecl, type: FuncType): Func {
    return this.#import(decl, () => {
      this.#addImport(decl, sorts.func);
      this.#importEntries.unsigned(this.#types.index(type));
      const name = uniqueName(this.#funcNames, identifier(decl.name));
      const func: Func & Placed = { name, type, place: this.#importedFuncs.length };
      this.#importedFuncs.push(func);
      return func;
    });
  }

  importGlobal(decl: ImportDecl, type: ValType): Global {
    return this.#import(decl, () => {
      this.#addImport(decl, sorts.global);
      // 0: immutable.
      this.#importEntries.bytes([...valTypes[type], 0]);
      const global: Global & Placed = { name: identifier(decl.name), type, place: this.#globals.length };
      this.#globals.push(global);
      return global;
    });
  }

  #import<T extends Func | Global>(decl: ImportDecl, add: () => T): T {
    const key = JSON.stringify([decl.module, decl.base]);
    const known = this.#imported.get(key);
    if (known !== undefined) return known as T;
    const made = add();
    this.#imported.set(key, made);
    return made;
  }

  declare(name: string, params: readonly NamedParam[], results: readonly ValType[] = []): DeclaredFunc {
    const taken = new Set<string>();
    const func: DeclaredFunc & Placed = {
      name: uniqueName(this.#funcNames, identifier(name)),
      type: { params: params.map(([, type]) => type), results },
      params: params.map(([param, type], index) => ({ index, type, name: uniqueName(taken, identifier(param)) })),
      place: -1,
    };
    this.#pending.add(func);
    return func;
  }

  define(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): Func {
    if (!this.#pending.delete(func)) throw new InternalError(`function ${func.name} is defined twice`);
    this.#defined.push(new DirectFunction(this, func, body, this.#legacyExceptions));
    return func;
  }

  func(
    name: string,
    params: readonly NamedParam[],
    results: readonly ValType[],
    body: (f: FunctionBuilder) => readonly Expr[],
  ): Func {
    return this.define(this.declare(name, params, results), body);
  }

  outlined(key: string, make: () => Func): Func {
    let func = this.#outlined.get(key);
    if (func === undefined) {
      func = make();
      this.#outlined.set(key, func);
    }
    return func;
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
      imports: this.#imports,
      exports: this.#exports.map(({ name }) => name),
    };
  }

  #write(): Uint8Array<ArrayBuffer> {
    for (const func of this.#pending) throw new InternalError(`function ${func.name} has no body`);
    this.#defined.forEach(({ func }, i) => {
      (func as unknown as Placed).place = this.#importedFuncs.length + i;
    });
    let place = this.#globals.length;
    for (const array of this.#arrays.values()) array.place = place++;
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
    if (this.#arrays.size > 0) section(sectionIds.global, (contents) => this.#arrayGlobals(contents));
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
    out.unsigned(this.#arrays.size);
    const init = new CodeWriter(out, this.#types);
    for (const { length } of this.#arrays.values()) {
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
      table: names(this.#tables.values()),
      memory: names(this.#memories.values()),
      global: names([...this.#globals, ...this.#arrays.values()]),
      element: this.#segments.map((_, i) => `elements${i || ''}`),
      tag: names(this.#tags.values()),
    });
  }
}

function declared<T>(map: ReadonlyMap<string, T>, what: string, name: string): T {
  const item = map.get(name);
  if (item === undefined) throw new InternalError(`no ${what} ${name} in the module`);
  return item;
}
