/** Bundles with components in them: built by esbuild, and run in processes of their own. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type EsbuildOptions, gangway } from '@gangway/esbuild-plugin';
import { type BuildOptions, type BuildResult, build, context } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';
import { welcomer } from '../support/component-pair.ts';
import { adapted, greeter } from '../support/greeter.ts';

const exec = promisify(execFile);
// Inside the workspace, so that `@gangway/wasi` is found; what is published is tested in pack.slow.test.ts.
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
mkdirSync(cache, { recursive: true });
const home = mkdtempSync(join(cache, 'esbuild-plugin-'));
test.after(() => rmSync(home, { recursive: true, force: true }));

const main = `
  import { greet } from './greet.component.wasm';
  import { twice, 'a:b/twice@1.0.0' as whole } from './adapted.component.wasm';
  console.log(greet('Ada'), twice.twiceOf(21), whole === twice);`;

async function project(name: string): Promise<string> {
  const folder = mkdtempSync(join(home, `${name}-`));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'greet.component.wasm'), await assemble(greeter()));
  writeFileSync(join(folder, 'adapted.component.wasm'), await assemble(adapted));
  writeFileSync(join(folder, 'main.js'), main);
  writeFileSync(join(folder, 'log.js'), `export const log = (message) => console.log('log: ' + message);`);
  return folder;
}

function bundle(
  folder: string,
  options: EsbuildOptions,
  more: BuildOptions = {},
): Promise<BuildResult<{ metafile: true }>> {
  return build({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    outdir: 'out',
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [gangway(options)],
    ...more,
    metafile: true,
  });
}

async function run(folder: string, ...args: string[]): Promise<string> {
  return (await exec(process.execPath, [...args, join(folder, 'out/main.js')])).stdout;
}

const expected = 'log: hello, Ada\nhello, Ada 42 true\n';

test('core modules go into files beside the bundle, and the bundle has neither decoder nor code generator', async () => {
  const folder = await project('file');
  const { metafile } = await bundle(folder, { imports: { log: './log.js' } });
  assert.is(await run(folder), expected);
  const inputs = Object.keys(metafile.inputs);
  const forbidden =
    /component\/src\/(binary|validate|translate)\/|binaryen|wabt|wasm-parser|adapter-codegen\/src\/(?!emitted|builtins)/;
  assert.equal(
    inputs.filter((path) => forbidden.test(path)),
    [],
  );
  const files = readdirSync(join(folder, 'out'));
  assert.ok(
    files.some((file) => /^adapted\.component\.adapters-0-\w+\.wasm$/.test(file)),
    files.join(' '),
  );
  for (const file of files)
    if (file.endsWith('.wasm')) {
      assert.ok(WebAssembly.validate(new Uint8Array(readFileSync(join(folder, 'out', file)))), file);
    }
});

test('or into the bundle, in a browser build with nothing of Node as well', async () => {
  const folder = await project('inline');
  await bundle(folder, { imports: { log: './log.js#log' }, modules: 'inline' }, { platform: 'browser', minify: true });
  assert.equal(readdirSync(join(folder, 'out')), ['main.js']);
  assert.is(await run(folder), expected);
});

test('or are imported as modules', async () => {
  const folder = await project('import');
  const { metafile } = await bundle(folder, { imports: { log: './log.js' }, modules: 'import' });
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith('main.js')) ?? [];
  const imports = output?.imports.filter(({ path }) => path.endsWith('.wasm')) ?? [];
  assert.ok(imports.length >= 5, JSON.stringify(output?.imports));
  assert.match(readFileSync(join(folder, 'out/main.js'), 'utf8'), /from ".\/adapted\.component\.adapters-0-\w+\.wasm"/);
});

test('package.json maps imports, and what a build says goes before it', async () => {
  const folder = await project('mapped');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "gangway": { "imports": { "log": "./log.js" } } }');
  await bundle(folder, {});
  assert.is(await run(folder), expected);
  writeFileSync(join(folder, 'shout.js'), 'export default (message) => console.log(message.toUpperCase());');
  await bundle(folder, { imports: { log: './shout.js' } });
  assert.is(await run(folder), expected.replace('log: hello, Ada', 'HELLO, ADA'));
});

test('?component gives the component, for imports of its own', async () => {
  const folder = await project('component');
  writeFileSync(
    join(folder, 'main.js'),
    `import { component, instantiate } from './greet.component.wasm?component';
     const { exports } = await instantiate({ log: (text) => console.log('mine', text) });
     const again = await instantiate({ log: () => {} });
     console.log(component.imports.length, exports.greet('Ada'), again.exports.greet('Grace'));`,
  );
  await bundle(folder, {});
  assert.is(await run(folder), 'mine hello, Ada\n1 hello, Ada hello, Grace\n');
});

test('WASI comes from @gangway/wasi', async () => {
  const folder = await project('wasi');
  const program = readFileSync(new URL('../../examples/hello-c/hello.wasm', import.meta.url));
  writeFileSync(join(folder, 'hello.wasm'), program);
  writeFileSync(
    join(folder, 'main.js'),
    `import { run } from './hello.wasm';
     try { run.run(); } catch (error) { console.log('payload' in error, Object.keys(error)); }`,
  );
  // The shim starts a worker from a file of its own: it stays a package beside the bundle.
  mkdirSync(join(folder, 'node_modules'));
  const shim = fileURLToPath(new URL('../../packages/wasi/node_modules/@bytecodealliance', import.meta.url));
  symlinkSync(shim, join(folder, 'node_modules/@bytecodealliance'));
  const { metafile } = await bundle(folder, {}, { external: ['@bytecodealliance/*'] });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  assert.ok(used.some((path) => path.endsWith('wasi/src/imports.ts')));
  assert.equal(
    used.filter((path) => path.includes('component/src/binary/')),
    [],
  );
  const { stderr } = await exec(process.execPath, [join(folder, 'out/main.js')]).catch((error) => error);
  assert.match(stderr, /usage/i);
});

test('a component that instantiates one which it imports: the mapping names its file, and it is linked in', async () => {
  const folder = await project('linked');
  writeFileSync(join(folder, 'welcome.component.wasm'), await assemble(welcomer));
  writeFileSync(
    join(folder, 'main.js'),
    `import { welcome } from './welcome.component.wasm';
     import { component, instantiate } from './welcome.component.wasm?component';
     const { exports } = await instantiate({ log: (text) => console.log('mine', text) });
     console.log(welcome('Ada'), exports.welcome('Bo'), component.imports.map(({ name }) => name).join());`,
  );
  const lines =
    'log: hello, Ada\nlog: hello, hello, Ada\nmine hello, Bo\nmine hello, hello, Bo\nhello, hello, Ada hello, hello, Bo log\n';
  const imports = { log: './log.js', greeter: './greet.component.wasm' };
  const { metafile } = await bundle(folder, { imports, types: true });
  assert.is(await run(folder), lines);
  assert.equal(
    Object.keys(metafile.inputs).filter((path) => /component\/src\/(binary|validate|translate)\//.test(path)),
    [],
  );
  assert.not.match(readFileSync(join(folder, 'welcome.component.d.wasm.ts'), 'utf8'), /greeter/);
  // A package may have the component as well, and a package.json the mapping.
  const part = join(folder, 'node_modules/parts');
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, 'package.json'), '{ "name": "parts", "exports": { "./hey.wasm": "./lib/hey.wasm" } }');
  mkdirSync(join(part, 'lib'));
  writeFileSync(join(part, 'lib/hey.wasm'), await assemble(greeter('hey, ')));
  writeFileSync(
    join(folder, 'package.json'),
    '{ "type": "module", "gangway": { "imports": { "greeter": "parts/hey.wasm", "log": "./log.js" } } }',
  );
  await bundle(folder, {});
  assert.is(await run(folder), lines.replaceAll('hello', 'hey'));
});

test('a component that is instantiated and not mapped, or of another type, fails the build', async () => {
  const folder = await project('unlinked');
  writeFileSync(join(folder, 'welcome.component.wasm'), await assemble(welcomer));
  writeFileSync(join(folder, 'main.js'), `import './welcome.component.wasm';`);
  const failed = (imports: Record<string, string>): Promise<string> =>
    bundle(folder, { imports }).then(
      () => 'it was built',
      (error: Error) => error.message,
    );
  const log = './log.js';
  assert.match(await failed({ log }), /welcome\.component\.wasm.*imports as "greeter": map that name to a component/);
  assert.match(await failed({ log, greeter: './nowhere.wasm' }), /nowhere\.wasm/);
  assert.match(
    await failed({ log, greeter: './adapted.component.wasm' }),
    /LinkError: import "greeter": missing expected export `greet`/,
  );
});

test('types are written beside the component, and TypeScript takes them', async () => {
  const folder = await project('types');
  await bundle(folder, { imports: { log: './log.js' }, types: true });
  const file = join(folder, 'greet.component.d.wasm.ts');
  assert.ok(existsSync(file));
  writeFileSync(
    join(folder, 'main.ts'),
    `import { greet } from './greet.component.wasm';
     import { twice, 'a:b/twice@1.0.0' as whole } from './adapted.component.wasm';
     const text: string = greet('Ada');
     const number: number = twice.twiceOf(whole.twiceOf(1));
     // @ts-expect-error a number is no name
     greet(number);
     console.log(text);`,
  );
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  for (const resolution of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const [module, moduleResolution] = resolution as [string, string];
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--allowArbitraryExtensions',
      '--target',
      'es2024',
      '--types',
      '',
    ];
    const flags = [...options, '--module', module, '--moduleResolution', moduleResolution, join(folder, 'main.ts')];
    const { stdout } = await exec(tsc, flags).catch((error: { stdout: string }) => error);
    assert.is(stdout, '');
  }
});

/** Calls `use` while the folder is watched; `built(n)` waits for the nth build. */
async function watched(
  folder: string,
  imports: Record<string, string>,
  use: (built: (count?: number) => Promise<number>) => Promise<void>,
): Promise<void> {
  let builds = 0;
  let wake = (): void => undefined;
  const built = async (count = 1): Promise<number> => {
    while (builds < count) await new Promise<void>((resolve) => (wake = resolve));
    return builds;
  };
  const watching = await context({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    outdir: 'out',
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      gangway({ imports }),
      {
        name: 'count',
        setup: ({ onEnd }) =>
          onEnd(() => {
            builds++;
            wake();
          }),
      },
    ],
  });
  try {
    await watching.watch();
    await use(built);
  } finally {
    await watching.dispose();
  }
}

