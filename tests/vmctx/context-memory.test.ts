/** Contexts in one memory: the view, freeing and reuse, poison, set-once, magic, growth, the function table, the dump. */
import { funcRefPart, loweringPart, type SlotList, tablePart, type VmctxCounts, VmctxOffsets } from '@gangway/offsets';
import {
  ArenaPool,
  ContextMemory,
  contextModuleBytes,
  dumpContext,
  type FuncRef,
  POISON_HIGH,
  POISON_LOW,
  VmctxError,
} from '@gangway/vmctx';
import { contextSlot, setContextSlot } from '@gangway/vmctx/context-slots';
import { handleTable } from '@gangway/vmctx/handle-table';
import { instanceFlags, setTaskMayBlock, taskMayBlock } from '@gangway/vmctx/instance-flags';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const counts: VmctxCounts = {
  componentInstances: 2,
  trampolines: 3,
  intrinsics: 2,
  lowerings: 3,
  memories: 2,
  tables: 2,
  reallocs: 2,
  callbacks: 2,
  postReturns: 2,
  resources: 3,
};

const sizes = [4, 8] as const;

/** A function of a real core module, to put into the table. */
function wasmFunction(): CallableFunction {
  const bytes = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 4, 1, 2, 0, 11,
  ];
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports;
  return f as CallableFunction;
}

function fails(body: () => unknown, text: RegExp): void {
  assert.throws(body, (e: unknown) => e instanceof VmctxError && text.test(e.message));
}

test('the context module is valid and exports a memory of the size that was asked for', () => {
  for (const pages of [1, 2, 69, 127]) {
    const module = new WebAssembly.Module(contextModuleBytes(pages));
    assert.equal(WebAssembly.Module.exports(module), [{ name: 'memory', kind: 'memory' }]);
    assert.equal(WebAssembly.Module.imports(module), []);
    assert.is(WebAssembly.Module.customSections(module, 'name').length, 1);
    const { memory } = new WebAssembly.Instance(module).exports;
    assert.is((memory as WebAssembly.Memory).buffer.byteLength, pages * 65_536);
  }
});

