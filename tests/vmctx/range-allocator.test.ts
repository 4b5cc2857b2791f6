/** The allocator against a model: a set of units in use. */
import { RangeAllocator, VmctxError } from '@gangway/vmctx';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

type Op =
  | { readonly kind: 'allocate'; readonly size: number; readonly align: number }
  | { readonly kind: 'free'; readonly pick: number };

const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    kind: fc.constant('allocate' as const),
    size: fc.integer({ min: 1, max: 40 }),
    align: fc.constantFrom(1, 4, 16, 64),
  }),
  fc.record({ kind: fc.constant('free' as const), pick: fc.nat() }),
);

test('property: ranges in use never overlap, are aligned, and all come back', () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 120 }), fc.integer({ min: 1, max: 70 }), (ops, start) => {
      const allocator = new RangeAllocator('bytes', start);
      const used = new Map<number, number>();
      let limit = start;
      const reserve = (end: number): void => {
        limit = Math.max(limit, end);
      };
      for (const o of ops) {
        if (o.kind === 'allocate') {
          const at = allocator.allocate(o.size, o.align, reserve);
          assert.is(at % o.align, 0);
          assert.ok(at >= start && at + o.size <= limit, 'inside what was reserved');
          for (const [a, size] of used) assert.ok(at + o.size <= a || a + size <= at, 'no overlap');
          used.set(at, o.size);
        } else if (used.size > 0) {
          const at = [...used.keys()][o.pick % used.size] as number;
          assert.is(allocator.free(at), used.get(at));
          used.delete(at);
        }
        assert.is(
          allocator.used,
          [...used.values()].reduce((a, b) => a + b, 0),
        );
      }
      for (const at of used.keys()) allocator.free(at);
      assert.is(allocator.used, 0);
      assert.is(allocator.end, start, 'everything melted into one free rest');
    }),
    { numRuns: 400 },
  );
});

test('first fit: the lowest hole that is large enough; a hole is not lost to alignment', () => {
  const a = new RangeAllocator('bytes', 0);
  const none = (): void => {};
  const first = a.allocate(16, 16, none);
  const second = a.allocate(32, 16, none);
  a.allocate(16, 16, none);
  a.free(second);
  assert.is(a.allocate(48, 16, none), 64, 'too large for the hole');
  assert.is(a.allocate(4, 4, none), 16);
  assert.is(a.allocate(16, 16, none), 32, 'in the rest of the hole');
  assert.is(a.allocate(12, 4, none), 20, 'between them');
  a.free(first);
  assert.is(a.allocate(16, 16, none), 0);
});

test('what is not in use cannot be freed, and a failed reservation changes nothing', () => {
  const a = new RangeAllocator('things', 1);
  const at = a.allocate(5, 1, () => {});
  a.free(at);
  assert.throws(
    () => a.free(at),
    (e: unknown) => e instanceof VmctxError && /no things in use start at 1/.test(e.message),
  );
  const refuse = (): void => {
    throw new VmctxError('full');
  };
  assert.throws(() => a.allocate(5, 1, refuse), /full/);
  assert.is(a.used, 0);
  assert.is(a.end, 1);
});

test.run();
