/** The rows of the table: what is called, how often a round, and the bar (a multiple of raw). */
import type { Calls, Counter } from './api.ts';

export interface Row {
  readonly name: string;
  /** At most so many times raw. */
  readonly bar: number;
  /** Calls that one call of the loop body makes. */
  readonly per?: number;
  /**
   * Makes the loop body. Its source text is evaluated anew for each driver, so that no driver inherits another's type
   * feedback; it may use only its parameters.
   */
  readonly make: (calls: Calls, Counter: new () => object) => () => unknown;
  /** What the body must return, as JSON. */
  readonly result: unknown;
}

export type { Counter };

export const rows: readonly Row[] = [
  { name: 'add(u32, u32)', bar: 1.5, make: (calls) => () => calls.add(40, 2), result: 42 },
  { name: 'add64(u64, u64)', bar: 1.5, make: (calls) => () => Number(calls.add64(40n, 2n)), result: 42 },
  { name: 'mix(f64, s32, bool)', bar: 1.5, make: (calls) => () => calls.mix(0.5, -3, true), result: -1.5 },
  {
    name: 'flags',
    bar: 1.5,
    make: (calls) => {
      const bits = { a: true, b: true, c: false };
      return () => calls.flip(bits);
    },
    result: { a: false, b: true, c: true },
  },
  { name: 'enum', bar: 1.5, make: (calls) => () => calls.turn('east'), result: 'south' },
  { name: 'guest calls a scalar import', bar: 2, per: 100, make: (calls) => () => calls.callScalar(100), result: 5050 },
  {
    name: 'echo(string), 16 bytes',
    bar: 1.5,
    make: (calls) => () => calls.echo('sixteen bytes ok'),
    result: 'sixteen bytes ok',
  },
  {
    name: 'echo(string), 16 non-ASCII',
    bar: 1.5,
    make: (calls) => () => calls.echo('ein schöner Täg☃'),
    result: 'ein schöner Täg☃',
  },
  {
    name: 'echo(string), 64 KiB',
    bar: 1.2,
    make: (calls) => {
      const text = 'sixteen bytes ok'.repeat(4096);
      return () => calls.echo(text).length;
    },
    result: 65536,
  },
  {
    name: 'guest calls log(string), 16 bytes',
    bar: 1.5,
    per: 100,
    make: (calls) => () => calls.callLog(100),
    result: undefined,
  },
  {
    name: 'sum(list<u32>), 1,000',
    bar: 1.1,
    make: (calls) => {
      const numbers = new Uint32Array(1000).map((_, i) => i);
      return () => calls.sum(numbers);
    },
    result: 499500,
  },
  { name: 'list<f64> result, 1,000', bar: 1.1, make: (calls) => () => calls.numbers(1000)[999], result: 999 },
  {
    name: 'echo(list<u8>), 64 B',
    bar: 2,
    make: (calls) => {
      const data = new Uint8Array(64).fill(7);
      return () => calls.echoBytes(data)[63];
    },
    result: 7,
  },
  {
    name: 'echo(list<u8>), 64 KiB',
    bar: 1.1,
    make: (calls) => {
      const data = new Uint8Array(65536).fill(7);
      return () => calls.echoBytes(data)[65535];
    },
    result: 7,
  },
  {
    name: 'echo(list<u8>), 1 MiB',
    bar: 1.1,
    make: (calls) => {
      const data = new Uint8Array(1 << 20).fill(7);
      return () => calls.echoBytes(data)[(1 << 20) - 1];
    },
    result: 7,
  },
  {
    name: 'echo(100 records {f64, f64, string})',
    bar: 1.5,
    make: (calls) => {
      const points = Array.from({ length: 100 }, (_, i) => ({ x: i, y: i / 2, label: `point ${i}` }));
      return () => calls.echoPoints(points)[99];
    },
    result: { x: 99, y: 49.5, label: 'point 99' },
  },
  {
    name: 'variant in, result out: ok',
    bar: 2,
    make: (calls) => {
      const choice = { tag: 'a', val: 5 } as const;
      return () => calls.attempt(choice);
    },
    result: 5,
  },
  {
    name: 'variant in, result out: err',
    bar: 12,
    make: (calls) => {
      const choice = { tag: 'c' } as const;
      return () => {
        try {
          return calls.attempt(choice);
        } catch (error) {
          return (error as { payload: number }).payload;
        }
      };
    },
    result: 7,
  },
  {
    name: 'option<tuple<u32, string>>',
    bar: 1.5,
    make: (calls) => {
      const value: [number, string] = [7, 'sixteen bytes ok'];
      return () => calls.maybe(value);
    },
    result: [7, 'sixteen bytes ok'],
  },
  {
    name: "guest calls a host resource's method",
    bar: 2.5,
    per: 100,
    make: (calls, Counter) => {
      const counter = new Counter() as never;
      return () => calls.callBump(counter, 100);
    },
    result: 5050,
  },
  {
    name: "guest resource's method",
    bar: 2,
    make: (calls) => {
      const thing = new calls.things.Thing(40);
      return () => thing.add(2);
    },
    result: 42,
  },
  {
    name: 'guest resource: constructor, method, drop',
    bar: 5,
    make: (calls) => () => {
      const thing = new calls.things.Thing(40);
      const sum = thing.add(2);
      thing[Symbol.dispose]();
      return sum;
    },
    result: 42,
  },
];
