/** Copies of functions that access properties by names: word for word the same, and the same results from all of them as from loops. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  flagsMakers,
  flagsReaders,
  OFTEN,
  recordLoaders,
  recordReaders,
} from '../../../packages/host/src/abi/copies.ts';
import { asKeys } from '../../../packages/host/src/abi/field-names.ts';
import { liftPlan } from '../../../packages/host/src/abi/lift.ts';
import { type Lowering, lowerPlan } from '../../../packages/host/src/abi/lower.ts';
import { singleOf } from '../../../packages/host/src/abi/singles.ts';

type Plan = Parameters<typeof lowerPlan>[0];

const u8 = { kind: 'u8', size: 1, align: 1, flat: ['i32'] } as unknown as Plan;
const letters = Array.from({ length: 12 }, (_, i) => `field-${String.fromCharCode(97 + i)}`);

/** A record of so many bytes. */
function record(count: number): Plan {
  const fields = letters.slice(0, count).map((name, i) => ({ name, type: u8, offset: i }));
  return { kind: 'record', size: count, align: 1, flat: fields.map(() => 'i32'), fields } as unknown as Plan;
}

function flags(count: number): Plan {
  const size = count <= 8 ? 1 : 2;
  return { kind: 'flags', size, align: size, flat: ['i32'], names: letters.slice(0, count) } as unknown as Plan;
}

const camel = (index: number): string => `field${String.fromCharCode(65 + index)}`;

test('copies are the same text', () => {
  for (const { texts } of [recordReaders, recordLoaders, flagsReaders, flagsMakers]) {
    assert.ok(texts.length > 1);
    assert.is(new Set(texts.map(String)).size, 1);
  }
});

test('records are read and loaded the same before and after their type is used often, with and without a copy', () => {
  const memory = { u8: new Uint8Array(16).map((_, i) => i + 1) };
  const call = { side: { memory } } as unknown as Lowering;
  for (let count = 1; count <= letters.length; count++) {
    const lower = lowerPlan(record(count));
    const lift = liftPlan(record(count));
    const wanted = Object.fromEntries(letters.slice(0, count).map((_, i) => [camel(i), i + 1]));
    for (let i = 0; i < OFTEN + 2; i++) {
      const slots: unknown[] = [];
      lower.read(call, slots, 2, wanted);
      assert.equal(slots.slice(2), Object.values(wanted));
      const loaded = lift.load(call as never, 0);
      assert.equal(loaded, wanted);
      assert.is(Object.getPrototypeOf(loaded), Object.prototype);
      const last = camel(count - 1);
      try {
        lower.read(call, slots, 0, { ...wanted, [last]: 256 });
        assert.unreachable();
      } catch (error) {
        assert.is((error as { path: string }).path, `.${last}`);
      }
    }
  }
});

test('flags are read and made the same before and after their type is used often, with and without a copy', () => {
  for (let count = 1; count <= letters.length; count++) {
    const type = singleOf(flags(count))!;
    for (let i = 0; i < OFTEN + 2; i++) {
      for (const bits of [0, 1, 0b101010101010, 0b111111111111, 1 << (count - 1)]) {
        const masked = bits & ((1 << count) - 1);
        const made = type.lift(bits as never) as Record<string, boolean>;
        assert.equal(
          made,
          Object.fromEntries(letters.slice(0, count).map((_, i) => [camel(i), (masked & (1 << i)) !== 0])),
        );
        assert.is(type.check(made), masked);
      }
      assert.is(type.check({}), 0);
      for (const [value, path] of [
        [[], ''],
        [{ [camel(count - 1)]: 1 }, `.${camel(count - 1)}`],
      ] as const) {
        try {
          type.check(value);
          assert.unreachable();
        } catch (error) {
          assert.is((error as { path: string }).path, path);
        }
      }
    }
  }
});

test('names that every object inherits never go to a copy', () => {
  const fields = ['constructor', 'to-string'].map((name, offset) => ({ name, type: u8, offset }));
  const plan = { kind: 'record', size: 2, align: 1, flat: ['i32', 'i32'], fields } as unknown as Plan;
  const lower = lowerPlan(plan);
  const bits = singleOf({ kind: 'flags', size: 1, flat: ['i32'], names: ['constructor'] } as unknown as Plan)!;
  for (let i = 0; i < 2 * OFTEN; i++) {
    assert.throws(
      () => lower.read({} as Lowering, [], 0, {}),
      (error: { path: string }) => error.path === '.constructor',
    );
    assert.is(bits.check({}), 0);
    assert.equal(bits.lift(1 as never), { constructor: true });
  }
});

test('names become keys, letter for letter', () => {
  assert.equal(asKeys(['b', '__proto__', '1', 'a']), ['b', '__proto__', '1', 'a']);
});

test.run();
