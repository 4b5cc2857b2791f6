/** The allocator against a model: a set of units in use. */
import { type Range, RangeAllocator, VmctxError } from '@gangway/vmctx';
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

/** Where more units come from in these tests: behind all others, each time a few more than were asked for. */
class Line {
  readonly given: Range[] = [];
  #end: number;
  readonly #gap: number;
  /** `gap`: units between two that are given, so that they do not melt. */
  constructor(start: number, gap: number) {
    this.#end = start;
    this.#gap = gap;
  }
  readonly more = (size: number, align: number): Range => {
    const range = { start: this.#end, size: size + align + 3 };
    this.#end += range.size + this.#gap;
    this.given.push(range);
    return range;
  };
}

test('property: ranges in use never overlap, are aligned, and all come back', () => {
  fc.assert(
    fc.property(
      fc.array(op, { maxLength: 120 }),
      fc.integer({ min: 0, max: 70 }),
      fc.constantFrom(0, 5),
      (ops, start, gap) => {
        const allocator = new RangeAllocator('bytes');
        const line = new Line(start, gap);
        const used = new Map<number, number>();
        for (const o of ops) {
          if (o.kind === 'allocate') {
            const at = allocator.allocate(o.size, o.align, line.more);
            assert.is(at % o.align, 0);
            const inside = (range: Range): boolean => at >= range.start && at + o.size <= range.start + range.size;
            if (gap > 0) assert.ok(line.given.some(inside), 'inside one of the ranges that were given');
            for (const [a, size] of used) assert.ok(at + o.size <= a || a + size <= at, 'no overlap');
            used.set(at, o.size);
          } else if (used.size > 0) {
            const at = [...used.keys()][o.pick % used.size] as number;
            allocator.release(at, used.get(at) as number);
            used.delete(at);
          }
          const total = (ranges: Iterable<number>): number => [...ranges].reduce((a, b) => a + b, 0);
          assert.is(allocator.used, total(used.values()));
          assert.is(
            allocator.used + total(allocator.free.map(({ size }) => size)),
            total(line.given.map(({ size }) => size)),
            'nothing is lost',
          );
        }
        for (const [at, size] of used) allocator.release(at, size);
        assert.is(allocator.used, 0);
        const all = line.given.reduce((a, { size }) => a + size, 0);
        const whole = gap > 0 ? line.given : line.given.length === 0 ? [] : [{ start, size: all }];
        assert.equal(allocator.free, whole, 'everything melted into what was given');
      },
    ),
    { numRuns: 400 },
  );
});

test('first fit: the lowest hole that is large enough; a hole is not lost to alignment', () => {
  const a = new RangeAllocator('bytes');
  a.add({ start: 0, size: 1000 });
  const none = (): never => {
    throw new Error('there is enough');
  };
  const first = a.allocate(16, 16, none);
  const second = a.allocate(32, 16, none);
  a.allocate(16, 16, none);
  a.release(second, 32);
  assert.is(a.allocate(48, 16, none), 64, 'too large for the hole');
  assert.is(a.allocate(4, 4, none), 16);
  assert.is(a.allocate(16, 16, none), 32, 'in the rest of the hole');
  assert.is(a.allocate(12, 4, none), 20, 'between them');
  a.release(first, 16);
  assert.is(a.allocate(16, 16, none), 0);
});

test('what is free cannot be freed, and when there is no more nothing changes', () => {
  const a = new RangeAllocator('things');
  const at = a.allocate(5, 1, () => ({ start: 1, size: 9 }));
  for (const [start, size] of [
    [at, 6],
    [5, 2],
    [6, 1],
    [9, 1],
    [0, 20],
  ] as const) {
    assert.throws(
      () => a.release(start, size),
      (e: unknown) => e instanceof VmctxError && e.message === `${size} things at ${start} are not in use`,
    );
  }
  assert.is(a.used, 5);
  assert.equal(a.free, [{ start: 6, size: 4 }]);
  a.release(at, 5);
  assert.is(
    a.allocate(9, 1, () => ({ start: 100, size: 9 })),
    at,
  );
  a.release(at + 5, 4);
  const refuse = (): never => {
    throw new VmctxError('full');
  };
  assert.throws(() => a.allocate(10, 1, refuse), /full/);
  assert.throws(() => a.allocate(0, 1, refuse), /cannot allocate 0 things/);
  a.release(at, 5);
  assert.is(a.used, 0);
  assert.equal(a.free, [{ start: 1, size: 9 }]);
  assert.is(a.tryAllocate(10, 1), null);
  assert.is(a.tryAllocate(9, 1), 1);
});

test.run();
