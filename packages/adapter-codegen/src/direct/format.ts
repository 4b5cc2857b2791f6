/** The numbers of the binary format that are not instructions of ops.ts, by name. */
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

export const sectionIds = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
} as const;

/** Of imports and exports. */
export const sorts = { func: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

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
export const limits = { max: 1, shared: 2, address64: 4 } as const;

/** Control, variables, and what else has operands of its own. */
export const code = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  throw: 0x08,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  call_indirect: 0x11,
  return_call: 0x12,
  catch_all: 0x19,
  drop: 0x1a,
  select: 0x1b,
  try_table: 0x1f,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  global_get: 0x23,
  memory_size: 0x3f,
  memory_grow: 0x40,
  i32_const: 0x41,
  i64_const: 0x42,
  f32_const: 0x43,
  f64_const: 0x44,
  memory_copy: 0xfc0a,
  memory_fill: 0xfc0b,
  ref_null: 0xd0,
  array_new_default: 0xfb07,
  array_get_u: 0xfb0d,
  array_set: 0xfb0e,
  v128_const: 0xfd0c,
  i8x16_shuffle: 0xfd0d,
} as const;

/** The clause of a `try_table` that catches everything and pushes nothing. */
export const CATCH_ALL = 0x02;
