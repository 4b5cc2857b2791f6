/**
 * The function builder of builder.ts over binaryen. In: expressions, one by one. Out: binaryen's, with the types that were said.
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
  IntOps,
  Label,
  Local,
  Memory,
  Table,
  Tag,
} from '../builder.ts';
import { identifier, uniqueName } from '../names.ts';
import type { ValType } from '../ops.ts';
import { instructions } from './instructions.ts';
import type { Binaryen, Ref } from './load.ts';
import type { BinaryenModule } from './module.ts';

const expr = (ref: Ref): Expr => ref as unknown as Expr;
const ref = (e: Expr): Ref => e as unknown as Ref;
const refs = (list: readonly Expr[]): Ref[] => list.map(ref);
const labelOf = (name: string): Label => name as unknown as Label;
const nameOf = (label: Label): string => label as unknown as string;

export class BinaryenFunction implements FunctionBuilder {
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
