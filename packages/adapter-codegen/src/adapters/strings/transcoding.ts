/**
 * The frame of every transcoder: `(pointer, code units) -> (pointer, code units)`, from the lifting side's memory to
 * the lowering side's. In: the checked source range; out: what the algorithm of the pair makes of it. Code units carry
 * the tag of latin1+utf16 where that is the encoding.
 */
import type { Expr, Func, FunctionBuilder, Label, Local } from '../../builder.ts';
import { checkRange, trapIf } from '../checks.ts';
import { memoryOf } from '../memory.ts';
import { allocate } from '../realloc.ts';
import type { Crossing } from '../side.ts';
import { anyHighBit, anyLaneWith, BLOCK, type Cursor, skip, take } from './cursor.ts';

/** CanonicalABI.md#loading: more bytes than this are no string. */
export const MAX_STRING_BYTE_LENGTH = 2 ** 28 - 1;

/** Where characters are read: the address moves up, `left` (code units) goes down. */
export interface Reading extends Cursor {
  readonly left: Local;
}

export interface Transcoding {
  readonly cx: Crossing;
  readonly f: FunctionBuilder;
  /** Code units of the source; known to be small enough for an i32 once the source is checked. */
  readonly units: Local;
  readonly from: Reading;
  /** The address of the new string. */
  readonly target: Local;
  /** Where the next code unit is written. */
  readonly to: Cursor;
}

/** A transcoder of its own, emitted once for the two sides. */
export function transcoder(
  cx: Crossing,
  name: string,
  source: { readonly unit: 1 | 2; readonly align: 1 | 2 },
  body: (t: Transcoding) => readonly Expr[],
): Func {
  const from = memoryOf(cx.from);
  const to = memoryOf(cx.to);
  return cx.module.outlined(`${name} ${cx.from.key} ${cx.to.key}`, () =>
    cx.module.func(
      `${cx.from.role}.${name}`,
      [
        ['pointer', from.address],
        ['length', from.address],
      ],
      [to.address, to.address],
      (f) => {
        const ops = f.int(from.address);
        const [pointer, length] = f.params as [Local, Local];
        const units = f.local('units', 'i32');
        const left = f.local('left', 'i32');
        const target = f.local('target', to.address);
        const out = f.local('out', to.address);
        const t: Transcoding = {
          cx,
          f,
          units,
          from: { memory: from, address: pointer, left },
          target,
          to: { memory: to, address: out },
        };
        const limit = Math.floor(MAX_STRING_BYTE_LENGTH / source.unit);
        const bytes = (): Expr => (source.unit === 1 ? f.get(length) : ops.mul(f.get(length), ops.const(source.unit)));
        return [
          trapIf(f, cx, cx.from, ops.gt_u(f.get(length), ops.const(limit)), 'string-too-long'),
          ...checkRange(f, cx, cx.from, from, pointer, {
            align: source.align,
            bytes,
            code: 'string-content-out-of-bounds',
          }),
          f.set(units, ops.toI32(f.get(length))),
          f.set(left, f.get(units)),
          ...body(t),
        ];
      },
    ),
  );
}

/** `units * scale` bytes, in the lowering side's address type. */
export function bytesOf(t: Transcoding, scale: number): Expr {
  const { f, units } = t;
  const bytes = scale === 1 ? f.get(units) : f.i32.mul(f.get(units), f.i32.const(scale));
  return f.int(t.to.memory.address).fromU32(bytes);
}

/** The bytes written so far, in the lowering side's address type. */
export function written(t: Transcoding): Expr {
  const { f } = t;
  return f.int(t.to.memory.address).sub(f.get(t.to.address), f.get(t.target));
}

/** A new string of `scale` bytes a code unit of the source; the cursor stands at its beginning. */
export function allocateTarget(t: Transcoding, align: 1 | 2, scale: number): Expr[] {
  return [
    ...allocate(t.f, t.cx, {
      pointer: t.target,
      size: () => bytesOf(t, scale),
      align,
      code: 'string-content-out-of-bounds',
    }),
    t.f.set(t.to.address, t.f.get(t.target)),
  ];
}

/** Makes the string larger, from `oldScale` to `scale` bytes a code unit; the cursor moves with what is written. */
export function growTarget(t: Transcoding, align: 1 | 2, oldScale: number, scale: number): Expr[] {
  const { f } = t;
  const ops = f.int(t.to.memory.address);
  return [
    // The cursor is kept as a distance while realloc moves the string.
    f.set(t.to.address, written(t)),
    ...allocate(f, t.cx, {
      pointer: t.target,
      size: () => bytesOf(t, scale),
      align,
      code: 'string-content-out-of-bounds',
      old: { pointer: () => f.get(t.target), size: () => bytesOf(t, oldScale) },
    }),
    f.set(t.to.address, ops.add(f.get(t.to.address), f.get(t.target))),
  ];
}

/**
 * Gives back what was allocated (`scale` bytes a code unit) and not written; `always` also when that is nothing.
 * Afterwards the cursor holds the size.
 */
export function shrinkTarget(t: Transcoding, align: 1 | 2, scale: number, always = false): Expr[] {
  const { f } = t;
  const size = t.to.address;
  const shrink = allocate(f, t.cx, {
    pointer: t.target,
    size: () => f.get(size),
    align,
    code: 'string-content-out-of-bounds',
    old: { pointer: () => f.get(t.target), size: () => bytesOf(t, scale) },
  });
  if (always) return [f.set(size, written(t)), ...shrink];
  return [f.set(size, written(t)), f.if(f.int(t.to.memory.address).lt_u(f.get(size), bytesOf(t, scale)), shrink)];
}

