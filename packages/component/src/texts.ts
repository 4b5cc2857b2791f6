/**
 * The texts of the front end's errors. In: an error that has a key and parts. Out: the same error with its text. The decoder
 * and the validator throw keys, so that a page which is given valid components need not load what could be wrong with others.
 */
import { decodeText } from './binary/messages.ts';
import { BinaryError, type ErrorText } from './errors.ts';
import { validateText } from './validate/messages.ts';

const texts: Readonly<Record<string, string>> = { ...decodeText, ...validateText };

const placeholder = /\{(#?)([a-z0-9]+)\}/g;

/** The text of a key with its parts filled in. */
export function fillIn({ key, parts }: ErrorText): string {
  return texts[key]!.replace(placeholder, (whole, hex: string, name: string) => {
    const part = parts[name];
    return hex === '#' ? `0x${part!.toString(16)}` : String(part ?? whole);
  });
}

/** Gives an error of the front end its text, if it has none yet. Any other value is returned as it is. */
export function explain(error: unknown): unknown {
  if (!(error instanceof BinaryError) || error.text === null) return error;
  const { message, stack } = error;
  error.detail = fillIn(error.text);
  error.text = null;
  error.message = `0x${error.offset.toString(16)}: ${error.detail}`;
  // Some engines have written the message into it.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  return error;
}

/** `run`, whose errors have their texts. */
export function explained<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw explain(error);
  }
}
