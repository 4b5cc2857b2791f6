/**
 * The browser builds of `@gangway/host`: what a page loads without a bundler. In: the sources. Out: ES modules that
 * contain all packages below `host`, minified, with source maps and a few files that they share. All entries may be used in one
 * page: there is one copy of everything. A page waits for a file that is named in another before it asks for what that one
 * names: so everything that compiling takes is there from the start, in files that their entry names itself.
 *
 * Under a strict Content-Security-Policy give them `new Engine({ evaluate: 'never' })`: docs/browsers.md says why.
 *
 * What only tools ask for stays an import that a page never reaches: binaryen (`codegen: 'binaryen'`), wabt (texts) and
 * the parser that reads emitted modules back.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { type Layer, mergedBuild } from './merged-build.ts';
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

/** What pages load by name. */
const entryPoints = {
  index: 'src/index.ts',
  compile: 'src/compile.ts',
  runtime: 'src/runtime.ts',
  helpers: 'src/call/helpers.ts',
  parts: 'src/forms/all-parts.ts',
  polyfill: 'src/polyfill/polyfill.ts',
  'install-polyfill': 'src/polyfill/install-polyfill.ts',
};

/**
 * What is loaded together: see the option of mergedBuild. Each is a file, which imports those before it. None is an entry: those
 * keep their names from build to build, and a browser that has an old one in its cache must not find it half new.
 */
const layers: Readonly<Record<string, Layer>> = {
  /** Runs what was compiled. */
  core: { of: ['src/runtime.ts'] },
  /** What the functions of most components take. */
  functions: {
    of: ['src/call/helpers.ts', 'src/parts/resources.ts', 'src/parts/evaluate.ts', 'src/parts/strings.ts'],
  },
  /** What embedders call, what a code cache needs, and small parts. */
  api: {
    of: [
      'src/compile.ts',
      'src/parts/cached.ts',
      'src/parts/list-component.ts',
      'src/parts/components.ts',
      'src/parts/reflection.ts',
      'src/parts/import-text.ts',
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
  compiler: { of: ['src/index.ts', ...onDemandFiles.together, 'src/compile/streaming.ts'] },
  closures: { of: ['src/parts/closures.ts'] },
  'context-slots': { of: ['src/parts/context-slots.ts'] },
  'core-modules': { of: ['src/parts/core-modules.ts'] },
  fallback: { of: ['src/parts/fallback.ts'] },
  links: { of: ['src/parts/links.ts', 'src/parts/spilled.ts'] },
  rare: { of: ['adapter-codegen/src/rare.ts', 'src/parts/link-adapters.ts'] },
  checks: { of: ['component/src/texts.ts', 'component/src/validate/values.ts', 'src/link/check-components.ts'] },
  'all-parts': { of: ['src/forms/all-parts.ts'] },
  patches: { of: ['src/polyfill/install-polyfill.ts'] },
};

/** Parts that compiled components import, as `@gangway/host/parts/…`: which file has each. */
const importedParts = {
  'context-slots': 'context-slots',
  'core-modules': 'core-modules',
  fallback: 'fallback',
  resources: 'functions',
  unsupported: 'unsupported',
  versions: 'api',
} satisfies Readonly<Record<string, string>>;

/**
 * Writes the builds into `outdir`; returns what went into which file. Rejects when a built-in of Node is needed: nothing is
 * there to stand for it.
 *
 * `preload.json` is one of the files: by entry, the others that it loads with itself, so that a page can ask for all of them
 * at once. Those of `parts/` only lead to where the parts are; they would be files of their own otherwise, one more to wait for
 * when the host itself asks for a part.
 */
export async function buildForBrowsers(outdir: string): Promise<Metafile> {
  const metafile = await mergedBuild({
    absWorkingDir: host,
    entryPoints,
    outdir,
    layers,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    external: onDemand,
    define: builtFrom,
    sourcemap: true,
    logLevel: 'warning',
  });
  const preload: Record<string, readonly string[]> = {};
  for (const name of Object.keys(entryPoints)) preload[`${name}.js`] = loadedWith(metafile, `${name}.js`);
  mkdirSync(join(outdir, 'parts'), { recursive: true });
  for (const [name, file] of Object.entries(importedParts)) {
    const isIt = ([path, { exports }]: readonly [string, Metafile['outputs'][string]]): boolean =>
      path.replace(/-\w+\.js$/, '') === file && exports.includes('part');
    const [found] = Object.entries(metafile.outputs).find(isIt) ?? [];
    if (found === undefined) throw new Error(`${file} does not have the part ${name}`);
    writeFileSync(join(outdir, `parts/${name}.js`), `export{part}from"../${found}";\n`);
    preload[`parts/${name}.js`] = [found, ...loadedWith(metafile, found)];
  }
  writeFileSync(join(outdir, 'preload.json'), `${JSON.stringify(preload, null, 2)}\n`);
  return metafile;
}

/** The files that a file loads with itself, without it. */
function loadedWith({ outputs }: Metafile, entry: string): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) found.add(path);
    }
  }
  return [...found].slice(1);
}
