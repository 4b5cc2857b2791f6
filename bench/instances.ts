/**
 * `pnpm bench:instances`: how many instances of a compiled component a second, and how many bytes of JavaScript heap each
 * keeps, in one store and ("own stores") each in a store of its own, beside hand-written glue ("raw": `new WebAssembly.Instance`
 * and an object of functions) and jco 1.10's output.
 *
 * In: `--quick`, `--json`, `--strict`, `--peers none`, `--clock wall`, and words that the names of the rows must contain.
 * Out: a markdown table (or JSON). An instance is made, one of its functions is called and the result checked; all instances
 * of a turn stay until its end. The drivers take turns in random order; a figure is the median of the rounds' ratios. Exit
 * code 1 when a bar is missed and `--strict` is given.
 *
 * The clock stands still while others have the processor, where the system says so (Linux): a turn takes a few milliseconds,
 * and on a busy machine a longer one is interrupted more often.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from '@bytecodealliance/jco';
import { compile, InstancePre, Store } from '@gangway/host';
import { transpile } from 'jco-1.10';

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    clock: { type: 'string', default: 'running' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    peers: { type: 'string', default: 'all' },
  },
});
const ROUNDS = options.quick ? 21 : 61;
const WARM_UP = 10;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const scheduling = '/proc/thread-self/schedstat';
const seesWaiting = existsSync(scheduling) && options.clock !== 'wall';

/** Milliseconds. */
function clock(): number {
  const now = performance.now();
  // Nanoseconds: of running, of waiting for a processor.
  return seesWaiting ? now - Number(readFileSync(scheduling, 'latin1').split(' ')[1]) / 1e6 : now;
}

interface Scalars {
  add(a: number, b: number): number;
}

interface Subject {
  readonly name: string;
  /** The component's core module, and what stands around it. */
  readonly core: string;
  readonly head: string;
  readonly lifts: string;
  readonly imports: { readonly tick?: (x: number) => number };
  /** At least so many times raw's instances a second; at most so many bytes of heap each. */
  readonly bar: { readonly rate: number; readonly heap: number } | null;
  /** Instances a turn: memories are reserved by the gigabyte. */
  readonly count: number;
  /** By hand: the exports of one instance. */
  raw(module: WebAssembly.Module): Scalars;
}

const functions = `
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "mix") (param f64 i32 i32) (result f64) (f64.add (local.get 0) (f64.convert_i32_s (local.get 1))))`;
const lifts = `
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func (export "add64") (param "a" u64) (param "b" u64) (result u64) (canon lift (core func $i "add64")))
  (func (export "mix") (param "a" f64) (param "b" s32) (param "c" bool) (result f64) (canon lift (core func $i "mix")))`;

interface Core {
  add(a: number, b: number): number;
  add64(a: bigint, b: bigint): bigint;
  mix(a: number, b: number, c: number): number;
  length(at: number, bytes: number): number;
  realloc(old: number, oldSize: number, align: number, size: number): number;
  memory: WebAssembly.Memory;
}

const glue = ({ add, add64, mix }: Core) => ({
  add: (a: number, b: number) => add(a, b) >>> 0,
  add64: (a: bigint, b: bigint) => BigInt.asUintN(64, add64(a, b)),
  mix: (a: number, b: number, c: boolean) => mix(a, b, c ? 1 : 0),
});

const encoder = new TextEncoder();

const subjects: readonly Subject[] = [
  {
    name: 'scalars',
    core: functions,
    head: '(core instance $i (instantiate $m))',
    lifts,
    imports: {},
    bar: { rate: 0.4, heap: 6 * 1024 },
    count: 2000,
    raw: (module) => glue(new WebAssembly.Instance(module).exports as unknown as Core),
  },
  {
    name: 'scalars, one import',
    core: `(import "" "tick" (func $tick (param i32) (result i32)))${functions}
      (func (export "tock") (param i32) (result i32) (call $tick (local.get 0)))`,
    head: `(import "tick" (func $tick (param "x" u32) (result u32)))
      (core func $tick (canon lower (func $tick)))
      (core instance $i (instantiate $m (with "" (instance (export "tick" (func $tick))))))`,
    lifts: `${lifts} (func (export "tock") (param "x" u32) (result u32) (canon lift (core func $i "tock")))`,
    imports: { tick: (x) => x },
    bar: null,
    count: 2000,
    raw(module) {
      const instance = new WebAssembly.Instance(module, { '': { tick: rawTick } });
      const core = instance.exports as unknown as Core & { tock(x: number): number };
      return { ...glue(core), tock: (x: number) => core.tock(x) >>> 0 } as Scalars;
    },
  },
  {
    name: 'with a memory',
    core: `(memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
      (func (export "length") (param i32 i32) (result i32) (local.get 1))${functions}`,
    head: '(core instance $i (instantiate $m))',
    lifts: `${lifts} (func (export "length") (param "text" string) (result u32)
      (canon lift (core func $i "length") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))`,
    imports: {},
    bar: { rate: 0.8, heap: Number.POSITIVE_INFINITY },
    count: 100,
    raw(module) {
      const core = new WebAssembly.Instance(module).exports as unknown as Core;
      let bytes = new Uint8Array(core.memory.buffer);
      const length = (text: string): number => {
        const at = core.realloc(0, 0, 1, text.length * 3);
        if (bytes.length === 0) bytes = new Uint8Array(core.memory.buffer);
        return core.length(at, encoder.encodeInto(text, bytes.subarray(at)).written) >>> 0;
      };
      return { ...glue(core), length } as Scalars;
    },
  },
];

/** The import by hand: converts, and needs nothing of the instance. */
const rawTick = (x: number): number => x >>> 0;

/** Makes instances: called once a turn, it returns what makes one. */
type Turn = () => () => Scalars;

