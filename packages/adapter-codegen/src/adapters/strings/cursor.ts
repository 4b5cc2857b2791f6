/**
 * Positions in a string while it is read or written: an address that moves up and a count of code units that goes
 * down. Both are variables of the function that is being emitted.
 */
import type { Expr, FunctionBuilder, Local, Memory } from '../../builder.ts';

/** Bytes that the fast paths look at together: one vector. */
export const BLOCK = 16;

/** A place in memory; `address` moves. */
export interface Cursor {
  readonly memory: Memory;
  readonly address: Local;
}

/** Moves an address or a count up by a constant. */
export function skip(f: FunctionBuilder, local: Local, by: number): Expr {
  const ops = f.int(local.type === 'i64' ? 'i64' : 'i32');
  return f.set(local, ops.add(f.get(local), ops.const(by)));
}

/** Moves an address up by an i32 that is computed. */
export function advance(f: FunctionBuilder, address: Local, by: Expr): Expr {
  const ops = f.int(address.type === 'i64' ? 'i64' : 'i32');
  return f.set(address, ops.add(f.get(address), ops.fromU32(by)));
}

/** Takes `units` off a count of what is left. */
export function take(f: FunctionBuilder, left: Local, units: number): Expr {
  return f.set(left, f.i32.sub(f.get(left), f.i32.const(units)));
}

/** Whether a byte of the vector is not ASCII. */
export function anyHighBit(f: FunctionBuilder, vector: Expr): Expr {
  return f.i8x16.bitmask(vector);
}

/** A vector with the same 16 bits in each lane. */
function everyLane(f: FunctionBuilder, bits: number): Expr {
  const bytes: number[] = [];
  for (let i = 0; i < BLOCK; i += 2) bytes.push(bits & 0xff, bits >> 8);
  return f.v128.const(bytes);
}

/** Whether a 16-bit lane of the vector has any of `bits`. */
export function anyLaneWith(f: FunctionBuilder, vector: Expr, bits: number): Expr {
  return f.v128.any_true(f.v128.and(vector, everyLane(f, bits)));
}

/** Whether a 16-bit lane of the vector is a surrogate. */
export function anySurrogate(f: FunctionBuilder, vector: Expr): Expr {
  return f.v128.any_true(f.i16x8.eq(f.v128.and(vector, everyLane(f, 0xf800)), everyLane(f, 0xd800)));
}
