/**
 * The Node build of `@gangway/host`: what a process loads that nothing was bundled for. In: the sources. Out: ES modules that
 * contain all packages below `host`, one for every name that the package exports, with source maps, and few files that those
 * share: Node takes a millisecond to find each, and comments take time to skip. Bundlers have another build, see build.ts.
 *
 * Names stay as they are: stacks of errors and printed objects have them, and short ones have not been seen to start sooner.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { type Layer, mergedBuild } from './merged-build.ts';
import { builtFrom } from './source-digest.ts';
import { startFunctionsPlugin } from './start-functions/plugin.ts';

const host = fileURLToPath(new URL('../packages/host', import.meta.url));

/** What is there when it is asked for: tools, and WASI, which imports the host. */
const onDemand = ['binaryen', 'wabt', '@webassemblyjs/wasm-parser', '@gangway/wasi'];

/** What is loaded together: see the option of mergedBuild. Each is a file, which imports those before it. */
const layers: Readonly<Record<string, Layer>> = {
  /** Runs what was compiled. Two names that only compiled components import lead here: one file less for each. */
  helpers: {
    of: ['src/runtime.ts', 'src/parts/strings.ts'],
    entries: ['src/call/helpers.ts', 'src/parts/resources.ts'],
  },
  /** What embedders call, what a code cache needs, and small parts. */
  api: {
    of: [
      'src/compile.ts',
      'src/parts/evaluate.ts',
      'src/parts/list-component.ts',
      'src/parts/components.ts',
      'src/parts/versions.ts',
      'component/src/unsupported.ts',
      // Closures and the fallback take these as well: they run without a compiler.
      'component/src/abi/index.ts',
      'component/src/abi/layout.ts',
      'component/src/abi/plans.ts',
      'src/forms/requests.ts',
    ],
  },
  /** Decodes, validates, translates, emits. */
  compiler: {
    of: [
      'src/index.ts',
      'src/parts/front-end.ts',
      'src/parts/generator.ts',
      'src/compile/streaming.ts',
      'adapter-codegen/src/resources.ts',
    ],
  },
  rare: { of: ['adapter-codegen/src/rare.ts', 'src/parts/link-adapters.ts'] },
  checks: { of: ['src/component.ts', 'component/src/texts.ts', 'src/link/check-components.ts'] },
  closures: { of: ['src/parts/closures.ts'] },
  'parts/context-slots': { of: [], entries: ['src/parts/context-slots.ts'] },
  'parts/core-modules': { of: [], entries: ['src/parts/core-modules.ts'] },
  'parts/fallback': { of: [], entries: ['src/parts/fallback.ts'] },
  links: { of: ['src/parts/links.ts', 'src/parts/spilled.ts'] },
  'all-parts': { of: ['src/forms/register-parts.ts'] },
  bundling: { of: [], entries: ['src/bundling/index.ts'] },
  'install-polyfill': { of: [], entries: ['src/polyfill/install-polyfill.ts'] },
};

interface Manifest {
  /** By name: a source. */
  readonly exports: Readonly<Record<string, string>>;
  /** What replaces others when the package is published. */
  readonly publishConfig: object;
}
const manifest = JSON.parse(readFileSync(join(host, 'package.json'), 'utf8')) as Manifest;

/** Puts the host into `node_modules` of a folder, as `npm install` does, but only what Node loads of it. */
export async function installHost(folder: string): Promise<void> {
  const home = join(folder, 'node_modules/@gangway/host');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
  await buildForNode(join(home, 'dist/node'));
}

/** Writes the build into `outdir`; returns what went into which file. */
export async function buildForNode(outdir: string): Promise<Metafile> {
  return mergedBuild({
    absWorkingDir: host,
    entryPoints: Object.fromEntries(
      Object.entries(manifest.exports).map(([name, source]) => [name === '.' ? 'index' : name.slice(2), source]),
    ),
    outdir,
    layers,
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    target: 'es2024',
    external: onDemand,
    define: builtFrom,
    plugins: [startFunctionsPlugin],
    sourcemap: true,
    logLevel: 'warning',
  });
}
