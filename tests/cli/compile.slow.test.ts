/** `gangway compile`: what it writes runs in a process that loads neither decoder nor code generator. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { validateByWabt } from '@gangway/adapter-codegen';
import { type Io, main } from '@gangway/cli';
import { type Component, InstancePre, parseManifest } from '@gangway/host/runtime';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports } from '../support/assemble.ts';
import { welcomer } from '../support/component-pair.ts';
import { greeter as namedGreeter } from '../support/greeter.ts';
import { composed, greeter, nested } from '../support/stored-samples.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
// Inside the repository, so that `@gangway/host/runtime` is found from there.
mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache/compiled-'));
const path = (name: string): string => join(folder, name);
const run = promisify(execFile);

async function gangway(...words: string[]): Promise<{ code: number; err: string }> {
  let err = '';
  const io: Io = {
    out: () => {},
    err: (text) => void (err += text),
    guest: { stdin: '', stdout: () => {}, stderr: () => {} },
  };
  return { code: await main(words, io), err };
}

/** Compiles a component's text as `name`, into a folder of that name. */
async function compileText(name: string, text: string, ...options: string[]): Promise<string[]> {
  writeFileSync(path(`${name}.wasm`), await assemble(text));
  const { code, err } = await gangway('compile', ...options, '-o', path(name), path(`${name}.wasm`));
  assert.equal([code, err.replaceAll(/^wrote .*\n/gm, '')], [0, '']);
  return readdirSync(path(name)).sort();
}

interface Answer {
  readonly results?: unknown[];
  readonly out?: string;
  readonly exitCode?: number;
  readonly written?: string;
  readonly forbidden: string[];
}

const child = fileURLToPath(new URL('./compile-child.ts', import.meta.url));
async function inChild(entry: string, mode: string, input: unknown, ...flags: string[]): Promise<Answer> {
  const node = flags.includes('--sealed') ? ['--disallow-code-generation-from-strings'] : [];
  const words = ['--no-warnings', ...node, child, entry, mode, JSON.stringify(input), ...flags];
  const { stdout } = await run(process.execPath, words);
  return JSON.parse(stdout) as Answer;
}

const greeterCalls = [['run', 21], ['greet']];
const greeterFiles = ['core0.wasm', 'core1.wasm', 'd.ts', 'forms.js', 'js', 'plan.json'].concat([
  'trampolines.wasm',
  'trampolines.wat',
  'workerd.d.ts',
  'workerd.js',
]);

test('a component with an import and a memory', async () => {
  assert.equal(
    await compileText('greeter', greeter),
    greeterFiles.map((file) => `greeter.${file}`),
  );
  const answer = await inChild(path('greeter/greeter.js'), 'call', greeterCalls);
  assert.equal(answer, { results: [42, 'hello'], forbidden: [] });
  const wat = readFileSync(path('greeter/greeter.trampolines.wat'), 'utf8');
  assert.match(wat, /trampoline\[0\]/);
  await validateByWabt(new Uint8Array(readFileSync(path('greeter/greeter.trampolines.wasm'))));
  assert.is(parseManifest(readFileSync(path('greeter/greeter.plan.json'), 'utf8')).parts.length, 1);
});

test('as an edge worker loads it: nothing is compiled, nothing evaluated', async () => {
  await compileText('edge', greeter);
  const entry = path('edge/edge.workerd.js');
  assert.equal(await inChild(entry, 'call', greeterCalls, '--sealed'), { results: [42, 'hello'], forbidden: [] });
  // The other entry does compile: the seal holds.
  const error = await inChild(path('edge/edge.js'), 'call', greeterCalls, '--sealed').catch(String);
  assert.match(String(error), /Wasm code generation disallowed/);
});

test('adapters between components, with 8-byte pointer slots', async () => {
  const files = await compileText('composed', composed, '--pointer-size', '8');
  assert.ok(files.includes('composed.adapters-0.wasm') && files.includes('composed.adapters-0.wat'));
  assert.equal(await inChild(path('composed/composed.js'), 'call', [['inc2', 40]]), { results: [42], forbidden: [] });
});

test('components that it exports', async () => {
  await compileText('nested', nested, '--name', 'other.name');
  const entry = (await import(pathToFileURL(path('nested/other.name.js')).href)) as { compile(): Promise<Component> };
  const component = await entry.compile();
  assert.is(await entry.compile(), component);
  const pre = InstancePre.link(component.nestedAt(['a']).nestedAt(['b']), { f: () => 40 });
  assert.is(pre.instantiateSync<DynamicExports>().exports.g!(), 42);
});

