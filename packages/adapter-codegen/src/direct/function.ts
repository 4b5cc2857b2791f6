/**
 * The function builder of the direct writer. In: expressions; out: the body of a function: variables and code. It trusts
 * what builder.ts states: that statements leave nothing behind and values have the types they were said to have; a
 * mistake shows when an engine validates the module.
 */
import { InternalError } from '@gangway/component/errors';
import type {
  DeclaredFunc,
  Expr,
  Func,
  FuncType,
  FunctionBuilder,
  Global,
  Label,
  Local,
  Memory,
  ModuleBuilder,
  Table,
  Tag,
} from '../builder.ts';
import { identifier, uniqueName } from '../names.ts';
import type { ValType } from '../ops.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CodeWriter, expr, indexOf, labelOf, type Target, type TypeIndices } from './code-writer.ts';
import { ARRAY_TYPE_INDEX, CATCH_ALL, code, EXTERN, valTypes } from './format.ts';
import { instructions, intInstructions } from './instructions.ts';

export class DirectFunction implements FunctionBuilder {
  readonly module: ModuleBuilder;
  readonly func: DeclaredFunc;
  readonly #variables: Local[] = [];
  readonly #names: Set<string>;
  readonly #body: readonly Expr[];

  get i32(): FunctionBuilder['i32'] {
    return instructions('i32');
  }
  get i64(): FunctionBuilder['i64'] {
    return instructions('i64');
  }
  get f32(): FunctionBuilder['f32'] {
    return instructions('f32');
  }
  get f64(): FunctionBuilder['f64'] {
    return instructions('f64');
  }
  get v128(): FunctionBuilder['v128'] {
    return instructions('v128');
  }
  get i8x16(): FunctionBuilder['i8x16'] {
    return instructions('i8x16');
  }
  get i16x8(): FunctionBuilder['i16x8'] {
    return instructions('i16x8');
  }

  readonly #legacyExceptions: boolean;

  constructor(
    module: ModuleBuilder,
    func: DeclaredFunc,
    body: (f: FunctionBuilder) => readonly Expr[],
    legacyExceptions = false,
  ) {
    this.module = module;
    this.#legacyExceptions = legacyExceptions;
    this.func = func;
    this.#names = new Set(func.params.map(({ name }) => name));
    this.#body = body(this);
  }

