/**
 * Where the cases of a variant share flat positions, a position's type is the join of what the cases have there. These
 * functions convert a flat value between what a case has and what the position carries.
 *
 * Core values as JavaScript sees them: i32 a number, i64 a bigint, floats numbers.
 */
import type { FlatType } from '@gangway/component/abi';
import { InternalError } from '@gangway/component/errors';
import {
  f32Bits,
  f32FromBits,
  f32FromI64,
  f64Bits,
  f64FromBits,
  i32FromI64,
  i64FromF32,
  i64FromI32,
} from './conversions.ts';

export type CoreValue = number | bigint;
export type Convert = (value: CoreValue) => CoreValue;

const byName = { f32Bits, f32FromBits, f32FromI64, f64Bits, f64FromBits, i32FromI64, i64FromF32, i64FromI32 };
export type ConversionName = keyof typeof byName;

const lowering: Record<string, ConversionName> = {
  'f32 i32': 'f32Bits',
  'i32 i64': 'i64FromI32',
  'f32 i64': 'i64FromF32',
  'f64 i64': 'f64Bits',
};
const lifting: Record<string, ConversionName> = {
  'i32 f32': 'f32FromBits',
  'i64 i32': 'i32FromI64',
  'i64 f32': 'f32FromI64',
  'i64 f64': 'f64FromBits',
};

/** CanonicalABI.md#flat-lowering: from what the case `has` to what the position `carries`; null when they are the same. */
export function lowerJoinName(has: FlatType, carries: FlatType): ConversionName | null {
  return find(lowering, has, carries);
}
export function lowerJoin(has: FlatType, carries: FlatType): Convert | null {
  return conversion(lowerJoinName(has, carries));
}

/** CanonicalABI.md#flat-lifting: from what the position `carries` to what the case `wants`. */
export function liftJoinName(carries: FlatType, wants: FlatType): ConversionName | null {
  return find(lifting, carries, wants);
}
export function liftJoin(carries: FlatType, wants: FlatType): Convert | null {
  return conversion(liftJoinName(carries, wants));
}

function conversion(name: ConversionName | null): Convert | null {
  return name === null ? null : (byName[name] as Convert);
}

function find(table: Record<string, ConversionName>, from: FlatType, to: FlatType): ConversionName | null {
  if (from === to) return null;
  const name = table[`${from} ${to}`];
  if (name === undefined) throw new InternalError(`no join of ${from} and ${to}`);
  return name;
}

/** What stands in the positions that a case leaves unused. */
export function zero(type: FlatType): CoreValue {
  return type === 'i64' ? 0n : 0;
}
