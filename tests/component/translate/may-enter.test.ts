import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { enteringInstances } from '@gangway/component/translate';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const index = (i: number): ComponentInstanceIndex => i as ComponentInstanceIndex;

/** 0 contains 1 and 2; 1 contains 3; 3 contains 4. */
const tree = [null, 0, 0, 1, 3].map((parent) => ({ parent: parent === null ? null : index(parent) }));

test('the same instance, and one that contains the other: never', () => {
  for (const [caller, callee] of [
    [0, 0],
    [3, 3],
    [0, 1],
    [1, 0],
    [0, 4],
    [4, 1],
  ] as const) {
    assert.is(enteringInstances(tree, index(caller), index(callee)), null, `${caller} calls ${callee}`);
  }
});

test('siblings: what is around the callee and not around the caller, the outermost first', () => {
  assert.equal(enteringInstances(tree, index(1), index(2)), [2]);
  assert.equal(enteringInstances(tree, index(4), index(2)), [2]);
  assert.equal(enteringInstances(tree, index(2), index(4)), [1, 3, 4]);
});

test('random trees: the entered set is the set difference of definitions.py', () => {
  const trees = fc
    .array(fc.nat(), { minLength: 1, maxLength: 12 })
    .map((seeds) => seeds.map((seed, i) => ({ parent: i === 0 ? null : index(seed % i) })));
  fc.assert(
    fc.property(trees, fc.nat(), fc.nat(), (instances, a, b) => {
      const caller = a % instances.length;
      const callee = b % instances.length;
      const around = (i: number): Set<number> => {
        const parent = instances[i]?.parent ?? null;
        return parent === null ? new Set([i]) : around(parent).add(i);
      };
      const wanted = around(callee).difference(around(caller));
      const entered = enteringInstances(instances, index(caller), index(callee));
      if (around(callee).has(caller) || around(caller).has(callee)) assert.is(entered, null);
      else assert.equal(new Set<number>(entered), wanted);
    }),
  );
});

test.run();
