/**
 * Builds the inspector as static files. In: where to. Out: a page, its modules, its worker, and the example components; nothing of it
 * is fetched from elsewhere, so the folder works offline, behind any server of files.
 *
 * wabt is bundled into a chunk that is loaded when the first text is wanted. Of it and of the shim, what is Node's is
 * never reached in a page.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const here = fileURLToPath(new URL('..', import.meta.url));
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Components that the page offers, by file name in `examples/`. */
export const exampleFiles: Readonly<Record<string, string>> = {
  'hello.wasm': `${repository}examples/hello-c/hello.wasm`,
  'calculator.wasm': `${repository}examples/compose/calculator.wasm`,
  'adder.wasm': `${repository}examples/compose/adder.wasm`,
  ...Object.fromEntries(
    ['scalars', 'strings', 'counter', 'two-components', 'overdrawn'].map((name) => [
      `${name}.wasm`,
      `${here}examples/${name}.wasm`,
    ]),
  ),
};

const nodeModules: Plugin = {
  name: 'node-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?(fs|path|crypto)$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

/** Where `buildInspector` writes when it is not told. */
export const defaultOutput = `${here}dist`;

export async function buildInspector(outdir: string = defaultOutput): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(`${outdir}/examples`, { recursive: true });
  await build({
    absWorkingDir: here,
    entryPoints: { main: 'src/main.ts', worker: 'src/run/worker.ts' },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // Back ends of the code generator that a page does not ask for.
    external: ['binaryen', '@webassemblyjs/wasm-parser'],
    plugins: [nodeModules],
    sourcemap: true,
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'style.css']) cpSync(`${here}src/view/${file}`, `${outdir}/${file}`);
  for (const [name, path] of Object.entries(exampleFiles)) cpSync(path, `${outdir}/examples/${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildInspector();
  console.log(`the inspector is in ${defaultOutput}`);
}
