/**
 * `pnpm bench:cold`: fresh processes, from bytes in memory to the first call returned.
 *
 * In: `--rounds N`, `--only REGEX`, `--json`, `--strict`, `--write` (into the README), `--compile-cache`, `--installed`. Out: a
 * markdown table of medians in milliseconds, step by step, and of the milliseconds that a bar allows on this machine; `CPU` is the main thread's own
 * time, which a busy machine does not change much. The sources are bundled first, as an embedder would: Node takes longer to strip
 * types than to run the code. Processes run one at a time, in random order a round.
 *
 * `cached` is the program that docs/embedding.md recommends: one directory keeps what components were compiled to and what Node
 * has compiled of the host's JavaScript, both because the embedder asked for it. An earlier process has filled it. `--compile-cache`
 * adds rows for what was made ahead of time, jco's as well as ours, in which Node does the same (`NODE_COMPILE_CACHE`).
 * `--installed` adds rows for programs that nobody bundled: they import the host as `npm install` brings it.
 * Exit code 1 when a bar is missed and `--strict` is given.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './cold/bundle.ts';
import type { Steps } from './cold/clock.ts';
import { hello } from './cold/hello.ts';
import { install } from './cold/installed.ts';
import { prepare } from './cold/prepare.ts';
import { scalars } from './cold/scalars.ts';
import { callsComponent, coreModule } from './component.ts';
import { report } from './report.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    'compile-cache': { type: 'boolean', default: false },
    installed: { type: 'boolean', default: false },
    /** Puts the table into the README as well. */
    write: { type: 'boolean', default: false },
  },
});

/**
 * Milliseconds that a scenario may take, without the shim's load, and those that jco's output took (transpiled ahead of time,
 * the same component) on the machine that the bars are for: elsewhere the ratio of the two is what can be compared. jco's
 * include the load of the shim that its output imports; here that is a column of its own for every row, so it is added to
 * jco's before anything is compared with them. Checked: by the scalars and by hello-c, the one is as much slower than the other.
 */
interface Bar {
  readonly ms: number;
  readonly jco: number;
}
const bar = (ms: number, jco: number): Bar => ({ ms, jco });
const withShim = (steps: Steps): number => steps.total + (steps['WASI shim'] ?? 0);
const bars: Partial<Record<string, Bar>> = {
  'scalars, gangway direct': bar(25, 7.9),
  'scalars, gangway cached': bar(5, 7.9),
  'scalars, gangway ahead of time': bar(5, 7.9),
  'hello-c, gangway direct': bar(120, 121),
  'hello-c, gangway cached': bar(40, 121),
  'hello-c, gangway ahead of time': bar(40, 121),
};
/** The end of the names of rows with Node's compile cache, which is nothing to them but an environment variable. */
const WITH_CACHE = ', compile cache';
/** What rows with unbundled packages have behind the name of the scenario. */
const INSTALLED = ', installed';
const installable = ['scalars, gangway direct', 'scalars, gangway cached', 'scalars, gangway ahead of time'].filter(
  () => options.installed,
);
const plain = (name: string): string => name.replace(WITH_CACHE, '').replace(INSTALLED, '');
const barOf = (name: string): Bar | null => (name.includes(INSTALLED) ? null : (bars[plain(name)] ?? null));
/** What the ratios refer to, and what tells how fast this machine is. */
const reference = (name: string): string => `${name.split(',')[0]}, jco ahead of time`;

const folder = new URL('../.cache/bench/cold/', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, folder));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(path('package.json'), '{"type":"module"}');
// Apart: neither has files that are there for the other.
for (const name of ['scalars', 'hello']) {
  await bundle({ child: fileURLToPath(new URL(`cold/${name}-child.ts`, import.meta.url)) }, path(name));
}
writeFileSync(path('calls.wasm'), await callsComponent());
writeFileSync(path('core.wasm'), await coreModule());
const helloWasm = fileURLToPath(new URL('../examples/hello-c/hello.wasm', import.meta.url));
const prepared = new URL('prepared/', folder);
await prepare(
  { scalars: path('calls.wasm'), hello: helloWasm },
  (file) => new Uint8Array(readFileSync(file)),
  prepared,
);

if (options.installed) {
  await install(path('installed'), fileURLToPath(new URL('compiled-scalars', prepared)), path('calls.wasm'));
}

