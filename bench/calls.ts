/**
 * `pnpm bench`: the calls of `rows.ts` by every driver in one process, as multiples of hand-written glue ("raw").
 *
 * In: `--quick`, `--json`, `--row REGEX`, `--peers none`, `--alive N`, `--write` (into the README). Out: a markdown table (or JSON). Results are checked before
 * anything is timed; a round calls the drivers in random order; a figure is the median of the rounds' ratios, of those that
 * had the core for themselves (`core-probe.ts`) where there are enough. Marked `*`: there were not.
 * Exit code 1 when a bar is missed and `--strict` is given.
 *
 * What makes raw the limit that it should be, and gives every driver the same chance:
 * - nothing large is compiled in this process (see `drivers/prepare.ts`);
 * - a loop is warmed up until it gets no faster, with turns of the event loop between, in which engines install what they
 *   compiled in the background. A fixed time of 32 ms was over before the optimising compiler was done;
 * - an ArrayBuffer is detached before anything is compiled: from then on every access to a typed array checks for it. A
 *   guest whose memory grows brings every process there, sooner or later, and here it would be by chance.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Calls, Counter, type Driver } from './api.ts';
import { CoreProbe } from './core-probe.ts';
import { gangway, gangwayClosures } from './drivers/gangway.ts';
import { prepare, preparedFile } from './drivers/prepare.ts';
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
    /** Instances of the project's drivers: all are called while loops warm up, the first is timed. Others have one. */
    alive: { type: 'string', default: '1' },
    peers: { type: 'string', default: 'all' },
  },
});

const withPeers = options.peers !== 'none';
prepare(withPeers ? ['1.10', '1.35'] : []);
structuredClone(new ArrayBuffer(8), { transfer: [new ArrayBuffer(8)] });

const drivers: Driver[] = [raw, gangway, gangwayClosures];
if (withPeers) {
  const { jco, jco110 } = await import('./drivers/jco.ts');
  drivers.push(jco110, jco);
}
/** Rounds with the core for themselves that a row should have, and milliseconds that it waits for them. */
const ROUNDS = options.quick ? 15 : 61;
const PATIENCE = options.quick ? 1000 : 8000;
/** Milliseconds that one driver's turn in a round should take. */
const TURN = options.quick ? 2 : 4;

const component = new Uint8Array(readFileSync(preparedFile('calls.component.wasm')));
const core = new Uint8Array(readFileSync(preparedFile('calls.core.wasm')));

type Loop = (n: number) => unknown;

/**
 * A loop of its own around the row's call, from its source text. The driver's name is in the text as well: of functions with
 * the same text engines make one, with one type feedback, and a loop would start with what another driver's loop has seen.
 *
 * The first call stands before the loop: a variable that is undefined at first and a float later makes an object of every
 * result, unless the engine takes the first turn out of the loop, which V8 does only when nothing in it can throw. So
 * raw's `mix` took 4.5 ns, and with one check (`(b | 0) !== b`) 10; with the first call outside both take 4.5.
 */
function makeLoop(row: Row, driver: string, calls: Calls): Loop {
  const [, parameters, body] = /^\(?([^)=]*)\)?\s*=>\s*(.*)$/s.exec(row.call.toString()) as unknown as string[];
  const [api, x, i] = parameters!.split(',').map((name) => name.trim());
  // An expression stands in the loop itself; statements stay a function.
  const once = body!.startsWith('{') ? `(${row.call.toString()})(${api}, ${x ?? 'undefined'}, ${i ?? 'i'})` : body;
  const turn = i ?? 'i';
  const first = `let ${turn} = 0, last = ${once};`;
  const source = `(${api}, ${x ?? '_'}) => (n) => { ${first} for (${turn} = 1; ${turn} < n; ${turn}++) last = ${once}; return last; }`;
  const make = new Function(`return /* ${driver} */ ${source}`)() as (calls: Calls, x: unknown) => Loop;
  return make(calls, row.given?.(calls, Counter));
}

/** Milliseconds that a warm-up takes at least and at most. */
const WARM = options.quick ? [80, 800] : [250, 2000];
/** A warm-up is over when so many turns in a row were not faster than the best one. */
const STEADY = options.quick ? 12 : 25;

const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function time(loop: Loop, n: number): number {
  const start = performance.now();
  loop(n);
  return performance.now() - start;
}

