/**
 * What every back end keeps of a module: names, imports, helpers. In: declarations. Out: the things declared, each once.
 */
import { InternalError } from '@gangway/component/errors';
import type {
  DeclaredFunc,
  Expr,
  Func,
  FunctionBuilder,
  Global,
  ImportDecl,
  Local,
  Memory,
  ModuleBuilder,
  NamedParam,
  Table,
  Tag,
} from './builder.ts';
import type { EmittedImport } from './emitted.ts';
import { identifier, uniqueName } from './names.ts';
import type { ValType } from './ops.ts';

export abstract class ModuleBase implements Partial<ModuleBuilder> {
  readonly name: string;
  /** By their keys in the specification of the module. */
  readonly memories = new Map<string, Memory>();
  readonly tables = new Map<string, Table>();
  readonly tags = new Map<string, Tag>();
  readonly arrays = new Map<string, Global>();
  /** Those of which the host is told where they come from. */
  readonly imports: EmittedImport[] = [];
  readonly #imported = new Map<string, Func | Global>();
  readonly #outlined = new Map<string, Func>();
  readonly #funcNames = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  memory(name: string): Memory {
    return declared(this.memories, 'memory', name);
  }
  table(name: string): Table {
    return declared(this.tables, 'table', name);
  }
  tag(name: string): Tag {
    return declared(this.tags, 'tag', name);
  }
  array(name: string): Global {
    return declared(this.arrays, 'array', name);
  }

  /** What was imported as (module, base), or what `add` makes of it now. */
  imported<T extends Func | Global>(decl: ImportDecl, add: () => T): T {
    const key = JSON.stringify([decl.module, decl.base]);
    const known = this.#imported.get(key);
    if (known !== undefined) return known as T;
    const made = add();
    this.#imported.set(key, made);
    return made;
  }

  /** Notes where an import comes from. */
  describe({ module, base, source }: ImportDecl): void {
    if (source !== null) this.imports.push({ module, name: base, source });
  }

  funcName(name: string): string {
    return uniqueName(this.#funcNames, identifier(name));
  }

  declare(name: string, params: readonly NamedParam[], results: readonly ValType[] = []): DeclaredFunc {
    const taken = new Set<string>();
    const types: ValType[] = [];
    const locals: Local[] = [];
    for (const [param, type] of params) {
      locals.push({ index: types.length, type, name: uniqueName(taken, identifier(param)) });
      types.push(type);
    }
    return { name: this.funcName(name), type: { params: types, results }, params: locals };
  }

  define(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): Func {
    this.addBody(func, body);
    return func;
  }

  /** The body of a declared function. */
  abstract addBody(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): void;

  func(
    name: string,
    params: readonly NamedParam[],
    results: readonly ValType[],
    body: (f: FunctionBuilder) => readonly Expr[],
  ): Func {
    return this.define(this.declare(name, params, results), body);
  }

  outlined(key: string, make: () => Func): Func {
    return this.#outlined.get(key) ?? this.#outline(key, make());
  }

  helper(
    name: string,
    params: readonly NamedParam[],
    results: readonly ValType[],
    body: (f: FunctionBuilder) => readonly Expr[],
  ): Func {
    return this.#outlined.get(name) ?? this.#outline(name, this.func(name, params, results, body));
  }

  #outline(key: string, func: Func): Func {
    this.#outlined.set(key, func);
    return func;
  }
}

function declared<T>(map: ReadonlyMap<string, T>, what: string, name: string): T {
  const item = map.get(name);
  if (item === undefined) throw new InternalError(`no ${what} ${name} in the module`);
  return item;
}
