/**
 * The browser builds of `@gangway/host`: what a page loads without a bundler. In: the sources. Out: ES modules that
 * contain all packages below `host`, minified, with source maps and shared chunks. All entries may be used in one page:
 * they share one copy of everything.
 *
 * What only tools ask for stays an import that a page never reaches: binaryen (`codegen: 'binaryen'`), wabt (texts) and
 * the parser that reads emitted modules back.
 */
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const host = fileURLToPath(new URL('../packages/host', import.meta.url));

/** Packages that are imported only when something is asked for that pages do not ask for. */
const onDemand = ['binaryen', 'wabt', '@webassemblyjs/wasm-parser'];

/**
 * Writes the builds into `outdir`; returns what went into which file. Rejects when a built-in of Node is needed: nothing is
 * there to stand for it.
 */
export async function buildForBrowsers(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: host,
    entryPoints: {
      index: 'src/index.ts',
      runtime: 'src/runtime.ts',
      helpers: 'src/call/helpers.ts',
      parts: 'src/forms/all-parts.ts',
      polyfill: 'src/polyfill/polyfill.ts',
      'install-polyfill': 'src/polyfill/install-polyfill.ts',
    },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: onDemand,
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
