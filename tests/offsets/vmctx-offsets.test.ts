/** The layout against an independent model, the figures of the design, and what it refuses. */
import {
  CallFrameOffsets,
  callFrameLayout,
  funcRefPart,
  handleSlot,
  handleSlotLayout,
  instanceCell,
  type Layout,
  loweringPart,
  type SlotList,
  StoreContextOffsets,
  storeContextLayout,
  tablePart,
  type VmctxCounts,
  VmctxOffsets,
  vmctxLayout,
} from '@gangway/offsets';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const zero: VmctxCounts = {
  componentInstances: 1,
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

/** Straight-line model: a cursor that walks the fields, with the sizes written out for each pointer size. */
function model(p: 4 | 8, c: VmctxCounts) {
  const funcRef = p === 4 ? 16 : 32;
  const tableImport = p === 4 ? 12 : 24;
  const flags = p === 4 ? 16 : 32;
  const taskMayBlock = flags + 16 * c.componentInstances;
  const trampolines = taskMayBlock + 16;
  const intrinsics = trampolines + funcRef * c.trampolines;
  const lowerings = intrinsics + funcRef * c.intrinsics;
  const memories = lowerings + 2 * p * c.lowerings;
  const tables = memories + p * c.memories;
  const reallocs = tables + tableImport * c.tables;
  const callbacks = reallocs + p * c.reallocs;
  const postReturns = callbacks + p * c.callbacks;
  const destructors = postReturns + p * c.postReturns;
  const size = destructors + p * c.resources;
  return {
    flags,
    taskMayBlock,
    trampolines,
    intrinsics,
    lowerings,
    memories,
    tables,
    reallocs,
    callbacks,
    postReturns,
    destructors,
    size,
  };
}

/** Every accessor of a list, its base in the model, its stride and its count. */
function lists(o: VmctxOffsets, c: VmctxCounts): [string, (i: number) => number, number, number, number][] {
  const m = model(o.pointerSize, c);
  const p = o.pointerSize;
  const ref = 4 * p;
  const table = p === 4 ? 12 : 24;
  return [
    ['flags', (i) => o.flags(i), m.flags, 16, c.componentInstances],
    ['trampoline_func_refs', (i) => o.trampolineFuncRefs.at(i), m.trampolines, ref, c.trampolines],
    ['trampoline_func_refs', (i) => o.trampolineFuncRefs.at(i, 1), m.trampolines + p, ref, c.trampolines],
    ['trampoline_func_refs', (i) => o.trampolineFuncRefs.at(i, 2), m.trampolines + 2 * p, ref, c.trampolines],
    ['trampoline_func_refs', (i) => o.trampolineFuncRefs.at(i, 3), m.trampolines + 3 * p, ref, c.trampolines],
    ['intrinsic_func_refs', (i) => o.intrinsicFuncRefs.at(i), m.intrinsics, ref, c.intrinsics],
    ['intrinsic_func_refs', (i) => o.intrinsicFuncRefs.at(i, 3), m.intrinsics + 3 * p, ref, c.intrinsics],
    ['lowerings', (i) => o.lowerings.at(i), m.lowerings, 2 * p, c.lowerings],
    ['lowerings', (i) => o.loweringCallee(i), m.lowerings, 2 * p, c.lowerings],
    ['lowerings', (i) => o.loweringData(i), m.lowerings + p, 2 * p, c.lowerings],
    ['memories', (i) => o.memories.at(i), m.memories, p, c.memories],
    ['tables', (i) => o.tables.at(i), m.tables, table, c.tables],
    ['tables', (i) => o.tables.at(i, 1), m.tables + p, table, c.tables],
    ['tables', (i) => o.tables.at(i, 2), m.tables + 2 * p, table, c.tables],
    ['reallocs', (i) => o.reallocs.at(i), m.reallocs, p, c.reallocs],
    ['callbacks', (i) => o.callbacks.at(i), m.callbacks, p, c.callbacks],
    ['post_returns', (i) => o.postReturns.at(i), m.postReturns, p, c.postReturns],
    ['resource_destructors', (i) => o.resourceDestructor(i), m.destructors, p, c.resources],
  ];
}

function checkAgainstModel(p: 4 | 8, c: VmctxCounts, refusals = false): void {
  const o = new VmctxOffsets(p, c);
  const m = model(p, c);
  assert.is(o.magic, 0);
  assert.is(o.builtins.at(0), p);
  assert.is(o.vmStoreContext, 2 * p);
  assert.is(o.taskMayBlock, m.taskMayBlock);
  assert.is(o.size, m.size);
  for (const [name, at, base, stride, count] of lists(o, c)) {
    for (const i of new Set([0, 1, Math.floor(count / 2), count - 1])) {
      if (i >= 0 && i < count) assert.is(at(i), base + i * stride, `${name}[${i}]`);
    }
    for (const i of refusals ? [count, count + 1, -1, 0.5, Number.NaN, 2 ** 32] : []) {
      assert.throws(
        () => at(i),
        (e: unknown) => e instanceof RangeError && e.message.includes(`${name}[${i}]`),
        `${name}[${i}] must be refused`,
      );
    }
  }
}

const keys = Object.keys(zero) as (keyof VmctxCounts)[];

test('the figures of the design', () => {
  for (const n of [0, 1, 2, 7]) {
    const four = new VmctxOffsets(4, { ...zero, componentInstances: n, trampolines: 1 });
    if (n > 0) assert.is(four.flags(0), 16);
    assert.is(four.taskMayBlock, 16 + 16 * n);
    assert.is(four.trampolineFuncRefs.at(0), 32 + 16 * n);
    const eight = new VmctxOffsets(8, { ...zero, componentInstances: n, trampolines: 1 });
    if (n > 0) assert.is(eight.flags(0), 32);
    assert.is(eight.taskMayBlock, 32 + 16 * n);
    assert.is(eight.trampolineFuncRefs.at(0), 48 + 16 * n);
  }
});

test('sweep: each count on its own, and pairs, for both pointer sizes', () => {
  for (const p of [4, 8] as const) {
    checkAgainstModel(p, zero, true);
    for (const a of keys) {
      for (const n of [0, 1, 2, 3, 17, 1000]) {
        checkAgainstModel(p, { ...zero, [a]: n }, true);
        for (const b of keys) if (b !== a) checkAgainstModel(p, { ...zero, [a]: n, [b]: 3 });
      }
    }
  }
});

const anyCounts = fc.record(Object.fromEntries(keys.map((k) => [k, fc.nat(100_000)]))) as fc.Arbitrary<VmctxCounts>;

test('property: any counts agree with the model', () => {
  fc.assert(
    fc.property(fc.constantFrom(4 as const, 8 as const), anyCounts, (p, c) => checkAgainstModel(p, c)),
    { numRuns: 300 },
  );
});

test('property: no two slots overlap, and every one is aligned', () => {
  const small = fc.record(Object.fromEntries(keys.map((k) => [k, fc.nat(6)]))) as fc.Arbitrary<VmctxCounts>;
  fc.assert(
    fc.property(fc.constantFrom(4 as const, 8 as const), small, (p, c) => {
      const layout = vmctxLayout({ pointerSize: p, counts: c });
      const owner = new Map<number, string>();
      for (const f of layout.fields) {
        assert.is(f.offset % f.align, 0);
        for (let i = 0; i < f.count; i += 1) {
          for (const part of f.parts) {
            const start = f.offset + i * f.stride + part.offset;
            if (part.kind !== 'spare') assert.is(start % part.size, 0);
            for (let b = start; b < start + part.size; b += 1) {
              assert.not(owner.has(b), `byte ${b}: ${owner.get(b)} and ${f.name}[${i}].${part.name}`);
              assert.ok(b < layout.size);
              owner.set(b, `${f.name}[${i}].${part.name}`);
            }
          }
        }
      }
    }),
  );
});

type Named = [field: string, part: string, place: (i: number) => number];

/** Every place of `offsets`, by field and part as the tables name them. */
function placesOf(o: VmctxOffsets): Named[] {
  const parts = (field: string, list: SlotList, of: Readonly<Record<string, number>>): Named[] =>
    Object.entries(of).map(([part, at]) => [
      field,
      part.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      (i) => list.at(i, at),
    ]);
  return [
    ['magic', 'magic', () => o.magic],
    ['vm_store_context', 'vm_store_context', () => o.vmStoreContext],
    ...Object.entries(instanceCell).map(([part, at]): Named => ['flags', part, (i) => o.flags(i) + at]),
    ['task_may_block', 'value', () => o.taskMayBlock],
    ...parts('builtins', o.builtins, { builtins: 0 }),
    ...parts('trampoline_func_refs', o.trampolineFuncRefs, funcRefPart),
    ...parts('intrinsic_func_refs', o.intrinsicFuncRefs, funcRefPart),
    ...parts('lowerings', o.lowerings, loweringPart),
    ...parts('memories', o.memories, { memory: 0 }),
    ...parts('tables', o.tables, tablePart),
    ...parts('reallocs', o.reallocs, { func: 0 }),
    ...parts('callbacks', o.callbacks, { func: 0 }),
    ...parts('post_returns', o.postReturns, { func: 0 }),
    ...parts('resource_destructors', o.resourceDestructors, { func: 0 }),
  ];
}

test('property: the offsets are those of the table, every part of it', () => {
  const small = fc.record(Object.fromEntries(keys.map((k) => [k, fc.nat(6)]))) as fc.Arbitrary<VmctxCounts>;
  fc.assert(
    fc.property(fc.constantFrom(4 as const, 8 as const), small, (p, c) => {
      const offsets = new VmctxOffsets(p, c);
      const layout = vmctxLayout(offsets);
      const places = new Map(placesOf(offsets).map(([field, part, place]) => [`${field}.${part}`, place]));
      assert.is(offsets.size, layout.size);
      for (const f of layout.fields) {
        for (const part of f.parts.filter(({ kind }) => kind !== 'spare')) {
          for (let i = 0; i < f.count; i += 1) {
            const place = places.get(`${f.name}.${part.name}`);
            assert.is(place?.(i), f.offset + i * f.stride + part.offset, `${f.name}[${i}].${part.name}`);
          }
        }
      }
    }),
  );
});

/** `offsets` has a number or a place for each field of the layout, under the name that the field has in camelCase. */
function checkFields(layout: Layout, offsets: object, names: Readonly<Record<string, string[]>> = {}): void {
  for (const f of layout.fields) {
    const camel = f.name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    for (let i = 0; i < f.count; i += 1) {
      const value: unknown = Reflect.get(offsets, names[f.name]?.[i] ?? camel);
      const offset: unknown = typeof value === 'function' ? Reflect.apply(value, offsets, [i]) : value;
      assert.is(offset, f.offset + i * f.stride, `${layout.name}.${f.name}[${i}]`);
    }
  }
}

test('the blocks beside the vmctx are those of their tables', () => {
  for (const p of [4, 8] as const) {
    const store = new StoreContextOffsets(p);
    checkFields(storeContextLayout(p), store, { trap_detail: ['trapDetail0', 'trapDetail1'] });
    assert.is(store.size, storeContextLayout(p).size);
    const frame = new CallFrameOffsets(p);
    checkFields(callFrameLayout(p), frame);
    assert.is(frame.size, Math.ceil(callFrameLayout(p).size / 16) * 16);
  }
  checkFields(handleSlotLayout, handleSlot);
  assert.is(handleSlot.size, handleSlotLayout.size);
});

test('counts that are no counts are refused by name', () => {
  for (const key of keys) {
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32]) {
      assert.throws(
        () => new VmctxOffsets(4, { ...zero, [key]: bad }),
        /count of \w+ must be an integer from 0 to 4294967295/,
      );
    }
  }
  const missing: Partial<VmctxCounts> = { ...zero };
  Reflect.deleteProperty(missing, 'lowerings');
  assert.throws(() => new VmctxOffsets(4, missing as VmctxCounts), /count of lowerings/);
});

