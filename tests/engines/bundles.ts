/**
 * The smoke suite as scripts that an engine can run. In: a folder, and a kind of engine. Out: a script in it that prints
 * one JSON value, or for workers answers a request with it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gangway } from '@gangway/esbuild-plugin';
import { build } from 'esbuild';
import { makeComponents } from '../browser/support/components.ts';
import type { Check } from './smoke.ts';

/** What a script says. */
export interface SmokeReport {
  /** Compiled where it runs; null where that is not allowed. */
  readonly compiled: readonly Check[] | null;
  /** Compiled by the plugin for esbuild. */
  readonly stored: readonly Check[];
  readonly features: Readonly<Record<string, boolean>>;
}

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

const program = `
  import { compiled } from './compiled.js';
  import { engineFeatures, stored } from './stored.js';
  console.log(JSON.stringify({ compiled: await compiled(), stored: await stored(), features: engineFeatures() }));`;

const worker = `
  import { engineFeatures, stored } from './stored.js';
  export default {
    async fetch() {
      return Response.json({ compiled: null, stored: await stored(), features: engineFeatures() });
    },
  };`;

/** Writes the script, `main.js`, and what belongs to it into `folder`. */
export async function bundleSmoke(folder: string, kind: 'program' | 'worker'): Promise<void> {
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
    external: ['binaryen', 'wabt', '@webassemblyjs/*', 'node:*'],
  } as const;
  // Resolved from here: the folder may be anywhere.
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const from = (contents: string): { contents: string; resolveDir: string } => ({
    contents: contents.replaceAll(/from '\.\/(\w+\.(?:wasm|js))/g, `from '${sources}/$1`),
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
  if (kind === 'program') {
    const loader = { '.wasm': 'binary' } as const;
    await build({ ...common, external: [...common.external], stdin: from(compiled), outfile: 'compiled.js', loader });
  }
  writeFileSync(join(folder, 'main.js'), kind === 'program' ? program : worker);
}
