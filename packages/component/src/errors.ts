/**
 * The errors of the front end. In: a byte offset and a text. Out: classes with a stable `code`.
 *
 * Rejected: one class with a `kind` field. Embedders write `catch (e) { if (e instanceof ValidationError) … }`.
 */

/** Base of every error that Gangway itself raises. `code` is stable; `message` is for people. */
export abstract class GangwayError extends Error {
  /** Stable machine-readable code, for example `validation`. */
  abstract readonly code: string;
}

/** A text of a table, to be filled in: its key, and what stands for the placeholders; texts.ts knows how each is printed. */
export interface ErrorText {
  readonly key: string;
  readonly parts: Readonly<Record<string, unknown>>;
}

/**
 * An error in a component binary. `offset` is the absolute byte offset in the bytes that were given. An error that is about
 * no place in them is made with null; its offset reads 0.
 */
export abstract class BinaryError extends GangwayError {
  readonly offset: number;
  /** The text without the offset. */
  detail: string;
  /** What the text is still to be made of: key and parts. Null once it is there, as in every error that leaves `compile`. */
  text: ErrorText | null = null;
  constructor(offset: number | null, detail: string | ErrorText) {
    const known = typeof detail === 'string' ? detail : detail.key;
    super(offset === null ? known : `0x${offset.toString(16)}: ${known}`);
    this.offset = offset ?? 0;
    this.detail = known;
    if (typeof detail !== 'string') this.text = detail;
  }
}

/** The bytes are not a component in the binary format (Binary.md). */
export class DecodeError extends BinaryError {
  override readonly name = 'DecodeError';
  override readonly code = 'decode';
}

/** The bytes decode, but the specification calls the component invalid. */
export class ValidationError extends BinaryError {
  override readonly name = 'ValidationError';
  override readonly code = 'validation';
}

/** The component is valid, but asks for something that this host does not run. `offset` as in {@link BinaryError}. */
export class UnsupportedError extends BinaryError {
  override readonly name = 'UnsupportedError';
  override readonly code = 'unsupported';
}

/** A bug of Gangway, not of its user. */
export class InternalError extends GangwayError {
  override readonly name = 'InternalError';
  override readonly code = 'internal';
  constructor(message: string, options?: ErrorOptions) {
    super(`internal error in gangway (please report it): ${message}`, options);
  }
}

/** The end of an exhaustive `switch`. */
export function unreachable(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}
