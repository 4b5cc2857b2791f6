/**
 * Builds what is published: for each package `dist/` with one ES module a public entry (esbuild, source maps, shared
 * chunks), for the host one a source, and declarations (tsc). Functions that run at a start are written so that engines compile them at once
 * (start-functions/), but in the browser builds: there bytes count more, and browsers keep compiled code by themselves.
 * Nothing in the workspace needs it: packages resolve to their sources here.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildForBrowsers, onDemandFiles } from './browser-build.ts';
import { type Layer, mergedBuild } from './merged-build.ts';
import { buildModules } from './module-build.ts';
import { buildForNode } from './node-build.ts';
import { builtFrom } from './source-digest.ts';
import { startFunctionsPlugin } from './start-functions/plugin.ts';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/**
 * By folder: files that are loaded together, see the option of mergedBuild. Of a program a start takes one path; what entries share
 * would be what any of its commands takes.
 */
const layers: Readonly<Record<string, Readonly<Record<string, Layer>>>> = {
  cli: {
    program: { of: ['src/program.ts'] },
    run: { of: ['src/actions/run.ts'] },
    invoke: { of: ['src/invoke.ts'] },
    wast: { of: ['src/wast/command.ts'] },
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const types = join(root, '.cache/types');

console.log('declarations …');
rmSync(types, { recursive: true, force: true });
// One program for all packages: their sources import each other, and tsc writes a file only once.
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });

for (const folder of readdirSync(join(root, 'packages')).sort()) {
  const directory = join(root, 'packages', folder);
  if (!existsSync(join(directory, 'package.json'))) continue;
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  if (manifest.private === true) continue;
  const paths = [...Object.values(manifest.exports), ...Object.values(manifest.bin ?? {})];
  // What has declarations only is published as it stands.
  const entries = [...new Set(paths)].filter((path) => !path.endsWith('.d.ts'));
  const dist = join(directory, 'dist');
  rmSync(dist, { recursive: true, force: true });
  if (folder === 'host') await buildModules(directory);
  else
    await mergedBuild({
      absWorkingDir: directory,
      entryPoints: entries,
      outdir: 'dist',
      outbase: 'src',
      ...onDemandFiles,
      // Bundlers take whatever can be reached: what runs components must not be one file with what compiles them.
      together: onDemandFiles.together.filter((file) => file !== 'src/parts/front-end.ts'),
      layers: layers[folder],
      platform: 'neutral',
      target: 'es2024',
      // Dependencies stay imports; only the package's own files are bundled.
      packages: 'external',
      define: builtFrom,
      external: ['node:*'],
      plugins: [startFunctionsPlugin],
      sourcemap: true,
      logLevel: 'warning',
    });
  cpSync(join(types, folder, 'src'), dist, { recursive: true });
  console.log(`${manifest.name}: ${entries.length} entries`);
}

await buildForBrowsers(join(root, 'packages/host/dist/browser'));
console.log('@gangway/host: browser builds');
await buildForNode(join(root, 'packages/host/dist/node'));
console.log('@gangway/host: Node build');
