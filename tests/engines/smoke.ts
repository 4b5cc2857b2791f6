/**
 * What every engine has to be able to do. In: a way to instantiate the four components of the browser tests. Out: one line a
 * check. It runs in Node, Deno, Bun and workerd: no modules of Node, and nothing of a test runner.
 */
import { camelCase } from '@gangway/component/names';
import { type ImportsObject, type Instance, Trap } from '@gangway/host/runtime';

export interface Check {
  readonly name: string;
  /** Null: it passed. */
  readonly error: string | null;
}

/** An instance of a component, by name, in a store of its own. */
export type Instantiate = (
  component: 'echo' | 'log' | 'linked' | 'counter',
  imports: ImportsObject,
) => Promise<Instance<Callable>>;

interface Callable {
  readonly [name: string]: (...args: unknown[]) => unknown;
}

/** By type: values that come back as they are. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  bool: [true, false],
  s8: [-128, 127],
  u8: [255],
  s16: [-32768],
  u16: [65535],
  s32: [-(2 ** 31)],
  u32: [2 ** 32 - 1],
  s64: [-(2n ** 63n)],
  u64: [2n ** 64n - 1n],
  f32: [0.5, -0, Number.NaN],
  f64: [Math.PI, Number.NEGATIVE_INFINITY],
  char: ['a', '𝄞'],
  string: ['', 'plain', 'añ☃𝄞', '\uFEFFmark', 'añ☃𝄞'.repeat(5000)],
  bytes: [new Uint8Array([1, 2, 255])],
  floats: [new Float64Array([0.1, -0])],
  longs: [new BigInt64Array([-1n, 2n ** 62n])],
  strings: [[], ['a', '', '☃']],
  bools: [[true, false, true]],
  pair: [[7, 'seven']],
  point: [{ x: 1.5, labelText: 'here', isSet: true }],
  points: [[{ x: 0, labelText: 'zero', isSet: false }]],
  shape: [{ tag: 'empty' }, { tag: 'number', val: 7 }, { tag: 'both-of', val: [0.25, -3] }],
  shapes: [[{ tag: 'text', val: 'ü' }, { tag: 'empty' }]],
  heading: ['north', 'south-east'],
  bits: [{ a: true, bC: false, d: true }],
  maybe: [undefined, 0],
  'maybe-string': [undefined, 'some'],
  'maybe-maybe': [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 3 }],
  outcomes: [
    [
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'no' },
    ],
  ],
  wide: [Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, i * 1000]))],
};

/** The whole value as text, so that engines need no deep comparison of their own. */
function text(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}${text([...(value as Uint8Array)])}`;
  if (Array.isArray(value)) return `[${value.map(text).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}:${text(inner)}`)
    .join()}}`;
}

function same(actual: unknown, expected: unknown): void {
  if (text(actual) !== text(expected)) throw new Error(`${text(actual)} is not ${text(expected)}`);
}

/** What `work` throws; an error when it throws nothing. */
function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it throws nothing');
}

type Work = (instantiate: Instantiate) => Promise<void>;

const checks: Readonly<Record<string, Work>> = {
  async values(instantiate) {
    const imports: Record<string, unknown> = {
      'host-outcome': (value: { readonly tag: string; readonly val: unknown }) => {
        if (value.tag === 'ok') return value.val;
        throw value.val;
      },
    };
    for (const name of Object.keys(values)) imports[`host-${name}`] = (value: unknown) => value;
    const { exports } = await instantiate('echo', imports);
    for (const [name, list] of Object.entries(values)) {
      for (const value of list) same(exports[camelCase(`echo-${name}`)]?.(value), value);
    }
    same(exports['echoOutcome']?.({ tag: 'ok', val: 'fine' }), 'fine');
    const error = thrown(() => exports['echoOutcome']?.({ tag: 'err', val: 404 }));
    same((error as { readonly payload: unknown }).payload, 404);
    same(thrown(() => exports['echoU8']?.(256)) instanceof TypeError, true);
  },

  async imports(instantiate) {
    const said: unknown[] = [];
    const { exports } = await instantiate('log', { log: (message: unknown) => said.push(message) });
    same(exports['run']?.('Ada'), 'hello, Ada');
    same(said, ['Ada']);
  },

  async resources(instantiate) {
    const { exports } = await instantiate('counter', {});
    const Counter = exports['Counter'] as unknown as new (
      start: number,
    ) => { increment(): number; [Symbol.dispose](): void };
    const counter = new Counter(41);
    same(counter.increment(), 42);
    counter[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    same(exports['dropped']?.(), 1);
    same(thrown(() => counter.increment()) instanceof TypeError, true);
  },

  async traps(instantiate) {
    const { exports } = await instantiate('counter', {});
    const trap = thrown(() => exports['fail']?.());
    same(trap instanceof Trap && trap.code, 'unreachable');
    const locked = thrown(() => exports['dropped']?.());
    same(locked instanceof Trap && locked.code, 'cannot-enter');
    const failing = await instantiate('log', {
      log: () => {
        throw new Error('out of ink');
      },
    });
    const cause = thrown(() => failing.exports['run']?.('Ada'));
    same(cause instanceof Trap, true);
  },

  async adapters(instantiate) {
    const { exports } = await instantiate('linked', {});
    same(exports['run']?.(), 42);
  },
};

/** Runs all checks, each with components of its own. */
export async function smoke(instantiate: Instantiate): Promise<Check[]> {
  const results: Check[] = [];
  for (const [name, work] of Object.entries(checks)) {
    let error: string | null = null;
    try {
      await work(instantiate);
    } catch (reason) {
      error = reason instanceof Error ? `${reason.name}: ${reason.message}\n${reason.stack ?? ''}` : String(reason);
    }
    results.push({ name, error });
  }
  return results;
}

const encoded = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** What the table says of an engine beside the checks; found out, not looked up. */
export function engineFeatures(): Readonly<Record<string, boolean>> {
  return {
    // Two memories in one module; a memory with 64-bit addresses.
    'several memories': WebAssembly.validate(encoded('0061736d0100000005050200000000')),
    memory64: WebAssembly.validate(encoded('0061736d010000000503010400')),
    JSPI: 'Suspending' in WebAssembly,
  };
}
