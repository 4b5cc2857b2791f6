/** The bookkeeping around a call: flags, the call chain, exceptions, post-return, leave to block, two vmctxs. */

import assert from 'node:assert/strict';
import { contextSlot, setContextSlot } from '@gangway/vmctx/context-slots';
import { handleTable } from '@gangway/vmctx/handle-table';
import { instanceFlags, setTaskMayBlock, taskMayBlock } from '@gangway/vmctx/instance-flags';
import { test } from 'uvu';
import { emitLinkAdapter } from '../../../packages/adapter-codegen/src/adapters/index.ts';
import type { FuncTypeIndex, OptionsIndex } from '../../../packages/component/src/plan.ts';
import { CallFrameOffsets, FLAG_ENTERED, FLAG_MAY_LEAVE, VmctxOffsets } from '../../../packages/offsets/src/index.ts';
import { ContextMemory } from '../../../packages/vmctx/src/index.ts';
import { CALLEE, CALLER, Fused, type FusedSpec, Guest, inJavaScript, planOf, RESOURCE_ID, Types } from './fused.ts';

async function u32ToU32(spec: Omit<FusedSpec, 'types' | 'params' | 'result'> = {}): Promise<Fused> {
  const types = new Types();
  const u32 = types.add({ kind: 'u32' });
  return Fused.make({ ...spec, types, params: [u32], result: u32 });
}
async function stringToString(spec: Omit<FusedSpec, 'types' | 'params' | 'result'> = {}): Promise<Fused> {
  const types = new Types();
  const string = types.add({ kind: 'string' });
  return Fused.make({ ...spec, types, params: [string], result: string });
}

test('while the callee runs, it is entered and on the call chain', async () => {
  const linked = (await u32ToU32()).link((value) => {
    const { u32, storeContext } = linked.context;
    const offsets = new CallFrameOffsets(4);
    const at = (offset: number) => u32[(storeContext.frame + offset) >>> 2];
    assert.equal(linked.flags(CALLEE).bits, FLAG_MAY_LEAVE | FLAG_ENTERED);
    assert.equal(linked.flags(CALLER).bits, FLAG_MAY_LEAVE | FLAG_ENTERED);
    assert.deepEqual(
      [at(offsets.link), at(offsets.callerVmctx), at(offsets.calleeVmctx), at(offsets.callerInstance)],
      [0, linked.vmctx.address, linked.vmctx.address, CALLER],
    );
    assert.deepEqual([at(offsets.calleeInstance), at(offsets.borrows), at(offsets.lenders)], [CALLEE, 0, 0]);
    return (value as number) + 1;
  });
  assert.equal(linked.call(41), 42);
  assert.ok(linked.atRest());
});

test('a caller that may not leave', async () => {
  const linked = (await u32ToU32()).link(() => assert.fail('the call must not happen'));
  linked.flags(CALLER).bits = FLAG_ENTERED;
  assert.deepEqual(linked.trap(1), { code: 'cannot-leave', instance: CALLER, detail: 0 });
});

test('a callee that is entered already, and one that can never be', async () => {
  const linked = (await u32ToU32()).link((value) => linked.call(value as number));
  assert.deepEqual(linked.trap(1), { code: 'cannot-enter', instance: CALLEE, detail: 0 });

  const both = (await u32ToU32({ entering: [0, CALLEE] })).link((value) => value);
  assert.equal(both.call(5), 5);
  assert.equal(both.flags(0).bits, FLAG_MAY_LEAVE);
  both.flags(0).bits |= FLAG_ENTERED;
  assert.equal(both.trap(5)?.code, 'cannot-enter');

  const never = (await u32ToU32({ entering: null })).link((value) => value);
  assert.deepEqual(never.trap(1), { code: 'cannot-enter', instance: CALLEE, detail: 0 });
});

test('realloc and post-return run in an instance that may not leave', async () => {
  const linked = (await stringToString({ callee: { postReturn: true } })).link(
    (pointer, length) => {
      assert.equal(linked.flags(CALLEE).bits, FLAG_MAY_LEAVE | FLAG_ENTERED);
      linked.callee.setWord(512, pointer as number);
      linked.callee.setWord(516, length as number);
      return 512;
    },
    (pointer) => {
      assert.equal(pointer, 512);
      assert.equal(linked.flags(CALLEE).bits, FLAG_ENTERED);
      assert.equal(linked.flags(CALLER).bits, FLAG_MAY_LEAVE | FLAG_ENTERED);
      // The result is in the caller's memory by now.
      assert.deepEqual([linked.caller.word(8), linked.caller.word(12)], [4096, 3]);
    },
  );
  let reallocs = 0;
  for (const [guest, running, other] of [
    [linked.callee, CALLEE, CALLER],
    [linked.caller, CALLER, CALLEE],
  ] as const) {
    guest.onRealloc = () => {
      reallocs += 1;
      assert.equal(linked.flags(running).bits, FLAG_ENTERED);
      assert.equal(linked.flags(other).bits, FLAG_MAY_LEAVE | FLAG_ENTERED);
      return 4096;
    };
  }
  linked.caller.bytes.set([97, 98, 99], 64);
  linked.call(64, 3, 8);
  assert.equal(reallocs, 2);
  assert.ok(linked.atRest());
});

