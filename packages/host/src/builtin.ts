/**
 * Modules of Node itself. In: a name. Out: the module, where there are such, without waiting and without an `import` that
 * something which makes a page of this would look for. `import` of `node:fs` also loads what that has lazily: 7 ms of streams and
 * promises.
 */

interface Builtins {
  readonly 'node:fs': typeof import('node:fs');
  readonly 'node:crypto': typeof import('node:crypto');
}

/** Undefined in browsers, and where Node's modules are there only for those that import them. */
export function builtin<N extends keyof Builtins>(name: N): Builtins[N] | undefined {
  if (typeof process === 'undefined') return undefined;
  return process.getBuiltinModule?.(name) as Builtins[N] | undefined;
}
