/** What the Node build contains, and which files of it a process loads. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildForNode } from '../../scripts/node-build.ts';
import { sourceDigest } from '../../scripts/source-digest.ts';

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>> };
}

const outdir = mkdtempSync(join(tmpdir(), 'gangway-node-build-'));
const { outputs } = await buildForNode(outdir);
const manifest = JSON.parse(
  readFileSync(new URL('../../packages/host/package.json', import.meta.url), 'utf8'),
) as Manifest;

/** The files that a process loads with `entry`, and what it imports from elsewhere; without what is imported on demand. */
function loaded(entry: string): { readonly files: readonly string[]; readonly elsewhere: readonly string[] } {
  const files = new Set([entry]);
  const elsewhere = new Set<string>();
  for (const file of files) {
    for (const { path, kind, external } of outputs[file]!.imports) {
      if (kind !== 'import-statement') continue;
      // esbuild has seen imports of other files as they are written.
      if (path.startsWith('.')) files.add(normalize(join(file, '..', path)));
      else if (external) elsewhere.add(path);
      else files.add(path);
    }
  }
  return { files: [...files], elsewhere: [...elsewhere] };
}
/** Without the hash of the build. */
const plain = (files: readonly string[]): string[] =>
  files.map((file) => file.replace(/-[0-9a-f]{8}\.js$/, '.js')).sort();
const sourcesOf = (files: readonly string[]): string[] => files.flatMap((file) => Object.keys(outputs[file]!.inputs));
const compiles =
  /component\/src\/(binary|validate|translate)\/|adapter-codegen\/src\/(direct|adapters)\/|src\/abi\/generate\//;

test('a start loads few files', () => {
  assert.equal(plain(loaded('index.js').files), ['api.js', 'compiler.js', 'helpers.js', 'index.js']);
  assert.equal(plain(loaded('compile.js').files), ['api.js', 'compile.js', 'helpers.js']);
  assert.equal(plain(loaded('runtime.js').files), ['helpers.js', 'runtime.js']);
  assert.equal(loaded('helpers.js').files, ['helpers.js']);
  // Before it has told Node where compiled JavaScript is, nothing should be loaded that could come from there.
  assert.equal(loaded('node-cache.js').files, ['node-cache.js']);
});

test('what is imported on demand is a file of the build', () => {
  const imported = Object.entries(outputs).flatMap(([file, { imports }]) =>
    imports.flatMap(({ kind, path, external }) => {
      if (kind !== 'dynamic-import') return [];
      const found = path.startsWith('.') ? normalize(join(file, '..', path)) : path;
      // What is in the same file is there already.
      assert.is.not(found, file);
      return external && found === path ? [] : [found];
    }),
  );
  assert.ok(imported.length > 10);
  assert.equal(
    imported.filter((path) => !existsSync(join(outdir, path))),
    [],
  );
});

test('nothing is loaded from elsewhere at a start, but small modules of Node', () => {
  for (const entry of [
    'index.js',
    'compile.js',
    'runtime.js',
    'helpers.js',
    'polyfill.js',
    'install-polyfill.js',
    'parts.js',
  ]) {
    assert.equal(loaded(entry).elsewhere, [], entry);
  }
  assert.equal(loaded('node-cache.js').elsewhere, ['node:path', 'node:url']);
});

test('what runs components has no compiler, and neither has any of its parts', () => {
  assert.ok(sourcesOf(loaded('index.js').files).some((path) => compiles.test(path)));
  const parts = Object.keys(outputs).filter((file) => /^(parts\/.*|links-.*|closures-.*)\.js$/.test(file));
  assert.ok(parts.length >= 6, parts.join());
  for (const entry of ['runtime.js', 'helpers.js', 'linker.js', 'node-cache.js', ...parts]) {
    const { files } = loaded(entry);
    // A few tables are so small that they are where everyone has them.
    const found = sourcesOf(files).filter((path) => compiles.test(path) && !/may-enter|unsupported/.test(path));
    assert.equal(found, [], entry);
  }
});

test('no source is in two files', () => {
  const all = Object.entries(outputs).flatMap(([file, { inputs }]) =>
    file.endsWith('.js')
      ? Object.entries(inputs).flatMap(([source, { bytesInOutput }]) => (bytesInOutput > 0 ? [source] : []))
      : [],
  );
  assert.ok(all.length > 150);
  assert.equal(
    all.filter((source, i) => all.indexOf(source) !== i),
    [],
  );
});

test('every name that the package exports leads to a file of the build that exports the same', async () => {
  const patches = new Set(['./polyfill', './register']);
  for (const [name, conditions] of Object.entries(manifest.publishConfig.exports)) {
    assert.equal(Object.keys(conditions), ['types', 'module', 'node', 'default'], name);
    assert.is(conditions['module'], conditions['default']);
    const file = conditions['node']!.replace('./dist/node/', '');
    const { exports } = outputs[file]!;
    if (patches.has(name)) continue;
    const source = new URL(`../../packages/host/${manifest.exports[name]}`, import.meta.url);
    const wanted = Object.keys((await import(source.href)) as object);
    assert.equal(
      wanted.filter((one) => !exports.includes(one)),
      [],
      name,
    );
    // What other files of the build take has names of its own there; embedders see none of those.
    if (/^\.(\/compile|\/runtime|\/linker|\/component|\/node-cache)?$/.test(name)) {
      assert.equal([...exports].sort(), wanted.sort(), name);
    }
  }
});

test('functions and classes have their names; keys of code caches say which sources the build was made of', () => {
  const texts = Object.keys(outputs)
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(outdir, file), 'utf8'));
  for (const text of ['DecodeError=class ', 'resolveImports=(', sourceDigest()]) {
    assert.ok(
      texts.some((one) => one.includes(text)),
      text,
    );
  }
  assert.not(texts.some((one) => one.includes('GANGWAY_BUILD')));
  for (const [i, text] of texts.entries()) assert.match(text, /\n\/\/# sourceMappingURL=[\w-]+\.js\.map\n$/, String(i));
});

test('a second build into the same folder is the same', async () => {
  const again = await buildForNode(outdir);
  const sizes = (of: typeof outputs): object =>
    Object.fromEntries(Object.entries(of).map(([file, { bytes }]) => [file, bytes]));
  assert.equal(sizes(again.outputs), sizes(outputs));
});

test.after(() => rmSync(outdir, { recursive: true, force: true }));
test.run();
