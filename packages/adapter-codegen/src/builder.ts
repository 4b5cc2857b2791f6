/**
 * What emitted code is written against: a module builder and a function builder with mnemonic names. In: declarations
 * and expression trees; out: the bytes of a core module and where its imports come from. It says nothing about who
 * writes the bytes: binaryen (module.ts) is one back end, a direct writer of the binary format can be another.
 *
 * Rules that every back end may rely on: an `Expr` is used exactly once, in the function whose builder made it; memories,
 * tables and tags are declared when the module is created; labels are used only inside the body that they were given to.
 */
import type { EmittedModule, ImportSource } from './emitted.ts';
import type { loads, ops, stores, ValType } from './ops.ts';

export type { ValType } from './ops.ts';

declare const opaque: unique symbol;

/** An expression of one function, to be used once. */
export interface Expr {
  readonly [opaque]: 'expr';
}
/** The target of a branch. */
export interface Label {
  readonly [opaque]: 'label';
}
/** A parameter or a variable of one function. */
export interface Local {
  readonly index: number;
  readonly name: string;
  readonly type: ValType;
}
export interface FuncType {
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}
/** A function of the module, imported or defined. */
export interface Func {
  readonly name: string;
  readonly type: FuncType;
}
export interface Memory {
  readonly name: string;
  /** Type of its addresses: `i64` for a 64-bit memory. */
  readonly address: 'i32' | 'i64';
}
export interface Table {
  readonly name: string;
}
/** An immutable global: imported, or one that holds an array. */
export interface Global {
  readonly name: string;
  readonly type: ValType;
}
export interface Tag {
  readonly name: string;
}

/** What is imported from where. `source` tells the host what to supply; null where who instantiates knows by the names. */
export interface ImportDecl {
  /** Identifier in the text format, without `$`. */
  readonly name: string;
  readonly module: string;
  readonly base: string;
  readonly source: ImportSource | null;
}

export interface ModuleSpec {
  /** The name of the module: `trampolines`, `adapters-0`. */
  readonly name: string;
  /** Imported memories, by any key. An import without maximum matches every memory but a shared one. */
  readonly memories?: readonly (ImportDecl & { readonly address?: 'i32' | 'i64'; readonly shared?: boolean })[];
  /** Imported funcref tables. */
  readonly tables?: readonly ImportDecl[];
  /** Imported tags. */
  readonly tags?: readonly (ImportDecl & { readonly params?: readonly ValType[] })[];
  /** Arrays of 16-bit code units, zero at first; each instance of the module has its own. `length` in elements. */
  readonly arrays?: readonly { readonly name: string; readonly length: number }[];
  /** Writes `try` with `catch_all` for engines that have no `try_table`. Default: false. */
  readonly legacyExceptions?: boolean;
}

export interface ModuleBuilder {
  readonly name: string;
  /** The memory of that name. */
  memory(name: string): Memory;
  table(name: string): Table;
  tag(name: string): Tag;
  /** The array of that name, of type `units`. */
  array(name: string): Global;
  /** The same (module, base) pair is imported once. */
  importFunc(decl: ImportDecl, type: FuncType): Func;
  importGlobal(decl: ImportDecl, type: ValType): Global;
  /** Announces a function that `define` gives a body, so that calls may come first. Taken names get a suffix. */
  declare(name: string, params: readonly NamedParam[], results?: readonly ValType[]): DeclaredFunc;
  /** The body is a list of statements; the last one is the result when there is one. */
  define(func: DeclaredFunc, body: (f: FunctionBuilder) => readonly Expr[]): Func;
  /** `declare` and `define` in one. */
  func(
    name: string,
    params: readonly NamedParam[],
    results: readonly ValType[],
    body: (f: FunctionBuilder) => readonly Expr[],
  ): Func;
  /** A helper that is emitted once a module, when it is first asked for. `key` need not be its name. */
  outlined(key: string, make: () => Func): Func;
  /** `outlined` and `func` in one: a helper whose name is its key. */
  helper(
    name: string,
    params: readonly NamedParam[],
    results: readonly ValType[],
    body: (f: FunctionBuilder) => readonly Expr[],
  ): Func;
  exportFunc(func: Func, name: string): void;
  /** The function that runs when the module is instantiated; it takes and returns nothing. */
  start(func: Func): void;
  /** An active element segment at `offset` (a global) in `table`. */
  elements(table: Table, offset: Global, funcs: readonly Func[]): void;
  /** Whether the module is valid, as far as the back end can tell. Binaryen prints the reason to stderr when it isn’t. */
  validate(): boolean;
  /** The bytes. The builder is used up. */
  emit(): EmittedModule;
}

/** Name and type of a parameter. */
export type NamedParam = readonly [name: string, type: ValType];

export interface DeclaredFunc extends Func {
  readonly params: readonly Local[];
}

// --- instructions ----------------------------------------------------------------------------------------------------

