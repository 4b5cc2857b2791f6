/**
 * How a guest ends itself. In: the code that it gives to `wasi:cli/exit`. Out: an error that the host function throws.
 *
 * The host records what an imported function throws and the trampoline traps, so a guest's `catch_all` cannot swallow
 * it, and the embedder's process goes on. The embedder gets a `Trap` whose `cause` is the `ExitStatus`; `runCommand`
 * turns it into a plain exit code. As after any trap, the store is locked.
 *
 * Rejected: the shim's own `exit`, which calls `process.exit`.
 */

export class ExitStatus extends Error {
  override readonly name = 'ExitStatus';
  /** 0 is success. Components adapted from WASI preview 1 exit with 0 or 1. */
  readonly code: number;

  constructor(code: number) {
    super(`the guest exited with code ${code}`);
    this.code = code;
  }
}

/** The exit that ended a call: `error` itself or a cause of it. Null when something else happened. */
export function exitStatus(error: unknown): ExitStatus | null {
  const seen = new Set<unknown>();
  for (let e = error; e instanceof Error && !seen.has(e); e = e.cause) {
    if (e instanceof ExitStatus) return e;
    seen.add(e);
  }
  return null;
}
