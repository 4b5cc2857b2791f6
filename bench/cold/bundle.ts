/**
 * Bundles as an embedder makes them of what is published (scripts/build.ts). In: entry points. Out: files in a folder, minified, shared chunks and dynamic imports
 * apart. What is heavy and loaded on demand stays outside, as absolute URLs, so that the folder may be anywhere.
 */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile, Plugin } from 'esbuild';
import { onDemandFiles } from '../../scripts/browser-build.ts';
import { mergedBuild } from '../../scripts/merged-build.ts';
import { startFunctionsPlugin } from '../../scripts/start-functions/plugin.ts';

/** What is never bundled. */
export const outside = /^(binaryen|wabt|@webassemblyjs\/.*|@bytecodealliance\/.*|jco-1\.10)$/;

const externals: Plugin = {
  name: 'externals',
  setup({ onResolve, resolve }) {
    onResolve({ filter: outside }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === 'inner') return undefined;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: 'inner' });
      const file = found.path || createRequire(`${dirname(importer)}/`).resolve(path);
      return { path: pathToFileURL(file).href, external: true };
    });
  },
};

export function bundle(entries: Readonly<Record<string, string>>, outdir: string): Promise<Metafile> {
  return mergedBuild({
    entryPoints: { ...entries },
    outdir,
    asEntries: [
      'bench/cold/hello-program.ts',
      'packages/host/src/compile.ts',
      'packages/host/src/runtime.ts',
      'packages/wasi/src/index.ts',
    ],
    ...onDemandFiles,
    intoEntries: true,
    minify: true,
    platform: 'node',
    target: 'es2024',
    logLevel: 'warning',
    plugins: [externals, startFunctionsPlugin],
  });
}
