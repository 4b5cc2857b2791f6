/**
 * How the front end refuses a component. In: a byte offset, the key of a text and its parts. Out: an error that has no
 * text yet: most components are valid, so the tables of texts are loaded when one is not (texts.ts).
 */
import type { DecodeText, decodeText } from './binary/messages.ts';
import { DecodeError, ValidationError } from './errors.ts';
import type { ValidateText, validateText } from './validate/messages.ts';

type Placeholders<T extends string> = T extends `${string}{${infer P}}${infer Rest}`
  ? (P extends `#${infer Name}` ? Name : P) | Placeholders<Rest>
  : never;
type Parts<T extends string> = Readonly<Record<Placeholders<T>, string | number | bigint>>;

/** Throws the `DecodeError` of `key`. */
export function malformed<K extends DecodeText>(offset: number, key: K, parts: Parts<(typeof decodeText)[K]>): never {
  throw new DecodeError(offset, { key, parts });
}

/** Throws the `ValidationError` of `key`. */
export function fail<K extends ValidateText>(offset: number, key: K, parts: Parts<(typeof validateText)[K]>): never {
  throw new ValidationError(offset, { key, parts });
}

/** `a func`, `an instance`: for messages. */
export function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
