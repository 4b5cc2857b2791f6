/** What is wrong with what an imported function gave: errors that all forms of a callee share. */
import { ArgumentError, located, publicError } from '../abi/argument-error.ts';

/** The error of an imported function that returned a Promise to a guest that cannot wait for it. */
export function unexpectedPromise(value: unknown, name: string): TypeError {
  // Nobody else will look at it: without a handler its rejection would end the process.
  (value as Promise<unknown>).then(undefined, () => undefined);
  return new TypeError(`${name} returned a Promise, but the imported function is not async`);
}

/** What is recorded for an error of the host: its own, or what was wrong with the value that it returned, at `path`. */
export function resultError(error: unknown, path: string, value: unknown, name: string): unknown {
  if (!(error instanceof ArgumentError)) return error;
  return value instanceof Promise ? unexpectedPromise(value, name) : publicError(located(error, path));
}