test('a changed component is built again while watching', async () => {
  const folder = await project('watch');
  await watched(folder, { log: './log.js' }, async (built) => {
    const before = await built();
    assert.is(await run(folder), expected);
    writeFileSync(join(folder, 'greet.component.wasm'), await assemble(greeter('ahoy, ')));
    await built(before + 1);
    assert.is(await run(folder), expected.replaceAll('hello', 'ahoy'));
  });
});

test('so is one that links it in', async () => {
  const folder = await project('watch-linked');
  writeFileSync(join(folder, 'welcome.component.wasm'), await assemble(welcomer));
  writeFileSync(
    join(folder, 'main.js'),
    `import { welcome } from './welcome.component.wasm'; console.log(welcome('Ada'));`,
  );
  await watched(folder, { log: './log.js', greeter: './greet.component.wasm' }, async (built) => {
    const before = await built();
    assert.match(await run(folder), /hello, hello, Ada\n$/);
    writeFileSync(join(folder, 'greet.component.wasm'), await assemble(greeter('ahoy, ')));
    await built(before + 1);
    assert.match(await run(folder), /ahoy, ahoy, Ada\n$/);
  });
});

test('errors name the file: a component that is not valid, an import that nothing supplies, a format', async () => {
  const folder = await project('errors');
  const failed = async (options: EsbuildOptions, more?: BuildOptions): Promise<string> =>
    bundle(folder, options, more).then(
      () => 'it was built',
      (error: Error) => error.message,
    );
  assert.match(await failed({}), /Could not resolve "log"/);
  assert.match(await failed({}, { format: 'iife' }), /top-level await/);
  const bytes = await assemble(greeter());
  writeFileSync(join(folder, 'greet.component.wasm'), bytes.subarray(0, bytes.length - 10));
  assert.match(await failed({ imports: { log: './log.js' } }), /greet\.component\.wasm.*: ERROR: .*DecodeError: 0x/);
});

test('core modules are left to the loaders of esbuild', async () => {
  const folder = await project('core');
  writeFileSync(join(folder, 'core.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  writeFileSync(join(folder, 'main.js'), `import bytes from './core.wasm'; console.log(bytes.length);`);
  await bundle(folder, {}, { loader: { '.wasm': 'binary' } });
  assert.is(await run(folder), '8\n');
});

test.run();
