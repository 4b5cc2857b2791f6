/**
 * The instruction namespaces of a function builder (`f.i32.add(a, b)`). In: the tables of ops.ts and opcodes.ts. Out:
 * one function an instruction, made once for all modules, since expressions know nothing of the module before they are
 * written.
 */
import type { Expr, FunctionBuilder, IntOps, Memory } from '../builder.ts';
import type { OpGroup } from '../ops.ts';
import type { ByteWriter } from './byte-writer.ts';
import * as code from './code.ts';
import { expr, instruction, placeOf } from './code-writer.ts';
import { forEachOpcode } from './opcodes.ts';

const simple =
  (opcode: number) =>
  (...operands: Expr[]): Expr =>
    instruction(operands, opcode);

/** Behind the opcode: the exponent of the alignment, whether a memory index follows (bit 6), the index, the offset in bytes. */
function access(operands: readonly Expr[], opcode: number, memory: Memory, offset: number, align: number): Expr {
  const exponent = 31 - Math.clz32(align);
  const { place } = placeOf(memory);
  return place === 0
    ? instruction(operands, opcode, exponent, offset)
    : instruction(operands, opcode, exponent | 0x40, place, offset);
}

const load =
  (opcode: number, natural: number) =>
  (memory: Memory, address: Expr, offset = 0, align = natural): Expr =>
    access([address], opcode, memory, offset, align);

const store =
  (opcode: number, natural: number) =>
  (memory: Memory, address: Expr, value: Expr, offset = 0, align = natural): Expr =>
    access([address, value], opcode, memory, offset, align);

/** Bytes of a value. */
const sizes: Readonly<Record<string, number>> = { i32: 4, i64: 8, f32: 4, f64: 8, v128: 16 };

/**
 * What builds an instruction. Mnemonics tell their form: `load`, `load8_s`, `load8x8_u`, `store16`. The alignment is the
 * number of bytes that are accessed.
 */
function builderOf(group: string, mnemonic: string, opcode: number): unknown {
  if (!mnemonic.startsWith('load') && !mnemonic.startsWith('store')) return simple(opcode);
  const [, access, bits, lanes = 1] = /^(load|store)(\d+)?(?:x(\d))?/.exec(mnemonic)!;
  const natural = bits === undefined ? sizes[group]! : (Number(bits) * Number(lanes)) / 8;
  return access === 'load' ? load(opcode, natural) : store(opcode, natural);
}

/** The constants, and what else has no line in the table. */
const others: { readonly [G in OpGroup]?: Readonly<Record<string, (...args: never[]) => Expr>> } = {
  i32: { const: (value: number) => constant(code.i32_const, (out) => out.signed(value | 0)) },
  i64: { const: (value: bigint | number) => constant(code.i64_const, (out) => out.signed(value)) },
  f32: {
    const: (value: number) =>
      constant(code.f32_const, (out) => out.bytes(new Uint8Array(Float32Array.of(value).buffer))),
  },
  f64: {
    const: (value: number) =>
      constant(code.f64_const, (out) => out.bytes(new Uint8Array(Float64Array.of(value).buffer))),
  },
  v128: { const: (bytes: readonly number[]) => constant(code.v128_const, (out) => out.bytes(bytes)) },
  i8x16: {
    shuffle: (lanes: readonly number[], a: Expr, b: Expr) =>
      constant(code.i8x16_shuffle, (out) => out.bytes(lanes), [a, b]),
  },
};

const groups: Partial<Record<OpGroup, unknown>> = {};

/** A namespace; made on first use, because few modules use them all. */
export function instructions<G extends OpGroup>(group: G): FunctionBuilder[G] {
  // The tables and the types of builder.ts are made from the same data; the compiler cannot follow that.
  return (groups[group] ??= makeGroup(group)) as FunctionBuilder[G];
}

function makeGroup(group: OpGroup): unknown {
  const made: Record<string, unknown> = { ...others[group] };
  forEachOpcode(group, (mnemonic, opcode) => {
    made[mnemonic] = builderOf(group, mnemonic, opcode);
  });
  return made;
}

const same = (value: Expr): Expr => value;
const ints: { i32?: IntOps; i64?: IntOps } = {};

/** What i32 and i64 have in common. */
export function intInstructions(type: 'i32' | 'i64'): IntOps {
  return (ints[type] ??= makeInts(type));
}

function makeInts(type: 'i32' | 'i64'): IntOps {
  if (type === 'i32') return { ...instructions('i32'), type, fromU32: same, toI32: same };
  const i64 = instructions('i64');
  return { ...i64, type, fromU32: i64.extend_i32_u, toI32: instructions('i32').wrap_i64 };
}

function constant(opcode: number, write: (out: ByteWriter) => void, operands: readonly Expr[] = []): Expr {
  return expr((w) => {
    w.instruction(operands, opcode, []);
    write(w.out);
  });
}