let run = 0;
function measure(name: string): Steps {
  const isHello = name.startsWith('hello-c');
  const component = isHello ? helloWasm : path('calls.wasm');
  const isInstalled = name.includes(INSTALLED);
  const child = path(`${isInstalled ? 'installed' : isHello ? 'hello' : 'scalars'}/child.js`);
  const made = isInstalled ? new URL('installed/prepared/', folder) : prepared;
  const own = new URL(`run-${run++}/`, folder);
  const output = execFileSync(
    process.execPath,
    ['--no-warnings', child, plain(name), component, path('core.wasm'), own.href, made.href],
    {
      encoding: 'utf8',
      env: name.endsWith(WITH_CACHE) ? { ...process.env, NODE_COMPILE_CACHE: path('node') } : process.env,
    },
  );
  rmSync(own, { recursive: true, force: true });
  // A program may have written to the same stream.
  return JSON.parse(output.trim().split('\n').at(-1) as string) as Steps;
}

const names = Object.keys({ ...scalars, ...hello })
  .flatMap((name) => (installable.includes(name) ? [name, name + INSTALLED] : [name]))
  .flatMap((name) => {
    const isAheadOfTime = plain(name).endsWith('ahead of time');
    return options['compile-cache'] && isAheadOfTime ? [name, name + WITH_CACHE] : [name];
  })
  .filter((name) => new RegExp(options.only).test(name));
// The first process lets Node keep what it compiles.
for (const name of names) if (name.endsWith(WITH_CACHE) || plain(name).endsWith('gangway cached')) measure(name);
const results = new Map<string, Steps[]>(names.map((name) => [name, []]));
for (let round = 0; round < Number(options.rounds); round++) {
  const order = names.map((name) => [Math.random(), name] as const).sort(([a], [b]) => a - b);
  for (const [, name] of order) results.get(name)!.push(measure(name));
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
interface Figure {
  readonly name: string;
  readonly fastest: number;
  /** Medians, milliseconds. */
  readonly steps: Steps;
  /** Median of the ratios to jco's output, round by round; null when that was not run. */
  readonly ratio: number | null;
  /** Median of the milliseconds that the bar allows here, round by round, and of the share of them that it took. */
  readonly allowed: number | null;
  readonly used: number | null;
}
const figures = names.map((name): Figure => {
  const runs = results.get(name)!;
  const steps = Object.keys(runs[0]!).map((step) => [step, median(runs.map((one) => one[step]!))] as const);
  const others = results.get(reference(name));
  const bar = barOf(name);
  // Without jco's output beside it, all there is to compare with are milliseconds of another machine.
  const slower = (i: number): number => (others === undefined ? 1 : withShim(others[i]!) / bar!.jco);
  return {
    name,
    fastest: Math.min(...runs.map(({ total }) => total)),
    steps: Object.fromEntries(steps) as Steps,
    ratio: others === undefined ? null : median(runs.map(({ total }, i) => total / others[i]!.total)),
    allowed: bar && median(runs.map((_, i) => bar.ms * slower(i))),
    used: bar && median(runs.map(({ total }, i) => total / (bar.ms * slower(i)))),
  };
});

if (options.json) console.log(JSON.stringify({ node: process.version, rounds: Number(options.rounds), figures }));
else {
  const ms = (value: number | undefined): string => value?.toFixed(1) ?? '';
  const lines = [
    '| cold start, ms | WASI shim | load | compile | instantiate | call | CPU | **total** | × jco ahead of time | bar |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
  ];
  for (const { name, allowed, steps, ratio } of figures) {
    const rest = steps['instantiate'] ?? steps['instantiate and run'];
    const cells = [ms(steps['WASI shim']), ms(steps['load']), ms(steps['compile']), ms(rest), ms(steps['call'])];
    cells.push(ms(steps['CPU']), `**${ms(steps.total)}**`, ratio?.toFixed(2) ?? '');
    cells.push(allowed === null ? '' : `≤ ${ms(allowed)}`);
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  lines.push('', `Medians of ${options.rounds} fresh processes.`);
  report('bench-cold', lines, options.write);
}
const missed = figures.filter(({ used }) => used !== null && used > 1);
for (const { name, allowed, used, steps } of missed) {
  console.error(
    `over the bar: ${name}: ${steps.total.toFixed(1)} of ${allowed!.toFixed(1)} ms, ${used!.toFixed(2)} times as much`,
  );
}
if (missed.length > 0 && options.strict) process.exitCode = 1;
