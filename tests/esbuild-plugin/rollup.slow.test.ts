/** Bundles with components in them: built by Vite and by Rollup, and run in processes of their own; Vite's development server. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gangway } from '@gangway/esbuild-plugin/rollup';
import { transform } from 'esbuild';
import { type Plugin, rollup } from 'rollup';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createServer, type PluginOption, build as viteBuild } from 'vite';
import { assemble } from '../support/assemble.ts';
import { welcomer } from '../support/component-pair.ts';
import { adapted, greeter } from '../support/greeter.ts';

const exec = promisify(execFile);
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
mkdirSync(cache, { recursive: true });
const home = mkdtempSync(join(cache, 'rollup-plugin-'));
test.after(() => rmSync(home, { recursive: true, force: true }));

async function project(name: string): Promise<string> {
  const folder = mkdtempSync(join(home, `${name}-`));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'greet.component.wasm'), await assemble(greeter()));
  writeFileSync(join(folder, 'adapted.component.wasm'), await assemble(adapted));
  writeFileSync(
    join(folder, 'main.js'),
    `import { greet } from './greet.component.wasm';
     import { twice } from './adapted.component.wasm';
     import { instantiate } from './greet.component.wasm?component';
     const other = await instantiate({ log: (text) => console.log('other', text) });
     console.log(greet('Ada'), twice.twiceOf(21), other.exports.greet('Bo'));`,
  );
  writeFileSync(join(folder, 'log.js'), `export const log = (message) => console.log('log: ' + message);`);
  return folder;
}

const imports = { log: './log.js' };

async function run(file: string): Promise<string[]> {
  return (await exec(process.execPath, [file])).stdout.trim().split('\n').sort();
}
const lines = ['hello, Ada 42 hello, Bo', 'log: hello, Ada', 'other hello, Bo'];

/** What a project with Rollup has plugins of its own for: packages, and TypeScript, which they are in this workspace. */
const workspace: Plugin = {
  name: 'workspace',
  resolveId(source, importer) {
    if (!source.startsWith('@gangway/') || importer === undefined) return null;
    return fileURLToPath(import.meta.resolve(source, `file://${importer}`));
  },
  async transform(code, id) {
    return id.endsWith('.ts') ? (await transform(code, { loader: 'ts', format: 'esm' })).code : null;
  },
};

const forbidden =
  /component\/src\/(binary|validate|translate)\/|binaryen|wabt|adapter-codegen\/src\/(?!emitted|builtins)/;

test('Vite builds for servers, with core modules inside', async () => {
  const root = await project('vite-server');
  const plugin: PluginOption = gangway({ imports });
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { ssr: 'main.js', outDir: 'out', target: 'es2022' },
    ssr: { noExternal: true },
    plugins: [plugin],
  });
  assert.equal(await run(join(root, 'out/main.js')), lines);
});

test('Vite and Rollup link in what a component instantiates and imports', async () => {
  const root = await project('linked');
  writeFileSync(join(root, 'welcome.component.wasm'), await assemble(welcomer));
  writeFileSync(
    join(root, 'main.js'),
    `import { welcome } from './welcome.component.wasm';
     import { greet } from './greet.component.wasm';
     console.log(welcome('Ada'), greet('Bo'));`,
  );
  const linking = { ...imports, greeter: './greet.component.wasm' };
  const said = ['hello, hello, Ada hello, Bo', 'log: hello, Ada', 'log: hello, Bo', 'log: hello, hello, Ada'];
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { ssr: 'main.js', outDir: 'vite', target: 'es2022' },
    ssr: { noExternal: true },
    plugins: [gangway({ imports: linking }) as PluginOption],
  });
  assert.equal(await run(join(root, 'vite/main.js')), said);
  const bundle = await rollup({
    input: join(root, 'main.js'),
    plugins: [gangway({ imports: linking, root }), workspace],
    onwarn: () => undefined,
  });
  assert.ok(bundle.watchFiles.includes(join(root, 'greet.component.wasm')));
  await bundle.write({ dir: join(root, 'rollup'), format: 'es' });
  await bundle.close();
  assert.equal(await run(join(root, 'rollup/main.js')), said);
  const unmapped = await rollup({
    input: join(root, 'main.js'),
    plugins: [gangway({ imports, root }), workspace],
  }).then(
    () => 'it was built',
    (error: Error) => error.message,
  );
  assert.match(unmapped, /imports as "greeter": map that name to a component/);
});

