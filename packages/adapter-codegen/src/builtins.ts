/**
 * The table of built-ins: host functions that emitted code imports from the module `builtins`. In: nothing. Out: one
 * table from which the imports of the emitted modules, the type of the host's implementations and the documentation
 * derive. What is not here is emitted code: a built-in is for what needs JavaScript.
 *
 * All values are i32. Addresses are byte addresses in the context memory, indices are unsigned.
 */

interface BuiltinInfo {
  readonly params: readonly (readonly [name: string, type: 'i32'])[];
  readonly results: readonly 'i32'[];
  /** What the host needs besides the arguments: only the store, or also the JS side of the instance (its resources). */
  readonly needs: 'store' | 'instance';
  readonly doc: string;
}

export const builtins = {
  'grow-handle-table': {
    params: [
      ['vmctx', 'i32'],
      ['instance', 'i32'],
    ],
    results: ['i32'],
    needs: 'store',
    doc: 'Grows the handle table of component instance `instance` and links the new slots into its free list. 0: a trap is recorded.',
  },
  'drop-host-resource': {
    params: [
      ['vmctx', 'i32'],
      ['resource', 'i32'],
      ['rep', 'i32'],
    ],
    results: ['i32'],
    needs: 'instance',
    doc: 'Runs what the host wants to run when the last handle to one of its resources goes; `resource` is the index in the plan. The handle is already gone. 0: a trap is recorded.',
  },
} as const satisfies Record<string, BuiltinInfo>;

export type BuiltinName = keyof typeof builtins;

/** JavaScript functions for the built-ins; what the host implements. */
export type BuiltinImplementations = {
  readonly [K in BuiltinName]: (...args: Numbers<(typeof builtins)[K]['params']>) => number;
};
type Numbers<T extends readonly unknown[]> = { -readonly [I in keyof T]: number };

/** The name of the module that built-ins are imported from. */
export const BUILTINS_MODULE = 'builtins';

/** One line a built-in: name, core signature, what it does. For the documentation and `inspect`. */
export function describeBuiltins(): string {
  return Object.entries(builtins)
    .map(([name, info]) => {
      const params = info.params.map(([param, type]) => `${param}: ${type}`).join(', ');
      return `${name}(${params}) -> ${info.results.join(', ') || 'nothing'}: ${info.doc}`;
    })
    .join('\n');
}
