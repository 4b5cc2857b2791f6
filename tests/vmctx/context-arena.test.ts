/** Context memories of several stores in one linear memory: who shares with whom, and that nobody sees the others. */
import { type VmctxCounts, VmctxOffsets } from '@gangway/offsets';
import { ArenaPool, ContextArena, ContextMemory, VmctxError } from '@gangway/vmctx';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const counts: VmctxCounts = {
  componentInstances: 1,
  trampolines: 2,
  intrinsics: 0,
  lowerings: 1,
  memories: 1,
  tables: 0,
  reallocs: 1,
  callbacks: 0,
  postReturns: 0,
  resources: 1,
};
const offsets = new VmctxOffsets(4, counts);
const { reallocs } = offsets;

test('the first store has a memory to itself; then 2, 4, … and at most 64 share one, which does not grow for them', () => {
  const arenas = new ArenaPool();
  const stores = Array.from({ length: 300 }, () => ContextMemory.create({ arenas }));
  const shared = new Map<WebAssembly.Memory, number>();
  for (const { memory } of stores) shared.set(memory, (shared.get(memory) ?? 0) + 1);
  assert.equal([...shared.values()].slice(0, 8), [1, 2, 4, 8, 16, 32, 64, 64]);
  const [first, ...others] = shared.keys();
  assert.is(first!.buffer.byteLength, 2 * 65_536);
  for (const memory of others) assert.ok(memory.buffer.byteLength < 70 * 65_536);
  // Each has its own store context and spill stack.
  const taken = new Map<WebAssembly.Memory, [number, number][]>();
  for (const { memory, storeContext } of stores) {
    const ranges = taken.get(memory) ?? [];
    taken.set(memory, ranges);
    for (const [start, end] of [
      [storeContext.address, storeContext.address + storeContext.offsets.size],
      [storeContext.spillPointer, storeContext.spillLimit],
    ] as const) {
      for (const [a, b] of ranges) assert.ok(end <= a || b <= start, 'no overlap');
      ranges.push([start, end]);
    }
  }
});

test('an arena has room for what the stores in the one before it took', () => {
  const few = new ArenaPool();
  const small = Array.from({ length: 200 }, () => ContextMemory.create({ arenas: few, spillStackLater: true }));
  for (const { memory } of small) assert.ok(memory.buffer.byteLength <= 2 * 65_536);
  assert.ok(new Set(small.map(({ memory }) => memory)).size <= 9);

  // They take more when they are used; once that is known, nothing has to grow for them any more.
  const many = new ArenaPool();
  const growths = Array.from({ length: 400 }, () => {
    const store = ContextMemory.create({ arenas: many, spillStackLater: true });
    const before = store.memory.buffer.byteLength;
    store.needSpillStack();
    store.allocateBytes(3000);
    return store.memory.buffer.byteLength > before;
  });
  assert.ok(growths[0]);
  assert.is(growths.indexOf(true, 1), -1);

  // One that took very much says little about the others.
  const one = new ArenaPool();
  ContextMemory.create({ arenas: one }).allocateBytes(100_000_000);
  assert.ok(ContextMemory.create({ arenas: one }).memory.buffer.byteLength < 1_000_000);
});

test('what a disposed store had is used again, zeroed, also in an arena that was full', () => {
  const arenas = new ArenaPool();
  const stores = Array.from({ length: 8 }, () => ContextMemory.create({ arenas }));
  const [, second] = stores as [ContextMemory, ContextMemory];
  const third = stores[2]!;
  assert.is(third.memory, second.memory);
  const v = second.allocate(offsets);
  v.set(reallocs, 0, 77);
  second.storeContext.trapCode = 9;
  const { spillPointer } = second.storeContext;
  third.storeContext.trapCode = 4;
  second.dispose();
  assert.throws(
    () => v.get(reallocs, 0),
    (e: unknown) => e instanceof VmctxError && /disposed/.test(e.message),
  );
  // The arena that is current now is filled before the one that has room again.
  const more = Array.from({ length: 8 }, () => ContextMemory.create({ arenas }));
  const heir = more.find(({ memory }) => memory === third.memory)!;
  assert.is(heir.storeContext.spillPointer, spillPointer);
  assert.is(heir.storeContext.trapCode, 0);
  const w = heir.allocate(offsets);
  assert.is(w.address, v.address);
  assert.is(w.get(reallocs, 0), 0);
  assert.is(third.storeContext.trapCode, 4);
});

