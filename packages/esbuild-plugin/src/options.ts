/** What a build may say. In: some options. Out: all of them; the defaults are in the one table below. */
import type { EngineOptions } from '@gangway/host';
import type { ImportMap } from '@gangway/host/bundling';

export interface GangwayOptions {
  /**
   * Which module supplies which import of a component: `{ log: './src/log.ts', 'wasi:cli/*': 'my-cli', now: './time.ts#now' }`.
   * Relative specifiers start at `root`. What it does not name comes from `gangway.imports` in the `package.json` of the
   * component, WASI from `@gangway/wasi`, and the rest by its own name. A component that is imported is mapped to the file of
   * one, and linked in when the component instantiates it.
   */
  readonly imports?: ImportMap;
  /** Directory. Default: that of the build. */
  readonly root?: string;
  /**
   * Whether declarations are written beside each component that is imported: `greet.component.d.wasm.ts`, which TypeScript
   * reads with `allowArbitraryExtensions`. Default: false.
   */
  readonly types?: boolean;
  /**
   * For engines that lack something that the building one has: `{ multiMemory: 'never' }` for Safari, `{ tryTable: 'never' }`, `{ pointerSize }`,
   * `{ features }`.
   */
  readonly engine?: Pick<EngineOptions, 'features' | 'multiMemory' | 'pointerSize' | 'tryTable'>;
}

export interface ResolvedOptions {
  readonly imports: ImportMap;
  readonly root: string;
  readonly types: boolean;
  readonly engine: EngineOptions;
}

/** `root`: where the build runs. */
export function resolveOptions(options: GangwayOptions, root: string): ResolvedOptions {
  return {
    imports: options.imports ?? {},
    root: options.root ?? root,
    types: options.types ?? false,
    engine: options.engine ?? {},
  };
}
