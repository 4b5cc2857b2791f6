/** What the browser builds contain, and what a page that imports them does not load. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildForBrowsers } from '../../scripts/browser-build.ts';
import { sourceDigest } from '../../scripts/source-digest.ts';

const outdir = mkdtempSync(join(tmpdir(), 'gangway-browser-build-'));
const metafile = await buildForBrowsers(outdir);
const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));

/** The sources that a page gets with `entry`, and what it imports from elsewhere, without what is imported on demand. */
function loaded(entry: string): { readonly sources: readonly string[]; readonly elsewhere: readonly string[] } {
  const files = new Set([entry]);
  const elsewhere: string[] = [];
  for (const file of files) {
    for (const { path, kind, external } of outputs.get(file)!.imports) {
      if (kind !== 'import-statement') continue;
      if (external) elsewhere.push(path);
      else files.add(basename(path));
    }
  }
  const sources = [...files].flatMap((file) => Object.keys(outputs.get(file)!.inputs));
  return { sources, elsewhere };
}

test('pages load nothing from elsewhere, and no code generator of megabytes', () => {
  for (const entry of ['index.js', 'runtime.js', 'polyfill.js', 'install-polyfill.js']) {
    const { sources, elsewhere } = loaded(entry);
    assert.equal(elsewhere, []);
    assert.ok(
      sources.some((path) => path.endsWith('host/src/compile/component.ts') || path === 'src/compile/component.ts'),
    );
    assert.not(sources.some((path) => path.includes('node_modules') || path.includes('adapter-codegen/src/binaryen/')));
  }
});

test('the runtime has neither decoder nor code generator', () => {
  const part = /component\/src\/(binary|validate|translate)\/|adapter-codegen\/src\/(direct|adapters)\//;
  assert.ok(loaded('index.js').sources.some((path) => part.test(path)));
  assert.equal(
    loaded('runtime.js').sources.filter((path) => part.test(path)),
    [],
  );
});

test('a page that compiles waits for two files in a row, and for the list of what to ask for at once not even that', () => {
  const preload = JSON.parse(readFileSync(join(outdir, 'preload.json'), 'utf8')) as Record<string, readonly string[]>;
  const importsOf = (file: string): string[] =>
    outputs
      .get(file)!
      .imports.filter(({ kind }) => kind === 'import-statement')
      .map(({ path }) => path);
  for (const entry of ['index.js', 'compile.js', 'runtime.js', 'helpers.js', 'parts.js', 'polyfill.js']) {
    const listed = preload[entry]!;
    assert.ok(listed.length > 0);
    // All that it loads with itself is listed, and named in the entry itself.
    for (const file of listed)
      for (const other of importsOf(file)) assert.ok(listed.includes(other), `${file}: ${other}`);
    assert.equal([...new Set(importsOf(entry))].sort(), [...listed].sort());
  }
  // What compiling takes is there then; one file is what a component from a cache may still ask for.
  const front =
    /src\/compile\/build\.ts$|src\/forms\/generator\.ts$|src\/forms\/evaluate-form\.ts$|resources\/store-resources\.ts$/;
  assert.is(new Set(loaded('index.js').sources.filter((path) => front.test(path))).size, 4);
  assert.is(loaded('compile.js').sources.filter((path) => front.test(path)).length, 2);
});

test('what compiled components import is there under the names that they have in the package', async () => {
  for (const name of ['context-slots', 'core-modules', 'fallback', 'resources', 'unsupported', 'versions']) {
    const { part } = (await import(pathToFileURL(join(outdir, `parts/${name}.js`)).href)) as { part?: unknown };
    assert.ok(part !== undefined, name);
  }
});

test('keys of code caches say which sources the build was made of', () => {
  const files = [...outputs.keys()].filter((name) => name.endsWith('.js'));
  const texts = files.map((name) => readFileSync(join(outdir, name), 'utf8'));
  assert.match(sourceDigest(), /^[0-9a-f]{16}$/);
  assert.is(sourceDigest(), sourceDigest());
  assert.ok(texts.some((text) => text.includes(sourceDigest())));
  assert.not(texts.some((text) => text.includes('GANGWAY_BUILD')));
});

test('source maps lead to the sources', () => {
  for (const name of ['index.js', 'runtime.js', 'polyfill.js']) {
    assert.match(readFileSync(join(outdir, name), 'utf8'), `//# sourceMappingURL=${name}.map`);
    assert.ok(existsSync(join(outdir, `${name}.map`)));
  }
});

test('a bundler drops what is not used, but not the polyfill', async () => {
  const size = async (source: string): Promise<number> => {
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: import.meta.dirname },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      logLevel: 'error',
      external: ['binaryen', 'wabt', '@webassemblyjs/wasm-parser'],
    });
    return outputFiles[0]!.contents.length;
  };
  const all = await size("import * as all from '@gangway/host'; console.log(all)");
  assert.ok((await size("import { VERSION } from '@gangway/host'; console.log(VERSION)")) < 1000);
  assert.ok((await size("import { Engine } from '@gangway/host'; new Engine()")) < all / 20);
  assert.ok((await size("import { instantiate } from '@gangway/host'; instantiate()")) < all);
  assert.is(await size("import '@gangway/host'"), 0);
  assert.is(await size("import '@gangway/host/install-polyfill'"), 0);
  assert.ok((await size("import '@gangway/host/polyfill'")) > all / 2);
});

test.after(() => rmSync(outdir, { recursive: true, force: true }));
test.run();