test('bytes that may still be read are not used again', () => {
  const arenas = new ArenaPool();
  const stores = Array.from({ length: 3 }, () => ContextMemory.create({ arenas }));
  const [, second, third] = stores as [ContextMemory, ContextMemory, ContextMemory];
  const { address } = second.storeContext;
  const words = second.u32;
  second.storeContext.trapCode = 9;
  second.dispose(false);
  const more = Array.from({ length: 20 }, () => ContextMemory.create({ arenas }));
  for (const one of more) assert.ok(one.memory !== third.memory || one.storeContext.address !== address);
  assert.is(words[(address + second.storeContext.offsets.trapCode) >>> 2], 9);
});

test('10,000 stores one after the other need one memory', () => {
  const arenas = new ArenaPool();
  const memories = new Set<WebAssembly.Memory>();
  for (let i = 0; i < 10_000; i++) {
    using memory = ContextMemory.create({ arenas });
    memory.allocate(offsets);
    memories.add(memory.memory);
  }
  assert.is(memories.size, 1);
});

test('a store that needs much takes more regions; when the memory grows, the others go on with new views', () => {
  const arenas = new ArenaPool();
  const stores = Array.from({ length: 3 }, () => ContextMemory.create({ arenas }));
  const [, second, third] = stores as [ContextMemory, ContextMemory, ContextMemory];
  const small = second.allocate(offsets);
  small.set(reallocs, 0, 5);
  const before = third.usedBytes;
  const many = Array.from({ length: 20_000 }, () => third.allocate(offsets));
  for (const v of many) v.set(reallocs, 0, v.address);
  for (const v of many) assert.is(v.get(reallocs, 0), v.address);
  assert.is(small.get(reallocs, 0), 5);
  small.checkMagic();
  for (const v of many) v.free();
  assert.is(third.usedBytes, before);
  const { byteLength } = third.memory.buffer;
  third.dispose();
  const next = ContextMemory.create({ arenas });
  for (let i = 0; i < 1000; i++) next.allocate(offsets);
  assert.is(third.memory.buffer.byteLength, byteLength);
  assert.is(small.get(reallocs, 0), 5);
});

test('property: stores that come and go keep what they wrote', () => {
  type Step = { readonly kind: 'make' | 'dispose' | 'write'; readonly pick: number; readonly size: number };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('make' as const, 'make' as const, 'write' as const, 'write' as const, 'dispose' as const),
    pick: fc.nat(),
    size: fc.integer({ min: 1, max: 9000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const arenas = new ArenaPool();
      let live: { readonly memory: ContextMemory; readonly blocks: Map<number, { size: number; fill: number }> }[] = [];
      steps.forEach(({ kind, pick, size }, i) => {
        if (kind === 'make') {
          live.push({ memory: ContextMemory.create({ arenas }), blocks: new Map() });
          return;
        }
        const one = live[pick % Math.max(live.length, 1)];
        if (one === undefined) return;
        if (kind === 'dispose') {
          one.memory.dispose();
          live = live.filter((other) => other !== one);
          return;
        }
        const at = one.memory.allocateBytes(size);
        assert.ok(
          one.memory.u8.subarray(at, at + size).every((byte) => byte === 0),
          'zeroed',
        );
        one.memory.u8.fill((i % 255) + 1, at, at + size);
        one.blocks.set(at, { size, fill: (i % 255) + 1 });
      });
      for (const { memory, blocks } of live) {
        memory.storeContext.spillPointer += 16;
        for (const [at, { size, fill }] of blocks) {
          assert.ok(
            memory.u8.subarray(at, at + size).every((byte) => byte === fill),
            'nobody else wrote there',
          );
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('an arena that cannot grow says so and stays as it was', () => {
  const arena = new ContextArena(1000);
  assert.is(arena.memory.buffer.byteLength, 65_536);
  assert.is(arena.tryTake(100_000), null);
  assert.throws(
    () => arena.take(2 ** 33),
    (e: unknown) => e instanceof VmctxError && /cannot grow/.test(e.message),
  );
  const at = arena.take(100_000);
  assert.ok(arena.memory.buffer.byteLength >= at + 100_000);
  arena.give({ start: at, size: 100_000 });
  assert.is(arena.take(100_000), at);
});

test.run();