test('what 32 bits cannot address is refused; what they just can is not', () => {
  // 48 bytes of head, then one pointer a realloc.
  const fits = Math.floor((0xffff_ffff - 48) / 4);
  assert.is(new VmctxOffsets(4, { ...zero, reallocs: fits }).size, 48 + 4 * fits);
  assert.throws(
    () => new VmctxOffsets(4, { ...zero, reallocs: fits + 1 }),
    /vmctx.reallocs does not fit into 32-bit addresses/,
  );
  assert.throws(
    () => new VmctxOffsets(4, { ...zero, trampolines: 0xffff_ffff }),
    /vmctx.trampoline_func_refs does not fit/,
  );
  // Two fields that fit each, but not both; the second is named.
  assert.throws(() => new VmctxOffsets(8, { ...zero, lowerings: 2e8, memories: 2e8 }), /vmctx.memories does not fit/);
});

test('pointer sizes other than 4 and 8 are refused', () => {
  for (const p of [0, 2, 16, Number.NaN]) {
    assert.throws(() => new VmctxOffsets(p as 4, zero), /pointer size must be 4 or 8/);
  }
});

test('the small blocks beside the vmctx', () => {
  const four = new StoreContextOffsets(4);
  assert.equal(
    [four.trapCode, four.trapDetail0, four.trapDetail1, four.trapVmctx, four.trapInstance, four.spillPointer],
    [0, 4, 8, 12, 16, 20],
  );
  assert.equal([four.spillLimit, four.locked, four.currentTask, four.frame], [24, 28, 32, 36]);
  assert.equal([four.contextSlot(0), four.contextSlot(1), four.size], [40, 48, 56]);
  assert.throws(() => four.contextSlot(2), /context_slot\[2\] is out of range/);
  const eight = new StoreContextOffsets(8);
  assert.equal([eight.trapCode, eight.trapDetail1, eight.trapVmctx, eight.spillPointer % 8], [0, 8, 16, 0]);
  const frame = new CallFrameOffsets(4);
  assert.equal([frame.link, frame.callerVmctx, frame.calleeVmctx, frame.callerInstance], [0, 4, 8, 12]);
  assert.equal([frame.calleeInstance, frame.borrows, frame.lenders, frame.size], [16, 20, 24, 32]);
  assert.is(new CallFrameOffsets(8).size % 16, 0);
  assert.equal({ ...handleSlot }, { size: 16, rep: 0, type: 4, lends: 8, scope: 12, nextFree: 0 });
  assert.equal({ ...instanceCell }, { bits: 0, handles: 4, capacity: 8, free: 12 });
});

test.run();
