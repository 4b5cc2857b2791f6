/**
 * The opcodes of control, variables, and of what else has operands of its own, by mnemonic: `import * as code`. Those with a
 * prefix byte have it above the low eight bits.
 *
 * Rejected: one object of them. Constants end up as numbers where they are used; an object stays, with all its names.
 */

export const unreachable = 0x00;
export const nop = 0x01;
export const block = 0x02;
export const loop = 0x03;
const if_ = 0x04;
const else_ = 0x05;
const try_ = 0x06;
const throw_ = 0x08;
export const end = 0x0b;
export const br = 0x0c;
export const br_if = 0x0d;
export const br_table = 0x0e;
const return_ = 0x0f;
export const call = 0x10;
export const call_indirect = 0x11;
export const return_call = 0x12;
export const catch_all = 0x19;
export const drop = 0x1a;
export const select = 0x1b;
export const try_table = 0x1f;
export const local_get = 0x20;
export const local_set = 0x21;
export const local_tee = 0x22;
export const global_get = 0x23;
export const memory_size = 0x3f;
export const memory_grow = 0x40;
export const i32_const = 0x41;
export const i64_const = 0x42;
export const f32_const = 0x43;
export const f64_const = 0x44;
export const memory_copy = 0xfc0a;
export const memory_fill = 0xfc0b;
export const ref_null = 0xd0;
export const array_new_default = 0xfb07;
export const array_get_u = 0xfb0d;
export const array_set = 0xfb0e;
export const v128_const = 0xfd0c;
export const i8x16_shuffle = 0xfd0d;
export { else_ as else, if_ as if, return_ as return, throw_ as throw, try_ as try };
