/** The numbers of the binary format that are no opcodes, by name. */
import type { ValType } from '../ops.ts';

/** Magic, version 1, layer 0: a core module. */
export const preamble = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

/** The type index of the array type, in modules that have arrays: the first. */
export const ARRAY_TYPE_INDEX = 0;

export const valTypes: Readonly<Record<ValType, readonly number[]>> = {
  i32: [0x7f],
  i64: [0x7e],
  f32: [0x7d],
  f64: [0x7c],
  v128: [0x7b],
  externref: [0x6f],
  extern: [0x64, 0x6f],
  units: [0x63, ARRAY_TYPE_INDEX],
};
export const FUNC_TYPE = 0x60;
/** `(array (mut i16))`: the constructor, the packed type, mutable. */
export const ARRAY_TYPE = [0x5e, 0x77, 1] as const;
export const FUNCREF = 0x70;
export const EXTERN = 0x6f;
/** A block without parameters and results. */
export const EMPTY = 0x40;

export const CUSTOM_SECTION = 0;
export const TYPE_SECTION = 1;
export const IMPORT_SECTION = 2;
export const FUNCTION_SECTION = 3;
export const GLOBAL_SECTION = 6;
export const EXPORT_SECTION = 7;
export const START_SECTION = 8;
export const ELEMENT_SECTION = 9;
export const CODE_SECTION = 10;

/** Sorts of imports and exports. */
export const FUNC = 0;
export const TABLE = 1;
export const MEMORY = 2;
export const GLOBAL = 3;
export const TAG = 4;

/** Subsections of the name section. */
export const nameIds = {
  module: 0,
  func: 1,
  local: 2,
  type: 4,
  table: 5,
  memory: 6,
  global: 7,
  element: 8,
  tag: 11,
} as const;

/** Flags of the limits of a memory. */
export const LIMITS_MAX = 1;
export const LIMITS_SHARED = 2;
export const LIMITS_64 = 4;

/** The clause of a `try_table` that catches everything and pushes nothing. */
export const CATCH_ALL = 0x02;
