/**
 * Random types and values, JS → memory or core values → JS: every value comes back as it was, in both forms of the code,
 * both address types and all string encodings.
 */
import assert from 'node:assert/strict';
import type { AbiPlan, AbiRecord, FuncAbi } from '@gangway/component/abi';
import type { PlanType, TypeIndex } from '@gangway/component/plan';
import fc from 'fast-check';
import { test } from 'uvu';
import type { CoreValue } from '../../../packages/host/src/abi/joins.ts';
import { typeTable, typeTrees, valuesOf } from './arbitrary-types.ts';
import { abiPlans, abis, FakeGuest, makeCallee, makeExport } from './fake-guest.ts';

const forms = ['never', 'auto'] as const;
const addresses = ['i32', 'i64'] as const;
const encodings = ['utf8', 'utf16', 'latin1+utf16'] as const;

/** Making a function from source takes a millisecond. */
const RUNS = { never: 100, auto: 40 };

/** A type with a value; the plans of the value's shape do not depend on the address type. */
const cases = typeTrees.chain((tree) => {
  const types = typeTable(tree);
  const plan = abiPlans(types, 'i32').at(-1) as AbiPlan;
  return fc.record({ types: fc.constant(types), value: valuesOf(plan) });
});

/** A function of one parameter that goes through memory both ways: the core function returns the pointer it gets. */
function throughMemory(plan: AbiRecord, address: 'i32' | 'i64'): FuncAbi {
  return {
    address,
    params: [{ name: 'value', type: plan, offset: 0 }],
    result: plan,
    // A tuple of one field is laid out as the field.
    spilledParams: { ...plan, fields: [{ name: '0', type: plan, offset: 0 }] },
    spilledResult: true,
    flatParams: [address],
    flatResults: [address],
  };
}

for (const evaluate of forms) {
  for (const address of addresses) {
    for (const encoding of encodings) {
      test(`memory: ${evaluate}, ${address}, ${encoding}`, () => {
        fc.assert(
          fc.property(cases, ({ types, value }) => {
            // The function-level result of a `result` is thrown or returned: look at it inside a tuple.
            const inTuple = [...types, { kind: 'tuple' as const, types: [(types.length - 1) as TypeIndex] }];
            const wrapped = abiPlans(inTuple, address).at(-1) as AbiRecord;
            const guest = new FakeGuest({ strings: evaluate === 'auto', address, encoding });
            const echo = makeExport(guest, throughMemory(wrapped, address), (pointer) => pointer, evaluate);
            assert.deepStrictEqual(echo([value]), [value]);
          }),
          { numRuns: RUNS[evaluate], includeErrorInReport: true },
        );
      });

      test(`core values: ${evaluate}, ${address}, ${encoding}`, () => {
        fc.assert(
          fc.property(cases, cases, (a, b) => {
            const types = [...a.types, ...b.types.map((type) => shift(type, a.types.length))];
            types.push({ kind: 'tuple', types: [(a.types.length - 1) as never, (types.length - 1) as never] });
            const { lift, lower } = abis(
              types,
              [
                ['a', a.types.length - 1],
                ['b', types.length - 2],
              ],
              types.length - 1,
              address,
            );
            const guest = new FakeGuest({ strings: evaluate === 'auto', address, encoding });
            const seen: unknown[] = [];
            const callee = makeCallee(
              guest,
              lower,
              (...args) => {
                seen.push(...args);
                return args;
              },
              evaluate,
            );
            const core = (...values: CoreValue[]): CoreValue | undefined => {
              if (!lower.spilledResult) return callee.typed(...values);
              const space = guest.side_.reallocate(0, 0, lower.result!.align, lower.result!.size);
              const pointer = address === 'i32' ? space : BigInt(space);
              callee.typed(...values, pointer);
              return pointer;
            };
            const result = makeExport(guest, lift, core, evaluate)(a.value, b.value);
            assert.deepStrictEqual(guest.recorded, []);
            assert.deepStrictEqual(seen, [a.value, b.value]);
            assert.deepStrictEqual(result, [a.value, b.value]);
          }),
          { numRuns: RUNS[evaluate], includeErrorInReport: true },
        );
      });
    }
  }
}

for (const evaluate of forms) {
  test(`a result that is a list and one core value: ${evaluate}`, () => {
    const types: PlanType[] = [
      { kind: 'enum', names: ['a', 'b'] },
      { kind: 'list', element: 0 as TypeIndex, length: 1 },
      { kind: 'tuple', types: [1 as TypeIndex] },
    ];
    for (const [result, value] of [
      [1, ['b']],
      [2, [['b']]],
    ] as const) {
      const { lower } = abis(types, [], result, 'i32');
      const guest = new FakeGuest({});
      assert.equal(makeCallee(guest, lower, () => value, evaluate).typed(), 1);
      assert.deepStrictEqual(guest.recorded, []);
    }
  });
}

/** A type whose indices start `by` later. */
function shift<T>(type: T, by: number): T {
  return JSON.parse(
    JSON.stringify(type, (key, value: unknown) => {
      if (typeof value === 'number' && ['element', 'type', 'ok', 'err', 'key', 'value'].includes(key))
        return value + by;
      if (key === 'types') return (value as number[]).map((index) => index + by);
      return value;
    }),
  ) as T;
}

test.run();