test('every task has its own context slots: the call, each realloc; post-return shares those of the call', async () => {
  const fused = await stringToString({ contextSlots: true, callee: { postReturn: true } });
  const slots = () => [0, 1].map((i) => contextSlot(linked.context, i));
  const set = (a: bigint, b: bigint) => {
    setContextSlot(linked.context, 0, a);
    setContextSlot(linked.context, 1, b);
  };
  const linked = fused.link(
    () => {
      assert.deepEqual(slots(), [0n, 0n]);
      set(3n, 4n);
      return 512;
    },
    () => {
      assert.deepEqual(slots(), [3n, 4n]);
      set(5n, 6n);
    },
  );
  let reallocs = 0;
  for (const guest of [linked.caller, linked.callee]) {
    guest.onRealloc = () => {
      reallocs += 1;
      assert.deepEqual(slots(), [0n, 0n]);
      set(7n, 8n);
      return 4096;
    };
  }
  set(1n, 2n ** 63n);
  linked.call(64, 3, 8);
  assert.deepEqual(slots(), [1n, 2n ** 63n]);
  assert.equal(reallocs, 2);
  assert.ok(linked.atRest());
});

test('an exception becomes a trap at the border, wherever guest code was called', async () => {
  const fused = await stringToString({ mayThrow: true, callee: { postReturn: true } });
  const fail = (): never => {
    throw new Error('thrown by the guest');
  };
  const answer = () => 512;
  const inCall = fused.link(fail);
  assert.deepEqual(inCall.trap(0, 0, 8), { code: 'guest-exception', instance: CALLEE, detail: 0 });
  const inPostReturn = fused.link(answer, fail);
  assert.deepEqual(inPostReturn.trap(0, 0, 8), { code: 'guest-exception', instance: CALLEE, detail: 0 });
  const inRealloc = fused.link(answer);
  inRealloc.callee.onRealloc = fail;
  assert.deepEqual(inRealloc.trap(0, 0, 8), { code: 'guest-exception', instance: CALLEE, detail: 0 });
  const inCallerRealloc = fused.link(answer);
  inCallerRealloc.caller.onRealloc = fail;
  assert.deepEqual(inCallerRealloc.trap(0, 0, 8), { code: 'guest-exception', instance: CALLER, detail: 0 });

  // Where nothing can throw there is no guard.
  const plain = await stringToString();
  assert.ok(plain.emitted.bytes.length < fused.emitted.bytes.length);
  if (!inJavaScript) assert.throws(() => plain.link(fail).call(0, 0, 8), /thrown by the guest/);
});

test('the spill stack ends somewhere', async () => {
  const linked = (await u32ToU32({ async: true })).link((value) => value);
  setTaskMayBlock(linked.vmctx, true);
  const { storeContext } = linked.context;
  storeContext.spillPointer = storeContext.spillLimit - 16;
  assert.equal(linked.trap(1)?.code, 'spill-stack-overflow');
});

test('leave to block: an async function needs it, a sync one takes it away', async () => {
  const sync = (await u32ToU32()).emitted.bytes.length;
  const linked = (await u32ToU32({ async: true })).link((value) => {
    assert.equal(taskMayBlock(linked.vmctx), true);
    return value;
  });
  assert.ok((await u32ToU32({ async: true })).emitted.bytes.length > sync);
  setTaskMayBlock(linked.vmctx, true);
  assert.equal(linked.call(3), 3);
  assert.equal(taskMayBlock(linked.vmctx), true);
  setTaskMayBlock(linked.vmctx, false);
  assert.deepEqual(linked.trap(3), { code: 'cannot-block', instance: CALLER, detail: 0 });
});

