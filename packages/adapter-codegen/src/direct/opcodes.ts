/**
 * The opcodes of the instructions in ops.ts. In: the tables below. Out: a number for each
 * mnemonic; those with a prefix byte have it above the low eight bits (`0xfd23` is 0xfd, then 0x23 as LEB128).
 *
 * Rejected: a number next to each mnemonic. The tables are a third of the size this way, and read like the specification's.
 */
import type { OpGroup } from '../ops.ts';

/** By group: first opcode, mnemonics with consecutive opcodes; `-` is an opcode that no emitted code needs. */
const tables: Readonly<Record<OpGroup, string>> = {
  i32: `
28 load
2c load8_s load8_u load16_s load16_u
36 store
3a store8 store16
45 eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
6a add sub mul - div_u - rem_u and or xor shl shr_s shr_u
a7 wrap_i64
bc reinterpret_f32
c0 extend8_s extend16_s`,
  i64: `
29 load
30 load8_s load8_u load16_s load16_u load32_s load32_u
37 store
3c store8 store16 store32
50 eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
7c add sub mul - div_u - rem_u and or xor shl shr_s shr_u
ac extend_i32_s extend_i32_u
bd reinterpret_f64
c2 extend8_s extend16_s`,
  f32: `
2a load
38 store
be reinterpret_i32`,
  f64: `
2b load
39 store
a0 add - mul
b8 convert_i32_u
bf reinterpret_i64`,
  v128: `
fd00 load - load8x8_u
fd0b store
fd4e and - or - - any_true`,
  i8x16: 'fd64 bitmask - narrow_i16x8_u',
  i16x8: `
fd2d eq
fd89 extend_low_i8x16_u extend_high_i8x16_u`,
};

/** Calls `visit` for every instruction of a group. */
export function forEachOpcode(group: OpGroup, visit: (mnemonic: string, opcode: number) => void): void {
  for (const line of tables[group].trim().split('\n')) {
    const [first, ...mnemonics] = line.split(' ');
    let opcode = Number.parseInt(first!, 16);
    for (const mnemonic of mnemonics) {
      if (mnemonic !== '-') visit(mnemonic, opcode);
      opcode++;
    }
  }
}
