/**
 * The browser builds of `@gangway/host`: what a page loads without a bundler. In: the sources. Out: ES modules that
 * contain all packages below `host`, minified, with source maps and shared chunks. All entries may be used in one page:
 * they share one copy of everything.
 *
 * Under a strict Content-Security-Policy give them `new Engine({ evaluate: 'never' })`: docs/browsers.md says why.
 *
 * What only tools ask for stays an import that a page never reaches: binaryen (`codegen: 'binaryen'`), wabt (texts) and
 * the parser that reads emitted modules back.
 */
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { mergedBuild } from './merged-build.ts';
import { builtFrom } from './source-digest.ts';

const host = fileURLToPath(new URL('../packages/host', import.meta.url));

/** Packages that are imported only when something is asked for that pages do not ask for. */
const onDemand = ['binaryen', 'wabt', '@webassemblyjs/wasm-parser'];

/** What is loaded on demand, as files: see the options of mergedBuild. Ends of paths. */
export const onDemandFiles = {
  /** What compiling takes that nothing else does. */
  together: ['src/parts/front-end.ts', 'src/parts/generator.ts', 'adapter-codegen/src/resources.ts'],
  afterwards: [
    'adapter-codegen/src/rare.ts',
    'adapter-codegen/src/binaryen/module.ts',
    'component/src/texts.ts',
    'component/src/validate/values.ts',
    'src/compile/streaming.ts',
    'src/link/check-components.ts',
    'src/parts/link-adapters.ts',
    'src/parts/list-component.ts',
  ],
  /** What running a component takes when it was not compiled ahead of time. */
  shared: ['src/parts/evaluate.ts', 'src/parts/resources.ts', 'src/parts/cached.ts'],
} as const;

/**
 * Writes the builds into `outdir`; returns what went into which file. Rejects when a built-in of Node is needed: nothing is
 * there to stand for it.
 */
export async function buildForBrowsers(outdir: string): Promise<Metafile> {
  return mergedBuild({
    absWorkingDir: host,
    entryPoints: {
      index: 'src/index.ts',
      compile: 'src/compile.ts',
      runtime: 'src/runtime.ts',
      helpers: 'src/call/helpers.ts',
      parts: 'src/forms/all-parts.ts',
      polyfill: 'src/polyfill/polyfill.ts',
      'install-polyfill': 'src/polyfill/install-polyfill.ts',
    },
    outdir,
    ...onDemandFiles,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    external: onDemand,
    define: builtFrom,
    sourcemap: true,
    logLevel: 'warning',
  });
}