for (const p of sizes) {
  test(`every slot reads back what was written, at the offset that the layout says (pointer size ${p})`, () => {
    for (const debug of [false, true]) {
      const memory = ContextMemory.create({ pointerSize: p, debug });
      const offsets = new VmctxOffsets(p, counts);
      const v = memory.allocate(offsets);
      // Every value is used once, so that a slot in the wrong place shows.
      let next = 1000;
      const wrote: [number, number][] = [];
      const value = (offset: number): number => {
        next += 1;
        wrote.push([offset, next]);
        return next;
      };
      const slots: [SlotList, number, number, number][] = [];
      const set = (list: SlotList, i: number, part = 0): void => {
        const wanted = value(list.at(i, part));
        v.set(list, i, wanted, part);
        slots.push([list, i, part, wanted]);
      };
      set(offsets.builtins, 0);
      for (const i of [2, 0, 1]) {
        const funcRef = (list: SlotList): FuncRef => ({
          arrayCall: value(list.at(i, funcRefPart.arrayCall)),
          wasmCall: value(list.at(i, funcRefPart.wasmCall)),
          typeIndex: value(list.at(i, funcRefPart.typeIndex)),
          vmctx: v.address,
        });
        const trampoline = funcRef(offsets.trampolineFuncRefs);
        v.setFuncRef(offsets.trampolineFuncRefs, i, trampoline);
        assert.equal(v.funcRef(offsets.trampolineFuncRefs, i), trampoline);
        for (const part of Object.values(loweringPart)) set(offsets.lowerings, i, part);
        set(offsets.resourceDestructors, i);
        if (i === 2) continue;
        const intrinsic = funcRef(offsets.intrinsicFuncRefs);
        v.setFuncRef(offsets.intrinsicFuncRefs, i, intrinsic);
        assert.equal(v.funcRef(offsets.intrinsicFuncRefs, i), intrinsic);
        for (const part of Object.values(tablePart)) set(offsets.tables, i, part);
        for (const list of [offsets.memories, offsets.reallocs, offsets.callbacks, offsets.postReturns]) set(list, i);
      }
      const view = new DataView(memory.memory.buffer);
      for (const [offset, wanted] of wrote) assert.is(view.getUint32(v.address + offset, true), wanted, `at ${offset}`);
      assert.is(view.getUint32(v.address, false), 0x636f_6d70, 'the bytes "comp"');

      for (const [list, i, part, wanted] of slots) assert.is(v.get(list, i, part), wanted, `${list.field}[${i}]`);
      for (const list of [offsets.trampolineFuncRefs, offsets.intrinsicFuncRefs]) {
        assert.is(view.getUint32(v.address + list.at(1, funcRefPart.vmctx), true), v.address);
      }
      assert.is(view.getUint32(v.address + offsets.vmStoreContext, true), memory.storeContext.address);
      if (p === 8) {
        // The high word of a pointer slot that was set is 0.
        assert.is(view.getUint32(v.address + offsets.loweringCallee(0) + 4, true), 0);
      }
    }
  });

  test(`debug: every pointer slot starts as poison, is refused before it is set, and when it is set twice (${p})`, () => {
    const memory = ContextMemory.create({ pointerSize: p, debug: true });
    const offsets = new VmctxOffsets(p, counts);
    const v = memory.allocate(offsets);
    const view = new DataView(memory.memory.buffer);
    for (const offset of [
      offsets.loweringCallee(2),
      offsets.loweringData(0),
      offsets.reallocs.at(1),
      offsets.tables.at(1, tablePart.vmctx),
    ]) {
      assert.is(view.getUint32(v.address + offset, true), POISON_LOW);
      if (p === 8) assert.is(view.getUint32(v.address + offset + 4, true), POISON_HIGH);
    }
    const funcRef = { arrayCall: 1, wasmCall: 2, typeIndex: 0 };
    const slot = (list: SlotList, i: number): [string, () => unknown, () => void] => [
      `${list.field}[${i}]`,
      () => v.get(list, i),
      () => v.set(list, i, 0),
    ];
    const ref = (list: SlotList, i: number): [string, () => unknown, () => void] => [
      `${list.field}[${i}]`,
      () => v.funcRef(list, i),
      () => v.setFuncRef(list, i, funcRef),
    ];
    const cases = [
      slot(offsets.builtins, 0),
      ref(offsets.trampolineFuncRefs, 2),
      ref(offsets.intrinsicFuncRefs, 1),
      slot(offsets.lowerings, 1),
      slot(offsets.memories, 0),
      slot(offsets.tables, 1),
      slot(offsets.reallocs, 1),
      slot(offsets.callbacks, 0),
      slot(offsets.postReturns, 1),
      slot(offsets.resourceDestructors, 2),
    ];
    const escaped = (name: string, rest: string) =>
      new RegExp(`^${name.replace('[', '\\[').replace(']', '\\]')} ${rest}$`);
    for (const [name, read, set] of cases) {
      fails(read, escaped(name, 'is read before it is set'));
      set();
      read();
      fails(set, escaped(name, 'is set twice'));
    }
    fails(() => v.set(offsets.reallocs, 0, -1), /reallocs\[0\] must be a u32, not -1/);
  });

  test(`without debug, slots start as 0 and may be written again (${p})`, () => {
    const memory = ContextMemory.create({ pointerSize: p });
    const v = memory.allocate(new VmctxOffsets(p, counts));
    const { reallocs } = v.offsets;
    assert.is(v.get(reallocs, 0), 0);
    v.set(reallocs, 0, 3);
    v.set(reallocs, 0, 4);
    assert.is(v.get(reallocs, 0), 4);
  });
}