async function jco(bytes: Uint8Array, imports: Subject['imports'], folderName: string): Promise<Turn> {
  const { files } = (await transpile(bytes, {
    name: 'subject',
    instantiation: 'sync',
  })) as { files: Record<string, Uint8Array> };
  const folder = new URL(`../.cache/bench/instances-${folderName.replaceAll(/\W/g, '-')}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('package.json', folder), '{"type":"module"}');
  for (const [name, content] of Object.entries(files)) writeFileSync(new URL(name, folder), content);
  const { instantiate } = (await import(new URL('subject.js', folder).href)) as {
    instantiate(core: (path: string) => WebAssembly.Module, imports: object): Scalars;
  };
  const modules = new Map<string, WebAssembly.Module>();
  const core = (path: string): WebAssembly.Module => {
    let module = modules.get(path);
    if (module === undefined) {
      module = new WebAssembly.Module(readFileSync(new URL(path, folder)));
      modules.set(path, module);
    }
    return module;
  };
  const given = imports.tick === undefined ? {} : { tick: { default: imports.tick } };
  return () => () => instantiate(core, given);
}

interface Figure {
  readonly subject: string;
  readonly bar: Subject['bar'];
  /** Instances a second. */
  readonly raw: number;
  readonly drivers: Record<string, { readonly ratio: number; readonly heap: number }>;
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

/** Makes instances, calls each once, and keeps them all; milliseconds an instance. */
function take(turn: Turn, kept: Scalars[]): number {
  const make = turn();
  const start = clock();
  for (let i = 0; i < kept.length; i++) {
    const made = make();
    if (made.add(40, 2) !== 42) throw new Error('wrong');
    kept[i] = made;
  }
  return (clock() - start) / kept.length;
}

/** Bytes of heap that an instance keeps. */
function heapOf(turn: Turn, count: number): number {
  const kept = new Array<Scalars>(count);
  collect();
  const before = process.memoryUsage().heapUsed;
  take(turn, kept);
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / count;
  if (kept.length !== count) throw new Error('the instances must be kept until here');
  return bytes;
}

const figures: Figure[] = [];
for (const { name, core, head, lifts: lifted, imports, bar, count, raw } of subjects.filter(({ name }) =>
  wanted.every((word) => name.includes(word)),
)) {
  const bytes = new Uint8Array(await parse(`(component (core module $m ${core}) ${head} ${lifted})`));
  const component = await compile(bytes);
  const pre = InstancePre.link(component, imports);
  const drivers = new Map<string, Turn>([
    ['raw', () => () => raw(component.modules[0]!)],
    [
      'gangway',
      () => {
        const store = new Store();
        return () => pre.instantiateSync<Scalars>(store).exports;
      },
    ],
  ]);
  drivers.set('own stores', () => () => pre.instantiateSync<Scalars>().exports);
  if (options.peers !== 'none') drivers.set('jco 1.10', await jco(bytes, imports, name));
  const ratios: Record<string, number[]> = {};
  const heaps: Record<string, number[]> = {};
  const rawTimes: number[] = [];
  // One instance of each stays: with the last one the engine would throw away the code that is optimised for its shape.
  const staying = [...drivers.values()].map((turn) => turn()());
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const times: Record<string, number> = {};
    for (const driver of [...drivers.keys()].sort(() => Math.random() - 0.5)) {
      // What others have left behind is nobody's.
      collect();
      times[driver] = take(drivers.get(driver)!, new Array<Scalars>(count));
    }
    if (round < 0) continue;
    rawTimes.push(times['raw']!);
    for (const driver of drivers.keys()) (ratios[driver] ??= []).push(times['raw']! / times[driver]!);
  }
  if (staying.some((one) => one.add(1, 1) !== 2)) throw new Error('wrong');
  for (const [driver, turn] of drivers) heaps[driver] = Array.from({ length: 5 }, () => heapOf(turn, count));
  const entries = [...drivers.keys()].map(
    (driver) => [driver, { ratio: median(ratios[driver]!), heap: median(heaps[driver]!) }] as const,
  );
  figures.push({ subject: name, bar, raw: 1000 / median(rawTimes), drivers: Object.fromEntries(entries) });
}

if (options.json) {
  console.log(JSON.stringify({ node: process.version, v8: process.versions.v8, figures }));
} else {
  const names = Object.keys(figures[0]!.drivers);
  const others = names.filter((driver) => driver !== 'raw');
  console.log(
    `| instances of | raw, a second | ${others.map((d) => `${d}, × raw`).join(' | ')} | ${names.map((d) => `${d}, KB each`).join(' | ')} | bar |`,
  );
  console.log(`|---|--:|${'--:|'.repeat(others.length + names.length)}--:|`);
  for (const { subject, raw, drivers, bar } of figures) {
    const rates = others.map((driver) => drivers[driver]!.ratio.toFixed(2));
    const heaps = names.map((driver) => (drivers[driver]!.heap / 1024).toFixed(1));
    const wanted = bar === null ? '' : `≥ ${bar.rate}${Number.isFinite(bar.heap) ? `, ≤ ${bar.heap / 1024} KB` : ''}`;
    console.log(`| ${subject} | ${Math.round(raw)} | ${rates.join(' | ')} | ${heaps.join(' | ')} | ${wanted} |`);
  }
  console.log(`\nNode ${process.version}, V8 ${process.versions.v8}, ${process.platform} ${process.arch}`);
}
const missed = figures.filter(({ bar, drivers }) => {
  const { ratio, heap } = drivers['gangway']!;
  return bar !== null && (ratio < bar.rate || heap > bar.heap);
});
for (const { subject } of missed) console.error(`missed: ${subject}`);
if (options.strict && missed.length > 0) process.exitCode = 1;
