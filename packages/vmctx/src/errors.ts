/** The error of this package: a context was used wrongly. It is a bug of the host, never of a component or an embedder. */

export class VmctxError extends Error {
  override readonly name = 'VmctxError';
  /** Stable machine-readable code. */
  readonly code = 'vmctx';
}
