/**
 * What is wrong with a JavaScript value that was given for a component value. Thrown where it is found; each enclosing
 * record, list or tuple puts its step in front of the path on the way out; the call makes a `TypeError` of it:
 * `points[3].label: expected a string, got 5`.
 *
 * Rejected: carrying the path along while reading. It would cost on every call what only a failing one needs. Not an
 * `Error`, so that nothing captures a stack twice and no embedder's getter can throw one by accident.
 */
export class ArgumentError {
  /** From the parameter's name down: `points[3].label`. */
  path = '';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Throws that `what` was expected. Runs no code of the embedder. */
export function expected(what: string, value: unknown): never {
  throw new ArgumentError(`expected ${what}, got ${describe(value)}`);
}

/** Throws a text of its own. */
export function refuse(text: string): never {
  throw new ArgumentError(text);
}

/** `error` with `step` (`.label`, `[3]`) in front of its path; other errors as they are. */
export function located(error: unknown, step: string): unknown {
  if (error instanceof ArgumentError) error.path = step + error.path;
  return error;
}

/** The error for the embedder: a `TypeError` for an {@link ArgumentError}, other errors as they are. */
export function publicError(error: unknown): unknown {
  if (!(error instanceof ArgumentError)) return error;
  const path = error.path.startsWith('.') ? error.path.slice(1) : error.path;
  return new TypeError(path === '' ? error.text : `${path}: ${error.text}`);
}

/** `read(...args)`; its {@link ArgumentError} becomes the `TypeError` about what is at `path` (from the parameter's name down). */
export function readAt<A extends unknown[], R>(path: string, read: (...args: A) => R, ...args: A): R {
  try {
    return read(...args);
  } catch (error) {
    throw publicError(located(error, path));
  }
}

/** The `TypeError`s of a function: for a value, by the index of its path (from the parameter's name down) and what it should be. */
export function argumentErrors(
  texts: readonly (readonly [path: string, what: string])[],
): (index: number, value: unknown) => TypeError {
  return (index, value) => {
    const [path, what] = texts[index] as readonly [string, string];
    return new TypeError(`${path}: expected ${what}, got ${describe(value)}`);
  };
}

const LONGEST = 40;

/** A value as a message names it. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string': {
      const text = JSON.stringify(value.length > LONGEST ? value.slice(0, LONGEST) : value);
      return value.length > LONGEST ? `${text}…` : text;
    }
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}