type Operands<N extends number> = N extends 1 ? [Expr] : N extends 2 ? [Expr, Expr] : [Expr, Expr, Expr];
type Simple<T> = { readonly [K in keyof T]: (...operands: Operands<T[K] & number>) => Expr };
/** `offset`: bytes, default 0. `align`: hint in bytes, default natural. */
type Loads<T> = { readonly [K in keyof T]: (memory: Memory, address: Expr, offset?: number, align?: number) => Expr };
type Stores<T> = {
  readonly [K in keyof T]: (memory: Memory, address: Expr, value: Expr, offset?: number, align?: number) => Expr;
};

type Ops = typeof ops;
type LoadOps = typeof loads;
type StoreOps = typeof stores;

export type I32Ops = Simple<Ops['i32']> &
  Loads<LoadOps['i32']> &
  Stores<StoreOps['i32']> & { const(value: number): Expr };
export type I64Ops = Simple<Ops['i64']> &
  Loads<LoadOps['i64']> &
  Stores<StoreOps['i64']> & { const(value: bigint | number): Expr };
export type F32Ops = Simple<Ops['f32']> &
  Loads<LoadOps['f32']> &
  Stores<StoreOps['f32']> & { const(value: number): Expr };
export type F64Ops = Simple<Ops['f64']> &
  Loads<LoadOps['f64']> &
  Stores<StoreOps['f64']> & { const(value: number): Expr };
export type V128Ops = Simple<Ops['v128']> &
  Loads<LoadOps['v128']> &
  Stores<StoreOps['v128']> & { const(bytes: readonly number[]): Expr };
export type I8x16Ops = Simple<Ops['i8x16']> & { shuffle(lanes: readonly number[], a: Expr, b: Expr): Expr };

/** What i32 and i64 have in common: code over addresses of either width is written with it. */
export type IntOps = Simple<Omit<Ops['i32'], 'wrap_i64' | 'reinterpret_f32'>> &
  Loads<LoadOps['i32']> &
  Stores<StoreOps['i32']> & {
    readonly type: 'i32' | 'i64';
    const(value: number): Expr;
    /** From an unsigned i32; nothing is emitted when the type is i32. */
    fromU32(value: Expr): Expr;
    /** To i32, high bits dropped; nothing is emitted when the type is i32. */
    toI32(value: Expr): Expr;
  };

export interface FunctionBuilder {
  readonly module: ModuleBuilder;
  /** The parameters, in order. */
  readonly params: readonly Local[];
  /** A new variable, initially zero. Taken names get a suffix. */
  local(name: string, type: ValType): Local;
  get(local: Local): Expr;
  set(local: Local, value: Expr): Expr;
  tee(local: Local, value: Expr): Expr;
  global(global: Global): Expr;

  readonly i32: I32Ops;
  readonly i64: I64Ops;
  readonly f32: F32Ops;
  readonly f64: F64Ops;
  readonly v128: V128Ops;
  readonly i8x16: I8x16Ops;
  readonly i16x8: Simple<Ops['i16x8']>;
  /** Width-generic integer instructions. */
  int(type: 'i32' | 'i64'): IntOps;

  /** A block whose end is `label`. With `type` the last statement is its value. */
  block(name: string, body: (end: Label) => readonly Expr[], type?: ValType): Expr;
  /** A loop whose beginning is `label`; it ends when it isn't branched to. */
  loop(name: string, body: (again: Label) => readonly Expr[], type?: ValType): Expr;
  /** Statements as one expression. */
  seq(body: readonly Expr[], type?: ValType): Expr;
  if(condition: Expr, then: readonly Expr[], otherwise?: readonly Expr[], type?: ValType): Expr;
  br(label: Label, value?: Expr): Expr;
  br_if(label: Label, condition: Expr, value?: Expr): Expr;
  br_table(labels: readonly Label[], otherwise: Label, index: Expr): Expr;
  return(value?: Expr): Expr;
  unreachable(): Expr;
  nop(): Expr;
  drop(value: Expr): Expr;
  select(condition: Expr, then: Expr, otherwise: Expr): Expr;

  call(func: Func, operands: readonly Expr[]): Expr;
  /** Calls a function of several results and sets one variable a result. */
  call_into(results: readonly Local[], func: Func, operands: readonly Expr[]): Expr;
  /** The values of a function of several results: its last statement, or the operand of `return`. */
  values(values: readonly Expr[]): Expr;
  return_call(func: Func, operands: readonly Expr[]): Expr;
  call_indirect(table: Table, type: FuncType, index: Expr, operands: readonly Expr[]): Expr;

  memory_size(memory: Memory): Expr;
  memory_grow(memory: Memory, pages: Expr): Expr;
  /** `size` has the narrower of the two address types. */
  memory_copy(to: Memory, toAddress: Expr, from: Memory, fromAddress: Expr, size: Expr): Expr;
  memory_fill(memory: Memory, address: Expr, byte: Expr, size: Expr): Expr;

  /** Elements of a `units` array; an index beyond its end traps. */
  array_get_u(array: Expr, index: Expr): Expr;
  array_set(array: Expr, index: Expr, value: Expr): Expr;
  /** The null of type `externref`. */
  null_extern(): Expr;

  /** `body`; when it throws anything, `handler`. Both have the type `type`. */
  try_catch_all(body: readonly Expr[], handler: readonly Expr[], type?: ValType): Expr;
  throw(tag: Tag, operands: readonly Expr[]): Expr;
}