test('Vite builds for pages, with core modules as assets', async () => {
  const root = await project('vite-page');
  writeFileSync(join(root, 'index.html'), '<script type="module" src="./main.js"></script>');
  const built = await viteBuild({
    root,
    // So that Node can run it as well: addresses start at the script.
    base: './',
    configFile: false,
    logLevel: 'silent',
    // Small assets would be written into the script.
    build: { outDir: 'out', target: 'es2022', assetsInlineLimit: 0, modulePreload: false },
    plugins: [gangway({ imports })],
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as {
    output: readonly { fileName: string; moduleIds?: readonly string[] }[];
  };
  assert.ok(output.filter(({ fileName }) => fileName.endsWith('.wasm')).length >= 5);
  assert.equal(
    output.flatMap(({ moduleIds = [] }) => moduleIds).filter((id) => forbidden.test(id)),
    [],
  );
  const script = output.find(({ fileName }) => fileName.endsWith('.js'))?.fileName as string;
  assert.not.match(readFileSync(join(root, 'out', script), 'utf8'), /['"]node:/);
  renameSync(join(root, 'out', script), join(root, 'out', script.replace(/\.js$/, '.mjs')));
  assert.equal(await run(join(root, 'out', script.replace(/\.js$/, '.mjs'))), lines);
});

test('the development server of Vite serves modules that hold everything', async () => {
  const root = await project('vite-dev');
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    server: { middlewareMode: true, ws: false },
    ssr: { noExternal: true },
    plugins: [gangway({ imports })],
  });
  try {
    const loaded = (await server.ssrLoadModule(join(root, 'greet.component.wasm'))) as {
      greet(name: string): string;
    };
    assert.is(loaded.greet('Ada'), 'hello, Ada');
  } finally {
    await server.close();
  }
});

/** Node imports a core module as an instance; workerd, as here, as a `WebAssembly.Module`. */
const asModules = `import { registerHooks } from 'node:module';
  import { readFileSync } from 'node:fs';
  registerHooks({
    load: (url, context, next) => url.endsWith('.wasm')
      ? { format: 'module', shortCircuit: true, source: 'import { readFileSync } from "node:fs"; export default new WebAssembly.Module(readFileSync(new URL(import.meta.url)));' }
      : next(url, context),
  });`;

test('Rollup and Vite build with core modules that are imported', async () => {
  for (const bundler of ['rollup', 'vite'] as const) {
    const root = await project(`import-${bundler}`);
    const plugin = gangway({ imports, root, modules: 'import' });
    const outDir = join(root, 'out');
    if (bundler === 'rollup') {
      const bundle = await rollup({
        input: join(root, 'main.js'),
        plugins: [plugin, workspace],
        external: [/^node:/],
        onwarn: () => undefined,
      });
      await bundle.write({
        dir: outDir,
        format: 'es',
        entryFileNames: 'js/[name].js',
        chunkFileNames: 'js/[name]-[hash].js',
      });
      await bundle.close();
    } else {
      await viteBuild({
        root,
        logLevel: 'silent',
        configFile: false,
        plugins: [plugin],
        build: {
          outDir,
          target: 'es2022',
          modulePreload: false,
          rolldownOptions: {
            input: join(root, 'main.js'),
            output: { entryFileNames: 'js/[name].js', chunkFileNames: 'js/[name]-[hash].js' },
          },
        },
      });
    }
    const main = join(outDir, 'js/main.js');
    assert.match(
      readFileSync(main, 'utf8'),
      /from ?"\.\.\/assets\/greet\.component\.core0-[\w-]+\.wasm"|from '\.\.\/assets\/greet\.component\.core0-[\w-]+\.wasm'/,
    );
    assert.not.match(readFileSync(main, 'utf8'), /gangway-file:/);
    writeFileSync(join(root, 'hook.mjs'), asModules);
    const { stdout } = await exec(process.execPath, [
      '--no-warnings',
      '--import',
      `file://${join(root, 'hook.mjs')}`,
      main,
    ]);
    assert.equal(stdout.trim().split('\n').sort(), lines, bundler);
  }
});

test('Rollup builds, with core modules beside the bundle or in it', async () => {
  for (const modules of ['file', 'inline'] as const) {
    const root = await project(`rollup-${modules}`);
    const warnings: string[] = [];
    const bundle = await rollup({
      input: join(root, 'main.js'),
      plugins: [gangway({ imports, root, modules }), workspace],
      onwarn: (warning) => warnings.push(warning.message),
    });
    assert.ok(bundle.watchFiles.includes(join(root, 'greet.component.wasm')));
    const { output } = await bundle.write({ dir: join(root, 'out'), format: 'es' });
    const used = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    assert.equal(
      used.filter((id) => forbidden.test(id)),
      [],
    );
    await bundle.close();
    const files = readdirSync(join(root, 'out'), { recursive: true, encoding: 'utf8' });
    assert.is(
      files.some((file) => file.endsWith('.wasm')),
      modules === 'file',
    );
    assert.equal(await run(join(root, 'out/main.js')), lines);
    assert.equal(
      warnings.filter((text) => !/circular/i.test(text)),
      [],
    );
  }
});

test.run();
