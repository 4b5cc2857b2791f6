/**
 * The texts of the front end's errors. In: an error that has a key and parts. Out: the same error with its text. The decoder
 * and the validator throw keys, so that a page which is given valid components need not load what could be wrong with others.
 */
import { decodeText } from './binary/messages.ts';
import { BinaryError, type ErrorText } from './errors.ts';
import { validateText } from './validate/messages.ts';
import { printers } from './validate/printers.ts';

const texts: Readonly<Record<string, string>> = { ...decodeText, ...validateText };

/** A name, after the printers that its part goes through, the last one first: `{a space sort}`. `#` is one too. */
const placeholder = /\{(#|(?:[a-z]+ )*)([a-z0-9]+)\}/g;

/** The text of a key with its parts filled in. */
export function fillIn({ key, parts }: ErrorText): string {
  return texts[key]!.replace(placeholder, (_, names: string, name: string) =>
    printed(names.trim().split(' ').reduceRight(printedBy, parts[name])),
  );
}

function printedBy(part: unknown, printer: string): unknown {
  if (printer === '') return part;
  return printer === '#' ? `0x${(part as number).toString(16)}` : printers[printer]!(part as never);
}

/** A part may be a text of the table itself: the reason of a mismatch. */
function printed(part: unknown): string {
  return typeof part === 'object' && part !== null ? fillIn(part as ErrorText) : String(part);
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