test('flags: may leave at first, views of the bytes', () => {
  const memory = ContextMemory.create();
  const offsets = new VmctxOffsets(4, counts);
  const v = memory.allocate(offsets);
  const word = () => memory.u32[(v.address + offsets.flags(1)) >>> 2];
  assert.is(word(), 1);
  const flags = instanceFlags(v, 1);
  assert.ok(flags.mayLeave && !flags.entered);
  flags.entered = true;
  assert.is(word(), 3);
  flags.mayLeave = false;
  assert.is(word(), 2);
  flags.entered = false;
  assert.is(word(), 0);
  assert.ok(instanceFlags(v, 0).mayLeave, 'the other instance is untouched');
  v.closeInstance(1);
  assert.ok(flags.entered && !flags.mayLeave);
  assert.not(instanceFlags(v, 0).entered);
  assert.throws(() => instanceFlags(v, 2), /flags\[2\] is out of range/);
  assert.throws(() => handleTable(v, -1), /flags\[-1\] is out of range/);
  assert.not(taskMayBlock(v));
  setTaskMayBlock(v, true);
  assert.ok(taskMayBlock(v));
  assert.is(memory.u32[(v.address + offsets.taskMayBlock) >>> 2], 1);
});

test('freed blocks are used again, zeroed; usage returns to what it was', () => {
  const memory = ContextMemory.create();
  const offsets = new VmctxOffsets(4, counts);
  const before = memory.usedBytes;
  const many = Array.from({ length: 1000 }, () => memory.allocate(offsets));
  assert.is(new Set(many.map((v) => v.address)).size, 1000);
  for (const v of many) {
    assert.is(v.address % 16, 0);
    v.set(offsets.reallocs, 1, v.address);
    handleTable(v, 1).add(v.address, 1, 0);
  }
  for (const v of many) {
    v.checkMagic();
    assert.is(v.get(offsets.reallocs, 1), v.address, 'no context wrote into another');
    assert.is(memory.u32[handleTable(v, 1).slot(1) >>> 2], v.address);
  }
  const bytes = memory.memory.buffer.byteLength;
  // Free every other one first: their holes melt when the rest goes.
  for (const v of many.filter((_, i) => i % 2 === 0)) v.free();
  for (const v of many.filter((_, i) => i % 2 === 1)) v.free();
  assert.is(memory.usedBytes, before);
  const again = Array.from({ length: 1000 }, () => memory.allocate(offsets));
  assert.is(again[0]?.address, many[0]?.address);
  assert.is(memory.memory.buffer.byteLength, bytes, 'the memory did not grow again');
  for (const v of again) {
    assert.is(v.get(offsets.reallocs, 1), 0);
    assert.is(handleTable(v, 1).address, 0);
  }
});

test('magic: cleared when freed, checked at an address from outside', () => {
  const memory = ContextMemory.create({ debug: true });
  const offsets = new VmctxOffsets(4, counts);
  const v = memory.allocate(offsets);
  const { address } = v;
  assert.is(memory.contextAt(address), v);
  fails(() => memory.contextAt(address + 16), /no component context at address/);
  fails(() => memory.contextAt(0), /no component context at address 0/);
  memory.u32[address >>> 2] = 7;
  fails(() => memory.contextAt(address), /its magic is gone/);
  memory.u32[address >>> 2] = 0x706d_6f63;
  v.free();
  assert.is(memory.u32[address >>> 2], 0, 'magic is cleared');
  fails(() => memory.contextAt(address), /no component context/);
  fails(() => v.free(), /was freed/);
  const w = memory.allocate(offsets);
  assert.is(w.address, address);
  fails(() => v.checkMagic(), /was freed/);
  w.checkMagic();
});

