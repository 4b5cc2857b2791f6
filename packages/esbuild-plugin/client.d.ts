/**
 * `@gangway/esbuild-plugin/client`: for the `types` of a project's tsconfig. Declares what `import … from './x.wasm?component'`
 * gives. There is nothing of it at run time.
 */
declare module '*.wasm?component' {
  import type { Component, ImportsObject, Instance, Store } from '@gangway/host/runtime';

  /** The component, compiled ahead of time. */
  export const component: Component;
  /** An instance with imports of the importer's own; in its own store unless it is given one. */
  export function instantiate<E extends object>(
    imports?: ImportsObject,
    options?: { readonly store?: Store },
  ): Promise<Instance<E>>;
}
