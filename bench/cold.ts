/**
 * `pnpm bench:cold`: fresh processes, from bytes in memory to the first call returned.
 *
 * In: `--rounds N`, `--only REGEX`, `--json`, `--strict`. Out: a markdown table of medians in milliseconds, step by step; `CPU` is the main
 * thread's own time, which a busy machine does not change much.
 * The sources are bundled first, as an embedder would: Node takes longer to strip types than to run the code. Processes
 * run one at a time, in random order a round. Exit code 1 when a bar is missed and `--strict` is given.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './cold/bundle.ts';
import { type Steps, scenarios } from './cold/scenarios.ts';
import { callsComponent, coreModule } from './component.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
  },
});

/** Milliseconds that a scenario may take. */
const bars: Partial<Record<string, number>> = { 'scalars, gangway direct': 25, 'hello-c, gangway direct': 120 };

const folder = new URL('../.cache/bench/cold/', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, folder));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(path('package.json'), '{"type":"module"}');
await bundle({ child: fileURLToPath(new URL('cold/child.ts', import.meta.url)) }, path(''));
writeFileSync(path('calls.wasm'), await callsComponent());
writeFileSync(path('core.wasm'), await coreModule());
const helloWasm = fileURLToPath(new URL('../examples/hello-c/hello.wasm', import.meta.url));

let run = 0;
function measure(name: string): Steps {
  const component = name.startsWith('hello-c') ? helloWasm : path('calls.wasm');
  const own = new URL(`run-${run++}/`, folder);
  const output = execFileSync(
    process.execPath,
    ['--no-warnings', path('child.js'), name, component, path('core.wasm'), own.href],
    { encoding: 'utf8' },
  );
  rmSync(own, { recursive: true, force: true });
  return JSON.parse(output) as Steps;
}

const names = Object.keys(scenarios).filter((name) => new RegExp(options.only).test(name));
const results = new Map<string, Steps[]>(names.map((name) => [name, []]));
for (let round = 0; round < Number(options.rounds); round++) {
  const order = names.map((name) => [Math.random(), name] as const).sort(([a], [b]) => a - b);
  for (const [, name] of order) results.get(name)!.push(measure(name));
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
const figures = names.map((name) => {
  const runs = results.get(name)!;
  const steps = Object.keys(runs[0]!).map((step) => [step, median(runs.map((one) => one[step]!))] as const);
  return {
    name,
    bar: bars[name] ?? null,
    fastest: Math.min(...runs.map(({ total }) => total)),
    ...Object.fromEntries(steps),
  };
});

if (options.json) console.log(JSON.stringify({ node: process.version, rounds: Number(options.rounds), figures }));
else {
  const ms = (value: unknown): string => (typeof value === 'number' ? value.toFixed(1) : '');
  console.log(`Node ${process.version}, medians of ${options.rounds} fresh processes, milliseconds\n`);
  console.log('| cold start | WASI shim | load | compile | instantiate | call | CPU | **total** | fastest | bar |');
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
  for (const one of figures as Record<string, unknown>[]) {
    const rest = ms(one['instantiate'] ?? one['instantiate and run']);
    const cells = [ms(one['WASI shim']), ms(one['load']), ms(one['compile']), rest, ms(one['call']), ms(one['CPU'])];
    console.log(
      `| ${one['name']} | ${cells.join(' | ')} | **${ms(one['total'])}** | ${ms(one['fastest'])} | ${one['bar'] === null ? '' : `≤ ${one['bar']}`} |`,
    );
  }
}
const missed = (figures as unknown as { name: string; bar: number | null; total: number }[]).filter(
  ({ bar, total }) => bar !== null && total > bar,
);
for (const { name, bar, total } of missed) console.error(`over the bar: ${name}: ${total.toFixed(1)} ms, not ${bar}`);
if (missed.length > 0 && options.strict) process.exitCode = 1;
