/**
 * What the cold-start benchmark makes before anything is timed. In: the two components, a folder. Out, in the folder:
 * - `scalars/calls.js`, `hello/main.js`: what `gangway compile` writes, bundled with the part of the host that runs it;
 * - `jco-scalars/`, `jco-hello/`: what jco transpiles;
 * - `store/`: entries of a code cache;
 * - `hello-imports.json`: the names of what the program imports.
 */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transpile } from '@bytecodealliance/jco';
import { main } from '@gangway/cli';
import { compile, Engine } from '@gangway/host';
import { directoryCache } from '@gangway/host/node-cache';
import { bundle } from './bundle.ts';
import { storeFolder } from './store.ts';

export interface Components {
  /** Paths. */
  readonly scalars: string;
  readonly hello: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

export async function prepare(paths: Components, read: (path: string) => Bytes, folder: URL): Promise<void> {
  const path = (name: string): string => fileURLToPath(new URL(name, folder));
  mkdirSync(folder, { recursive: true });

  const engine = new Engine({ codegen: 'direct', cache: directoryCache(storeFolder(folder)) });
  await compile(read(paths.scalars), { engine });
  const program = await compile(read(paths.hello), { engine });
  writeFileSync(path('hello-imports.json'), JSON.stringify(program.imports.map(({ name }) => name)));

  await bundled(paths.scalars, path('compiled-scalars'), path('scalars'), 'calls.js', '');
  const wasi = JSON.stringify(fileURLToPath(import.meta.resolve('@gangway/wasi')));
  const source = `export { compile } from './hello.js';\nexport { runCommand } from ${wasi};\n`;
  await bundled(paths.hello, path('compiled-hello'), path('hello'), 'main.js', source);

  await transpiled(read(paths.scalars), 'calls', path('jco-scalars'));
  await transpiled(read(paths.hello), 'hello', path('jco-hello'));
}

/** `entry`: the file that is bundled; `source`: what it says, if it is not written by the compiler itself. */
async function bundled(
  component: string,
  compiled: string,
  output: string,
  entry: string,
  source: string,
): Promise<void> {
  let errors = '';
  const io = { out: () => {}, err: (text: string) => void (errors += text) };
  const code = await main(['compile', '-o', compiled, component], io as unknown as Parameters<typeof main>[1]);
  if (code !== 0) throw new Error(`gangway compile: ${errors}`);
  if (source !== '') writeFileSync(`${compiled}/${entry}`, source);
  await bundle({ [entry.replace('.js', '')]: `${compiled}/${entry}` }, output);
  for (const file of readdirSync(compiled)) {
    if (/\.(wasm|json)$/.test(file)) cpSync(`${compiled}/${file}`, `${output}/${file}`);
  }
}

async function transpiled(bytes: Bytes, name: string, output: string): Promise<void> {
  const options = { name, instantiation: 'async', noTypescript: true } as const;
  const { files } = await transpile(bytes, options as unknown as Parameters<typeof transpile>[1]);
  mkdirSync(output, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    if (!file.includes('/') && !file.endsWith('.d.ts')) writeFileSync(`${output}/${file}`, content as Uint8Array);
  }
}