test('a C program with WASI', async () => {
  const file = join(root, 'examples/hello-c/hello.wasm');
  assert.is((await gangway('compile', '-o', path('hello'), file)).code, 0);
  mkdirSync(path('data'));
  writeFileSync(path('data/poem.txt'), 'one\ntwo\n');
  const input = { args: ['hello', '/data/poem.txt', 'Ada'], data: path('data') };
  const { exitCode, out, written, forbidden } = await inChild(path('hello/hello.js'), 'run', input);
  assert.equal([exitCode, forbidden], [0, []]);
  assert.match(out as string, /^Hello, Ada!\nnumbered 2 lines/);
  assert.match(written as string, /one\n.*two\n/);
});

test('the types are those that an embedder is told', async () => {
  await compileText('typed', greeter);
  const good = `import { compile, instantiate } from './typed/typed.js';
import { instantiate as same } from './typed/typed.workerd.js';
const { exports } = await instantiate({ twice: (x) => 2 * x });
const text: string = exports.greet() + exports.run(1).toFixed(0);
const component = await compile();
console.log(text, component.imports.length, same);
`;
  const bad = `import { instantiate } from './typed/typed.js';
await instantiate({});
(await instantiate({ twice: (x: number) => x })).exports.run('1');
`;
  writeFileSync(path('good.ts'), good);
  writeFileSync(path('bad.ts'), bad);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2024', skipLibCheck: true },
    ...{ lib: ['es2024', 'esnext.disposable', 'dom'], types: ['node'], allowImportingTsExtensions: true },
    ...{ erasableSyntaxOnly: true, exactOptionalPropertyTypes: true },
  };
  writeFileSync(path('tsconfig.json'), JSON.stringify({ compilerOptions, files: ['good.ts', 'bad.ts'] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const output = await run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder }).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
  const lines = output.split('\n').filter((line) => /^\w/.test(line));
  assert.equal(
    lines.map((line) => /^(.*?)\((\d+),/.exec(line)?.slice(1)),
    [
      ['bad.ts', '2'],
      ['bad.ts', '3'],
    ],
    output,
  );
});

test('what it cannot do, it says', async () => {
  const hello = join(root, 'examples/hello-c/hello.wasm');
  assert.match((await gangway('compile', hello)).err, /where to\? Give -o DIR/);
  assert.is((await gangway('compile', '-o', path('x'), '--name', '../up', hello)).code, 2);
  writeFileSync(
    path('open.wasm'),
    await assemble(`(component
      (import "adder" (component $adder (export "add" (func))))
      (instance $a (instantiate $adder))
      (export "add" (func $a "add")))`),
  );
  const { code, err } = await gangway('compile', '-o', path('x'), path('open.wasm'));
  assert.is(code, 1);
  assert.match(err, /it instantiates the component that it imports as "adder": give it with --link 'adder=FILE'/);
  assert.is((await gangway('compile', '-o', path('x'), '--link', 'adder', path('open.wasm'))).code, 2);
});

test('components that it instantiates and imports are linked in', async () => {
  writeFileSync(path('greet.wasm'), await assemble(namedGreeter()));
  const link = ['--link', `greeter=${path('greet.wasm')}`];
  const files = await compileText('welcome', welcomer, ...link);
  assert.ok(files.includes('welcome.adapters-0.wat') && files.includes('welcome.core3.wasm'), files.join());
  const answer = await inChild(path('welcome/welcome.js'), 'call', [['welcome', 'Ada']]);
  assert.equal(answer, { results: ['hello, hello, Ada'], forbidden: [] });
  assert.not.match(readFileSync(path('welcome/welcome.d.ts'), 'utf8'), /greeter/);

  const invoke = ['run', '--invoke', 'x()', ...link, '--link', `more=${path('greet.wasm')}`, path('welcome.wasm')];
  assert.match((await gangway(...invoke)).err, /--link: it instantiates no component that it imports as "more"/);
  writeFileSync(path('other.wasm'), await assemble(composed));
  const wrong = await gangway('inspect', '--link', `greeter=${path('other.wasm')}`, path('welcome.wasm'));
  assert.match(wrong.err, /welcome\.wasm: import "greeter": missing expected export `greet`/);
});

test.after(() => rmSync(folder, { recursive: true }));
test.run();
