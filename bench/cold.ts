/**
 * `pnpm bench:cold`: fresh processes, from bytes in memory to the first call returned.
 *
 * In: `--rounds N`, `--only REGEX`, `--json`, `--strict`, `--write` (into the README), `--compile-cache`. Out: a markdown table of
 * medians in milliseconds, step by step; `CPU` is the main thread's own time, which a busy machine does not change much.
 * The sources are bundled first, as an embedder would: Node takes longer to strip types than to run the code. Processes
 * run one at a time, in random order a round. `--compile-cache` adds rows in which Node keeps what it has compiled from one process
 * to the next (`NODE_COMPILE_CACHE`), for what was made ahead of time, jco's as well as ours; no bar is for those. Exit code 1 when
 * a bar is missed and `--strict` is given.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './cold/bundle.ts';
import type { Steps } from './cold/clock.ts';
import { hello } from './cold/hello.ts';
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
    /** Puts the table into the README as well. */
    write: { type: 'boolean', default: false },
  },
});

/**
 * Milliseconds that a scenario may take, and those that jco's output took (transpiled ahead of time, the same component) on
 * the machine that the bars are for: elsewhere the ratio of the two is what can be compared.
 */
interface Bar {
  readonly ms: number;
  readonly jco: number;
}
const bar = (ms: number, jco: number): Bar => ({ ms, jco });
const share = ({ ms, jco }: Bar): number => ms / jco;
const bars: Partial<Record<string, Bar>> = {
  'scalars, gangway direct': bar(25, 7.9),
  'scalars, gangway cached': bar(5, 7.9),
  'scalars, gangway ahead of time': bar(5, 7.9),
  'hello-c, gangway direct': bar(120, 121),
  'hello-c, gangway cached': bar(40, 121),
  'hello-c, gangway ahead of time': bar(40, 121),
};
/** What the ratios refer to. */
const reference = (name: string): string =>
  `${name.split(',')[0]}, jco ahead of time${name.endsWith(WITH_CACHE) ? WITH_CACHE : ''}`;
/** The end of the names of rows with Node's compile cache. */
const WITH_CACHE = ', compile cache';

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

let run = 0;
function measure(name: string): Steps {
  const isHello = name.startsWith('hello-c');
  const component = isHello ? helloWasm : path('calls.wasm');
  const child = path(`${isHello ? 'hello' : 'scalars'}/child.js`);
  const own = new URL(`run-${run++}/`, folder);
  const output = execFileSync(
    process.execPath,
    ['--no-warnings', child, name.replace(WITH_CACHE, ''), component, path('core.wasm'), own.href, prepared.href],
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
  .flatMap((name) => {
    const isAheadOfTime = name.endsWith('ahead of time');
    return options['compile-cache'] && isAheadOfTime ? [name, name + WITH_CACHE] : [name];
  })
  .filter((name) => new RegExp(options.only).test(name));
// The first process fills the cache.
for (const name of names) if (name.endsWith(WITH_CACHE)) measure(name);
const results = new Map<string, Steps[]>(names.map((name) => [name, []]));
for (let round = 0; round < Number(options.rounds); round++) {
  const order = names.map((name) => [Math.random(), name] as const).sort(([a], [b]) => a - b);
  for (const [, name] of order) results.get(name)!.push(measure(name));
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
interface Figure {
  readonly name: string;
  readonly bar: Bar | null;
  readonly fastest: number;
  /** Medians, milliseconds. */
  readonly steps: Steps;
  /** Median of the ratios to jco's output, round by round; null when that was not run. */
  readonly ratio: number | null;
}
const figures = names.map((name): Figure => {
  const runs = results.get(name)!;
  const steps = Object.keys(runs[0]!).map((step) => [step, median(runs.map((one) => one[step]!))] as const);
  const others = results.get(reference(name));
  return {
    name,
    bar: bars[name] ?? null,
    fastest: Math.min(...runs.map(({ total }) => total)),
    steps: Object.fromEntries(steps) as Steps,
    ratio: others === undefined ? null : median(runs.map(({ total }, i) => total / others[i]!.total)),
  };
});

if (options.json) console.log(JSON.stringify({ node: process.version, rounds: Number(options.rounds), figures }));
else {
  const ms = (value: number | undefined): string => value?.toFixed(1) ?? '';
  const lines = [
    '| cold start, ms | WASI shim | load | compile | instantiate | call | CPU | **total** | × jco ahead of time | bar |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
  ];
  for (const { name, bar, steps, ratio } of figures) {
    const rest = steps['instantiate'] ?? steps['instantiate and run'];
    const cells = [ms(steps['WASI shim']), ms(steps['load']), ms(steps['compile']), ms(rest), ms(steps['call'])];
    cells.push(ms(steps['CPU']), `**${ms(steps.total)}**`, ratio?.toFixed(2) ?? '');
    cells.push(bar === null ? '' : `≤ ${share(bar).toFixed(2)}`);
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  lines.push('', `Medians of ${options.rounds} fresh processes.`);
  report('bench-cold', lines, options.write);
}
// Without jco's output beside it, all there is to compare with are milliseconds of another machine.
const over = ({ bar, ratio, steps }: Figure): boolean =>
  bar !== null && (ratio === null ? steps.total > bar.ms : ratio > share(bar));
const missed = figures.filter(over);
for (const { name, bar, ratio, steps } of missed) {
  const [is, should] = ratio === null ? [steps.total, bar!.ms] : [ratio, share(bar!)];
  const unit = ratio === null ? 'ms' : '× jco ahead of time';
  console.error(`over the bar: ${name}: ${is.toFixed(2)} ${unit}, not ${should.toFixed(2)}`);
}
if (missed.length > 0 && options.strict) process.exitCode = 1;
