/**
 * Millions of mixed calls: numbers, strings, lists, records, variants, resources of both sides, imports, error cases. Neither
 * JavaScript's heap nor the guest's memory nor the store grows. `CALLS=10000000` is the full count, in each form of lift and
 * lower, and takes 45 s; without it there are fewer. With `node --trace-deopt` it shows that no function is optimised and
 * deoptimised again and again: 27 deoptimisations in 20 million calls, two at most of one function for one reason.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine, instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Calls, Counter } from '../../bench/api.ts';
import { callsComponent } from '../../bench/component.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const CALLS = Number(process.env['CALLS'] ?? 1_000_000);

/** One of each kind; how many calls of the host that is. */
function round(calls: Calls, i: number): number {
  const { Thing } = calls.things;
  const n = i & 0xffff;
  const counter = new Counter();
  const thing = new Thing(n);
  let failed: unknown;
  try {
    calls.attempt({ tag: 'c' });
  } catch (error) {
    failed = (error as { payload: unknown }).payload;
  }
  const right =
    calls.add(n, 2) === n + 2 &&
    calls.add64(40n, BigInt(n)) === 40n + BigInt(n) &&
    calls.mix(0.5, n, true) === n + 1.5 &&
    calls.flip({ a: true, b: true, c: false }).c &&
    calls.turn('east') === 'south' &&
    calls.callScalar(3) === 6 &&
    calls.callLog(2) === undefined &&
    calls.callBump(counter, 3) === 6 &&
    counter.value === 6 &&
    calls.echo(`sixteen bytes ${n}`) === `sixteen bytes ${n}` &&
    calls.echo('ein schöner Täg☃') === 'ein schöner Täg☃' &&
    calls.sum(new Uint32Array([n, 1, 2])) === n + 3 &&
    calls.numbers(16)[15] === 15 &&
    calls.echoBytes(new Uint8Array(64).fill(7))[63] === 7 &&
    calls.echoPoints([{ x: n, y: 1, label: 'point' }])[0]?.label === 'point' &&
    calls.attempt({ tag: 'a', val: n }) === n &&
    calls.maybe([n, 'maybe'])?.[1] === 'maybe' &&
    calls.maybe(undefined) === undefined &&
    thing.add(2) === n + 2 &&
    failed === 7;
  thing[Symbol.dispose]();
  if (!right) assert.unreachable(`round ${i} returned something else`);
  return 21;
}

for (const evaluate of ['auto', 'never'] as const) {
  test(`${CALLS} mixed calls (${evaluate})`, async () => {
    const engine = new Engine({ evaluate });
    const host = {
      scalar: (x: number): number => x,
      log: (text: string): void => assert.is(text, 'sixteen bytes ok'),
      'example:bench/host': { Counter },
    };
    const { instance } = await instantiate(await callsComponent(), host, { engine });
    const exports = instance.exports as unknown as Calls & { 'example:bench/things': Calls['things'] };
    const calls: Calls = { ...exports, things: exports['example:bench/things'] };
    const { store } = instance;
    let made = 0;
    let i = 0;
    const run = async (until: number): Promise<void> => {
      while (made < until) {
        for (let k = 0; k < 1000; k++) made += round(calls, i++);
        // Finalizers and what engines compile in the background get their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      collect();
    };
    await run(CALLS / 10);
    const heap = process.memoryUsage().heapUsed;
    const [memory, used] = [instance.memoryBytes, store.usedBytes];
    await run(CALLS);
    assert.is(instance.memoryBytes, memory);
    assert.is(store.usedBytes, used);
    const growth = process.memoryUsage().heapUsed - heap;
    assert.ok(growth < 1_000_000, `the heap grew by ${growth} bytes`);
  });
}

test.run();
