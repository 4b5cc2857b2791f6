/**
 * `pnpm bench:size`: what a page downloads. Bundles the public entries of the host, minified, and gzips them.
 *
 * In: `--json`, `--details`. Out: a markdown table of bytes beside the budget (budget.json); `--details` adds what each
 * folder contributes. Chunks that are only loaded on demand are counted apart: nothing that runs a component needs them.
 * Exit code 1 when an entry is over its budget or has something inside that must stay outside.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, details: { type: 'boolean', default: false } },
});

/** By entry: bytes of the minified and gzipped code that is loaded with it. `bar`: what it should get to. */
type Budget = Readonly<Record<string, { readonly source: string; readonly budget: number; readonly bar: number }>>;

const root = fileURLToPath(new URL('..', import.meta.url));
const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8')) as Budget;
/** Loaded on demand, or not at all. */
const outside = ['binaryen', 'wabt', '@webassemblyjs/wasm-parser', '@bytecodealliance/*', 'node:*'];

interface Size {
  readonly entry: string;
  readonly minified: number;
  readonly gzip: number;
  /** gzipped bytes of what is loaded on demand. */
  readonly onDemand: number;
  readonly budget: number;
  readonly bar: number;
  /** Minified bytes by folder. */
  readonly folders: Readonly<Record<string, number>>;
  /** Packages imported statically: there must be none. */
  readonly imports: readonly string[];
}

async function measure(entry: string, source: string): Promise<Omit<Size, 'budget' | 'bar'>> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { entry: source },
    outdir: 'out',
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    external: outside,
    metafile: true,
    logLevel: 'error',
  });
  const contents = new Map(outputFiles.map((file) => [file.path.slice(file.path.lastIndexOf('/') + 1), file.contents]));
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [path.slice('out/'.length), output]),
  );
  const loaded = new Set<string>();
  const imports = new Set<string>();
  const visit = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { path, kind, external } of outputs.get(name)?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (external) imports.add(path);
      else visit(path.slice('out/'.length));
    }
  };
  visit('entry.js');
  const all = (names: Iterable<string>): Buffer => Buffer.concat(Array.from(names, (name) => contents.get(name)!));
  const folders: Record<string, number> = {};
  for (const name of loaded) {
    for (const [path, { bytesInOutput }] of Object.entries(outputs.get(name)!.inputs)) {
      const folder = path.replace(/^packages\//, '').replace(/\/[^/]*$/, '');
      folders[folder] = (folders[folder] ?? 0) + bytesInOutput;
    }
  }
  const rest = [...contents.keys()].filter((name) => !loaded.has(name));
  const code = all(loaded);
  return {
    entry,
    minified: code.length,
    gzip: gzipSync(code, { level: 9 }).length,
    onDemand: rest.length === 0 ? 0 : gzipSync(all(rest), { level: 9 }).length,
    folders,
    imports: [...imports],
  };
}

const sizes: Size[] = [];
for (const [entry, { source, ...limits }] of Object.entries(budget)) {
  sizes.push({ ...(await measure(entry, source)), ...limits });
}

if (options.json) console.log(JSON.stringify(sizes, null, 2));
else {
  const kb = (bytes: number): string => (bytes / 1024).toFixed(1);
  console.log('| entry | minified, KB | **min + gzip, KB** | budget | bar | on demand, KB |');
  console.log('|---|--:|--:|--:|--:|--:|');
  for (const one of sizes) {
    console.log(
      `| ${one.entry} | ${kb(one.minified)} | **${kb(one.gzip)}** | ${kb(one.budget)} | ${kb(one.bar)} | ${kb(one.onDemand)} |`,
    );
  }
  if (options.details) {
    for (const { entry, folders } of sizes) {
      console.log(`\n${entry}, minified KB by folder:`);
      const rows = Object.entries(folders).sort(([, a], [, b]) => b - a);
      for (const [folder, bytes] of rows) console.log(`  ${kb(bytes).padStart(6)}  ${folder}`);
    }
  }
}
for (const { entry, gzip, budget, imports } of sizes) {
  if (gzip > budget) {
    console.error(`${entry}: ${gzip} bytes, over its budget of ${budget}`);
    process.exitCode = 1;
  }
  if (imports.length > 0) {
    console.error(`${entry}: loads ${imports.join(', ')}`);
    process.exitCode = 1;
  }
}
