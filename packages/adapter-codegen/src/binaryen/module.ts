/**
 * The builder of builder.ts over binaryen; nothing outside of this folder touches binaryen's API. In: declarations and expressions;
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
  ModuleBuilder,
  ModuleSpec,
  NamedParam,
  Table,
} from '../builder.ts';
import type { EmittedModule } from '../emitted.ts';
import { ModuleBase } from '../module-base.ts';
import { identifier, typeName } from '../names.ts';
import type { ValType } from '../ops.ts';
import { BinaryenFunction } from './function.ts';
import { type Binaryen, loadBinaryen } from './load.ts';

export type * from '../builder.ts';

/** Makes module builders whose bytes binaryen writes. */
export async function loadBinaryenModule(): Promise<(spec: ModuleSpec) => ModuleBuilder> {
  const b = await loadBinaryen();
  return (spec) => new BinaryenModule(b, spec);
}

/** A module builder whose bytes binaryen writes. */
export async function createModule(spec: ModuleSpec): Promise<ModuleBuilder> {
  return (await loadBinaryenModule())(spec);
}

export class BinaryenModule extends ModuleBase implements ModuleBuilder {
  readonly #b: Binaryen;
  readonly #m: binaryen.Module;
  /** Types of expressions, by the names of builder.ts. */
  readonly valTypes: Record<ValType, binaryen.Type>;
  readonly #exports: string[] = [];
  readonly #tuples = new Map<string, binaryen.Type>();
  readonly #typeNames = new Set<string>();
  #segments = 0;
  /** Whether exception handling is used: binaryen builds the legacy form, which is then translated. */
  usesTry = false;
  /** Whether bytes are copied between a 32-bit and a 64-bit memory: binaryen's validator refuses it, engines don't. */
  mixedCopies = false;

  readonly #legacyExceptions: boolean;
  /** Declared functions that still have no body. */
  readonly #pending = new Set<DeclaredFunc>();

  constructor(b: Binaryen, spec: ModuleSpec) {
    super(spec.name);
    this.#legacyExceptions = spec.legacyExceptions === true;
    this.#b = b;
    const fields: string[] = [];
    const declare = (decl: ImportDecl, description: string): void => {
      fields.push(`(import ${JSON.stringify(decl.module)} ${JSON.stringify(decl.base)} (${description}))`);
      this.describe(decl);
    };
    for (const memory of spec.memories ?? []) {
      const name = identifier(memory.name);
      const address = memory.address ?? 'i32';
      // A shared memory must have a maximum; the largest one matches every shared memory.
      const limits = memory.shared ? '0 65536 shared' : '0';
      declare(memory, `memory $${name} ${address === 'i64' ? 'i64 ' : ''}${limits}`);
      this.memories.set(memory.name, { name, address });
    }
    for (const table of spec.tables ?? []) {
      const name = identifier(table.name);
      declare(table, `table $${name} 0 funcref`);
      this.tables.set(table.name, { name });
    }
    for (const tag of spec.tags ?? []) {
      const name = identifier(tag.name);
      declare(tag, `tag $${name} ${(tag.params ?? []).map((type) => `(param ${type})`).join(' ')}`);
      this.tags.set(tag.name, { name });
    }
    const arrays = spec.arrays ?? [];
    if (arrays.length > 0) fields.push('(type $units (array (mut i16)))');
    for (const { name, length } of arrays) {
      const id = identifier(name);
      fields.push(`(global $${id} (ref null $units) (array.new_default $units (i32.const ${length})))`);
      this.arrays.set(name, { name: id, type: 'units' });
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

  importFunc(decl: ImportDecl, type: FuncType): Func {
    return this.imported(decl, () => {
      const name = this.funcName(decl.name);
      this.describe(decl);
      this.nameType(type);
      this.#m.addFunctionImport(name, decl.module, decl.base, this.types(type.params), this.types(type.results));
      return { name, type };
    });
  }

  importGlobal(decl: ImportDecl, type: ValType): Global {
    return this.imported(decl, () => {
      const name = identifier(decl.name);
      this.describe(decl);
      this.#m.addGlobalImport(name, decl.module, decl.base, this.valTypes[type], false);
      return { name, type };
    });
  }

  override declare(name: string, params: readonly NamedParam[], results?: readonly ValType[]): DeclaredFunc {
    const func = super.declare(name, params, results);
    this.#pending.add(func);
    return func;
  }

  override addBody(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): void {
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
    return { name: this.name, bytes, imports: this.imports, exports: this.#exports };
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

/** The bytes outside binaryen's own memory. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
