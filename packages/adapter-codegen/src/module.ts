/**
 * The builder of builder.ts over binaryen: the only file that touches binaryen's API. In: declarations and expressions;
 * out: the bytes of a core module.
 *
 * A module starts from a small text, because binaryen's builder can declare neither several memories nor an imported
 * memory without a maximum; functions, function imports and element segments are then added through the builder.
 * The feature set is explicit: with all features on, binaryen writes an import section that engines do not read yet.
 * Loading binaryen takes hundreds of milliseconds, so it happens on first use.
 */
import { InternalError } from '@gangway/component/errors';
import type binaryen from 'binaryen';
import type {
  DeclaredFunc,
  Expr,
  Func,
  FuncType,
  FunctionBuilder,
  Global,
  ImportDecl,
  IntOps,
  Label,
  Local,
  Memory,
  ModuleBuilder,
  ModuleSpec,
  NamedParam,
  Table,
  Tag,
} from './builder.ts';
import type { EmittedImport, EmittedModule } from './emitted.ts';
import { identifier, typeName, uniqueName } from './names.ts';
import { loads, ops, stores, type ValType } from './ops.ts';

export type * from './builder.ts';

/** Binaryen has `Function` at run time; its declarations put it elsewhere. */
type Binaryen = typeof binaryen & {
  readonly Function: { setLocalName(func: binaryen.FunctionRef, index: number, name: string): void };
};
type Ref = binaryen.ExpressionRef;

let loading: Promise<Binaryen> | undefined;

/** Loads binaryen once. */
export function loadBinaryen(): Promise<Binaryen> {
  loading ??= import('binaryen').then((loaded) => {
    loaded.default.setDebugInfo(true);
    return loaded.default as unknown as Binaryen;
  });
  return loading;
}

/** Makes module builders whose bytes binaryen writes. */
export async function loadBinaryenModule(): Promise<(spec: ModuleSpec) => ModuleBuilder> {
  const b = await loadBinaryen();
  return (spec) => new BinaryenModule(b, spec);
}

/** A module builder whose bytes binaryen writes. */
export async function createModule(spec: ModuleSpec): Promise<ModuleBuilder> {
  return (await loadBinaryenModule())(spec);
}

const expr = (ref: Ref): Expr => ref as unknown as Expr;
const ref = (e: Expr): Ref => e as unknown as Ref;
const refs = (list: readonly Expr[]): Ref[] => list.map(ref);
const labelOf = (name: string): Label => name as unknown as Label;
const nameOf = (label: Label): string => label as unknown as string;

class BinaryenModule implements ModuleBuilder {
  readonly name: string;
  readonly #b: Binaryen;
  readonly #m: binaryen.Module;
  readonly #memories = new Map<string, Memory>();
  readonly #tables = new Map<string, Table>();
  readonly #tags = new Map<string, Tag>();
  readonly #arrays = new Map<string, Global>();
  /** Types of expressions, by the names of builder.ts. */
  readonly valTypes: Record<ValType, binaryen.Type>;
  readonly #imports: EmittedImport[] = [];
  readonly #imported = new Map<string, Func | Global>();
  readonly #outlined = new Map<string, Func>();
  readonly #exports: string[] = [];
  readonly #funcNames = new Set<string>();
  readonly #tuples = new Map<string, binaryen.Type>();
  readonly #typeNames = new Set<string>();
  readonly #pending = new Set<DeclaredFunc>();
  #segments = 0;
  /** Whether exception handling is used: binaryen builds the legacy form, which is then translated. */
  usesTry = false;
  /** Whether bytes are copied between a 32-bit and a 64-bit memory: binaryen's validator refuses it, engines don't. */
  mixedCopies = false;

  readonly #legacyExceptions: boolean;

