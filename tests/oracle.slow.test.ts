/**
 * The reduced run of `pnpm oracle`: random component types and values, JS → guest → JS, guest → guest, guest → JS, in each
 * way to run a component. `SEED` and `RUNS` set what it does; the seed is in every failure.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { oracle } from './support/oracle/oracle.ts';
import { eachKind, type TypeTree, typeTrees } from './support/oracle/types.ts';
import { difference, returned, valuesOf } from './support/oracle/values.ts';

const seed = Number(process.env['SEED'] ?? 1);
const runs = Number(process.env['RUNS'] ?? 3000);

test(`${runs} cases, seed ${seed}`, async () => {
  const counts = await oracle(seed, runs);
  assert.ok(counts.cases >= runs);
  // Six ways to run a component, three calls each.
  assert.is(counts.calls, counts.cases * 18);
  // 12 scalars, string, own and borrow, 2 of list, 8 others; a very short run may miss some.
  if (runs >= 3000) assert.is(counts.kinds.size, 25, [...counts.kinds.keys()].join(', '));
});

test('the oracle sees any difference in a value', () => {
  // In a map, order tells texts apart, but not values.
  const trees = typeTrees.filter((tree) => {
    let hasMap = false;
    eachKind(tree, (kind) => {
      hasMap ||= kind === 'map';
    });
    return !hasMap;
  });
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)) ?? '';
  let different = 0;
  fc.assert(
    fc.property(
      trees.chain((tree) => fc.tuple(valuesOf(tree), valuesOf(tree))),
      ([a, b]) => {
        assert.is(difference(a, a), null);
        if (text(a) === text(b)) return;
        different += 1;
        assert.is.not(difference(a, b), null);
        assert.is.not(difference(b, a), null);
      },
    ),
    { seed, numRuns: 500 },
  );
  assert.ok(different > 200, `${different} pairs`);
  assert.is.not(difference(0, -0), null);
  assert.is(difference(Number.NaN, Number.NaN), null);
  assert.is(difference([{ a: 1 }], [{ a: 2 }]), '[0].a: got 1, want 2');
  assert.is.not(difference(new Uint8Array(2), [0, 0]), null);
  assert.is.not(difference(new Map([['a', 1]]), new Map([['a', 2]])), null);
  assert.is.not(difference({ tag: 'a', val: undefined }, { tag: 'a' }), null);
  assert.is.not(difference({ a: undefined }, { b: undefined }), null);
});

test('what comes back: lone surrogates replaced, the last of repeated keys, typed arrays', () => {
  const map: TypeTree = { kind: 'map', key: { kind: 'string' }, value: { kind: 'u8' } };
  const pairs = [
    ['\ud800', 1],
    ['a', 2],
    ['\ufffd', 3],
  ];
  const want = new Map([
    ['\ufffd', 3],
    ['a', 2],
  ]);
  assert.is(difference(returned(map, pairs), want), null);
  assert.is(
    difference(returned({ kind: 'list', element: { kind: 's8' }, length: 1 }, [-1]), new Int8Array([-1])),
    null,
  );
});

test.run();