/** Returns the new string. `length` has the lowering side's address type. */
export function returnString(t: Transcoding, length: Expr): Expr {
  return t.f.return(t.f.values([t.f.get(t.target), length]));
}

/** Bit of a latin1+utf16 length that says UTF-16: the highest one of the address type. */
export function utf16Tag(address: 'i32' | 'i64'): number {
  return address === 'i32' ? 2 ** 31 : 2 ** 63;
}

/**
 * Goes over all code units that are left: in blocks of `units` while `fast` can take one, else one by one. `fast`
 * branches to `slow` before it has moved or written anything when the block is not for it; it moves the addresses.
 * `one` moves the address and the count.
 */
export function overUnits(
  f: FunctionBuilder,
  left: Local,
  units: number,
  fast: (slow: Label) => readonly Expr[],
  one: () => readonly Expr[],
): Expr {
  return f.loop('next', (next) => [
    f.block('one', (slow) => [
      f.br_if(slow, f.i32.lt_u(f.get(left), f.i32.const(units))),
      ...fast(slow),
      take(f, left, units),
      f.br(next),
    ]),
    f.if(f.get(left), [...one(), f.br(next)]),
  ]);
}

/** Reads the next code unit into `scalar` without moving. */
export function peek(f: FunctionBuilder, from: Reading, scalar: Local, unit: 1 | 2): Expr {
  const address = f.get(from.address);
  return f.set(scalar, unit === 1 ? f.i32.load8_u(from.memory, address) : f.i32.load16_u(from.memory, address));
}

/** Moves past one code unit. */
export function pass(f: FunctionBuilder, from: Reading, unit: 1 | 2): Expr[] {
  return [skip(f, from.address, unit), take(f, from.left, 1)];
}

/** Writes the low byte of `scalar` and moves. */
export function put8(f: FunctionBuilder, to: Cursor, scalar: Expr): Expr[] {
  return [f.i32.store8(to.memory, f.get(to.address), scalar), skip(f, to.address, 1)];
}

/** Writes 16 bits and moves. */
export function put16(f: FunctionBuilder, to: Cursor, unit: Expr): Expr[] {
  return [f.i32.store16(to.memory, f.get(to.address), unit), skip(f, to.address, 2)];
}

/** 16 bytes to 16 bytes. With `slow`: only when all are ASCII. */
export function copyBlock(f: FunctionBuilder, from: Cursor, to: Cursor, slow: Label): Expr[] {
  const block = f.local('block', 'v128');
  return [
    f.br_if(slow, anyHighBit(f, f.tee(block, f.v128.load(from.memory, f.get(from.address), 0, 1)))),
    f.v128.store(to.memory, f.get(to.address), f.get(block), 0, 1),
    skip(f, from.address, BLOCK),
    skip(f, to.address, BLOCK),
  ];
}

/** 16 bytes to 16 code units of UTF-16. With `slow`: only when all are ASCII. */
export function widenBlock(f: FunctionBuilder, from: Cursor, to: Cursor, slow?: Label): Expr[] {
  const block = f.local('block', 'v128');
  const load = f.v128.load(from.memory, f.get(from.address), 0, 1);
  return [
    slow === undefined ? f.set(block, load) : f.br_if(slow, anyHighBit(f, f.tee(block, load))),
    f.v128.store(to.memory, f.get(to.address), f.i16x8.extend_low_i8x16_u(f.get(block)), 0, 2),
    f.v128.store(to.memory, f.get(to.address), f.i16x8.extend_high_i8x16_u(f.get(block)), BLOCK, 2),
    skip(f, from.address, BLOCK),
    skip(f, to.address, 2 * BLOCK),
  ];
}

/** 16 code units of UTF-16 to 16 bytes, when none has any of `bits`. */
export function narrowBlock(f: FunctionBuilder, from: Cursor, to: Cursor, slow: Label, bits: number): Expr[] {
  const low = f.local('low_block', 'v128');
  const high = f.local('high_block', 'v128');
  const both = f.v128.or(
    f.tee(low, f.v128.load(from.memory, f.get(from.address), 0, 2)),
    f.tee(high, f.v128.load(from.memory, f.get(from.address), BLOCK, 2)),
  );
  return [
    f.br_if(slow, anyLaneWith(f, both, bits)),
    f.v128.store(to.memory, f.get(to.address), f.i8x16.narrow_i16x8_u(f.get(low), f.get(high)), 0, 1),
    skip(f, from.address, 2 * BLOCK),
    skip(f, to.address, BLOCK),
  ];
}

/**
 * Writes code units below `limit` as a byte each, blocks of ASCII bytes or of such units at once, until there is none left;
 * branches to `other` at the first one that is not below it.
 */
export function narrowWhile(t: Transcoding, scalar: Local, unit: 1 | 2, limit: 0x80 | 0x100, other: Label): Expr {
  const { f, from, to } = t;
  return overUnits(
    f,
    from.left,
    16,
    (slow) => (unit === 1 ? copyBlock(f, from, to, slow) : narrowBlock(f, from, to, slow, 0x10000 - limit)),
    () => [
      peek(f, from, scalar, unit),
      f.br_if(other, f.i32.ge_u(f.get(scalar), f.i32.const(limit))),
      ...put8(f, to, f.get(scalar)),
      ...pass(f, from, unit),
    ],
  );
}
