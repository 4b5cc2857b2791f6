/**
 * The oracle of the canonical ABI: random types, random values, sent through real components. In: a seed and a number of
 * cases. Out: counts; throws at the first value that does not come back as it was, shrunk, with all that repeats it.
 *
 * A case is one list of arguments of one function. It goes
 * - JS → guest → JS,
 * - JS → guest A → fused adapter → guest B and back,
 * - JS → guest A → JS and back,
 * in each of the ways to run a component: both code generators, adapters in wasm and in JavaScript, generated code and
 * closures, host trampolines with core values in registers and in memory.
 */
import { Component, compile, type Engine, InstancePre, Store } from '@gangway/host';
import fc from 'fast-check';
import { aheadOfTime } from '../../../packages/cli/src/wast/ahead-of-time.ts';
import { engineWith } from '../assemble.ts';
import { type Guest, oracleComponent } from './component.ts';
import type { Shape } from './guests.ts';
import { resultOf } from './guests.ts';
import { eachKind, typeText, typeTrees } from './types.ts';
import { difference, returned, Thing, valuesOf } from './values.ts';

/** Functions of one component, and cases of each. */
const FUNCTIONS = 20;
const CASES = 25;

const engines: Readonly<Record<string, Engine>> = {
  'wasm adapters, direct': engineWith({
    debug: false,
    codegen: 'direct',
    multiMemory: 'auto',
    stringBuiltins: 'always',
  }),
  'wasm adapters, binaryen, closures': engineWith({
    codegen: 'binaryen',
    multiMemory: 'auto',
    evaluate: 'never',
    lowering: 'spilled',
  }),
  'adapters in JavaScript': engineWith({ codegen: 'direct', multiMemory: 'never', pointerSize: 8 }),
  'adapters in JavaScript, closures': engineWith({
    codegen: 'direct',
    multiMemory: 'never',
    evaluate: 'never',
    stringBuiltins: 'always',
  }),
};

/** Ways that start from what was stored of a component that another way has compiled. */
const stored: Readonly<Record<string, (component: Component) => Promise<Component>>> = {
  'ahead of time': aheadOfTime,
  'sent to another thread': async (component) =>
    Component.from(structuredClone(await component.toTransferable()), { engine: component.engine }),
};