test('two components linked at run time: two vmctxs, two plans, one store', async () => {
  const types = new Types();
  const params = [types.add({ kind: 'string' }), types.add({ kind: 'own', resource: 0 as never })];
  const result = types.add({ kind: 'u32' });
  const resources = [{ kind: 'abstract', name: null }] as const;
  const caller = planOf({ types, params, result, resources, caller: { encoding: 'utf16' } });
  // The callee's types stand elsewhere in its own table.
  const other = new Types();
  other.add({ kind: 'u8' });
  other.add({ kind: 'bool' });
  const otherParams = [other.add({ kind: 'string' }), other.add({ kind: 'own', resource: 0 as never })];
  const callee = planOf({ types: other, params: otherParams, result: other.add({ kind: 'u32' }), resources });
  const callerOffsets = new VmctxOffsets(4, caller.counts);
  const calleeOffsets = new VmctxOffsets(4, { ...callee.counts, componentInstances: 5 });
  const emitted = emitLinkAdapter({
    name: 'f',
    caller: { plan: caller, offsets: callerOffsets, type: 0 as FuncTypeIndex, options: 0 as OptionsIndex },
    callee: {
      plan: callee,
      offsets: calleeOffsets,
      type: 0 as FuncTypeIndex,
      options: 1 as OptionsIndex,
      func: callee.adapters[0]!.lift.func,
    },
    entering: [0, CALLEE] as never,
  });
  const context = ContextMemory.create();
  const vmctx = { caller: context.allocate(callerOffsets), callee: context.allocate(calleeOffsets) };
  const guests = { caller: new Guest('i32'), callee: new Guest('i32') };
  const f = (pointer: number, length: number, handle: number): number => {
    const flags = instanceFlags(vmctx.callee, CALLEE);
    assert.ok(flags.entered && flags.mayLeave && instanceFlags(vmctx.callee, 0).entered);
    assert.equal(new TextDecoder().decode(guests.callee.bytes.slice(pointer, pointer + length)), 'a☃');
    assert.notEqual(handleTable(vmctx.callee, CALLEE).slot(handle), 0);
    return length;
  };
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module, name, source } of emitted.imports) {
    const side = 'side' in source ? source.side : 'caller';
    let value: WebAssembly.ImportValue;
    if (source.kind === 'context-memory') value = context.memory;
    else if (source.kind === 'block') value = context.allocateBytes(source.bytes);
    else if (source.kind === 'vmctx') value = vmctx[side].address;
    else if (source.kind === 'resource-type') value = RESOURCE_ID;
    else if (source.kind === 'builtin') {
      value = (address: number, instance: number) =>
        handleTable(address === vmctx.callee.address ? vmctx.callee : vmctx.caller, instance).grow() ? 1 : 0;
    } else if (source.kind === 'core-def' && source.def.kind === 'export') {
      if (source.def.name === 'f') value = f;
      else value = source.def.sort === 'memory' ? guests[side].memory : guests[side].imports().realloc;
    } else throw new Error(source.kind);
    (imports[module] ??= {})[name] = value;
  }
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(emitted.bytes), imports);
  guests.caller.bytes.set(new Uint8Array(Uint16Array.of(0x61, 0x2603).buffer), 64);
  const handle = handleTable(vmctx.caller, CALLER).add(9, (RESOURCE_ID << 4) | 1, 0);
  assert.equal((exports['adapter'] as (...args: number[]) => number)(64, 2, handle), 4);
  assert.equal(handleTable(vmctx.caller, CALLER).slot(handle), 0);
  assert.ok(!instanceFlags(vmctx.callee, CALLEE).entered && !instanceFlags(vmctx.callee, 0).entered);
  assert.equal(context.storeContext.frame, 0);
});

test('the output is linear in the types', async () => {
  // Each level uses the one below twice, so that the value doubles and the types grow by one.
  const size = async (make: (types: Types, below: number) => number, levels: number): Promise<number> => {
    const types = new Types();
    let type = types.record(types.add({ kind: 'char' }), types.add({ kind: 'string' }));
    for (let i = 0; i < levels; i += 1) type = make(types, type) as typeof type;
    return (await Fused.make({ types, params: [types.list_(type)], result: type })).emitted.bytes.length;
  };
  const record = (types: Types, below: number) => types.record(below as never, below as never);
  const variant = (types: Types, below: number) =>
    types.variant(types.record(below as never), types.tuple(below as never), below as never);
  for (const make of [record, variant]) {
    const [small, middle, large] = [await size(make, 4), await size(make, 8), await size(make, 16)];
    assert.ok(large - middle < 3 * (middle - small), `${small}, ${middle}, ${large} bytes`);
  }

  // Slots too: variants of variants. A helper passes each slot on, and there are at most 16 of them.
  const flat = async (levels: number): Promise<number> => {
    const types = new Types();
    let type = types.variant(types.add({ kind: 'char' }), types.add({ kind: 'f32' }));
    for (let i = 0; i < levels; i += 1) {
      type = types.variant(types.record(type), types.tuple(type), type, types.tuple(type));
    }
    return (await Fused.make({ types, params: [type] })).emitted.bytes.length;
  };
  const [few, some, many] = [await flat(3), await flat(6), await flat(12)];
  assert.ok(many - some < 5 * (some - few), `${few}, ${some}, ${many} bytes`);
});

test.run();
