/** Handle tables against a model: a map and a stack of free indices, as the specification's `Table`. */
import { handleSlot, VmctxOffsets } from '@gangway/offsets';
import { ContextMemory, MAX_HANDLES, type VMComponentContext, VmctxError } from '@gangway/vmctx';
import { type HandleTable, handleTable } from '@gangway/vmctx/handle-table';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

function context(options: Parameters<typeof ContextMemory.create>[0] = {}): VMComponentContext {
  const zero = {
    trampolines: 0,
    intrinsics: 0,
    lowerings: 0,
    memories: 0,
    tables: 0,
    reallocs: 0,
    callbacks: 0,
    postReturns: 0,
    resources: 0,
  };
  const memory = ContextMemory.create(options);
  return memory.allocate(new VmctxOffsets(memory.pointerSize, { ...zero, componentInstances: 2 }));
}

interface Handle {
  readonly rep: number;
  readonly type: number;
  readonly scope: number;
}

/** definitions.py `Table`: an array that starts with None, and a stack of free indices. */
class Model {
  readonly array: (Handle | null)[] = [null];
  readonly free: number[] = [];
  add(e: Handle): number {
    const i = this.free.pop();
    if (i !== undefined) {
      this.array[i] = e;
      return i;
    }
    return this.array.push(e) - 1;
  }
  remove(i: number): void {
    this.array[i] = null;
    this.free.push(i);
  }
  get used(): number[] {
    return [...this.array.keys()].filter((i) => this.array[i]);
  }
}

function read(v: VMComponentContext, slot: number): Handle {
  const at = (offset: number): number => v.memory.u32[(slot + offset) >>> 2] as number;
  assert.is(at(handleSlot.lends), 0);
  return { rep: at(handleSlot.rep), type: at(handleSlot.type), scope: at(handleSlot.scope) };
}

function compare(v: VMComponentContext, table: HandleTable, model: Model): void {
  assert.equal([...table.indices()], model.used);
  for (const i of model.used) assert.equal(read(v, table.slot(i)), model.array[i]);
}

const u32 = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 0xffff_ffff }));
type Op = { readonly kind: 'add'; readonly handle: Handle } | { readonly kind: 'remove'; readonly pick: number };
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      handle: fc.record(
        { rep: u32, type: u32.map((n) => ((n & ~15) | 1) >>> 0), scope: u32 },
        { noNullPrototype: true },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
);

test('property: same indices, same contents as the specification’s table, through growth and reuse', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(4 as const, 8 as const),
      fc.array(op, { maxLength: 300, size: 'max' }),
      (pointerSize, ops) => {
        const v = context({ pointerSize });
        const before = v.memory.usedBytes;
        const table = handleTable(v, 1);
        const model = new Model();
        for (const o of ops) {
          if (o.kind === 'add') {
            assert.is(table.add(o.handle.rep, o.handle.type, o.handle.scope), model.add(o.handle));
          } else if (model.used.length > 0) {
            const i = model.used[o.pick % model.used.length] as number;
            table.remove(i);
            assert.is(table.slot(i), 0);
            model.remove(i);
          }
        }
        compare(v, table, model);
        assert.is(table.length, model.used.length);
        assert.is(handleTable(v, 0).address, 0, 'the other instance has none');
        v.free();
        const block = Math.ceil(v.offsets.size / 16) * 16;
        assert.is(v.memory.usedBytes, before - block, 'the tables go with their context');
      },
    ),
    { numRuns: 60 },
  );
});

test('indices start at 1 and ascend; freed ones come back last in, first out', () => {
  const table = handleTable(context(), 0);
  assert.is(table.capacity, 0);
  assert.equal(
    Array.from({ length: 40 }, (_, i) => table.add(i, 1, 0)),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  for (const i of [5, 39, 2]) table.remove(i);
  assert.equal([table.add(0, 1, 0), table.add(0, 1, 0), table.add(0, 1, 0), table.add(0, 1, 0)], [2, 39, 5, 41]);
});

test('growth doubles, moves the slots and frees the old block', () => {
  const v = context();
  const before = v.memory.usedBytes;
  const table = handleTable(v, 0);
  const capacities = new Set<number>();
  for (let i = 1; i <= 5000; i += 1) {
    assert.is(table.add(i, 0x21, 0), i);
    capacities.add(table.capacity);
    assert.is(v.memory.usedBytes, before + table.capacity * 16, 'only the table itself is in use');
  }
  assert.equal([...capacities], [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192]);
  for (let i = 1; i <= 5000; i += 1) assert.is(v.memory.u32[table.slot(i) >>> 2], i);
  v.free();
});

test('indices that are not in the table have no slot and cannot be removed', () => {
  const v = context();
  const table = handleTable(v, 0);
  for (const i of [0, 1, 17]) assert.is(table.slot(i), 0, 'while there is no table');
  const slot = table.slot(table.add(7, 1, 0));
  // What follows the table looks like a handle.
  const { u8 } = v.memory;
  u8.copyWithin(table.address + table.capacity * handleSlot.size, slot, slot + handleSlot.size);
  assert.is(table.capacity, 16);
  for (const i of [0, 2, 15, 16, 1000, -1, 0.5, 2 ** 32 + 1]) {
    assert.is(table.slot(i), 0, `index ${i}`);
    assert.throws(
      () => table.remove(i),
      (e: unknown) => e instanceof VmctxError && e.message.includes(`no handle ${i}`),
    );
  }
  assert.throws(() => table.add(1, 0x10, 0), /kind 0/);
});

test('at its limit the table is full, and stays usable', () => {
  assert.is(MAX_HANDLES, 2 ** 28 - 1);
  const v = context({ maximumHandles: 20 });
  const table = handleTable(v, 0);
  for (let i = 1; i <= 20; i += 1) assert.is(table.add(i, 1, 0), i);
  assert.is(table.capacity, 21);
  assert.is(table.add(21, 1, 0), 0);
  assert.not(table.grow());
  assert.is(table.length, 20);
  table.remove(13);
  assert.is(table.add(21, 1, 0), 13);
  assert.is(context({ maximumHandles: 2 ** 30 }).memory.maximumHandles, MAX_HANDLES, 'the limit cannot be raised');
});

test('a table that memory cannot hold is full', () => {
  const v = context();
  const table = handleTable(v, 0);
  for (let i = 1; i <= 15; i += 1) table.add(i, 1, 0);
  // From here on the memory cannot grow, and what it has is handed out.
  Object.defineProperty(v.memory.memory, 'grow', {
    value: () => {
      throw new RangeError('no more memory');
    },
  });
  assert.throws(() => {
    for (;;) v.memory.allocateBytes(16);
  }, /cannot grow/);
  assert.is(table.add(16, 1, 0), 0);
  assert.is(table.length, 15);
  assert.is(table.capacity, 16);
});

test.run();
