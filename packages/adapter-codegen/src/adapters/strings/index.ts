/**
 * Which transcoder a pair of string encodings needs. In: the two sides. Out: a function
 * `(pointer, length) -> (pointer, length)`; lengths are in code units, tagged where the encoding is latin1+utf16. Each is
 * emitted once a module for two sides, and none calls JavaScript.
 *
 * NON-SPEC: the specification decodes the whole source before it allocates; where the encodings differ, code units are
 * validated while they are transcoded, after the first allocation. The order can be seen only in which of two traps
 * comes first, when realloc and the string are both bad.
 */
import type { CanonicalOptions } from '@gangway/component/plan';
import type { Func, Local } from '../../builder.ts';
import { memoryOf } from '../memory.ts';
import type { Crossing } from '../side.ts';
import {
  latin1ToLatin1,
  probablyUtf16ToLatin1OrUtf16,
  utf8ToLatin1OrUtf16,
  utf16ToLatin1OrUtf16,
} from './to-latin1-or-utf16.ts';
import { latin1ToUtf8, utf8ToUtf8, utf16ToUtf8 } from './to-utf8.ts';
import { latin1ToUtf16, utf8ToUtf16, utf16ToUtf16 } from './to-utf16.ts';
import { utf16Tag } from './transcoding.ts';

type Encoding = CanonicalOptions['stringEncoding'];
type MakeTranscoder = (cx: Crossing) => Func;

const utf8: Readonly<Record<Encoding, MakeTranscoder>> = {
  utf8: utf8ToUtf8,
  utf16: utf8ToUtf16,
  'latin1+utf16': utf8ToLatin1OrUtf16,
};
const utf16: Readonly<Record<Encoding, MakeTranscoder>> = {
  utf8: utf16ToUtf8,
  utf16: utf16ToUtf16,
  'latin1+utf16': utf16ToLatin1OrUtf16,
};
/** By what the source turns out to be. */
const latin1OrUtf16: Readonly<Record<Encoding, { readonly latin1: MakeTranscoder; readonly utf16: MakeTranscoder }>> = {
  utf8: { latin1: latin1ToUtf8, utf16: utf16ToUtf8 },
  utf16: { latin1: latin1ToUtf16, utf16: utf16ToUtf16 },
  'latin1+utf16': { latin1: latin1ToLatin1, utf16: probablyUtf16ToLatin1OrUtf16 },
};

/** CanonicalABI.md#loading (load_string_from_range) and CanonicalABI.md#storing (store_string_into_range) */
export function stringTranscoder(cx: Crossing): Func {
  const to = cx.to.options.stringEncoding;
  switch (cx.from.options.stringEncoding) {
    case 'utf8':
      return utf8[to](cx);
    case 'utf16':
      return utf16[to](cx);
    case 'latin1+utf16':
      return byTag(cx, latin1OrUtf16[to].latin1, latin1OrUtf16[to].utf16);
    default:
      return cx.from.options.stringEncoding satisfies never;
  }
}

/** Chooses by the tag of the length. */
function byTag(cx: Crossing, makeLatin1: MakeTranscoder, makeUtf16: MakeTranscoder): Func {
  const { address } = memoryOf(cx.from);
  return cx.module.outlined(`latin1_or_utf16 ${cx.from.key} ${cx.to.key}`, () => {
    const latin1 = makeLatin1(cx);
    const utf16 = makeUtf16(cx);
    return cx.module.func(
      `${cx.from.role}.latin1_or_utf16_to_${cx.to.options.stringEncoding.replace('+', '_or_')}`,
      [
        ['pointer', address],
        ['tagged_length', address],
      ],
      utf16.type.results,
      (f) => {
        const ops = f.int(address);
        const [pointer, length] = f.params as [Local, Local];
        const tag = utf16Tag(address);
        const isUtf16 = ops.ne(ops.and(f.get(length), ops.const(tag)), ops.const(0));
        return [
          f.if(isUtf16, [f.return(f.call(utf16, [f.get(pointer), ops.xor(f.get(length), ops.const(tag))]))]),
          f.return(f.call(latin1, [f.get(pointer), f.get(length)])),
        ];
      },
    );
  });
}
