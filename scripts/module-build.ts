/**
 * A package as bundlers want it. In: its folder. Out: in `dist`, an ES module for every source, with source maps. Bundlers drop a
 * file of which nothing is used; in one that is used they keep whatever could do something, as classes may that are written for a
 * fast start (start-functions/): the smaller the files, the less is kept.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { builtFrom } from './source-digest.ts';
import { startFunctionsPlugin } from './start-functions/plugin.ts';

/** An import of a source, as esbuild writes it. What it becomes is as long, so that source maps stay true. */
const imported = /((?:\bfrom|\bimport) ?\(?"\.[^"\n]*)\.ts"/g;

/** Rejects with what esbuild says. */
export async function buildModules(directory: string): Promise<void> {
  const sources = readdirSync(join(directory, 'src'), { recursive: true, encoding: 'utf8' });
  const { outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: sources.filter((path) => /(?<!\.d)\.ts$/.test(path)).map((path) => join('src', path)),
    outbase: 'src',
    outdir: 'dist',
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    define: builtFrom,
    plugins: [startFunctionsPlugin],
    sourcemap: true,
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.js') ? text.replace(imported, '$1.js"') : text);
  }
}