/** Calls until calls get no faster, and `others` as often; how many of them fill a turn then. */
async function warmUp(loop: Loop, others: readonly Loop[]): Promise<number> {
  const started = performance.now();
  let n = 1;
  let best = Infinity;
  for (let steady = 0; ; ) {
    for (const other of others) other(n);
    const took = time(loop, n);
    await idle();
    if (took < TURN / 2) {
      n *= 2;
      continue;
    }
    const perCall = took / n;
    steady = perCall < best * 0.97 ? 0 : steady + 1;
    best = Math.min(best, perCall);
    const elapsed = performance.now() - started;
    if ((steady >= STEADY && elapsed > WARM[0]!) || elapsed > WARM[1]!) break;
  }
  return Math.max(1, Math.round(TURN / best));
}

/** A new order, each as likely as any other. */
function shuffled<T>(items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

interface Figure {
  row: string;
  bar: number;
  /** Nanoseconds a call. */
  raw: number;
  /** Multiples of raw, by driver. */
  ratios: Record<string, number>;
  /** The core was shared in nearly all rounds, and figures are what they are there. */
  shared: boolean;
}
const figures: Figure[] = [];
const probe = new CoreProbe();
const started = new Map<string, Calls[]>();
for (const driver of drivers) {
  const own = driver === gangway || driver === gangwayClosures;
  const instances: Calls[] = [];
  for (let i = 0; i < (own ? Number(options.alive) : 1); i++) instances.push(await driver.start(component, core));
  started.set(driver.name, instances);
}

for (const row of rows) {
  if (!new RegExp(options.row).test(row.name)) continue;
  const loops = new Map<string, { loop: Loop; n: number }>();
  for (const driver of drivers) {
    try {
      const [loop, ...others] = started
        .get(driver.name)!
        .map((calls, i) => makeLoop(row, `${driver.name} ${i}`, calls)) as [Loop, ...Loop[]];
      const got = JSON.stringify(loop(1));
      if (got !== JSON.stringify(row.result)) throw new Error(`returned ${got}`);
      loops.set(driver.name, { loop, n: await warmUp(loop, others) });
    } catch (error) {
      console.error(`${row.name}: ${driver.name}: ${error instanceof Error ? error.message : String(error)}`);
      if (driver === raw || driver === gangway) process.exitCode = 1;
    }
  }
  const rounds: { times: Record<string, number>; probes: [number, number] }[] = [];
  const freeRounds = () => rounds.filter(({ probes }) => probe.wasFree(...probes));
  const until = performance.now() + PATIENCE;
  while (rounds.length < ROUNDS || (freeRounds().length < ROUNDS && performance.now() < until)) {
    const times: Record<string, number> = {};
    const before = probe.sample();
    for (const name of shuffled([...loops.keys()])) {
      const { loop, n } = loops.get(name)!;
      times[name] = (time(loop, n) * 1e6) / n / (row.per ?? 1);
    }
    rounds.push({ times, probes: [before, probe.sample()] });
  }
  const shared = freeRounds().length < ROUNDS / 2;
  const counted = (shared ? rounds : freeRounds()).map(({ times }) => times);
  const ratioOf = (name: string): number => median(counted.map((times) => times[name]! / times['raw']!));
  const ratios = Object.fromEntries([...loops.keys()].map((name) => [name, ratioOf(name)]));
  figures.push({ row: row.name, bar: row.bar, raw: median(counted.map((times) => times['raw']!)), ratios, shared });
  if (!options.json) console.error(`${row.name}: ${JSON.stringify(ratios)}${shared ? ' (shared core)' : ''}`);
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
  for (const { row, bar, raw: nanoseconds, ratios, shared } of figures) {
    const cells = names.map((name) => format(ratios[name]));
    lines.push(`| ${row}${shared ? ' *' : ''} | ${nanoseconds.toPrecision(3)} | ${cells.join(' | ')} | ≤ ${bar} |`);
  }
  if (figures.some(({ shared }) => shared)) lines.push('', '\\* Something else ran on the same core.');
  report('bench', lines, options.write);
}
const missed = figures.filter((figure) => (figure.ratios['gangway'] ?? Infinity) > figure.bar);
if (options.strict && missed.length > 0) process.exitCode = 1;
