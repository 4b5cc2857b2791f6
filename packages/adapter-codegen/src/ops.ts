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
  eqz: 1,
  extend8_s: 1,
  extend16_s: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div_u: 2,
  rem_u: 2,
  and: 2,
  or: 2,
  xor: 2,
  shl: 2,
  shr_s: 2,
  shr_u: 2,
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
} as const;

export const ops = {
  i32: { ...intOps, wrap_i64: 1, reinterpret_f32: 1 },
  i64: { ...intOps, extend_i32_s: 1, extend_i32_u: 1, reinterpret_f64: 1 },
  f32: { reinterpret_i32: 1 },
  f64: { add: 2, mul: 2, convert_i32_u: 1, reinterpret_i64: 1 },
  v128: { any_true: 1, and: 2, or: 2 },
  i8x16: { bitmask: 1, narrow_i16x8_u: 2 },
  i16x8: { eq: 2, extend_low_i8x16_u: 1, extend_high_i8x16_u: 1 },
} as const;

/** Loads: natural alignment in bytes (the hint; the address need not be aligned). */
export const loads = {
  i32: { load: 4, load8_s: 1, load8_u: 1, load16_s: 2, load16_u: 2 },
  i64: { load: 8, load8_s: 1, load8_u: 1, load16_s: 2, load16_u: 2, load32_s: 4, load32_u: 4 },
  f32: { load: 4 },
  f64: { load: 8 },
  v128: { load: 16, load8x8_u: 8 },
} as const;

/** Stores: natural alignment in bytes. */
export const stores = {
  i32: { store: 4, store8: 1, store16: 2 },
  i64: { store: 8, store8: 1, store16: 2, store32: 4 },
  f32: { store: 4 },
  f64: { store: 8 },
  v128: { store: 16 },
} as const;

export type OpGroup = keyof typeof ops;
