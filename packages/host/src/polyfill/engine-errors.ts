/** Errors of the patched API are those of `WebAssembly`. In: one of ours. Out: the engine's, with ours as its `cause`. */
import { BinaryError, LinkError, Trap } from '../errors.ts';

export function rethrow(error: unknown): never {
  let thrown: Error;
  if (error instanceof BinaryError) thrown = new WebAssembly.CompileError(error.message);
  else if (error instanceof LinkError) thrown = new WebAssembly.LinkError(error.message);
  else if (error instanceof Trap) thrown = new WebAssembly.RuntimeError(error.message);
  else throw error;
  Object.defineProperty(thrown, 'cause', { value: error, writable: true, configurable: true });
  throw thrown;
}
