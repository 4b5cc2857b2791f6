/**
 * What the pages load that `bench/browser.ts` times. In: nothing. Out: folders in `.cache/bench/browser`:
 * - `gangway/`: the browser builds, for pages without a bundler;
 * - `compiled/`: what `gangway compile` writes;
 * - `bundled/`: the same two as esbuild makes them with no options but the usual ones, in a folder each.
 *
 * Run as a process of its own, for the reason that `drivers/prepare.ts` says.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from '@gangway/cli';
import { build } from 'esbuild';
import { buildForBrowsers } from '../../scripts/browser-build.ts';
import { preparedFile } from '../drivers/prepare.ts';

const output = new URL('../../.cache/bench/browser/', import.meta.url);

/** Path of a folder or a file. */
export const sitePath = (name: string): string => fileURLToPath(new URL(name, output));

/** Makes it, in a process of its own, from the component of `drivers/prepare.ts`. */
export function makeSite(): void {
  execFileSync(process.execPath, ['--no-warnings', import.meta.filename], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function make(): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  await buildForBrowsers(sitePath('gangway'));

  let errors = '';
  const io = { out: () => {}, err: (text: string) => void (errors += text) } as unknown as Parameters<typeof main>[1];
  const component = fileURLToPath(preparedFile('calls.component.wasm'));
  const code = await main(['compile', '--name', 'calls', '-o', sitePath('compiled'), component], io);
  if (code !== 0) throw new Error(`gangway compile: ${errors}`);

  const sources = fileURLToPath(import.meta.resolve('@gangway/host'));
  await bundle('direct', `export { instantiateStreaming } from ${JSON.stringify(sources)};`);
  await bundle('ahead', `export { instantiate } from ${JSON.stringify(sitePath('compiled/calls.js'))};`);
  for (const file of readdirSync(sitePath('compiled'))) {
    if (/\.(wasm|json)$/.test(file)) cpSync(sitePath(`compiled/${file}`), sitePath(`bundled/ahead/${file}`));
  }
}

async function bundle(name: string, source: string): Promise<void> {
  const file = sitePath(`${name}.js`);
  writeFileSync(file, source);
  await build({
    entryPoints: [file],
    outdir: sitePath(`bundled/${name}`),
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    nodePaths: [fileURLToPath(new URL('../node_modules', import.meta.url))],
    external: ['binaryen', 'wabt', '@webassemblyjs/wasm-parser'],
    logLevel: 'warning',
  });
}

if (import.meta.main) await make();
