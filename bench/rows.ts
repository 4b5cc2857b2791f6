/** The rows of the table: what is called, how often a round, and the bar (a multiple of raw). */
import type { Calls, Counter } from './api.ts';

export interface Row<X = unknown> {
  readonly name: string;
  /** At most so many times raw. */
  readonly bar: number;
  /** Calls that one turn of the loop makes. */
  readonly per?: number;
  /** What the call is given, made once a driver. */
  readonly given?: (calls: Calls, counter: typeof Counter) => X;
  /**
   * One call. Its source text is put into a loop and evaluated anew for each driver: nothing stands between the loop and
   * the call, and no driver inherits another's type feedback. It may use only its parameters; `i` counts the
   * calls, so that an engine that inlines a call cannot do without it.
   */
  readonly call: (calls: Calls, x: X, i: number) => unknown;
  /** What the call number 0 must return. */
  readonly result: unknown;
}

/** Ties the types of `given` and `call` together, then forgets them. */
const row = <X>({ call, ...rest }: Row<X>): Row => ({ ...rest, call: call as Row['call'] });

export const rows: readonly Row[] = [
  { name: 'add(u32, u32)', bar: 1.5, call: (calls, _, i) => calls.add(i, 42), result: 42 },
  { name: 'add64(u64, u64)', bar: 1.5, call: (calls) => Number(calls.add64(40n, 2n)), result: 42 },
  { name: 'mix(f64, s32, bool)', bar: 1.5, call: (calls, _, i) => calls.mix(0.5, i, true), result: 1.5 },
  row({
    name: 'flags',
    bar: 1.5,
    given: () => ({ a: true, b: true, c: false }),
    call: (calls, bits) => calls.flip(bits),
    result: { a: false, b: true, c: true },
  }),
  { name: 'enum', bar: 1.5, call: (calls) => calls.turn('east'), result: 'south' },
  { name: 'guest calls a scalar import', bar: 2, per: 100, call: (calls) => calls.callScalar(100), result: 5050 },
  {
    name: 'echo(string), 16 bytes',
    bar: 1.5,
    call: (calls) => calls.echo('sixteen bytes ok'),
    result: 'sixteen bytes ok',
  },
  {
    name: 'echo(string), 16 non-ASCII',
    bar: 1.5,
    call: (calls) => calls.echo('ein schöner Täg☃'),
    result: 'ein schöner Täg☃',
  },
  row({
    name: 'echo(string), 64 KiB',
    bar: 1.2,
    given: () => 'sixteen bytes ok'.repeat(4096),
    call: (calls, text) => calls.echo(text).length,
    result: 65536,
  }),
  {
    name: 'guest calls log(string), 16 bytes',
    bar: 1.5,
    per: 100,
    call: (calls) => calls.callLog(100),
    result: undefined,
  },
  row({
    name: 'sum(list<u32>), 1,000',
    bar: 1.1,
    given: () => new Uint32Array(1000).map((_, i) => i),
    call: (calls, numbers) => calls.sum(numbers),
    result: 499500,
  }),
  { name: 'list<f64> result, 1,000', bar: 1.1, call: (calls) => calls.numbers(1000)[999], result: 999 },
  row({
    name: 'echo(list<u8>), 64 B',
    bar: 2,
    given: () => new Uint8Array(64).fill(7),
    call: (calls, data) => calls.echoBytes(data)[63],
    result: 7,
  }),
  row({
    name: 'echo(list<u8>), 64 KiB',
    bar: 1.1,
    given: () => new Uint8Array(65536).fill(7),
    call: (calls, data) => calls.echoBytes(data)[65535],
    result: 7,
  }),
  row({
    name: 'echo(list<u8>), 1 MiB',
    bar: 1.1,
    given: () => new Uint8Array(1 << 20).fill(7),
    call: (calls, data) => calls.echoBytes(data)[(1 << 20) - 1],
    result: 7,
  }),
  row({
    name: 'echo(100 records {f64, f64, string})',
    bar: 1.5,
    given: () => Array.from({ length: 100 }, (_, i) => ({ x: i, y: i / 2, label: `point ${i}` })),
    call: (calls, points) => calls.echoPoints(points)[99],
    result: { x: 99, y: 49.5, label: 'point 99' },
  }),
  row({
    name: 'variant in, result out: ok',
    bar: 2,
    given: () => ({ tag: 'a', val: 5 }) as const,
    call: (calls, choice) => calls.attempt(choice),
    result: 5,
  }),
  row({
    name: 'variant in, result out: err',
    bar: 12,
    given: () => ({ tag: 'c' }) as const,
    call: (calls, choice) => {
      try {
        return calls.attempt(choice);
      } catch (error) {
        return (error as { payload: number }).payload;
      }
    },
    result: 7,
  }),
  row({
    name: 'option<tuple<u32, string>>',
    bar: 1.5,
    given: (): [number, string] => [7, 'sixteen bytes ok'],
    call: (calls, value) => calls.maybe(value),
    result: [7, 'sixteen bytes ok'],
  }),
  row({
    name: "guest calls a host resource's method",
    bar: 2.5,
    per: 100,
    given: (_, Counter) => new Counter(),
    call: (calls, counter) => calls.callBump(counter, 100),
    result: 5050,
  }),
  row({
    name: "guest resource's method",
    bar: 2,
    given: (calls) => new calls.things.Thing(40),
    call: (_, thing) => thing.add(2),
    result: 42,
  }),
  {
    name: 'guest resource: constructor, method, drop',
    bar: 5,
    call: (calls) => {
      const thing = new calls.things.Thing(40);
      const sum = thing.add(2);
      thing[Symbol.dispose]();
      return sum;
    },
    result: 42,
  },
];
