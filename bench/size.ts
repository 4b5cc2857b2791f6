/**
 * `pnpm bench:size`: what a page downloads. Bundles as what is published is bundled (scripts/merged-build.ts), minified, gzipped:
 * - the public entries of the host, with everything that they export: all that is reachable by static imports;
 * - what a module of `gangway compile` imports of the host: two functions, and the rest is shaken off;
 * - a whole compiled component, the one of the speed table: its module, the code that was generated for its functions, the
 *   helpers and parts of the host that these import. Core modules and the plan are not JavaScript, and not in it.
 *
 * In: `--json`, `--details`, `--write` (into the README). Out: a markdown table of bytes beside the budget (budget.json); `--details` adds what each
 * folder contributes, and each chunk that is loaded on demand. Those are in a column of their own: which of them a component
 * needs depends on it (forms/parts.ts). Exit code 1 when an entry is over its budget or has something inside that must stay
 * outside. CI runs it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { componentModule, moduleSource } from '@gangway/host/bundling';
import { onDemandFiles } from '../scripts/browser-build.ts';
import { mergedBuild } from '../scripts/merged-build.ts';
import { callsComponent } from './component.ts';
import { report } from './report.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    details: { type: 'boolean', default: false },
    /** Puts the table into the README as well. */
    write: { type: 'boolean', default: false },
  },
});

/**
 * By entry: bytes of the minified and gzipped code that is loaded with it. `bar`: what it should get to. `source` is a file,
 * `text` a module; the component that is compiled has neither.
 */
interface Entry {
  readonly source?: string;
  readonly text?: string;
  readonly budget: number;
  readonly bar?: number;
}
type Budget = Readonly<Record<string, Entry>>;

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
  readonly bar?: number;
  /** Minified bytes by folder. */
  readonly folders: Readonly<Record<string, number>>;
  /** gzipped bytes of each chunk that is loaded on demand. */
  readonly chunks: Readonly<Record<string, number>>;
  /** Packages imported statically: there must be none. */
  readonly imports: readonly string[];
}

async function measure(entry: string, { source, text }: Entry): Promise<Omit<Size, 'budget' | 'bar'>> {
  const module = text ?? (source === undefined ? await compiledModule() : `export * from '../../../../${source}';`);
  const folder = new URL(`../.cache/bench/size/${entry.replace(/\W+/g, '-')}/`, import.meta.url);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = fileURLToPath(new URL('entry.js', folder));
  writeFileSync(file, module);
  const outdir = fileURLToPath(new URL('out/', folder));
  const metafile = await mergedBuild({
    absWorkingDir: root,
    entryPoints: { entry: file },
    outdir,
    ...onDemandFiles,
    minify: true,
    platform: 'browser',
    target: 'es2024',
    external: outside,
    logLevel: 'error',
  });
  const outputs = new Map(Object.entries(metafile.outputs));
  const contents = new Map([...outputs.keys()].map((name) => [name, readFileSync(new URL(`out/${name}`, folder))]));
  const loaded = new Set<string>();
  const imports = new Set<string>();
  const visit = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { path, kind, external } of outputs.get(name)?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      // Core modules of the compiled component.
      if (path.startsWith('data:')) continue;
      if (external) imports.add(path);
      else visit(path);
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
    chunks: Object.fromEntries(
      rest.map((name) => [name.replace(/-[^-]*$/, ''), gzipSync(contents.get(name)!, { level: 9 }).length]),
    ),
    folders,
    imports: [...imports],
  };
}

/** The module of the component of the speed table, with its core modules as addresses. */
async function compiledModule(): Promise<string> {
  const made = await componentModule(await callsComponent(), { name: 'calls', engine: { codegen: 'direct' } });
  const fileSpecifier = (index: number): string => `data:text/plain,${index}`;
  return moduleSource(made, { form: 'component', files: 'url', fileSpecifier }).replace(made.manifest, '');
}

const sizes: Size[] = [];
for (const [entry, limits] of Object.entries(budget)) {
  sizes.push({ ...(await measure(entry, limits)), ...limits });
}

if (options.json) console.log(JSON.stringify(sizes, null, 2));
else {
  const kb = (bytes: number): string => (bytes / 1024).toFixed(1);
  const lines = [
    '| entry | minified, KB | **min + gzip, KB** | budget | bar | on demand, KB |',
    '|---|--:|--:|--:|--:|--:|',
  ];
  for (const { entry, minified, gzip, budget, bar, onDemand } of sizes) {
    const cells = [kb(minified), `**${kb(gzip)}**`, kb(budget), bar === undefined ? '' : kb(bar), kb(onDemand)];
    lines.push(`| ${entry} | ${cells.join(' | ')} |`);
  }
  report('bench-size', lines, options.write, false);
  if (options.details) {
    for (const { entry, folders, chunks } of sizes) {
      console.log(`\n${entry}, min + gzip KB of chunks on demand:`);
      for (const [name, bytes] of Object.entries(chunks)) console.log(`  ${kb(bytes).padStart(6)}  ${name}`);
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