  constructor(b: Binaryen, spec: ModuleSpec) {
    this.name = spec.name;
    this.#legacyExceptions = spec.legacyExceptions === true;
    this.#b = b;
    const fields: string[] = [];
    const declare = (decl: ImportDecl, description: string): void => {
      fields.push(`(import ${JSON.stringify(decl.module)} ${JSON.stringify(decl.base)} (${description}))`);
      this.#describe(decl);
    };
    for (const memory of spec.memories ?? []) {
      const name = identifier(memory.name);
      const address = memory.address ?? 'i32';
      // A shared memory must have a maximum; the largest one matches every shared memory.
      const limits = memory.shared ? '0 65536 shared' : '0';
      declare(memory, `memory $${name} ${address === 'i64' ? 'i64 ' : ''}${limits}`);
      this.#memories.set(memory.name, { name, address });
    }
    for (const table of spec.tables ?? []) {
      const name = identifier(table.name);
      declare(table, `table $${name} 0 funcref`);
      this.#tables.set(table.name, { name });
    }
    for (const tag of spec.tags ?? []) {
      const name = identifier(tag.name);
      declare(tag, `tag $${name} ${(tag.params ?? []).map((type) => `(param ${type})`).join(' ')}`);
      this.#tags.set(tag.name, { name });
    }
    const arrays = spec.arrays ?? [];
    if (arrays.length > 0) fields.push('(type $units (array (mut i16)))');
    for (const { name, length } of arrays) {
      const id = identifier(name);
      fields.push(`(global $${id} (ref null $units) (array.new_default $units (i32.const ${length})))`);
      this.#arrays.set(name, { name: id, type: 'units' });
    }
    this.#m = b.parseText(`(module $${identifier(spec.name)} ${fields.join('\n')})`);
    this.valTypes = valTypes(b);
    const f = b.Features;
    this.#m.setFeatures(
      f.MutableGlobals |
        f.SignExt |
        f.NontrappingFPToInt |
        f.BulkMemory |
        f.BulkMemoryOpt |
        f.ReferenceTypes |
        f.Multivalue |
        f.SIMD128 |
        f.ExceptionHandling |
        f.TailCall |
        f.MultiMemory |
        f.Memory64 |
        (arrays.length > 0 ? f.GC : 0),
    );
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
      const name = uniqueName(this.#funcNames, identifier(decl.name));
      this.nameType(type);
      this.#m.addFunctionImport(name, decl.module, decl.base, this.types(type.params), this.types(type.results));
      return { name, type };
    });
  }

  importGlobal(decl: ImportDecl, type: ValType): Global {
    return this.#import(decl, () => {
      const name = identifier(decl.name);
      this.#m.addGlobalImport(name, decl.module, decl.base, this.valTypes[type], false);
      return { name, type };
    });
  }

  #import<T extends Func | Global>(decl: ImportDecl, add: () => T): T {
    const key = JSON.stringify([decl.module, decl.base]);
    const known = this.#imported.get(key);
    if (known !== undefined) return known as T;
    const made = add();
    this.#imported.set(key, made);
    this.#describe(decl);
    return made;
  }

  #describe({ module, base, source }: ImportDecl): void {
    if (source !== null) this.#imports.push({ module, name: base, source });
  }

  declare(name: string, params: readonly NamedParam[], results: readonly ValType[] = []): DeclaredFunc {
    const taken = new Set<string>();
    const func: DeclaredFunc = {
      name: uniqueName(this.#funcNames, identifier(name)),
      type: { params: params.map(([, type]) => type), results },
      params: params.map(([param, type], index) => ({ index, type, name: uniqueName(taken, identifier(param)) })),
    };
    this.#pending.add(func);
    return func;
  }

  define(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): Func {
    if (!this.#pending.delete(func)) throw new InternalError(`function ${func.name} is defined twice`);
    const f = new BinaryenFunction(this, this.#b, this.#m, func);
    const { params, results } = func.type;
    const root = f.body(body(f));
    this.nameType(func.type);
    const made = this.#m.addFunction(
      func.name,
      this.types(params),
      this.types(results),
      f.variables.map((variable) => this.types(variable.types)),
      root,
    );
    for (const { index, name } of [...func.params, ...f.variables]) this.#b.Function.setLocalName(made, index, name);
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

  start(func: Func): void {
    this.#m.setStart(this.#m.getFunction(func.name));
  }

  exportFunc(func: Func, name: string): void {
    this.#m.addFunctionExport(func.name, name);
    this.#exports.push(name);
  }

  elements(table: Table, offset: Global, funcs: readonly Func[]): void {
    const names = funcs.map((func) => func.name);
    const at = this.#m.global.get(offset.name, this.valTypes[offset.type]);
    this.#m.addActiveElementSegment(table.name, `elements${this.#segments++ || ''}`, names, at);
  }

  validate(): boolean {
    this.#complete();
    if (this.mixedCopies) return WebAssembly.validate(copyOf(this.#m.emitBinary()));
    return this.#m.validate() !== 0;
  }

  emit(): EmittedModule {
    this.#complete();
    const bytes = copyOf(this.#m.emitBinary());
    this.#m.dispose();
    return { name: this.name, bytes, imports: this.#imports, exports: this.#exports };
  }

  #complete(): void {
    for (const func of this.#pending) throw new InternalError(`function ${func.name} has no body`);
    if (this.usesTry && !this.#legacyExceptions) this.#m.runPasses(['translate-to-exnref']);
    this.usesTry = false;
  }

  /** One type for several values. */
  types(types: readonly ValType[]): binaryen.Type {
    const key = types.join();
    let type = this.#tuples.get(key);
    if (type === undefined) {
      type = this.#b.createType(types.map((part) => this.valTypes[part]));
      this.#tuples.set(key, type);
    }
    return type;
  }

  /** Gives the type a name in the text format. */
  nameType(type: FuncType): void {
    const name = typeName(type);
    if (this.#typeNames.has(name)) return;
    this.#typeNames.add(name);
    const builder = new this.#b.TypeBuilder(1);
    builder.setSignatureType(0, this.types(type.params), this.types(type.results));
    const [heapType] = builder.buildAndDispose();
    if (heapType !== undefined) this.#m.setTypeName(heapType, name);
  }
}

/** Binaryen's types by our names. */
function valTypes(b: Binaryen): Record<ValType, binaryen.Type> {
  const { i32, i64, f32, f64, v128, externref } = b;
  const builder = new b.TypeBuilder(1);
  builder.setArrayType(0, i32, b.i16, true);
  const [array] = builder.buildAndDispose();
  const units = b.getTypeFromHeapType(array as number, true);
  const extern = b.getTypeFromHeapType(b.getHeapType(externref), false);
  return { i32, i64, f32, f64, v128, externref, extern, units };
}

function declared<T>(map: ReadonlyMap<string, T>, what: string, name: string): T {
  const item = map.get(name);
  if (item === undefined) throw new InternalError(`no ${what} ${name} in the module`);
  return item;
}

/** The bytes outside binaryen's own memory. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

// --- functions -------------------------------------------------------------------------------------------------------

class BinaryenFunction implements FunctionBuilder {
  readonly module: BinaryenModule;
  readonly params: readonly Local[];
  /** Several types: binaryen's own tuple variable, which holds the results of a call for a moment. */
  readonly variables: { readonly index: number; readonly name: string; readonly types: readonly ValType[] }[] = [];
  readonly #b: Binaryen;
  readonly #m: binaryen.Module;
  readonly #func: Func;
  readonly #localNames = new Set<string>();
  readonly #labels = new Set<string>();

  readonly i32: FunctionBuilder['i32'];
  readonly i64: FunctionBuilder['i64'];
  readonly f32: FunctionBuilder['f32'];
  readonly f64: FunctionBuilder['f64'];
  readonly v128: FunctionBuilder['v128'];
  readonly i8x16: FunctionBuilder['i8x16'];
  readonly i16x8: FunctionBuilder['i16x8'];
  readonly #ints: { readonly i32: IntOps; readonly i64: IntOps };

  constructor(module: BinaryenModule, b: Binaryen, m: binaryen.Module, func: DeclaredFunc) {
    this.module = module;
    this.params = func.params;
    this.#func = func;
    for (const param of func.params) this.#localNames.add(param.name);
    this.#b = b;
    this.#m = m;
    const groups = instructions(m);
    this.i32 = groups.i32;
    this.i64 = groups.i64;
    this.f32 = groups.f32;
    this.f64 = groups.f64;
    this.v128 = groups.v128;
    this.i8x16 = groups.i8x16;
    this.i16x8 = groups.i16x8;
    this.#ints = groups.ints;
  }

  int(type: 'i32' | 'i64'): IntOps {
    return this.#ints[type];
  }

  /** The function's body. */
  body(statements: readonly Expr[]): Ref {
    const { results } = this.#func.type;
    if (results.length < 2) return ref(this.seq(statements, results[0]));
    // The block of the body has a type of its own in the binary.
    this.module.nameType({ params: [], results });
    const [only] = statements;
    if (only !== undefined && statements.length === 1) return ref(only);
    return this.#m.block(null, refs(statements), this.module.types(results));
  }

  local(name: string, type: ValType): Local {
    return { ...this.#variable(name, [type]), type };
  }
  #variable(name: string, types: readonly ValType[]): { index: number; name: string } {
    const index = this.params.length + this.variables.length;
    const unique = uniqueName(this.#localNames, identifier(name));
    this.variables.push({ index, name: unique, types });
    return { index, name: unique };
  }
  get(local: Local): Expr {
    return expr(this.#m.local.get(local.index, this.module.valTypes[local.type]));
  }
  set(local: Local, value: Expr): Expr {
    return expr(this.#m.local.set(local.index, ref(value)));
  }
  tee(local: Local, value: Expr): Expr {
    return expr(this.#m.local.tee(local.index, ref(value), this.module.valTypes[local.type]));
  }
  global(global: Global): Expr {
    return expr(this.#m.global.get(global.name, this.module.valTypes[global.type]));
  }

  block(name: string, body: (end: Label) => readonly Expr[], type?: ValType): Expr {
    const label = uniqueName(this.#labels, identifier(name));
    return this.#typed(this.#m.block(label, refs(body(labelOf(label))), this.#blockType(type)), type, label);
  }
  loop(name: string, body: (again: Label) => readonly Expr[], type?: ValType): Expr {
    const label = uniqueName(this.#labels, identifier(name));
    return this.#typed(this.#m.loop(label, ref(this.seq(body(labelOf(label)), type))), type, label);
  }
  seq(body: readonly Expr[], type?: ValType): Expr {
    const [only] = body;
    if (body.length === 1 && only !== undefined) return only;
    return this.#typed(this.#m.block(null, refs(body), this.#blockType(type)), type, 'seq');
  }
  if(condition: Expr, then: readonly Expr[], otherwise?: readonly Expr[], type?: ValType): Expr {
    const no = otherwise === undefined || otherwise.length === 0 ? undefined : ref(this.seq(otherwise, type));
    return this.#typed(this.#m.if(ref(condition), ref(this.seq(then, type)), no), type, 'if');
  }
  br(label: Label, value?: Expr): Expr {
    return expr(this.#m.br(nameOf(label), undefined, value === undefined ? undefined : ref(value)));
  }
  br_if(label: Label, condition: Expr, value?: Expr): Expr {
    return expr(this.#m.br(nameOf(label), ref(condition), value === undefined ? undefined : ref(value)));
  }
  br_table(labels: readonly Label[], otherwise: Label, index: Expr): Expr {
    return expr(this.#m.switch(labels.map(nameOf), nameOf(otherwise), ref(index)));
  }
  return(value?: Expr): Expr {
    return expr(this.#m.return(value === undefined ? undefined : ref(value)));
  }
  unreachable(): Expr {
    return expr(this.#m.unreachable());
  }
  nop(): Expr {
    return expr(this.#m.nop());
  }
  drop(value: Expr): Expr {
    return expr(this.#m.drop(ref(value)));
  }
  select(condition: Expr, then: Expr, otherwise: Expr): Expr {
    return expr(this.#m.select(ref(condition), ref(then), ref(otherwise)));
  }

  call(func: Func, operands: readonly Expr[]): Expr {
    this.#checkArity(func.name, func.type, operands);
    return expr(this.#m.call(func.name, refs(operands), this.module.types(func.type.results)));
  }
  call_into(results: readonly Local[], func: Func, operands: readonly Expr[]): Expr {
    this.#checkArity(func.name, func.type, operands);
    const tuple = this.module.types(func.type.results);
    const call = this.#m.call(func.name, refs(operands), tuple);
    if (results.length !== func.type.results.length) throw new InternalError(`wrong number of results of ${func.name}`);
    const [only] = results;
    if (only === undefined) return expr(call);
    if (results.length === 1) return expr(this.#m.local.set(only.index, call));
    const { index } = this.#variable('results', func.type.results);
    const parts = results.map((local, i) =>
      this.#m.local.set(local.index, this.#m.tuple.extract(this.#m.local.get(index, tuple), i)),
    );
    return expr(this.#m.block(null, [this.#m.local.set(index, call), ...parts]));
  }
  values(values: readonly Expr[]): Expr {
    return expr(this.#m.tuple.make(refs(values)));
  }
  return_call(func: Func, operands: readonly Expr[]): Expr {
    this.#checkArity(func.name, func.type, operands);
    return expr(this.#m.return_call(func.name, refs(operands), this.module.types(func.type.results)));
  }
  call_indirect(table: Table, type: FuncType, index: Expr, operands: readonly Expr[]): Expr {
    this.#checkArity('call_indirect', type, operands);
    this.module.nameType(type);
    const { params, results } = type;
    const call = this.#m.call_indirect(
      table.name,
      ref(index),
      refs(operands),
      this.module.types(params),
      this.module.types(results),
    );
    return expr(call);
  }

  memory_size(memory: Memory): Expr {
    return expr(this.#m.memory.size(memory.name, memory.address === 'i64'));
  }
  memory_grow(memory: Memory, pages: Expr): Expr {
    return expr(this.#m.memory.grow(ref(pages), memory.name, memory.address === 'i64'));
  }
  memory_copy(to: Memory, toAddress: Expr, from: Memory, fromAddress: Expr, size: Expr): Expr {
    if (to.address !== from.address) this.module.mixedCopies = true;
    return expr(this.#m.memory.copy(ref(toAddress), ref(fromAddress), ref(size), to.name, from.name));
  }
  memory_fill(memory: Memory, address: Expr, byte: Expr, size: Expr): Expr {
    return expr(this.#m.memory.fill(ref(address), ref(byte), ref(size), memory.name));
  }

  array_get_u(array: Expr, index: Expr): Expr {
    return expr(this.#m.array.get(ref(array), ref(index), this.#b.i32, false));
  }
  array_set(array: Expr, index: Expr, value: Expr): Expr {
    return expr(this.#m.array.set(ref(array), ref(index), ref(value)));
  }
  null_extern(): Expr {
    return expr(this.#m.ref.null(this.#b.externref));
  }

  try_catch_all(body: readonly Expr[], handler: readonly Expr[], type?: ValType): Expr {
    this.module.usesTry = true;
    return this.#typed(
      this.#m.try('', ref(this.seq(body, type)), [], [ref(this.seq(handler, type))]),
      type,
      'try_catch_all',
    );
  }
  throw(tag: Tag, operands: readonly Expr[]): Expr {
    return expr(this.#m.throw(tag.name, refs(operands)));
  }

  #blockType(type: ValType | undefined): binaryen.Type {
    return type === undefined ? this.#b.auto : this.module.valTypes[type];
  }

  /** Binaryen infers types; what it infers must be what was said, or another back end would write something else. */
  #typed(made: Ref, type: ValType | undefined, what: string): Expr {
    const inferred = this.#b.getExpressionType(made);
    const wanted = type === undefined ? this.#b.none : this.module.valTypes[type];
    if (inferred !== wanted && inferred !== this.#b.unreachable) {
      throw new InternalError(`${what} in ${this.#func.name} should have the type ${type ?? 'none'}`);
    }
    return expr(made);
  }

  #checkArity(name: string, type: FuncType, operands: readonly Expr[]): void {
    if (operands.length !== type.params.length) {
      throw new InternalError(`${name} takes ${type.params.length} operands, not ${operands.length}`);
    }
  }
}

// --- instructions ----------------------------------------------------------------------------------------------------

interface Instructions extends Pick<FunctionBuilder, keyof typeof ops> {
  readonly ints: { readonly i32: IntOps; readonly i64: IntOps };
}

const cache = new WeakMap<binaryen.Module, Instructions>();

/** The instruction namespaces of a module, from the tables of ops.ts. */
function instructions(m: binaryen.Module): Instructions {
  const known = cache.get(m);
  if (known !== undefined) return known;
  const groups: Record<string, Record<string, unknown>> = {};
  const group = (name: string): Record<string, unknown> => (groups[name] ??= {});

  for (const [name, table] of Object.entries(ops)) {
    for (const mnemonic of Object.keys(table)) group(name)[mnemonic] = builderOf(m, name, mnemonic);
  }
  for (const [name, table] of Object.entries(loads)) {
    for (const [mnemonic, natural] of Object.entries(table)) {
      const build = method<(offset: number, align: number, address: Ref, memory: string) => Ref>(m, [name, mnemonic]);
      group(name)[mnemonic] = (memory: Memory, address: Ref, offset = 0, align: number = natural): Ref =>
        build(offset, align, address, memory.name);
    }
  }
  for (const [name, table] of Object.entries(stores)) {
    for (const [mnemonic, natural] of Object.entries(table)) {
      const build = method<(offset: number, align: number, address: Ref, value: Ref, memory: string) => Ref>(m, [
        name,
        mnemonic,
      ]);
      group(name)[mnemonic] = (memory: Memory, address: Ref, value: Ref, offset = 0, align: number = natural): Ref =>
        build(offset, align, address, value, memory.name);
    }
  }
  group('i32')['const'] = (value: number): Ref => m.i32.const(value | 0);
  group('i64')['const'] = (value: bigint | number): Ref => m.i64.const(BigInt.asIntN(64, BigInt(value)));
  group('f32')['const'] = (value: number): Ref => m.f32.const(value);
  group('f64')['const'] = (value: number): Ref => m.f64.const(value);
  group('v128')['const'] = (bytes: readonly number[]): Ref => m.v128.const(bytes);
  group('i8x16')['shuffle'] = (lanes: readonly number[], a: Ref, b: Ref): Ref => m.i8x16.shuffle(a, b, lanes);

  const narrow = {
    type: 'i32',
    fromU32: (value: Ref): Ref => value,
    toI32: (value: Ref): Ref => value,
  };
  const wide = {
    type: 'i64',
    fromU32: (value: Ref): Ref => m.i64.extend_u(value),
    toI32: (value: Ref): Ref => m.i32.wrap(value),
  };
  // The tables and the types of builder.ts are made from the same data; the compiler cannot follow that.
  const made = {
    ...groups,
    ints: { i32: { ...group('i32'), ...narrow }, i64: { ...group('i64'), ...wide } },
  } as unknown as Instructions;
  cache.set(m, made);
  return made;
}

function builderOf(m: binaryen.Module, group: string, mnemonic: string): (...operands: number[]) => Ref {
  return method(m, [group, ...binaryenPath(mnemonic)]);
}

/** Where binaryen keeps an instruction: most under its own mnemonic, conversions apart. */
function binaryenPath(mnemonic: string): string[] {
  const convert = /^convert_([if]\d\d)_([su])$/.exec(mnemonic);
  if (convert !== null) return [`convert_${convert[2]}`, convert[1] as string];
  const extend = /^extend_i32_([su])$/.exec(mnemonic);
  if (extend !== null) return [`extend_${extend[1]}`];
  const plain = /^(wrap|reinterpret)_[if]\d\d$/.exec(mnemonic);
  return [plain?.[1] ?? mnemonic];
}

function method<F>(m: binaryen.Module, path: readonly string[]): F {
  let at: unknown = m;
  for (const key of path) at = (at as Record<string, unknown>)[key];
  if (typeof at !== 'function') throw new InternalError(`binaryen has no ${path.join('.')}`);
  return at as F;
}
