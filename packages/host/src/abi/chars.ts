/** Chars: a string of one character and its code point. */
import { trap } from '../call/abi-trap.ts';
import { expected } from './argument-error.ts';

/** How a message names what is taken. */
export const CHAR = 'a string of one character';

/** The code point of a string that is one character; an unpaired surrogate is U+FFFD. */
export function checkChar(value: unknown): number {
  if (typeof value !== 'string') expected(CHAR, value);
  const point = value.codePointAt(0);
  if (point === undefined || value.length !== (point > 0xffff ? 2 : 1)) expected(CHAR, value);
  return point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
}

/** CanonicalABI.md#loading: `convert_i32_to_char` */
export function liftChar(value: number): string {
  const point = value >>> 0;
  if (point >= 0x110000 || (point >= 0xd800 && point < 0xe000)) trap('invalid-char');
  return String.fromCodePoint(point);
}
