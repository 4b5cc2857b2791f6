/**
 * How the front end refuses a component. In: a byte offset, the key of a text and its parts. Out: an error that has no
 * text yet: most components are valid, so the tables of texts are loaded when one is not (texts.ts).
 */
import type { DecodeText, decodeText } from './binary/messages.ts';
import { DecodeError, type ErrorText, ValidationError } from './errors.ts';
import type { ValidateText, validateText } from './validate/messages.ts';

/** What stands in braces: a name, after a `#` or the names of printers (texts.ts). */
type Placeholders<T extends string> = T extends `${string}{${infer P}}${infer Rest}`
  ? PartName<P> | Placeholders<Rest>
  : never;
type PartName<P extends string> = P extends `#${infer Name}` | `${string} ${infer Name}` ? PartName<Name> : P;
type Part = string | number | bigint | object;
type Parts<T extends string> = Readonly<Record<Placeholders<T>, Part>>;

/** Throws the `DecodeError` of `key`. */
export function malformed<K extends DecodeText>(offset: number, key: K, parts: Parts<(typeof decodeText)[K]>): never {
  throw new DecodeError(offset, { key, parts });
}

/** Throws the `ValidationError` of `key`. */
export function fail<K extends ValidateText>(offset: number, key: K, parts: Parts<(typeof validateText)[K]>): never {
  throw new ValidationError(offset, { key, parts });
}

/** A text that is part of another one: why something does not fit. */
export function reason<K extends ValidateText>(key: K, parts: Parts<(typeof validateText)[K]>): ErrorText {
  return { key, parts };
}
