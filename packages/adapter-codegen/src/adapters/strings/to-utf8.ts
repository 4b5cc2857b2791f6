/**
 * Strings into UTF-8: CanonicalABI.md#storing, `store_string_copy`, `store_string_to_utf8`. The first allocation has a
 * byte a code unit, which ASCII needs; the first other character makes it the worst case; the rest is given back.
 */
import type { Expr, Func } from '../../builder.ts';
import { copyBytes } from '../memory.ts';
import type { Crossing } from '../side.ts';
import { advance } from './cursor.ts';
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
} from './transcoding.ts';
import { SCALAR_MASK, skipAsciiBlocks, UNITS_SHIFT, utf8Encode, utf8Validate } from './utf8.ts';
import { utf16Decode } from './utf16.ts';

/** Validated, then copied whole. */
export function utf8ToUtf8(cx: Crossing): Func {
  return transcoder(cx, 'utf8_to_utf8', { unit: 1, align: 1 }, (t) => {
    const { f, from, to } = t;
    const begin = f.local('begin', from.address.type);
    return [
      f.set(begin, f.get(from.address)),
      skipAsciiBlocks(f, from),
      f.if(f.get(from.left), [f.call(utf8Validate(cx), [f.get(from.address), f.get(from.left)])]),
      f.set(from.address, f.get(begin)),
      ...allocateTarget(t, 1, 1),
      ...copyWhole(t, 1),
      returnString(t, f.int(to.memory.address).fromU32(f.get(t.units))),
    ];
  });
}

/** One copy of the whole string, which has `scale` bytes a code unit on both sides. */
export function copyWhole(t: Transcoding, scale: 1 | 2): Expr[] {
  const { f, from } = t;
  const size = scale === 1 ? f.get(t.units) : f.i32.mul(f.get(t.units), f.i32.const(scale));
  return [copyBytes(f, t.cx, f.get(t.target), f.get(from.address), size)];
}

export function utf16ToUtf8(cx: Crossing): Func {
  return transcoder(cx, 'utf16_to_utf8', { unit: 2, align: 2 }, (t) => {
    const { f, from, to } = t;
    const { i32 } = f;
    const scalar = f.local('scalar', 'i32');
    const packed = f.local('packed', 'i32');
    const decode = utf16Decode(cx);
    const encode = utf8Encode(cx);
    return [
      ...allocateTarget(t, 1, 1),
      f.block('ascii', (ascii) => [narrowWhile(t, scalar, 2, 0x80, ascii), returnString(t, bytesOf(t, 1))]),
      ...growTarget(t, 1, 1, 3),
      overUnits(
        f,
        from.left,
        16,
        (slow) => narrowBlock(f, from, to, slow, 0xff80),
        () => [
          peek(f, from, scalar, 2),
          f.if(
            i32.lt_u(f.get(scalar), i32.const(0x80)),
            [...put8(f, to, f.get(scalar)), ...pass(f, from, 2)],
            [
              f.set(packed, f.call(decode, [f.get(from.address), f.get(from.left)])),
              f.set(scalar, i32.and(f.get(packed), i32.const(SCALAR_MASK))),
              f.set(packed, i32.shr_u(f.get(packed), i32.const(UNITS_SHIFT))),
              advance(f, from.address, i32.shl(f.get(packed), i32.const(1))),
              f.set(from.left, i32.sub(f.get(from.left), f.get(packed))),
              advance(f, to.address, f.call(encode, [f.get(to.address), f.get(scalar)])),
            ],
          ),
        ],
      ),
      ...shrinkTarget(t, 1, 3),
      returnString(t, f.get(to.address)),
    ];
  });
}

/** The source is the untagged form of latin1+utf16, whose pointers are even. */
export function latin1ToUtf8(cx: Crossing): Func {
  return transcoder(cx, 'latin1_to_utf8', { unit: 1, align: 2 }, (t) => {
    const { f, from, to } = t;
    const scalar = f.local('scalar', 'i32');
    const encode = utf8Encode(cx);
    return [
      ...allocateTarget(t, 1, 1),
      f.block('ascii', (ascii) => [narrowWhile(t, scalar, 1, 0x80, ascii), returnString(t, bytesOf(t, 1))]),
      ...growTarget(t, 1, 1, 2),
      overUnits(
        f,
        from.left,
        16,
        (slow) => copyBlock(f, from, to, slow),
        () => [
          peek(f, from, scalar, 1),
          ...pass(f, from, 1),
          advance(f, to.address, f.call(encode, [f.get(to.address), f.get(scalar)])),
        ],
      ),
      ...shrinkTarget(t, 1, 2),
      returnString(t, f.get(to.address)),
    ];
  });
}
