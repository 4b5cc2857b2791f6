/**
 * `pnpm bench`: the calls of `rows.ts` by every driver in one process, as multiples of hand-written glue ("raw").
 *
 * In: `--quick`, `--json`, `--row REGEX`, `--peers none`, `--write` (into the README). Out: a markdown table (or JSON). Results are checked before
 * anything is timed; a round calls the drivers in random order; a figure is the median of the rounds' ratios.
 * Exit code 1 when a bar is missed and `--strict` is given.
 */
import { parseArgs } from 'node:util';
import { type Calls, Counter, type Driver } from './api.ts';
import { callsComponent, coreModule } from './component.ts';
import { gangway, gangwayClosures } from './drivers/gangway.ts';
import { raw } from './drivers/raw.ts';
import { report } from './report.ts';
import { type Row, rows } from './rows.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    /** Puts the table into the README as well. */
    write: { type: 'boolean', default: false },
    row: { type: 'string', default: '' },
    peers: { type: 'string', default: 'all' },
  },
});

const drivers: Driver[] = [raw, gangway, gangwayClosures];
if (options.peers !== 'none') {
  const { jco, jco110 } = await import('./drivers/jco.ts');
  drivers.push(jco110, jco);
}
const ROUNDS = options.quick ? 15 : 61;
/** Milliseconds that one driver's turn in a round should take. */
const TURN = options.quick ? 2 : 4;

const component = await callsComponent();
const core = await coreModule();

type Loop = (n: number) => unknown;

/** A loop of its own around the row's call, from its source text. */
function makeLoop(row: Row, calls: Calls): Loop {
  const [, parameters, body] = /^\(?([^)=]*)\)?\s*=>\s*(.*)$/s.exec(row.call.toString()) as unknown as string[];
  const [api, x] = parameters!.split(',').map((name) => name.trim());
  // An expression stands in the loop itself; statements stay a function.
  const once = body!.startsWith('{') ? `(${row.call.toString()})(${api}, ${x ?? 'undefined'})` : body;
  const source = `(${api}, ${x ?? '_'}) => (n) => { let last; for (let i = 0; i < n; i++) last = ${once}; return last; }`;
  const make = new Function(`return ${source}`)() as (calls: Calls, x: unknown) => Loop;
  return make(calls, row.given?.(calls, Counter));
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

interface Figure {
  row: string;
  bar: number;
  /** Nanoseconds a call. */
  raw: number;
  /** Multiples of raw, by driver. */
  ratios: Record<string, number>;
}
const figures: Figure[] = [];
const started = new Map<string, Calls>();
for (const driver of drivers) started.set(driver.name, await driver.start(component, core));

for (const row of rows) {
  if (!new RegExp(options.row).test(row.name)) continue;
  const loops = new Map<string, { loop: Loop; n: number }>();
  for (const driver of drivers) {
    try {
      const loop = makeLoop(row, started.get(driver.name)!);
      const got = JSON.stringify(loop(1));
      if (got !== JSON.stringify(row.result)) throw new Error(`returned ${got}`);
      // Warm up, then find out how many calls fill a turn.
      let n = 1;
      for (;;) {
        const start = performance.now();
        loop(n);
        const took = performance.now() - start;
        if (took > TURN * 8) break;
        n *= 2;
      }
      loops.set(driver.name, { loop, n: Math.max(1, n >> 3) });
    } catch (error) {
      console.error(`${row.name}: ${driver.name}: ${error instanceof Error ? error.message : String(error)}`);
      if (driver === raw || driver === gangway) process.exitCode = 1;
    }
  }
  const perRound: Record<string, number[]> = {};
  const rawTimes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: Record<string, number> = {};
    for (const name of [...loops.keys()].sort(() => Math.random() - 0.5)) {
      const { loop, n } = loops.get(name)!;
      const start = performance.now();
      loop(n);
      times[name] = ((performance.now() - start) * 1e6) / n / (row.per ?? 1);
    }
    rawTimes.push(times['raw']!);
    for (const name of loops.keys()) (perRound[name] ??= []).push(times[name]! / times['raw']!);
  }
  const ratios = Object.fromEntries(Object.entries(perRound).map(([name, all]) => [name, median(all)]));
  figures.push({ row: row.name, bar: row.bar, raw: median(rawTimes), ratios });
  if (!options.json) console.error(`${row.name}: ${JSON.stringify(ratios)}`);
}

const names = drivers.filter((driver) => driver !== raw).map((driver) => driver.name);
const format = (number: number | undefined): string =>
  number === undefined ? '–' : number >= 100 ? number.toFixed(0) : number.toPrecision(2);
if (options.json) {
  console.log(JSON.stringify({ node: process.version, v8: process.versions.v8, figures }));
} else {
  const lines = [
    `| a call | raw, ns | ${names.join(' | ')} | bar |`,
    `|---|--:|${names.map(() => '--:').join('|')}|--:|`,
  ];
  for (const { row, bar, raw: nanoseconds, ratios } of figures) {
    const cells = names.map((name) => format(ratios[name]));
    lines.push(`| ${row} | ${nanoseconds.toPrecision(3)} | ${cells.join(' | ')} | ≤ ${bar} |`);
  }
  report('bench', lines, options.write);
}
const missed = figures.filter((figure) => (figure.ratios['gangway'] ?? Infinity) > figure.bar);
if (options.strict && missed.length > 0) process.exitCode = 1;