test('views survive growth by the host and by wasm', () => {
  const memory = ContextMemory.create();
  const v = memory.allocate(new VmctxOffsets(4, counts));
  const { lowerings, reallocs } = v.offsets;
  v.set(lowerings, 1, 6, loweringPart.data);
  const old = memory.u8;
  memory.memory.grow(1);
  assert.is(old.length, 0, 'the old array is detached');
  assert.is(v.get(lowerings, 1, loweringPart.data), 6);
  const big = memory.allocateBytes(1_000_000);
  assert.is(big % 16, 0);
  assert.ok(memory.u8.length >= big + 1_000_000);
  assert.is(memory.i32.buffer, memory.memory.buffer);
  v.set(reallocs, 0, 9);
  assert.is(v.get(reallocs, 0), 9);
  memory.storeContext.trapCode = 3;
  memory.memory.grow(1);
  assert.is(memory.storeContext.trapCode, 3);
});

test('a block that the memory cannot hold is refused and changes nothing', () => {
  const memory = ContextMemory.create();
  const before = memory.usedBytes;
  fails(() => memory.allocateBytes(2 ** 33), /cannot grow/);
  fails(() => memory.allocateBytes(-1), /cannot allocate/);
  fails(() => memory.allocateBytes(0), /cannot allocate/);
  fails(() => memory.freeBytes(12345), /no bytes in use start at 12345/);
  assert.is(memory.usedBytes, before);
  fails(() => memory.allocate(new VmctxOffsets(8, counts)), /8-byte pointers in a memory for 4-byte ones/);
});

test('function slots: 0 is never handed out, freed ones are null and come again', () => {
  const memory = ContextMemory.create();
  const f = wasmFunction();
  const a = memory.allocateFunctions(3);
  const b = memory.allocateFunctions(200);
  assert.is(a, 1);
  assert.is(b, 4);
  assert.ok(memory.functions.length >= 204);
  memory.functions.set(a + 1, f);
  assert.is(memory.usedFunctions, 203);
  fails(() => memory.freeFunctions(b, 300), /300 function slots at 4 are not in use/);
  assert.is(memory.usedFunctions, 203);
  memory.freeFunctions(a, 3);
  fails(() => memory.freeFunctions(a, 3), /3 function slots at 1 are not in use/);
  assert.is(memory.functions.get(a + 1), null);
  assert.is(memory.functions.get(0), null);
  assert.is(memory.allocateFunctions(2), 1);
  memory.freeFunctions(1, 2);
  memory.freeFunctions(b, 200);
  assert.is(memory.usedFunctions, 0);
});

test('the store context: spill stack of 64 KiB, typed words, 64-bit slots', () => {
  for (const p of sizes) {
    const memory = ContextMemory.create({ pointerSize: p });
    const s = memory.storeContext;
    assert.is(s.spillPointer % 16, 0);
    assert.is(s.spillLimit - s.spillPointer, 65_536);
    s.trapDetail0 = 11;
    s.trapDetail1 = 12;
    s.trapVmctx = 13;
    s.trapInstance = 14;
    s.currentTask = 15;
    s.frame = 16;
    s.locked = 1;
    assert.equal(
      [s.trapDetail0, s.trapDetail1, s.trapVmctx, s.trapInstance, s.currentTask, s.frame, s.locked],
      [11, 12, 13, 14, 15, 16, 1],
    );
    setContextSlot(memory, 0, 0x1234_5678_9abc_def0n);
    setContextSlot(memory, 1, -1n);
    assert.is(contextSlot(memory, 0), 0x1234_5678_9abc_def0n);
    assert.is(contextSlot(memory, 1), 0xffff_ffff_ffff_ffffn);
  }
});

test('a spill stack that comes later: nothing fits before, and there is one of them', () => {
  for (const p of sizes) {
    const memory = ContextMemory.create({ pointerSize: p, spillStackLater: true });
    const s = memory.storeContext;
    assert.equal([s.spillPointer, s.spillLimit, memory.spillBase], [0, 0, 0]);
    assert.is(memory.memory.buffer.byteLength, 65_536);
    const v = memory.allocate(new VmctxOffsets(p, counts));
    memory.needSpillStack();
    const { spillBase } = memory;
    assert.equal([s.spillPointer, s.spillLimit, spillBase % 16], [spillBase, spillBase + 65_536, 0]);
    assert.ok(spillBase > v.address);
    assert.ok(memory.u8.length >= spillBase + 65_536);
    s.spillPointer += 32;
    memory.needSpillStack();
    assert.equal([s.spillPointer, memory.spillBase], [spillBase + 32, spillBase]);
    v.checkMagic();
  }
});

