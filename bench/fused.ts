/**
 * `pnpm bench:fused`: calls between two components, of one binary and linked at run time, as multiples of hand-written core wasm doing the same
 * copies ("raw"). In: `--quick`, `--json`, `--strict`, `--write` (into the README). Out: a markdown table (or JSON). The loop runs in the guest, so
 * that what is timed is the call between the components and nothing else.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from '@bytecodealliance/jco';
import { instantiate, Store } from '@gangway/host';
import loadWabt from 'wabt';
import { report } from './report.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    /** Puts the table into the README as well. */
    write: { type: 'boolean', default: false },
  },
});
const ROUNDS = options.quick ? 15 : 61;
/** Milliseconds that one turn in a round should take. */
const TURN = options.quick ? 2 : 4;

const rows = [
  { name: 'add(u32, u32)', run: 'run-add', export: 'runAdd', bar: 3.5, result: 10 },
  { name: 'echo(string), 16 bytes', run: 'run-echo', export: 'runEcho', bar: 1.5, result: 16 },
  { name: 'sum(list<u32>), 1,000', run: 'run-sum', export: 'runSum', bar: 1.2, result: 499500 },
  { name: '100 records {f64, f64, string}', run: 'run-points', export: 'runPoints', bar: 1.5, result: 16 },
] as const;

const read = (name: string): string => readFileSync(new URL(`components/${name}`, import.meta.url), 'utf8');
const wabt = await loadWabt();
const features = { bulk_memory: true, multi_memory: true };
const core = (name: string): WebAssembly.Module =>
  new WebAssembly.Module(new Uint8Array(wabt.parseWat(name, read(name), features).toBinary({}).buffer));

type Run = (n: number) => number;

async function startRaw(): Promise<Record<string, Run>> {
  const callee = await WebAssembly.instantiate(core('fused-callee.wat'), {});
  const libc = new WebAssembly.Instance(core('fused-libc.wat'), {});
  const glue = await WebAssembly.instantiate(core('fused-raw.wat'), { caller: libc.exports, callee: callee.exports });
  const caller = await WebAssembly.instantiate(core('fused-caller.wat'), { libc: libc.exports, callee: glue.exports });
  return caller.exports as Record<string, Run>;
}

const inline = (name: string): string => read(name).replace('(module', '(core module');
const text = read('fused.wat')
  .replace(/^\s+LIBC$/m, () => inline('fused-libc.wat'))
  .replace(/^\s+CALLEE$/m, () => inline('fused-callee.wat'))
  .replace(/^\s+CALLER$/m, () => inline('fused-caller.wat'));

async function startFused(): Promise<Record<string, Run>> {
  const { instance } = await instantiate(new Uint8Array(await parse(text)), {});
  return instance.exports as unknown as Record<string, Run>;
}

/** The two components of the text on their own: the exports of one are the imports of the other. */
async function startLinked(): Promise<Record<string, Run>> {
  const between = (from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to));
  const callee = between('(component $Callee', '(component $Caller');
  const caller = between('(component $Caller', '(instance $callee');
  const store = new Store();
  const one = await instantiate(new Uint8Array(await parse(callee)), {}, { store });
  const two = await instantiate(new Uint8Array(await parse(caller)), one.instance.exports, { store });
  return two.instance.exports as unknown as Record<string, Run>;
}

const raw = await startRaw();
const fused = await startFused();
const linked = await startLinked();
/** In a random order: whoever comes first in a round finds colder caches. */
const shuffled = (names: readonly string[]): string[] =>
  names
    .map((name) => ({ name, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ name }) => name);
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

const figures = rows.map((row) => {
  const drivers: Record<string, Run> = { raw: raw[row.run]!, fused: fused[row.export]!, linked: linked[row.export]! };
  const turns: Record<string, number> = {};
  for (const [name, run] of Object.entries(drivers)) {
    const got = run(4);
    if (got !== row.result) throw new Error(`${row.name}: ${name} returned ${got}`);
    let n = 16;
    for (;;) {
      const start = performance.now();
      run(n);
      if (performance.now() - start > TURN * 8) break;
      n *= 2;
    }
    turns[name] = Math.max(1, n >> 3);
  }
  const times: Record<string, number[]> = { raw: [], fused: [], linked: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of shuffled(Object.keys(drivers))) {
      const n = turns[name]!;
      const start = performance.now();
      drivers[name]!(n);
      times[name]!.push(((performance.now() - start) * 1e6) / n);
    }
  }
  const ratioOf = (name: string): number => median(times[name]!.map((time, i) => time / times['raw']![i]!));
  return {
    row: row.name,
    raw: median(times['raw']!),
    ratio: ratioOf('fused'),
    linked: ratioOf('linked'),
    bar: row.bar,
  };
});

if (options.json) {
  console.log(JSON.stringify({ node: process.version, v8: process.versions.v8, figures }));
} else {
  const lines = [
    '| a call from one component to another | raw, ns | in one binary | linked at run time | bar |',
    '|---|--:|--:|--:|--:|',
  ];
  for (const { row, raw: nanoseconds, ratio, linked: atRunTime, bar } of figures) {
    const ratios = [ratio, atRunTime].map((one) => one.toPrecision(2)).join(' | ');
    lines.push(`| ${row} | ${nanoseconds.toPrecision(3)} | ${ratios} | ≤ ${bar} |`);
  }
  report('bench-fused', lines, options.write);
}
if (options.strict && figures.some(({ ratio, linked: atRunTime, bar }) => Math.max(ratio, atRunTime) > bar))
  process.exitCode = 1;
