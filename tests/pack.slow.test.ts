/**
 * What is published: every package built, packed as it would be for the registry, installed into a project outside the
 * workspace, and used there from Node, TypeScript, esbuild, Vite and the command line.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from './support/assemble.ts';
import { adapted, greeter } from './support/greeter.ts';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'gangway-pack-'));
const tarballs = join(home, 'tarballs');
const project = join(home, 'project');
test.after(() => rmSync(home, { recursive: true, force: true }));

interface Manifest {
  readonly name: string;
  readonly version: string;
  /** By name, then by condition. */
  readonly exports: Readonly<Record<string, { readonly [condition: string]: string | undefined }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly sideEffects: boolean | readonly string[];
}

const folders = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);
/** By package name: its tarball. */
const packed = new Map<string, string>();
const names = folders.flatMap((folder) => {
  const { name, private: hidden } = JSON.parse(
    readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
  ) as { name: string; private?: boolean };
  return hidden === true ? [] : [{ folder, name }];
});

/** The output of a program; what it printed is the message when it fails. */
async function output(file: string, args: readonly string[], cwd = project): Promise<string> {
  try {
    return (await exec(file, args, { cwd, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`);
  }
}
const node = (...args: readonly string[]): Promise<string> => output(process.execPath, args);
const program = (name: string, ...args: readonly string[]): Promise<string> =>
  output(join(project, 'node_modules/.bin', name), args);

function write(name: string, text: string | Uint8Array): void {
  const file = join(project, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function installed(name: string): { readonly folder: string; readonly manifest: Manifest } {
  const folder = join(project, 'node_modules', name);
  return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest };
}

test('packages are built, packed and installed', async () => {
  await output(process.execPath, ['scripts/build.ts'], root);
  mkdirSync(tarballs, { recursive: true });
  mkdirSync(project, { recursive: true });
  for (const { folder, name } of names) {
    const args = ['-y', 'pnpm@12', 'pack', '--json', '--pack-destination', tarballs];
    const { stdout } = await exec('npx', args, { cwd: join(root, 'packages', folder) });
    const { filename } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { filename: string };
    packed.set(name, join(tarballs, filename.slice(filename.lastIndexOf('/') + 1)));
  }
  // The tools in the versions that the workspace has.
  const version = (tool: string): string => {
    const require = createRequire(new URL(tool === 'vite' ? 'package.json' : '../package.json', import.meta.url));
    return (JSON.parse(readFileSync(join(toolFolder(require, tool), 'package.json'), 'utf8')) as Manifest).version;
  };
  const tools = ['typescript', 'esbuild', 'vite', '@types/node'].map((tool) => [tool, version(tool)] as const);
  const own = [...packed].map(([name, file]) => [name, `file:${file}`] as const);
  const manifest = {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries([...own, ...tools]),
    // Packages name each other by version, which the registry does not have.
    overrides: Object.fromEntries(own.map(([name]) => [name, `$${name}`])),
    gangway: { imports: { log: './log.js' } },
  };
  write('package.json', JSON.stringify(manifest, null, 2));
  await output('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);

  assert.is(packed.size, names.length);

  write('greet.component.wasm', await assemble(greeter()));
  write('adapted.component.wasm', await assemble(adapted));
  write('log.js', `export const log = (message) => console.log('log: ' + message);`);
  write(
    'app.js',
    `import { greet } from './greet.component.wasm';
     import { twice } from './adapted.component.wasm';
     console.log(greet('Ada'), twice.twiceOf(21));`,
  );
});

function toolFolder(require: NodeJS.Require, tool: string): string {
  for (const folder of require.resolve.paths(tool) ?? []) {
    if (existsSync(join(folder, tool, 'package.json'))) return join(folder, tool);
  }
  throw new Error(`${tool} is not installed`);
}

const expected = 'log: hello, Ada\nhello, Ada 42\n';

test('manifests say what a registry can do with, and every file that they name is there', () => {
  for (const { name } of names) {
    const { folder, manifest } = installed(name);
    // `sideEffects` names the sources as well, for the workspace.
    const text = JSON.stringify({ ...manifest, devDependencies: {}, sideEffects: [] });
    assert.not.match(text, /workspace:|catalog:|"\.\/src\//, name);
    const files = Object.values(manifest.exports).flatMap((entry) => Object.values(entry));
    for (const file of [...files, ...Object.values(manifest.bin ?? {})]) {
      assert.ok(file !== undefined && existsSync(join(folder, file)), `${name}: ${file}`);
    }
    // The first one that TypeScript knows is taken, whatever it is.
    for (const entry of Object.values(manifest.exports)) assert.is(Object.keys(entry)[0], 'types');
    for (const file of Object.values(manifest.bin ?? {})) {
      assert.match(readFileSync(join(folder, file), 'utf8'), /^#!\/usr\/bin\/env node\n/);
    }
    assert.not.ok(existsSync(join(folder, 'src')), name);
  }
});

test('everything that is exported can be imported in Node', async () => {
  const specifiers = names.flatMap(({ name }) =>
    Object.entries(installed(name).manifest.exports)
      .filter(([, entry]) => entry['default'] !== undefined)
      .map(([path]) => name + path.slice(1)),
  );
  assert.ok(specifiers.includes('@gangway/host/runtime') && specifiers.length > 15, specifiers.join(' '));
  // wast-child is the program of a process and waits for messages.
  const plain = specifiers.filter((specifier) => !specifier.endsWith('/wast-child'));
  write('all.js', `${plain.map((specifier) => `import ${JSON.stringify(specifier)};`).join('\n')}\nconsole.log('ok');`);
  assert.is(await node('all.js'), 'ok\n');
});

test('Node compiles and runs a component', async () => {
  write(
    'run.js',
    `import { readFile } from 'node:fs/promises';
     import { Engine, compile, instantiate } from '@gangway/host';
     for (const codegen of ['direct', 'binaryen']) {
       const component = await compile(await readFile('greet.component.wasm'), { engine: new Engine({ codegen }) });
       const { exports } = await instantiate(component, { log: (text) => console.log('log: ' + text) });
       console.log(exports.greet('Ada'));
     }`,
  );
  assert.is(await node('run.js'), 'log: hello, Ada\nhello, Ada\n'.repeat(2));
});

test('Node imports components', async () => {
  assert.is(await node('--no-warnings', '--import', '@gangway/host/register', 'app.js'), expected);
});

/** Prints, at the end, which files of ours were loaded. */
const listing = `
  import { registerHooks } from 'node:module';
  const files = new Set();
  registerHooks({
    load(url, context, nextLoad) {
      const [, file] = /node_modules\\/(@gangway\\/.*)$/.exec(url) ?? [];
      if (file !== undefined) files.add(file);
      return nextLoad(url, context);
    },
  });
  process.on('exit', () => console.log([...files].sort().join('\\n')));`;

/** What a program printed, and the files of ours that it loaded, without hashes. */
async function listed(
  ...args: readonly string[]
): Promise<{ readonly said: string; readonly files: readonly string[] }> {
  const text = await node('--no-warnings', '--import', './listing.js', ...args);
  const files = text.match(/^@gangway\/.*$/gm) ?? [];
  return {
    said: text.replace(/^@gangway\/.*\n/gm, ''),
    files: files.map((file) => file.replace(/-[0-9a-f]{8}\.js$/, '.js')),
  };
}
const hostFile = (name: string): string => `@gangway/host/dist/node/${name}.js`;

test('Node loads few files of the host, and each class once', async () => {
  write('listing.js', listing);
  await program('gangway', 'compile', '-o', 'compiled', 'greet.component.wasm');
  write(
    'ahead.js',
    `import { instantiate } from './compiled/greet.js';
     const { exports } = await instantiate({ log: (text) => console.log('log: ' + text) });
     console.log(exports.greet('Ada'));`,
  );
  const greeting = 'log: hello, Ada\nhello, Ada\n';
  assert.equal(await listed('ahead.js'), { said: greeting, files: [hostFile('helpers'), hostFile('runtime')] });
  write(
    'direct.js',
    `import { readFile } from 'node:fs/promises';
     import { compile, instantiate } from '@gangway/host';
     const component = await compile(await readFile('greet.component.wasm'));
     const { exports } = await instantiate(component, { log: (text) => console.log('log: ' + text) });
     console.log(exports.greet('Ada'));`,
  );
  const direct = await listed('direct.js');
  assert.is(direct.said, greeting);
  assert.equal(direct.files, ['api', 'compiler', 'helpers', 'index'].map(hostFile));

  // Every way into the host in one process.
  write(
    'everything.js',
    `import * as all from '@gangway/host';
     import * as compiling from '@gangway/host/compile';
     import * as runtime from '@gangway/host/runtime';
     import { decode, DecodeError } from '@gangway/host/component';
     import { Linker } from '@gangway/host/linker';
     import { directoryCache } from '@gangway/host/node-cache';
     import { coreFiles } from '@gangway/host/bundling';
     import { installPolyfill } from '@gangway/host/install-polyfill';
     import '@gangway/host/parts';
     import { runCommand } from '@gangway/wasi';
     import { gangway } from '@gangway/esbuild-plugin';
     import { compile } from './compiled/greet.js';
     import { greet } from './greet.component.wasm';
     import { readFile } from 'node:fs/promises';
     for (const other of [compiling, runtime]) {
       for (const [name, value] of Object.entries(other)) if (value !== all[name]) throw new Error(name);
     }
     if (Linker !== all.Linker || DecodeError !== all.DecodeError) throw new Error('two copies');
     installPolyfill();
     const component = await compile();
     if (!(component instanceof all.Component)) throw new Error('compiled component');
     const { exports } = await all.instantiate(component, { log() {} });
     try { decode(new Uint8Array(8)); } catch (error) { console.log(error instanceof all.GangwayError, error.name); }
     await WebAssembly.compile(new Uint8Array(8)).catch((error) => console.log(error.name));
     const cached = await all.compile(await readFile('greet.component.wasm'), {
       engine: new all.Engine({ cache: directoryCache('cache', { sources: true }) }),
     });
     console.log(cached instanceof all.Component, typeof coreFiles, exports.greet('Ada'), greet('Bob'));
     const written = [];
     const { exitCode } = await runCommand(await all.compile(await readFile('hello.wasm')), {
       args: ['hello', '--clock'], stdout: (bytes) => written.push(bytes),
     });
     console.log(/clock/i.test(Buffer.concat(written).toString()));
     console.log(exitCode, typeof gangway);
     process.exit();`,
  );
  write('hello.wasm', readFileSync(join(root, 'examples/hello-c/hello.wasm')));
  const { said, files } = await listed('--import', '@gangway/host/register', 'everything.js');
  const lines = ['true DecodeError', 'CompileError', 'log: hello, Bob', 'true function hello, Ada hello, Bob', 'true'];
  assert.is(said, [...lines, '0 function', ''].join('\n'));
  const shared = files.filter((file) => !/^@gangway\/(wasi|esbuild-plugin)\//.test(file));
  assert.ok(shared.length > 10);
  assert.equal(
    shared.filter((file) => !file.startsWith('@gangway/host/dist/node/')),
    [],
    'packages below the host are in it',
  );
});

test('the command runs', async () => {
  assert.match(await program('gangway', '--help'), /gangway run/);
  assert.match(await program('gangway', 'types', 'greet.component.wasm'), /greet\(name: string\): string/);
  write('hello.wasm', readFileSync(join(root, 'examples/hello-c/hello.wasm')));
  assert.match(await program('gangway', 'run', '--no-cache', 'hello.wasm', '--clock'), /clock/i);
});

test('the command loads few files: those of what it does', async () => {
  const main = join(installed('@gangway/cli').folder, 'dist/main.js');
  const cliFile = (name: string): string => `@gangway/cli/dist/${name}.js`;
  assert.equal((await listed(main, '--version')).files, ['main', 'program'].map(cliFile));
  const words = [main, 'run', '--cache', 'kept', 'hello.wasm', '--clock'];
  const first = await listed(...words);
  const again = await listed(...words);
  assert.match(again.said, /clock/i);
  assert.equal(
    again.files.filter((file) => !file.startsWith('@gangway/wasi/')),
    [
      ...['main', 'program', 'run'].map(cliFile),
      ...['api', 'compile', 'helpers', 'node-cache', 'runtime'].map(hostFile),
    ],
  );
  // WASI, and what its HTTP shares with the rest.
  assert.ok(again.files.filter((file) => file.startsWith('@gangway/wasi/')).length <= 2);
  assert.equal(
    first.files.filter((file) => !again.files.includes(file)),
    ['compiler'].map(hostFile),
    'what it takes to compile one that has not been kept',
  );
});

test('TypeScript reads the declarations, with moduleResolution nodenext and bundler', async () => {
  const imports = names.flatMap(({ name }, i) =>
    Object.entries(installed(name).manifest.exports)
      .filter(([, entry]) => entry['default'] !== undefined)
      .map(([path], j) => `import * as module${i}_${j} from '${name}${path.slice(1)}'; void module${i}_${j};`),
  );
  write(
    'strict/main.ts',
    `${imports.join('\n')}
     import { type Component, compile, instantiate, type Instance, Trap } from '@gangway/host';
     import { gangway } from '@gangway/esbuild-plugin';
     import { gangway as rollupGangway } from '@gangway/esbuild-plugin/rollup';
     import { wasiImports } from '@gangway/wasi';
     import { build } from 'esbuild';
     import { build as viteBuild } from 'vite';
     import { component as stored, instantiate as again } from '../greet.component.wasm?component';
     import '@gangway/host/polyfill';
     interface Exports { greet(name: string): string }
     const patched = await WebAssembly.instantiate<Exports>(new Uint8Array(), { log: console.log });
     const viaComponent: WebAssembly.ComponentInstance<Exports> = await WebAssembly.instantiate<Exports>(patched.component);
     const { component: typed }: { component: WebAssembly.Component } = patched;
     export const patchedText: string = viaComponent.exports.greet(typed.name ?? patched.instance.exports.greet('Ada'));
     // @ts-expect-error a component is no module
     WebAssembly.Module.exports(typed);
     const plain: WebAssembly.Module = await WebAssembly.compile(new Uint8Array());
     export const plainInstance: WebAssembly.Instance = await WebAssembly.instantiate(plain);
     const component: Component = await compile(new Uint8Array());
     const instance: Instance<Exports> = await instantiate<Exports>(component, await wasiImports(component));
     const text: string = instance.exports.greet('Ada');
     // @ts-expect-error a number is no name
     instance.exports.greet(1);
     const more: string = (await again<Exports>()).exports.greet(stored.name ?? text);
     await build({ plugins: [gangway({ modules: 'inline' })] });
     await viteBuild({ plugins: [rollupGangway()] });
     export const isTrap = (error: unknown): boolean => error instanceof Trap && error.code === 'unreachable' && more !== '';`,
  );
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const types = ['node', '@gangway/esbuild-plugin/client'];
    write(
      'strict/tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...{ module, moduleResolution, types, target: 'es2024', strict: true, noEmit: true },
          ...{ skipLibCheck: false, lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable'] },
        },
        include: ['main.ts'],
      }),
    );
    const said = await program('tsc', '-p', 'strict').catch((error: Error) => error.message);
    // Errors in the declarations of others are theirs.
    const ours = said.split('\n').filter((line) => /^(strict\/|node_modules\/@gangway\/|error)/.test(line));
    assert.equal(ours, [], moduleResolution);
  }
});

test('esbuild bundles a component, and the runtime alone', async () => {
  write(
    'esbuild.js',
    `import { gangway } from '@gangway/esbuild-plugin';
     import { build } from 'esbuild';
     const { metafile } = await build({
       entryPoints: ['app.js'], bundle: true, format: 'esm', outdir: 'out', metafile: true, plugins: [gangway()],
     });
     console.log(Object.keys(metafile.inputs).filter((path) => path.includes('binaryen')).length);`,
  );
  assert.is(await node('esbuild.js'), '0\n');
  assert.is(await node('out/app.js'), expected);
});

test('bundles have one copy of the host, and run; so have those of bundlers that take the build of Node', async () => {
  write(
    'one.js',
    `import * as all from '@gangway/host';
     import { Trap, VERSION } from '@gangway/host/runtime';
     import { DecodeError } from '@gangway/host/component';
     import { Linker } from '@gangway/host/linker';
     import { runCommand } from '@gangway/wasi';
     import { compile, instantiate } from './compiled/greet.js';
     import { readFile } from 'node:fs/promises';
     const component = await compile();
     if (!(component instanceof all.Component) || Trap !== all.Trap) throw new Error('two copies');
     if (DecodeError !== all.DecodeError || Linker !== all.Linker) throw new Error('two copies');
     const { exports } = await instantiate({ log: (text) => console.log('log: ' + text) });
     console.log(exports.greet('Ada'));
     const program = await all.compile(await readFile('hello.wasm'));
     const { exitCode } = await runCommand(program, { args: ['hello', '--clock'], stdout() {} });
     console.log(exitCode, VERSION === all.VERSION);
     process.exit();`,
  );
  write(
    'one-build.js',
    `import { build } from 'esbuild';
     // With conditions of its own, esbuild no longer has "module".
     for (const [name, conditions] of [['module', undefined], ['node', []]]) {
       const { metafile } = await build({
         entryPoints: ['one.js'], bundle: true, minify: true, format: 'esm', platform: 'node', metafile: true, splitting: true,
         outdir: 'bundled-' + name, external: ['binaryen', 'wabt', '@webassemblyjs/*', '@bytecodealliance/*'],
         ...(conditions === undefined ? {} : { conditions }),
       });
       const files = Object.keys(metafile.inputs).filter((path) => path.includes('@gangway/'));
       const ofNode = files.filter((path) => path.includes('@gangway/host/dist/node/'));
       const others = files.filter((path) => !/@gangway\\/(wasi|host\\/dist\\/node)\\//.test(path));
       console.log(name, ofNode.length > 0, others.length > 0);
     }`,
  );
  assert.is(await node('one-build.js'), 'module false true\nnode true false\n');
  for (const name of ['module', 'node']) {
    cpSync(join(project, 'compiled'), join(project, `bundled-${name}`), {
      recursive: true,
      filter: (path) => !path.endsWith('.js'),
    });
    assert.is(await node(`bundled-${name}/one.js`), 'log: hello, Ada\nhello, Ada\n0 true\n', name);
  }
});

test('bundlers leave out what is not used', async () => {
  write('validate.js', `import { validate } from '@gangway/host'; console.log(validate(new Uint8Array()));`);
  write('trap.js', `import { Trap } from '@gangway/host'; console.log(Trap.name !== '');`);
  write(
    'shake.js',
    `import { build } from 'esbuild';
     import { build as viteBuild } from 'vite';
     for (const name of ['validate', 'trap']) {
       await build({
         entryPoints: [name + '.js'], bundle: true, minify: true, format: 'esm', platform: 'node',
         outfile: 'shaken/esbuild-' + name + '.js',
       });
       await viteBuild({
         logLevel: 'silent',
         ssr: { noExternal: true },
         build: {
           ssr: name + '.js', outDir: 'shaken', emptyOutDir: false, minify: true, target: 'es2022',
           rolldownOptions: { output: { entryFileNames: 'vite-' + name + '.js' } },
         },
       });
     }`,
  );
  await node('shake.js');
  for (const bundler of ['esbuild', 'vite']) {
    for (const [name, said, most] of [
      ['validate', 'false\n', 120_000],
      ['trap', 'true\n', 10_000],
    ] as const) {
      const file = `shaken/${bundler}-${name}.js`;
      assert.is(await node(file), said, file);
      const text = readFileSync(join(project, file), 'utf8');
      // What instantiates has these; whoever only validates needs neither stores nor emitted modules.
      assert.not.match(text, /instantiateSync|the store has too many resource types/, file);
      assert.ok(text.length < most, `${file}: ${text.length}`);
    }
  }
  // The same words are there when it is used.
  await output(join(project, 'node_modules/.bin/esbuild'), [
    'run.js',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--outfile=shaken/all.js',
    '--external:binaryen',
    '--external:wabt',
    '--external:@webassemblyjs/*',
  ]);
  assert.match(readFileSync(join(project, 'shaken/all.js'), 'utf8'), /the store has too many resource types/);
});

test('Vite bundles a component', async () => {
  write(
    'vite.js',
    `import { gangway } from '@gangway/esbuild-plugin/rollup';
     import { build } from 'vite';
     await build({
       base: './', logLevel: 'silent', plugins: [gangway()],
       build: { outDir: 'vite', target: 'es2022', modulePreload: false, rolldownOptions: { input: 'app.js' } },
     });`,
  );
  await node('vite.js');
  const script = readdirSync(join(project, 'vite/assets')).find((file) => /^app-.*\.js$/.test(file)) as string;
  assert.is(await node(`vite/assets/${script}`), expected);
});

test.run();
