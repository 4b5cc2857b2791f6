/**
 * Strings into UTF-16: CanonicalABI.md#storing, `store_string_copy`, `store_utf8_to_utf16`. No character has more
 * code units in UTF-16 than in the source, so two bytes a code unit are the worst case from the start.
 */
import type { Expr, Func } from '../../builder.ts';
import type { Crossing } from '../side.ts';
import { advance } from './cursor.ts';
import { copyWhole } from './to-utf8.ts';
import {
  allocateTarget,
  overUnits,
  pass,
  peek,
  put16,
  returnString,
  shrinkTarget,
  type Transcoding,
  transcoder,
  widenBlock,
} from './transcoding.ts';
import { SCALAR_MASK, UNITS_SHIFT, utf8Decode } from './utf8.ts';
import { utf16Validate, writeUtf16 } from './utf16.ts';

export function utf8ToUtf16(cx: Crossing): Func {
  return transcoder(cx, 'utf8_to_utf16', { unit: 1, align: 1 }, (t) => {
    const { f, to } = t;
    const ops = f.int(to.memory.address);
    return [
      ...allocateTarget(t, 2, 2),
      ...restOfUtf8ToUtf16(t),
      ...shrinkTarget(t, 2, 2),
      returnString(t, ops.shr_u(f.get(to.address), ops.const(1))),
    ];
  });
}

/** Whatever is left of a UTF-8 source, as UTF-16. */
export function restOfUtf8ToUtf16(t: Transcoding): Expr[] {
  const { f, cx, from, to } = t;
  const { i32 } = f;
  const scalar = f.local('scalar', 'i32');
  const packed = f.local('packed', 'i32');
  const decode = utf8Decode(cx);
  return [
    overUnits(
      f,
      from.left,
      16,
      (slow) => widenBlock(f, from, to, slow),
      () => [
        peek(f, from, scalar, 1),
        f.if(
          i32.lt_u(f.get(scalar), i32.const(0x80)),
          [...put16(f, to, f.get(scalar)), ...pass(f, from, 1)],
          [
            f.set(packed, f.call(decode, [f.get(from.address), f.get(from.left)])),
            f.set(scalar, i32.and(f.get(packed), i32.const(SCALAR_MASK))),
            f.set(packed, i32.shr_u(f.get(packed), i32.const(UNITS_SHIFT))),
            advance(f, from.address, f.get(packed)),
            f.set(from.left, i32.sub(f.get(from.left), f.get(packed))),
            writeUtf16(f, to, scalar),
          ],
        ),
      ],
    ),
  ];
}

/** Validated, then copied whole. */
export function utf16ToUtf16(cx: Crossing): Func {
  return transcoder(cx, 'utf16_to_utf16', { unit: 2, align: 2 }, (t) => {
    const { f, from, to } = t;
    return [
      f.call(utf16Validate(cx), [f.get(from.address), f.get(from.left)]),
      ...allocateTarget(t, 2, 2),
      ...copyWhole(t, 2),
      returnString(t, f.int(to.memory.address).fromU32(f.get(t.units))),
    ];
  });
}

/** The source is the untagged form of latin1+utf16, whose pointers are even. */
export function latin1ToUtf16(cx: Crossing): Func {
  return transcoder(cx, 'latin1_to_utf16', { unit: 1, align: 2 }, (t) => {
    const { f, from, to } = t;
    const scalar = f.local('scalar', 'i32');
    return [
      ...allocateTarget(t, 2, 2),
      overUnits(
        f,
        from.left,
        16,
        () => widenBlock(f, from, to),
        () => [peek(f, from, scalar, 1), ...put16(f, to, f.get(scalar)), ...pass(f, from, 1)],
      ),
      returnString(t, f.int(to.memory.address).fromU32(f.get(t.units))),
    ];
  });
}
