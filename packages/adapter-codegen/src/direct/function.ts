/**
 * The function builder of the direct writer. In: expressions; out: the body of a function: variables and code. It trusts
 * what builder.ts states: that statements leave nothing behind and values have the types they were said to have; a
 * mistake shows when an engine validates the module.
 */
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
import * as code from './code.ts';
import {
  CodeWriter,
  expr,
  instruction,
  labelOf,
  placeOf,
  type Target,
  type TypeIndices,
  targetOf,
} from './code-writer.ts';
import { ARRAY_TYPE_INDEX, CATCH_ALL, EXTERN, valTypes } from './format.ts';
import { instructions, intInstructions } from './instructions.ts';

export class DirectFunction implements FunctionBuilder {
  readonly module: ModuleBuilder;
  readonly func: DeclaredFunc;
  readonly #variables: Local[] = [];
  readonly #names = new Set<string>();
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
    for (const { name } of func.params) this.#names.add(name);
    this.#body = body(this);
  }

  get params(): readonly Local[] {
    return this.func.params;
  }
  /** Parameters and variables, by index. */
  get locals(): readonly Local[] {
    return [...this.params, ...this.#variables];
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
    return instruction([], code.local_get, local.index);
  }
  set(local: Local, value: Expr): Expr {
    return instruction([value], code.local_set, local.index);
  }
  tee(local: Local, value: Expr): Expr {
    return instruction([value], code.local_tee, local.index);
  }
  global(global: Global): Expr {
    return instruction([], code.global_get, placeOf(global));
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
    return leaving(instruction(given(value), code.br, targetOf(label)));
  }
  br_if(label: Label, condition: Expr, value?: Expr): Expr {
    return instruction([...given(value), condition], code.br_if, targetOf(label));
  }
  br_table(labels: readonly Label[], otherwise: Label, index: Expr): Expr {
    const targets = [...labels, otherwise].map(targetOf);
    return leaving(instruction([index], code.br_table, labels.length, ...targets));
  }
  return(value?: Expr): Expr {
    return leaving(instruction(given(value), code.return));
  }
  unreachable(): Expr {
    return expr((w) => w.unreachable());
  }
  nop(): Expr {
    return instruction([], code.nop);
  }
  drop(value: Expr): Expr {
    return instruction([value], code.drop);
  }
  select(condition: Expr, then: Expr, otherwise: Expr): Expr {
    return instruction([then, otherwise, condition], code.select);
  }

  call(func: Func, operands: readonly Expr[]): Expr {
    return instruction(operands, code.call, placeOf(func));
  }
  call_into(results: readonly Local[], func: Func, operands: readonly Expr[]): Expr {
    const sets = results.map(({ index }) => instruction([], code.local_set, index));
    return this.seq([this.call(func, operands), ...sets.reverse()]);
  }
  values(values: readonly Expr[]): Expr {
    return this.seq(values);
  }
  return_call(func: Func, operands: readonly Expr[]): Expr {
    return leaving(instruction(operands, code.return_call, placeOf(func)));
  }
  call_indirect(table: Table, type: FuncType, index: Expr, operands: readonly Expr[]): Expr {
    return instruction([...operands, index], code.call_indirect, type, placeOf(table));
  }

  memory_size(memory: Memory): Expr {
    return instruction([], code.memory_size, placeOf(memory));
  }
  memory_grow(memory: Memory, pages: Expr): Expr {
    return instruction([pages], code.memory_grow, placeOf(memory));
  }
  memory_copy(to: Memory, toAddress: Expr, from: Memory, fromAddress: Expr, size: Expr): Expr {
    return instruction([toAddress, fromAddress, size], code.memory_copy, placeOf(to), placeOf(from));
  }
  memory_fill(memory: Memory, address: Expr, byte: Expr, size: Expr): Expr {
    return instruction([address, byte, size], code.memory_fill, placeOf(memory));
  }

  array_get_u(array: Expr, index: Expr): Expr {
    return instruction([array, index], code.array_get_u, ARRAY_TYPE_INDEX);
  }
  array_set(array: Expr, index: Expr, value: Expr): Expr {
    return instruction([array, index, value], code.array_set, ARRAY_TYPE_INDEX);
  }
  null_extern(): Expr {
    return instruction([], code.ref_null, EXTERN);
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
          w.instruction([], code.br, [w.depth - out.depth]);
          w.live = false;
        });
        w.writeAll(handler);
      }),
    );
  }
  throw(tag: Tag, operands: readonly Expr[]): Expr {
    return leaving(instruction(operands, code.throw, placeOf(tag)));
  }
}

const given = (value: Expr | undefined): Expr[] => (value === undefined ? [] : [value]);

/** An instruction that control doesn't come back from. */
const leaving = (instruction: Expr): Expr =>
  expr((w) => {
    w.write(instruction);
    w.live = false;
  });