  get params(): readonly Local[] {
    return this.func.params;
  }
  /** Names of parameters and variables, by index. */
  get localNames(): string[] {
    return [...this.params, ...this.#variables].map(({ name }) => name);
  }

  /** Variables, code, `end`. */
  write(out: ByteWriter, types: TypeIndices): void {
    const runs: { type: ValType; count: number }[] = [];
    for (const { type } of this.#variables) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    out.unsigned(runs.length);
    for (const { type, count } of runs) {
      out.unsigned(count);
      out.bytes(valTypes[type]);
    }
    new CodeWriter(out, types).writeAll(this.#body);
    out.byte(code.end);
  }

  int(type: 'i32' | 'i64'): ReturnType<FunctionBuilder['int']> {
    return intInstructions(type);
  }

  local(name: string, type: ValType): Local {
    const index = this.params.length + this.#variables.length;
    const local = { index, type, name: uniqueName(this.#names, identifier(name)) };
    this.#variables.push(local);
    return local;
  }
  get(local: Local): Expr {
    return expr((w) => w.indexed(code.local_get, local.index));
  }
  set(local: Local, value: Expr): Expr {
    return expr((w) => {
      w.write(value);
      w.indexed(code.local_set, local.index);
    });
  }
  tee(local: Local, value: Expr): Expr {
    return expr((w) => {
      w.write(value);
      w.indexed(code.local_tee, local.index);
    });
  }
  global(global: Global): Expr {
    return expr((w) => w.indexed(code.global_get, indexOf(global)));
  }

  block(_name: string, body: (end: Label) => readonly Expr[], type?: ValType): Expr {
    return this.#labelled(code.block, body, type);
  }
  loop(_name: string, body: (again: Label) => readonly Expr[], type?: ValType): Expr {
    return this.#labelled(code.loop, body, type);
  }
  #labelled(opcode: number, body: (label: Label) => readonly Expr[], type: ValType | undefined): Expr {
    // Filled in when the block is written; branches to it are written while it is.
    const label: Target = { depth: 0, reached: false };
    const statements = body(labelOf(label));
    return expr((w) =>
      w.structured(opcode, type, (target) => {
        label.depth = target.depth;
        label.reached = false;
        w.writeAll(statements);
        // A branch to a loop goes to its beginning, not to its end.
        target.reached = label.reached && opcode === code.block;
      }),
    );
  }
  seq(body: readonly Expr[], _type?: ValType): Expr {
    return expr((w) => w.writeAll(body));
  }
  if(condition: Expr, then: readonly Expr[], otherwise: readonly Expr[] = [], type?: ValType): Expr {
    return expr((w) => {
      w.write(condition);
      w.structured(code.if, type, () => {
        w.writeAll(then);
        const { live } = w;
        w.live = true;
        if (otherwise.length > 0) {
          w.op(code.else);
          w.writeAll(otherwise);
        }
        w.live ||= live;
      });
    });
  }
  br(label: Label, value?: Expr): Expr {
    return expr((w) => {
      if (value !== undefined) w.write(value);
      w.indexed(code.br, w.distance(label));
      w.dead();
    });
  }
  br_if(label: Label, condition: Expr, value?: Expr): Expr {
    return expr((w) => {
      if (value !== undefined) w.write(value);
      w.write(condition);
      w.indexed(code.br_if, w.distance(label));
    });
  }
  br_table(labels: readonly Label[], otherwise: Label, index: Expr): Expr {
    return expr((w) => {
      w.write(index);
      w.indexed(code.br_table, labels.length);
      for (const label of [...labels, otherwise]) w.out.unsigned(w.distance(label));
      w.dead();
    });
  }
  return(value?: Expr): Expr {
    return expr((w) => {
      if (value !== undefined) w.write(value);
      w.op(code.return);
      w.dead();
    });
  }
  unreachable(): Expr {
    return expr((w) => w.unreachable());
  }
  nop(): Expr {
    return expr((w) => w.op(code.nop));
  }
  drop(value: Expr): Expr {
    return expr((w) => {
      w.write(value);
      w.op(code.drop);
    });
  }
  select(condition: Expr, then: Expr, otherwise: Expr): Expr {
    return expr((w) => {
      w.writeAll([then, otherwise, condition]);
      w.op(code.select);
    });
  }

  call(func: Func, operands: readonly Expr[]): Expr {
    checkArity(func.name, func.type, operands);
    return expr((w) => {
      w.writeAll(operands);
      w.indexed(code.call, indexOf(func));
    });
  }
  call_into(results: readonly Local[], func: Func, operands: readonly Expr[]): Expr {
    if (results.length !== func.type.results.length) throw new InternalError(`wrong number of results of ${func.name}`);
    const call = this.call(func, operands);
    return expr((w) => {
      w.write(call);
      for (let i = results.length; i-- > 0; ) w.indexed(code.local_set, results[i]!.index);
    });
  }
  values(values: readonly Expr[]): Expr {
    return expr((w) => w.writeAll(values));
  }
  return_call(func: Func, operands: readonly Expr[]): Expr {
    checkArity(func.name, func.type, operands);
    return expr((w) => {
      w.writeAll(operands);
      w.indexed(code.return_call, indexOf(func));
      w.dead();
    });
  }
  call_indirect(table: Table, type: FuncType, index: Expr, operands: readonly Expr[]): Expr {
    checkArity('call_indirect', type, operands);
    return expr((w) => {
      w.writeAll(operands);
      w.write(index);
      w.indexed(code.call_indirect, w.types.index(type));
      w.out.unsigned(indexOf(table));
    });
  }

  memory_size(memory: Memory): Expr {
    return expr((w) => w.indexed(code.memory_size, indexOf(memory)));
  }
  memory_grow(memory: Memory, pages: Expr): Expr {
    return expr((w) => {
      w.write(pages);
      w.indexed(code.memory_grow, indexOf(memory));
    });
  }
  memory_copy(to: Memory, toAddress: Expr, from: Memory, fromAddress: Expr, size: Expr): Expr {
    return expr((w) => {
      w.writeAll([toAddress, fromAddress, size]);
      w.indexed(code.memory_copy, indexOf(to));
      w.out.unsigned(indexOf(from));
    });
  }
  memory_fill(memory: Memory, address: Expr, byte: Expr, size: Expr): Expr {
    return expr((w) => {
      w.writeAll([address, byte, size]);
      w.indexed(code.memory_fill, indexOf(memory));
    });
  }

  array_get_u(array: Expr, index: Expr): Expr {
    return expr((w) => {
      w.writeAll([array, index]);
      w.indexed(code.array_get_u, ARRAY_TYPE_INDEX);
    });
  }
  array_set(array: Expr, index: Expr, value: Expr): Expr {
    return expr((w) => {
      w.writeAll([array, index, value]);
      w.indexed(code.array_set, ARRAY_TYPE_INDEX);
    });
  }
  null_extern(): Expr {
    return expr((w) => w.indexed(code.ref_null, EXTERN));
  }

  /**
   * `block (result) block try_table (result) (catch_all 0) body end br 1 end handler end`: what is thrown ends the inner
   * block, what comes out of the body leaves the outer one. A clause counts labels from outside its `try_table`. The legacy
   * form: `try (result) body catch_all handler end`.
   */
  try_catch_all(body: readonly Expr[], handler: readonly Expr[], type?: ValType): Expr {
    if (this.#legacyExceptions) {
      return expr((w) =>
        w.structured(code.try, type, (out) => {
          w.writeAll(body);
          if (w.live) out.reached = true;
          else w.unreachable();
          w.op(code.catch_all);
          w.live = true;
          w.writeAll(handler);
        }),
      );
    }
    return expr((w) =>
      w.structured(code.block, type, (out) => {
        w.structured(code.block, undefined, (caught) => {
          // Anything in the body may throw.
          caught.reached = true;
          w.op(code.try_table);
          w.blockType(type);
          w.out.bytes([1, CATCH_ALL, 0]);
          w.depth++;
          w.writeAll(body);
          w.depth--;
          w.out.byte(code.end);
          if (w.live) out.reached = true;
          else w.unreachable();
          w.indexed(code.br, w.depth - out.depth);
          w.dead();
        });
        w.writeAll(handler);
      }),
    );
  }
  throw(tag: Tag, operands: readonly Expr[]): Expr {
    return expr((w) => {
      w.writeAll(operands);
      w.indexed(code.throw, indexOf(tag));
      w.dead();
    });
  }
}

function checkArity(name: string, type: FuncType, operands: readonly Expr[]): void {
  if (operands.length !== type.params.length) {
    throw new InternalError(`${name} takes ${type.params.length} operands, not ${operands.length}`);
  }
}