const shapes: fc.Arbitrary<Shape> = fc.record({
  values: fc.oneof(
    { weight: 3, arbitrary: fc.array(typeTrees, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(typeTrees, { minLength: 2, maxLength: 4 }) },
  ),
  lends: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const guests: readonly Guest[] = (['utf8', 'utf16', 'latin1+utf16'] as const).flatMap((encoding) =>
  (['i32', 'i64'] as const).map((address) => ({ encoding, address })),
);

/** The guests A and B of a batch; 36 batches have all pairs. */
function guestsOf(batch: number, seed: number): [Guest, Guest] {
  const pair = (batch * 7 + Math.abs(seed)) % 36;
  return [guests[pair % 6]!, guests[Math.floor(pair / 6)]!];
}

export interface OracleCounts {
  readonly cases: number;
  readonly functions: number;
  readonly calls: number;
  /** How many cases have a type of the kind somewhere. */
  readonly kinds: ReadonlyMap<string, number>;
  /** How many cases each pair of guests was given. */
  readonly guests: ReadonlyMap<string, number>;
}

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Calls, and makes a value of the error case of a function's result. */
function outcome(shape: Shape, call: () => unknown): unknown {
  const type = resultOf(shape);
  if (type.kind !== 'result') return call();
  try {
    const val = call();
    return type.ok === null ? { tag: 'ok' } : { tag: 'ok', val };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ComponentError')) throw error;
    return type.err === null ? { tag: 'err' } : { tag: 'err', val: (error as Error & { payload: unknown }).payload };
  }
}

/** The embedder's side of the third path: gives back what it was given, which `seen` has a look at. */
function hostFunction(shape: Shape, seen: (values: unknown[]) => void): (...args: unknown[]) => unknown {
  return (...args) => {
    const values = shape.lends ? args.slice(1) : args;
    seen(values);
    if (values.length > 1) return values;
    if (resultOf(shape).kind !== 'result') return values[0];
    const { tag, val } = values[0] as { tag: string; val?: unknown };
    if (tag === 'err') throw Object.assign(new Error('the error case'), { payload: val });
    return val;
  };
}

interface Way {
  readonly name: string;
  /** The exports of an instance; a new one after a trap. */
  readonly exports: () => Functions;
}

/** One component with all ways to run it. */
async function ways(list: readonly Shape[], a: Guest, b: Guest, seen: unknown[]): Promise<Way[]> {
  const bytes = oracleComponent(list, a, b);
  const imports: Record<string, unknown> = { thing: Thing };
  for (const [i, shape] of list.entries()) {
    imports[`g${i}`] = hostFunction(shape, (values) => {
      seen.splice(0, seen.length, ...values);
    });
  }
  const compiled = await Promise.all(
    Object.entries(engines).map(async ([name, engine]) => [name, await compile(bytes, { engine })] as const),
  );
  const [, first] = compiled[0]!;
  const again = Object.entries(stored).map(async ([name, load]) => [name, await load(first)] as const);
  return Promise.all(
    [...compiled, ...(await Promise.all(again))].map(async ([name, component]): Promise<Way> => {
      const { engine } = component;
      await component.prepare();
      const pre = InstancePre.link(component, imports as Parameters<typeof InstancePre.link>[1]);
      let live: { store: Store; exports: Functions } | undefined;
      return {
        name,
        exports: () => {
          if (live === undefined || live.store.trap !== null) {
            const store = new Store({ engine });
            live = { store, exports: pre.instantiateSync<Functions>(store).exports };
          }
          return live.exports;
        },
      };
    }),
  );
}

export async function oracle(
  seed: number,
  cases: number,
  progress: (done: number) => void = () => {},
): Promise<OracleCounts> {
  const kinds = new Map<string, number>();
  const pairs = new Map<string, number>();
  const counts = { cases: 0, functions: 0, calls: 0, kinds, guests: pairs };
  const add = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + CASES);
  for (let batch = 0; counts.cases < cases; batch += 1) {
    // Both are 32-bit for fast-check.
    const batchSeed = (Math.imul(seed, 0x9e37_79b1) + batch) | 0;
    const list = fc.sample(shapes, { seed: batchSeed, numRuns: FUNCTIONS });
    const [a, b] = guestsOf(batch, seed);
    const where = `batch ${batch} of seed ${seed}, A ${a.encoding} ${a.address}, B ${b.encoding} ${b.address}`;
    const seen: unknown[] = [];
    let made: Way[];
    try {
      made = await ways(list, a, b, seen);
    } catch (error) {
      throw new Error(`${where}: ${list.map((shape) => shape.values.map(typeText).join(', ')).join('\n')}`, {
        cause: error,
      });
    }
    for (const [i, shape] of list.entries()) {
      const result = resultOf(shape);
      const text = `(${shape.lends ? 'borrow, ' : ''}${shape.values.map(typeText).join(', ')})`;
      const property = fc.property(fc.tuple(...shape.values.map(valuesOf)), (values) => {
        const want = returned(result, values.length === 1 ? values[0] : values);
        const args = shape.lends ? [new Thing(), ...values] : values;
        for (const way of made) {
          for (const path of ['b', 'a', 'h']) {
            seen.length = 0;
            const got = outcome(shape, () => way.exports()[`${path}${i}`]!(...args));
            counts.calls += 1;
            const found =
              difference(got, want) ?? (path === 'h' ? difference(values.length === 1 ? seen[0] : seen, want) : null);
            if (found !== null) throw new Error(`${way.name}, path ${path}${found}`);
          }
        }
      });
      const details = fc.check(property, { seed: batchSeed + i, numRuns: CASES });
      if (details.failed) {
        const report = await fc.asyncDefaultReportMessage(details);
        throw new Error(`${where}, function ${i}: ${text}\n${report}`, { cause: details.errorInstance });
      }
      counts.cases += CASES;
      counts.functions += 1;
      const used = new Set<string>(shape.lends ? ['borrow'] : []);
      for (const tree of shape.values) eachKind(tree, (kind) => used.add(kind));
      for (const kind of used) add(kinds, kind);
    }
    for (let i = 0; i < FUNCTIONS; i += 1) add(pairs, `${a.encoding} ${a.address} → ${b.encoding} ${b.address}`);
    progress(counts.cases);
  }
  return counts;
}
