/**
 * Strings into latin1+utf16: CanonicalABI.md#storing, `store_string_to_latin1_or_utf16` and
 * `store_probably_utf16_to_latin1_or_utf16`. A string is written as Latin-1 until a character does not fit; then what
 * is written is widened in place and the rest follows as UTF-16, with the tag in the length. Pointers are even.
 */
import type { Expr, Func } from '../../builder.ts';
import { copyBytes } from '../memory.ts';
import type { Crossing } from '../side.ts';
import { advance, anyLaneWith, BLOCK, skip, take } from './cursor.ts';
import { copyWhole } from './to-utf8.ts';
import { restOfUtf8ToUtf16 } from './to-utf16.ts';
import {
  allocateTarget,
  bytesOf,
  copyBlock,
  growTarget,
  narrowBlock,
  narrowWhile,
  overUnits,
  pass,
  peek,
  put8,
  returnString,
  shrinkTarget,
  type Transcoding,
  transcoder,
  utf16Tag,
  written,
} from './transcoding.ts';
import { SCALAR_MASK, UNITS_SHIFT, utf8Decode } from './utf8.ts';
import { utf16Validate } from './utf16.ts';

/** `bytes` of UTF-16 as a tagged length. */
function tagged(t: Transcoding, bytes: Expr): Expr {
  const ops = t.f.int(t.to.memory.address);
  return ops.or(ops.shr_u(bytes, ops.const(1)), ops.const(utf16Tag(t.to.memory.address)));
}

/**
 * Widens what is written, each byte to two, from the back, so that nothing is overwritten before it is read; the
 * cursor moves to the new end.
 */
function widenInPlace(t: Transcoding): Expr[] {
  const { f } = t;
  const { memory, address } = t.to;
  const ops = f.int(memory.address);
  const read = f.local('read', memory.address);
  const todo = f.local('todo', 'i32');
  return [
    f.set(todo, ops.toI32(written(t))),
    f.set(read, f.get(address)),
    f.set(address, ops.add(f.get(address), written(t))),
    f.loop('back', (back) => [
      f.if(f.i32.ge_u(f.get(todo), f.i32.const(BLOCK / 2)), [
        skip(f, read, -BLOCK / 2),
        take(f, todo, BLOCK / 2),
        f.v128.store(
          memory,
          ops.add(f.get(read), ops.fromU32(f.get(todo))),
          f.v128.load8x8_u(memory, f.get(read), 0, 1),
          0,
          2,
        ),
        f.br(back),
      ]),
      f.if(f.get(todo), [
        skip(f, read, -1),
        take(f, todo, 1),
        f.i32.store16(memory, ops.add(f.get(read), ops.fromU32(f.get(todo))), f.i32.load8_u(memory, f.get(read))),
        f.br(back),
      ]),
    ]),
  ];
}

export function utf8ToLatin1OrUtf16(cx: Crossing): Func {
  return transcoder(cx, 'utf8_to_latin1_or_utf16', { unit: 1, align: 1 }, (t) => {
    const { f, from, to } = t;
    const { i32 } = f;
    const scalar = f.local('scalar', 'i32');
    const packed = f.local('packed', 'i32');
    const decode = utf8Decode(cx);
    return [
      ...allocateTarget(t, 2, 1),
      f.block('latin1', (latin1) => [
        overUnits(
          f,
          from.left,
          16,
          (slow) => copyBlock(f, from, to, slow),
          () => [
            f.set(packed, f.call(decode, [f.get(from.address), f.get(from.left)])),
            f.set(scalar, i32.and(f.get(packed), i32.const(SCALAR_MASK))),
            f.br_if(latin1, i32.ge_u(f.get(scalar), i32.const(0x100))),
            f.set(packed, i32.shr_u(f.get(packed), i32.const(UNITS_SHIFT))),
            advance(f, from.address, f.get(packed)),
            f.set(from.left, i32.sub(f.get(from.left), f.get(packed))),
            ...put8(f, to, f.get(scalar)),
          ],
        ),
        ...shrinkTarget(t, 2, 1),
        returnString(t, f.get(to.address)),
      ]),
      ...growTarget(t, 2, 1, 2),
      ...widenInPlace(t),
      ...restOfUtf8ToUtf16(t),
      ...shrinkTarget(t, 2, 2),
      returnString(t, tagged(t, f.get(to.address))),
    ];
  });
}

