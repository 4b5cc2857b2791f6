/**
 * The host as `npm install` brings it, for programs that are not bundled. In: a folder, what `gangway compile` has written, and the
 * path of the component. Out, in the folder: `child.js`, the fresh process of the scalars component; `node_modules/@gangway/host`;
 * `prepared/`, where that process finds the component that was compiled ahead of time, and the cache that has it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { installHost } from '../../scripts/node-build.ts';
import { storeFolder } from './store.ts';

export async function install(folder: string, compiled: string, component: string): Promise<void> {
  await installHost(folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  cpSync(compiled, join(folder, 'prepared/scalars'), { recursive: true });
  // The program is the bundles' own; only the packages stay where they are.
  await build({
    entryPoints: { child: fileURLToPath(new URL('scalars-child.ts', import.meta.url)) },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2024',
    packages: 'external',
    logLevel: 'warning',
  });
  // Keys have the build in them: only it can fill its cache.
  const fill = `
    import { readFileSync } from 'node:fs';
    import { compile, Engine } from '@gangway/host/compile';
    import { directoryCache } from '@gangway/host/node-cache';
    const cache = directoryCache(new URL(${JSON.stringify(storeFolder(pathToFileURL(join(folder, 'prepared/'))).href)}));
    await compile(readFileSync(${JSON.stringify(component)}), { engine: new Engine({ codegen: 'direct', cache }) });`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', fill], { cwd: folder });
}
