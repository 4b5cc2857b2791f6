/**
 * Where the instructions of one function go. An expression is a function that writes itself: it is built when nothing is
 * known of the place where it will stand, and run once the function is complete, when all indices and the depth of every
 * label are known.
 *
 * Rejected: bytes right away. An operand is built before the branch around it, so the distance to a label would have to
 * be patched in, and the index of a function isn't known before the last import is.
 */
import type { Expr, Func, FuncType, Global, Label, Memory, Table, Tag } from '../builder.ts';
import type { ValType } from '../ops.ts';
import type { ByteWriter } from './byte-writer.ts';
import * as code from './code.ts';
import { EMPTY, valTypes } from './format.ts';

/** What an `Expr` of this back end is. */
export type Write = (code: CodeWriter) => void;

export interface Target {
  /** Blocks around the code of its body, its own included. */
  depth: number;
  /** Whether a branch to it can be taken. */
  reached: boolean;
}

export const expr = (write: Write): Expr => write as unknown as Expr;
const writeOf = (expr: Expr): Write => expr as unknown as Write;
export const labelOf = (target: Target): Label => target as unknown as Label;

/** Something with a place in an index space of the module; that of a defined function is known when all imports are. */
export interface Placed {
  place: number;
}

/** What may follow an opcode: a number, or something whose index is known when the function is complete. */
export type Immediate = number | Placed | Target | FuncType;

/** What that is of something that this back end made. */
export const placeOf = (item: Func | Global | Memory | Table | Tag): Placed => item as unknown as Placed;
export const targetOf = (label: Label): Target => label as unknown as Target;

/** An instruction that is written as `operands`, opcode, `immediates`. */
export const instruction = (operands: readonly Expr[], opcode: number, ...immediates: readonly Immediate[]): Expr =>
  expr((w) => w.instruction(operands, opcode, immediates));

/** Numbers function types; `TypeSection` does. */
export interface TypeIndices {
  index(type: FuncType): number;
}

export class CodeWriter {
  readonly out: ByteWriter;
  readonly types: TypeIndices;
  /** Blocks around the code that is being written. */
  depth = 0;
  /** Whether that code can be reached, as a validator sees it. */
  live = true;
  /** Where the last `unreachable` ended. */
  #unreachable = -1;

  constructor(out: ByteWriter, types: TypeIndices) {
    this.out = out;
    this.types = types;
  }

  write(expression: Expr): void {
    writeOf(expression)(this);
  }
  writeAll(expressions: readonly Expr[]): void {
    for (const expression of expressions) writeOf(expression)(this);
  }

  /** An opcode, with its prefix when it has one. */
  op(opcode: number): void {
    if (opcode > 0xff) {
      this.out.byte(opcode >> 8);
      this.out.unsigned(opcode & 0xff);
    } else this.out.byte(opcode);
  }

  /** Operands, an opcode, and what follows it. */
  instruction(operands: readonly Expr[], opcode: number, immediates: readonly Immediate[]): void {
    this.writeAll(operands);
    this.op(opcode);
    for (const one of immediates) this.out.unsigned(typeof one === 'number' ? one : this.#indexOf(one));
  }

  #indexOf(item: Exclude<Immediate, number>): number {
    if ('place' in item) return item.place;
    return 'depth' in item ? this.distance(item) : this.types.index(item);
  }

  /** What a structured instruction leaves. */
  blockType(type: ValType | undefined): void {
    if (type === undefined) this.out.byte(EMPTY);
    else this.out.bytes(valTypes[type]);
  }

  /** How many blocks a branch leaves: the target counts from the innermost. */
  distance(target: Target): number {
    if (this.live) target.reached = true;
    return this.depth - target.depth;
  }

  /**
   * A structured instruction from its opcode to its `end`. What follows an instruction that never ends is unreachable
   * for a validator only after an `unreachable`, which is therefore added: values that are missing after it are no error.
   */
  structured(opcode: number, type: ValType | undefined, body: (target: Target) => void): void {
    const { live } = this;
    this.op(opcode);
    this.blockType(type);
    const target: Target = { depth: ++this.depth, reached: false };
    this.live = true;
    body(target);
    this.depth--;
    this.out.byte(code.end);
    const ends = this.live || target.reached;
    if (!ends) this.unreachable();
    this.live = live && ends;
  }

  /** The instruction; once is enough. */
  unreachable(): void {
    if (this.#unreachable !== this.out.length) this.out.byte(code.unreachable);
    this.#unreachable = this.out.length;
    this.live = false;
  }
}
