/**
 * The error case of a `result` at the level of a function: thrown to JavaScript as an `Error` with an own `payload`, and
 * recognised by it when JavaScript throws one to a guest.
 */

/** Knows the errors of other realms, where the engine has it. */
const isForeignError = (Error as { isError?: (value: unknown) => boolean }).isError ?? (() => false);

/**
 * Thrown by an exported function whose result is the error case. `message` is the payload if that is a string.
 *
 * The structured clone algorithm (`structuredClone`, `postMessage`) makes a plain `Error` of every class of errors, of which it
 * keeps `message` and, where the engine clones causes, `cause`: the payload is there as well. A payload that cannot be
 * cloned (an object of the embedder's with functions in it) makes cloning the error fail.
 */
export class ComponentError extends Error {
  /** The lifted value of the error case; `undefined` when it has none. */
  declare readonly payload: unknown;
  constructor(payload: unknown) {
    super();
    // Not given to `super`: that made an error and its throw cost 1.5 times as much.
    this.message = typeof payload === 'string' ? payload : 'the component returned an error';
    this.cause = payload;
    this.payload = payload;
  }

  static {
    // Not an own property of each error.
    Object.defineProperty(ComponentError.prototype, 'name', {
      value: 'ComponentError',
      writable: true,
      configurable: true,
    });
  }
}

/**
 * A {@link ComponentError}. A stack is captured only when asked for: it costs more than most calls do, and the
 * error case is a value, not a fault.
 */
export function componentError(payload: unknown, withStack: boolean): ComponentError {
  // An engine without the property captures what it captures.
  const limit = Error.stackTraceLimit;
  if (withStack || limit === undefined) return new ComponentError(payload);
  try {
    Error.stackTraceLimit = 0;
  } catch {
    // Someone froze `Error`.
    return new ComponentError(payload);
  }
  const error = new ComponentError(payload);
  Error.stackTraceLimit = limit;
  return error;
}

/**
 * Whether what an imported function threw stands for the error case: it has an own `payload`, or is no `Error`.
 * Otherwise it is a failure of the host.
 */
export function isErrorCase(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return true;
  return Object.hasOwn(thrown, 'payload') || !(thrown instanceof Error || isForeignError(thrown));
}

/** The error case's value in what was thrown: its own `payload`, or itself. */
export function errorPayload(thrown: unknown): unknown {
  if (typeof thrown === 'object' && thrown !== null && Object.hasOwn(thrown, 'payload')) {
    return (thrown as { payload: unknown }).payload;
  }
  return thrown;
}