export function utf16ToLatin1OrUtf16(cx: Crossing): Func {
  return transcoder(cx, 'utf16_to_latin1_or_utf16', { unit: 2, align: 2 }, (t) => {
    const { f, from } = t;
    const scalar = f.local('scalar', 'i32');
    return [
      ...allocateTarget(t, 2, 1),
      f.block('latin1', (latin1) => [narrowWhile(t, scalar, 2, 0x100, latin1), returnString(t, bytesOf(t, 1))]),
      f.call(utf16Validate(cx), [f.get(from.address), f.get(from.left)]),
      ...growTarget(t, 2, 1, 2),
      ...widenInPlace(t),
      copyRest(t),
      returnString(t, tagged(t, bytesOf(t, 2))),
    ];
  });
}

/** One copy of the UTF-16 that is left. */
function copyRest(t: Transcoding): Expr {
  const { f, from, to } = t;
  const size = f.i32.shl(f.get(from.left), f.i32.const(1));
  return copyBytes(f, t.cx, f.get(to.address), f.get(from.address), size);
}

/** The source is the untagged form of latin1+utf16: it stays what it is. */
export function latin1ToLatin1(cx: Crossing): Func {
  return transcoder(cx, 'latin1_to_latin1', { unit: 1, align: 2 }, (t) => [
    ...allocateTarget(t, 2, 1),
    ...copyWhole(t, 1),
    returnString(t, bytesOf(t, 1)),
  ]);
}

/**
 * The source is the tagged form of latin1+utf16, which probably needs UTF-16: copied as such, and narrowed in place
 * when it turns out that it doesn't.
 */
export function probablyUtf16ToLatin1OrUtf16(cx: Crossing): Func {
  return transcoder(cx, 'probably_utf16_to_latin1_or_utf16', { unit: 2, align: 2 }, (t) => {
    const { f, from, to } = t;
    const { i32 } = f;
    const scalar = f.local('scalar', 'i32');
    const read: Transcoding['from'] = {
      memory: to.memory,
      address: f.local('read', to.memory.address),
      left: from.left,
    };
    return [
      f.call(utf16Validate(cx), [f.get(from.address), f.get(from.left)]),
      ...allocateTarget(t, 2, 2),
      ...copyWhole(t, 2),
      f.block('latin1', (latin1) => [
        f.block('wide', (wide) => [
          f.loop('scan', (scan) => [
            f.block('one', (one) => [
              f.br_if(one, i32.lt_u(f.get(from.left), i32.const(BLOCK / 2))),
              f.br_if(wide, anyLaneWith(f, f.v128.load(from.memory, f.get(from.address), 0, 2), 0xff00)),
              skip(f, from.address, BLOCK),
              take(f, from.left, BLOCK / 2),
              f.br(scan),
            ]),
            f.br_if(latin1, i32.eqz(f.get(from.left))),
            f.br_if(wide, i32.ge_u(i32.load16_u(from.memory, f.get(from.address)), i32.const(0x100))),
            ...pass(f, from, 2),
            f.br(scan),
          ]),
        ]),
        returnString(t, tagged(t, bytesOf(t, 2))),
      ]),
      // From the front: what is read stands at or after what is written.
      f.set(read.address, f.get(t.target)),
      f.set(read.left, f.get(t.units)),
      overUnits(
        f,
        read.left,
        16,
        (slow) => narrowBlock(f, read, to, slow, 0xff00),
        () => [peek(f, read, scalar, 2), ...put8(f, to, f.get(scalar)), ...pass(f, read, 2)],
      ),
      ...shrinkTarget(t, 1, 2, true),
      returnString(t, bytesOf(t, 1)),
    ];
  });
}
