/**
 * The smoke suite as scripts that an engine can run. In: a folder, and a kind of engine. Out: a script in it that prints
 * one JSON value, or for workers answers a request with it.
 */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Io, main } from '@gangway/cli';
import { gangway } from '@gangway/esbuild-plugin';
import { build } from 'esbuild';
import { installHost } from '../../scripts/node-build.ts';
import { makeComponents } from '../browser/support/components.ts';
import type { Check } from './smoke.ts';

/** What a script says. */
export interface SmokeReport {
  /** Compiled where it runs; null where that is not allowed. */
  readonly compiled: readonly Check[] | null;
  /** Compiled by the plugin for esbuild. */
  readonly stored: readonly Check[];
  /** Compiled by `gangway compile`. */
  readonly written: readonly Check[];
  readonly features: Readonly<Record<string, boolean>>;
}

/** What compiled components import. */
const hostEntries: readonly string[] = [
  'runtime',
  'helpers',
  ...['context-slots', 'core-modules', 'fallback', 'resources', 'unsupported'].map((part) => `parts/${part}`),
].map((name) => `@gangway/host/${name}`);

const names = ['echo', 'log', 'linked', 'counter'] as const;
const smoke = fileURLToPath(new URL('smoke.ts', import.meta.url));

/** The suite against components of the build. */
const stored = `
  ${names.map((name) => `import * as ${name} from './${name}.wasm?component';`).join('\n')}
  import { engineFeatures, smoke } from ${JSON.stringify(smoke)};
  const components = { ${names.join(', ')} };
  export const stored = () => smoke((name, imports) => components[name].instantiate(imports));
  export { engineFeatures };`;

/** The suite against components that are compiled on the spot. */
const compiled = `
  ${names.map((name) => `import ${name} from './${name}.wasm';`).join('\n')}
  import { compile, instantiate } from '@gangway/host';
  import { smoke } from ${JSON.stringify(smoke)};
  const components = { ${names.join(', ')} };
  export const compiled = () => smoke(async (name, imports) => instantiate(await compile(components[name]), imports));`;

/** The suite against what `gangway compile` has written; `ending` is that of the entries. */
const written = (ending: string): string => `
  ${names.map((name) => `import * as ${name} from './${name}${ending}';`).join('\n')}
  import { smoke } from ${JSON.stringify(smoke)};
  const components = { ${names.join(', ')} };
  export const written = () => smoke((name, imports) => components[name].instantiate(imports));`;

const program = `
  import { compiled } from './compiled.js';
  import { engineFeatures, stored } from './stored.js';
  import { written } from './written.js';
  const report = { compiled: await compiled(), stored: await stored(), written: await written() };
  console.log(JSON.stringify({ ...report, features: engineFeatures() }));`;

const worker = `
  import { engineFeatures, stored } from './stored.js';
  import { written } from './written.js';
  export default {
    async fetch() {
      const report = { compiled: null, stored: await stored(), written: await written() };
      return Response.json({ ...report, features: engineFeatures() });
    },
  };`;

/**
 * Writes the script, `main.js`, and what belongs to it into `folder`. `installed`: a program that finds the host in `node_modules`, in
 * the build for Node.
 */
export async function bundleSmoke(folder: string, kind: 'program' | 'worker' | 'installed'): Promise<void> {
  // Apart from the scripts: workers may not even load a component.
  const sources = join(folder, 'components');
  mkdirSync(sources, { recursive: true });
  const components = await makeComponents();
  for (const name of names) writeFileSync(join(sources, `${name}.wasm`), components.get(name) as Uint8Array);
  const common = {
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
    // Only `codegen: 'binaryen'` and the inspector load these.
    external: ['binaryen', 'wabt', '@webassemblyjs/*', 'node:*', ...(kind === 'installed' ? ['@gangway/host'] : [])],
  } as const;
  // Resolved from here: the folder may be anywhere.
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const from = (contents: string): { contents: string; resolveDir: string } => ({
    contents: contents.replaceAll(/from '\.\/([\w.]+\.(?:wasm|js))/g, `from '${sources}/$1`),
    resolveDir,
  });
  const own = { modules: kind === 'worker' ? ('import' as const) : ('inline' as const) };
  await build({
    ...common,
    external: [...common.external],
    stdin: from(stored),
    outfile: 'stored.js',
    plugins: [gangway(own)],
  });
  await writeCompiled(folder, sources);
  await build({
    ...common,
    // The files that the entries name lie beside the bundle as well.
    external: [...common.external, './*.wasm'],
    // What is written imports the host; the folder that it was written into has no packages.
    alias:
      kind === 'installed'
        ? {}
        : Object.fromEntries(hostEntries.map((name) => [name, fileURLToPath(import.meta.resolve(name))])),
    stdin: from(written(kind === 'worker' ? '.workerd.js' : '.js')),
    outfile: 'written.js',
  });
  if (kind === 'installed') await installHost(folder);
  if (kind !== 'worker') {
    const loader = { '.wasm': 'binary' } as const;
    await build({ ...common, external: [...common.external], stdin: from(compiled), outfile: 'compiled.js', loader });
  }
  writeFileSync(join(folder, 'main.js'), kind === 'worker' ? worker : program);
}

/** `gangway compile` of every component into `sources`; the files that are loaded at run time also into `folder`. */
async function writeCompiled(folder: string, sources: string): Promise<void> {
  let said = '';
  const text = (more: string): void => void (said += more);
  const io: Io = { out: text, err: text, guest: { stdin: '', stdout: 'inherit', stderr: 'inherit' } };
  for (const name of names) {
    const code = await main(['compile', '-o', sources, join(sources, `${name}.wasm`)], io);
    if (code !== 0) throw new Error(said);
  }
  for (const file of readdirSync(sources)) {
    if (/\.[\w-]+\.wasm$|\.plan\.json$/.test(file)) copyFileSync(join(sources, file), join(folder, file));
  }
}
