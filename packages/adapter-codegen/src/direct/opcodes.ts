/**
 * The opcodes of the instructions in ops.ts. In: the table below, in the order of the opcodes. Out: a number for each
 * mnemonic; those with a prefix byte have it above the low eight bits (`0xfd23` is 0xfd, then 0x23 as LEB128).
 *
 * Rejected: a number next to each mnemonic. The table is a third of the size this way, and reads like the specification's.
 */
import type { OpGroup } from '../ops.ts';

/** First opcode, group, mnemonics with consecutive opcodes; `-` is an opcode that no emitted code needs. */
const table = `
28 i32 load
29 i64 load
2a f32 load
2b f64 load
2c i32 load8_s load8_u load16_s load16_u
30 i64 load8_s load8_u load16_s load16_u load32_s load32_u
36 i32 store
37 i64 store
38 f32 store
39 f64 store
3a i32 store8 store16
3c i64 store8 store16 store32
45 i32 eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
50 i64 eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
6a i32 add sub mul - div_u - rem_u and or xor shl shr_s shr_u
7c i64 add sub mul - div_u - rem_u and or xor shl shr_s shr_u
a0 f64 add - mul
a7 i32 wrap_i64
ac i64 extend_i32_s extend_i32_u
b8 f64 convert_i32_u
bc i32 reinterpret_f32
bd i64 reinterpret_f64
be f32 reinterpret_i32
bf f64 reinterpret_i64
c0 i32 extend8_s extend16_s
c2 i64 extend8_s extend16_s
fd00 v128 load - load8x8_u
fd0b v128 store
fd2d i16x8 eq
fd4e v128 and - or - - any_true
fd64 i8x16 bitmask - narrow_i16x8_u
fd89 i16x8 extend_low_i8x16_u extend_high_i8x16_u
`;

/** Calls `visit` for every instruction of a group. */
export function forEachOpcode(group: OpGroup, visit: (mnemonic: string, opcode: number) => void): void {
  for (const line of table.split('\n')) {
    const [first = '', name, ...mnemonics] = line.split(' ');
    if (name !== group) continue;
    let opcode = Number.parseInt(first, 16);
    for (const mnemonic of mnemonics) {
      if (mnemonic !== '-') visit(mnemonic, opcode);
      opcode++;
    }
  }
}
