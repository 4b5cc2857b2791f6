/**
 * Conversions of core values: the bits of one as another. Core values as JavaScript sees them: i32 a number, i64 a bigint,
 * floats numbers.
 */

const bytes = new ArrayBuffer(8);
const f32 = new Float32Array(bytes);
const i32 = new Int32Array(bytes);
const f64 = new Float64Array(bytes);
const i64 = new BigInt64Array(bytes);

export function f32Bits(value: number): number {
  f32[0] = value;
  return i32[0] as number;
}
export function f32FromBits(bits: number): number {
  i32[0] = bits;
  return f32[0] as number;
}
export function f64Bits(value: number): bigint {
  f64[0] = value;
  return i64[0] as bigint;
}
export function f64FromBits(bits: bigint): number {
  i64[0] = bits;
  return f64[0] as number;
}
/** Zero-extends, as core values are unsigned to the specification. */
export function i64FromI32(value: number): bigint {
  return BigInt(value >>> 0);
}
export function i32FromI64(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
export function i64FromF32(value: number): bigint {
  return BigInt(f32Bits(value) >>> 0);
}
export function f32FromI64(value: bigint): number {
  return f32FromBits(i32FromI64(value));
}
