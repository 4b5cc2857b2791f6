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
5b f32 eq ne lt gt le ge
61 f64 eq ne lt gt le ge
67 i32 clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr
79 i64 clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr
8b f32 abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign
99 f64 abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign
a7 i32 wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u
ac i64 extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u
b2 f32 convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64
b7 f64 convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32
bc i32 reinterpret_f32
bd i64 reinterpret_f64
be f32 reinterpret_i32
bf f64 reinterpret_i64
c0 i32 extend8_s extend16_s
c2 i64 extend8_s extend16_s extend32_s
fc00 i32 trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u
fc04 i64 trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u
fd00 v128 load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u
fd07 v128 load8_splat load16_splat load32_splat load64_splat store
fd0e i8x16 swizzle splat
fd10 i16x8 splat
fd11 i32x4 splat
fd12 i64x2 splat
fd15 i8x16 extract_lane_s extract_lane_u replace_lane
fd18 i16x8 extract_lane_s extract_lane_u replace_lane
fd1b i32x4 extract_lane replace_lane
fd1d i64x2 extract_lane replace_lane
fd23 i8x16 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
fd2d i16x8 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
fd37 i32x4 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
fd4d v128 not and andnot or xor bitselect any_true
fd58 v128 store8_lane store16_lane store32_lane store64_lane load32_zero load64_zero
fd60 i8x16 abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u
fd6b i8x16 shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u
fd76 i8x16 min_s min_u max_s max_u - avgr_u
fd80 i16x8 abs neg - all_true bitmask narrow_i32x4_s narrow_i32x4_u
fd87 i16x8 extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u
fd8b i16x8 shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u
fd95 i16x8 mul min_s min_u max_s max_u - avgr_u
fda0 i32x4 abs neg - all_true bitmask
fda7 i32x4 extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u
fdab i32x4 shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u
fdc3 i64x2 all_true bitmask
fdc9 i64x2 extend_low_i32x4_u extend_high_i32x4_u shl shr_s shr_u add - - sub - - - mul eq ne
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
