/**
 * The instruction namespaces of a function builder (`f.i32.add(a, b)`). In: the tables of ops.ts and opcodes.ts. Out:
 * one function an instruction, made once for all modules, since expressions know nothing of the module before they are
 * written.
 */
import { InternalError } from '@gangway/component/errors';
import type { Expr, FunctionBuilder, IntOps, Memory } from '../builder.ts';
import { laneOps, laneStores, loads, type OpGroup, stores } from '../ops.ts';
import { type CodeWriter, expr, indexOf } from './code-writer.ts';
import { code } from './format.ts';
import { forEachOpcode } from './opcodes.ts';

export interface Instructions extends Pick<FunctionBuilder, OpGroup> {
  readonly ints: { readonly i32: IntOps; readonly i64: IntOps };
}

/** The exponent of the alignment, whether a memory index follows (bit 6), the index, the offset in bytes. */
function memoryArgument({ out }: CodeWriter, memory: Memory, offset: number, align: number): void {
  const index = indexOf(memory);
  const exponent = 31 - Math.clz32(align);
  if (index === 0) out.byte(exponent);
  else {
    out.byte(exponent | 0x40);
    out.unsigned(index);
  }
  out.unsigned(offset);
}

const simple =
  (opcode: number) =>
  (...operands: Expr[]): Expr =>
    expr((w) => {
      w.writeAll(operands);
      w.op(opcode);
    });

const lane =
  (opcode: number) =>
  (lane: number, ...operands: Expr[]): Expr =>
    expr((w) => {
      w.writeAll(operands);
      w.op(opcode);
      w.out.byte(lane);
    });

const load =
  (opcode: number, natural: number) =>
  (memory: Memory, address: Expr, offset = 0, align = natural): Expr =>
    expr((w) => {
      w.write(address);
      w.op(opcode);
      memoryArgument(w, memory, offset, align);
    });

const store =
  (opcode: number, natural: number) =>
  (memory: Memory, address: Expr, value: Expr, offset = 0, align = natural): Expr =>
    expr((w) => {
      w.write(address);
      w.write(value);
      w.op(opcode);
      memoryArgument(w, memory, offset, align);
    });

const laneStore =
  (opcode: number, natural: number) =>
  (memory: Memory, address: Expr, vector: Expr, lane: number, offset = 0): Expr =>
    expr((w) => {
      w.write(address);
      w.write(vector);
      w.op(opcode);
      memoryArgument(w, memory, offset, natural);
      w.out.byte(lane);
    });

type Numbers = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A table of ops.ts, looked into by names that it need not have. */
const find = (table: Numbers, group: string, mnemonic: string): number | undefined => table[group]?.[mnemonic];

function builderOf(group: string, mnemonic: string, opcode: number): unknown {
  const loaded = find(loads, group, mnemonic);
  if (loaded !== undefined) return load(opcode, loaded);
  const stored = find(stores, group, mnemonic);
  if (stored !== undefined) return store(opcode, stored);
  const laneStored = find(laneStores, group, mnemonic);
  if (laneStored !== undefined) return laneStore(opcode, laneStored);
  return find(laneOps, group, mnemonic) === undefined ? simple(opcode) : lane(opcode);
}

let made: Instructions | undefined;

/** The namespaces; made on first use. */
export function instructions(): Instructions {
  if (made !== undefined) return made;
  const groups: Record<string, Record<string, unknown>> = {};
  const group = (name: string): Record<string, unknown> => (groups[name] ??= {});
  forEachOpcode((name, mnemonic, opcode) => {
    group(name)[mnemonic] = builderOf(name, mnemonic, opcode);
  });
  group('i32')['const'] = (value: number): Expr =>
    expr((w) => {
      w.out.byte(code.i32_const);
      w.out.signed32(value);
    });
  group('i64')['const'] = (value: bigint | number): Expr =>
    expr((w) => {
      w.out.byte(code.i64_const);
      w.out.signed64(value);
    });
  group('f32')['const'] = (value: number): Expr =>
    expr((w) => {
      w.out.byte(code.f32_const);
      w.out.float32(value);
    });
  group('f64')['const'] = (value: number): Expr =>
    expr((w) => {
      w.out.byte(code.f64_const);
      w.out.float64(value);
    });
  group('v128')['const'] = (bytes: readonly number[]): Expr => sixteen(code.v128_const, bytes, []);
  group('i8x16')['shuffle'] = (lanes: readonly number[], a: Expr, b: Expr): Expr =>
    sixteen(code.i8x16_shuffle, lanes, [a, b]);

  const { i32, i64 } = groups as unknown as Pick<FunctionBuilder, 'i32' | 'i64'>;
  const same = (value: Expr): Expr => value;
  // The tables and the types of builder.ts are made from the same data; the compiler cannot follow that.
  made = {
    ...groups,
    ints: {
      i32: { ...i32, type: 'i32', fromU32: same, toI32: same },
      i64: { ...i64, type: 'i64', fromU32: i64.extend_i32_u, toI32: i32.wrap_i64 },
    },
  } as unknown as Instructions;
  return made;
}

function sixteen(opcode: number, bytes: readonly number[], operands: readonly Expr[]): Expr {
  if (bytes.length !== 16) throw new InternalError(`sixteen bytes are wanted, not ${bytes.length}`);
  return expr((w) => {
    w.writeAll(operands);
    w.op(opcode);
    w.out.bytes(bytes);
  });
}