test('which bytes are its own: the regions that it has of the memory', () => {
  const arenas = new ArenaPool();
  const stores = Array.from({ length: 3 }, () => ContextMemory.create({ arenas, spillStackLater: true }));
  const [, a, b] = stores as [ContextMemory, ContextMemory, ContextMemory];
  assert.is(a.memory, b.memory);
  for (const [own, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const { address, offsets } = own.storeContext;
    assert.ok(own.owns(address, offsets.size));
    assert.not(other.owns(address, 1));
    assert.not(own.owns(address, own.u8.length));
    const v = own.allocate(new VmctxOffsets(4, counts));
    assert.ok(own.owns(v.address, v.offsets.size));
    const block = own.allocateBytes(5000);
    assert.ok(own.owns(block, 5000));
    assert.not(other.owns(block + 4999, 1));
  }
  a.needSpillStack();
  assert.ok(a.owns(a.spillBase, 65_536));
  assert.not(a.owns(a.spillBase, 65_537));
  assert.not(b.owns(a.spillBase, 16));
  assert.not(a.owns(0, 64), "the first bytes are nobody's");
});

test('dump: a line a part, with poison and meaning', () => {
  const memory = ContextMemory.create({ debug: true, pointerSize: 8 });
  const v = memory.allocate(new VmctxOffsets(8, counts));
  v.set(v.offsets.lowerings, 1, 5);
  v.set(v.offsets.lowerings, 1, 200, loweringPart.data);
  instanceFlags(v, 1).entered = true;
  const lines = dumpContext(v).split('\n');
  const line = (name: string) => lines.find((l) => l.includes(` ${name} `)) ?? `no ${name}`;
  assert.match(lines[0] as string, /^vmctx at 0x[0-9a-f]+, \d+ bytes, pointer size 8$/);
  assert.match(line('magic'), /^0000 {2}63 6f 6d 70 .*"comp"$/);
  assert.match(line('flags[0].bits'), /^0020 {2}01 00 00 00 .*may leave$/);
  assert.match(line('flags[1].bits'), /03 00 00 00 .*may leave, entered$/);
  assert.match(line('lowerings[0].callee'), /ef be ef be ad de ad de .*poison: not set$/);
  assert.match(line('lowerings[1].callee'), /05 00 00 00 00 00 00 00 .* 5$/);
  assert.match(line('lowerings[1].data'), /200 \(0xc8\)$/);
  // All bytes of the block are shown, once and in order.
  const bytes = lines
    .slice(1)
    .flatMap((l) => l.slice(6, 29).trim().split(' '))
    .filter((b) => b !== '');
  const wanted = [...memory.u8.subarray(v.address, v.address + v.offsets.size)].map((b) =>
    b.toString(16).padStart(2, '0'),
  );
  assert.equal(bytes, wanted);
});

test('disposed: contexts are gone, and everything that allocates or reads throws', () => {
  const memory = ContextMemory.create();
  const v = memory.allocate(new VmctxOffsets(4, counts));
  {
    using m = memory;
    assert.is(m.contextAt(v.address), v);
  }
  assert.ok(memory.disposed && !v.live);
  fails(() => v.checkMagic(), /was freed/);
  fails(() => memory.allocateBytes(16), /is disposed/);
  fails(() => memory.allocateFunctions(1), /is disposed/);
  fails(() => v.get(v.offsets.reallocs, 0), /is disposed/);
  memory.dispose();
});

test.run();
