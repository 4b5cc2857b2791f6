/**
 * The error case of a `result` at the level of a function: thrown to JavaScript as an `Error` with an own `payload`, and
 * recognised by it when JavaScript throws one to a guest.
 */

/** Knows the errors of other realms, where the engine has it. */
const isForeignError = (Error as { isError?: (value: unknown) => boolean }).isError ?? (() => false);

/** Thrown by an exported function whose result is the error case. */
export class ComponentError extends Error {
  override readonly name: string = 'ComponentError';
  /** The lifted value of the error case; `undefined` when it has none. */
  readonly payload: unknown;
  constructor(payload: unknown) {
    super(typeof payload === 'string' ? payload : 'the component returned an error');
    this.payload = payload;
  }
}

/**
 * A {@link ComponentError}. A stack is captured only when asked for: it costs more than most calls do, and the
 * error case is a value, not a fault.
 */
export function componentError(payload: unknown, withStack: boolean): ComponentError {
  if (withStack) return new ComponentError(payload);
  const limit = Error.stackTraceLimit;
  // An engine without the property captures what it captures; one that froze its `Error` must not fail here.
  if (limit === 0 || !setLimit(0)) return new ComponentError(payload);
  const error = new ComponentError(payload);
  setLimit(limit);
  return error;
}

function setLimit(limit: number): boolean {
  try {
    Error.stackTraceLimit = limit;
    return true;
  } catch {
    return false;
  }
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
