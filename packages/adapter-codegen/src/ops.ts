/**
 * The core wasm instructions that emitted code is made of, as data: mnemonic in, number of operands out. The namespaces
 * of a `FunctionBuilder` (`f.i32.add(a, b)`) and their types derive from this table, and so does each back end.
 *
 * Rejected: one method an instruction on the builder. Two back ends would each write 250 of them.
 */

/**
 * Number types and vectors; and the references that code for JavaScript's strings needs: any JavaScript value
 * (`externref`), one that is not null (`extern`: `(ref extern)`), an array of 16-bit code units (`units`:
 * `(ref null (array (mut i16)))`, in modules that declare one).
 */
export type ValType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'externref' | 'extern' | 'units';

/** Instructions with no immediates: mnemonic → number of operands. */
const intOps = {
  clz: 1,
  ctz: 1,
  popcnt: 1,
  eqz: 1,
  extend8_s: 1,
  extend16_s: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div_s: 2,
  div_u: 2,
  rem_s: 2,
  rem_u: 2,
  and: 2,
  or: 2,
  xor: 2,
  shl: 2,
  shr_s: 2,
  shr_u: 2,
  rotl: 2,
  rotr: 2,
  eq: 2,
  ne: 2,
  lt_s: 2,
  lt_u: 2,
  le_s: 2,
  le_u: 2,
  gt_s: 2,
  gt_u: 2,
  ge_s: 2,
  ge_u: 2,
  trunc_f32_s: 1,
  trunc_f32_u: 1,
  trunc_f64_s: 1,
  trunc_f64_u: 1,
  trunc_sat_f32_s: 1,
  trunc_sat_f32_u: 1,
  trunc_sat_f64_s: 1,
  trunc_sat_f64_u: 1,
} as const;

const floatOps = {
  neg: 1,
  abs: 1,
  ceil: 1,
  floor: 1,
  trunc: 1,
  nearest: 1,
  sqrt: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  copysign: 2,
  min: 2,
  max: 2,
  eq: 2,
  ne: 2,
  lt: 2,
  le: 2,
  gt: 2,
  ge: 2,
  convert_i32_s: 1,
  convert_i32_u: 1,
  convert_i64_s: 1,
  convert_i64_u: 1,
} as const;

const smallLanes = {
  splat: 1,
  eq: 2,
  ne: 2,
  lt_s: 2,
  lt_u: 2,
  gt_s: 2,
  gt_u: 2,
  le_s: 2,
  le_u: 2,
  ge_s: 2,
  ge_u: 2,
  abs: 1,
  neg: 1,
  all_true: 1,
  bitmask: 1,
  shl: 2,
  shr_s: 2,
  shr_u: 2,
  add: 2,
  sub: 2,
  min_s: 2,
  min_u: 2,
  max_s: 2,
  max_u: 2,
} as const;

export const ops = {
  i32: { ...intOps, wrap_i64: 1, reinterpret_f32: 1 },
  i64: { ...intOps, extend32_s: 1, extend_i32_s: 1, extend_i32_u: 1, reinterpret_f64: 1 },
  f32: { ...floatOps, demote_f64: 1, reinterpret_i32: 1 },
  f64: { ...floatOps, promote_f32: 1, reinterpret_i64: 1 },
  v128: { not: 1, any_true: 1, and: 2, or: 2, xor: 2, andnot: 2, bitselect: 3 },
  i8x16: {
    ...smallLanes,
    swizzle: 2,
    popcnt: 1,
    add_sat_s: 2,
    add_sat_u: 2,
    sub_sat_s: 2,
    sub_sat_u: 2,
    avgr_u: 2,
    narrow_i16x8_s: 2,
    narrow_i16x8_u: 2,
  },
  i16x8: {
    ...smallLanes,
    mul: 2,
    add_sat_s: 2,
    add_sat_u: 2,
    sub_sat_s: 2,
    sub_sat_u: 2,
    avgr_u: 2,
    narrow_i32x4_s: 2,
    narrow_i32x4_u: 2,
    extend_low_i8x16_s: 1,
    extend_high_i8x16_s: 1,
    extend_low_i8x16_u: 1,
    extend_high_i8x16_u: 1,
  },
  i32x4: {
    ...smallLanes,
    mul: 2,
    extend_low_i16x8_s: 1,
    extend_high_i16x8_s: 1,
    extend_low_i16x8_u: 1,
    extend_high_i16x8_u: 1,
  },
  i64x2: {
    splat: 1,
    eq: 2,
    ne: 2,
    all_true: 1,
    bitmask: 1,
    shl: 2,
    shr_s: 2,
    shr_u: 2,
    add: 2,
    sub: 2,
    mul: 2,
    extend_low_i32x4_u: 1,
    extend_high_i32x4_u: 1,
  },
} as const;

/** Loads: natural alignment in bytes (the hint; the address need not be aligned). */
export const loads = {
  i32: { load: 4, load8_s: 1, load8_u: 1, load16_s: 2, load16_u: 2 },
  i64: { load: 8, load8_s: 1, load8_u: 1, load16_s: 2, load16_u: 2, load32_s: 4, load32_u: 4 },
  f32: { load: 4 },
  f64: { load: 8 },
  v128: {
    load: 16,
    load8_splat: 1,
    load16_splat: 2,
    load32_splat: 4,
    load64_splat: 8,
    load8x8_s: 8,
    load8x8_u: 8,
    load16x4_s: 8,
    load16x4_u: 8,
    load32x2_s: 8,
    load32x2_u: 8,
    load32_zero: 4,
    load64_zero: 8,
  },
} as const;

/** Stores: natural alignment in bytes. */
export const stores = {
  i32: { store: 4, store8: 1, store16: 2 },
  i64: { store: 8, store8: 1, store16: 2, store32: 4 },
  f32: { store: 4 },
  f64: { store: 8 },
  v128: { store: 16 },
} as const;

/** Stores of one lane of a vector: natural alignment in bytes. The lane is an immediate. */
export const laneStores = {
  v128: { store8_lane: 1, store16_lane: 2, store32_lane: 4, store64_lane: 8 },
} as const;

/** Lane accesses whose lane is an immediate: number of operands. */
export const laneOps = {
  i8x16: { extract_lane_s: 1, extract_lane_u: 1, replace_lane: 2 },
  i16x8: { extract_lane_s: 1, extract_lane_u: 1, replace_lane: 2 },
  i32x4: { extract_lane: 1, replace_lane: 2 },
  i64x2: { extract_lane: 1, replace_lane: 2 },
} as const;

export type OpGroup = keyof typeof ops;
