/**
 * What the pages load. In: page modules and test files. Out: the browser builds of `@gangway/host`, and one module a page.
 *
 * Page modules import `@gangway/host` from the browser builds, as a page without a bundler does. Modules of the second
 * kind are bundled with the sources of all packages: they test inner parts, or errors of two packages.
 */
import { fileURLToPath } from 'node:url';
import { gangway } from '@gangway/esbuild-plugin';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { buildForBrowsers } from '../../../scripts/browser-build.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const tests = fileURLToPath(new URL('../..', import.meta.url));
const exampleFolder = fileURLToPath(new URL('../../../examples/esbuild-bundle', import.meta.url));

/** The folder of one browser's builds; two processes must not write into the same. */
export function outputOf(browser: string): string {
  return fileURLToPath(new URL(`../../../.cache/browser-tests/${browser}`, import.meta.url));
}

/** Node's part of test files, and the runner. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve({ filter: /^uvu$/ }, () => ({ path: `${here}shims/uvu.ts` }));
    onResolve({ filter: /^@bytecodealliance\/jco$/ }, () => ({ path: `${here}shims/jco.ts` }));
    // What `gangway compile` writes is not made in pages.
    onResolve({ filter: /\/ahead-of-time\.ts$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /^node:(fs|v8|vm|util)$/ }, () => ({ path: `${here}shims/node.ts` }));
  },
};

const browserBuilds: Plugin = {
  name: 'browser-builds',
  setup({ onResolve }) {
    onResolve({ filter: /^@gangway\/host(\/|$)/ }, ({ path }) => ({
      path: `/gangway/${path.split('/')[2] ?? 'index'}.js`,
      external: true,
    }));
  },
};

/** Test files of Node's suite that need nothing but a JavaScript engine and the assembler. */
export const unitFiles: readonly string[] = [
  'host/compile/compile.test.ts',
  'host/instance/exports-object.test.ts',
  'host/link/linker.test.ts',
  'host/resources.test.ts',
  'host/store/store.test.ts',
  'host/traps.test.ts',
  'host/abi/arguments.test.ts',
  'host/abi/traps.test.ts',
  'host/call/export-call.test.ts',
  'host/call/lowering-callee.test.ts',
  'host/polyfill/draft-values.test.ts',
  'host/polyfill/draft-api.test.ts',
  'vmctx/handle-table.test.ts',
];

/** Where a page finds the bundle of a test file. */
export const unitUrl = (file: string): string => `/pages/${file.replace(/\.ts$/, '.js')}`;

/** Modules that are bundled with the sources of the packages. */
const bundled: readonly string[] = ['browser/pages/scripts.ts', ...unitFiles];
/** Modules that use the browser builds. */
const plain: readonly string[] = [
  'unit',
  'values',
  'policy',
  'streaming',
  'polyfill',
  'draft',
  'worker',
  'in-worker',
  'cache',
  'cache-worker',
].map((name) => `browser/pages/${name}.ts`);

export async function buildPages(outdir: string): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: tests,
    outdir: `${outdir}/pages`,
    outbase: tests,
    bundle: true,
    // Names of classes are part of some messages.
    keepNames: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    external: ['binaryen', 'wabt', '@webassemblyjs/wasm-parser'],
    logLevel: 'warning',
  };
  await Promise.all([
    buildForBrowsers(`${outdir}/gangway`),
    build({ ...common, entryPoints: [...bundled], plugins: [standIns] }),
    build({ ...common, entryPoints: [...plain], plugins: [standIns, browserBuilds] }),
    build({
      ...common,
      entryPoints: ['browser/pages/ahead.ts'],
      chunkNames: 'ahead-[hash]',
      assetNames: 'ahead-[name]-[hash]',
      plugins: [standIns, gangway({ root: exampleFolder, imports: { log: './log.ts' } })],
    }),
  ]);
}
