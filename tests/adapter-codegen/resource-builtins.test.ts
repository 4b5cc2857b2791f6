/** `resource.new`, `resource.rep` and `resource.drop`, emitted and run: destructors, entering, host resources, borrows. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ComponentPlan } from '@gangway/component';
import { CallFrameOffsets, HANDLE_BORROW, HANDLE_KIND_BITS } from '@gangway/offsets';
import { contextSlot, setContextSlot } from '@gangway/vmctx/context-slots';
import { handleTable } from '@gangway/vmctx/handle-table';
import { instanceFlags, setTaskMayBlock, taskMayBlock } from '@gangway/vmctx/instance-flags';
import fc from 'fast-check';
import { test } from 'uvu';
import { planOfText } from '../support/plan.ts';
import { resourceId, Trampolines } from './instance.ts';

function golden(name: string): Promise<ComponentPlan> {
  const text = readFileSync(new URL(`./golden/${name}.wat`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith(';;;'));
  return planOfText(lines.map((line) => line.slice(4)).join('\n'));
}

/** The export of the trampoline of that kind for that resource. */
function exportOf(plan: ComponentPlan, kind: string, resource: number): string {
  const index = plan.trampolines.findIndex((t) => t.kind === kind && 'resource' in t && t.resource === resource);
  assert.ok(index >= 0, kind);
  return `trampoline[${index}]`;
}

const guest = await golden('guest-resource');
const across = await golden('drop-across-components');
const host = await golden('instance-import');

/** Indices of the resources of `guest`: with a destructor and without. */
const counter = guest.resources.findIndex((r) => r.kind === 'defined' && r.dtor !== null);
const plain = guest.resources.findIndex((r) => r.kind === 'defined' && r.dtor === null);

test('new, rep and drop in the instance that defines the resource', async () => {
  const dropped: unknown[] = [];
  const t = await Trampolines.create(guest, { destructors: new Map([[counter, (rep) => void dropped.push(rep)]]) });
  const [make, rep, drop] = ['resource.new', 'resource.rep', 'resource.drop'].map((k) => exportOf(guest, k, counter));
  assert.equal(t.call(make!, 100), 1);
  assert.equal(t.call(make!, -5), 2);
  assert.equal(t.call(rep!, 1), 100);
  assert.equal(t.call(rep!, 2), -5);
  t.call(drop!, 1);
  assert.deepEqual(dropped, [100]);
  assert.equal(t.call(make!, 300), 1);
  assert.equal(t.trapOf(drop!, 7), 'unknown-handle');
  const [makePlain, dropPlain] = ['resource.new', 'resource.drop'].map((k) => exportOf(guest, k, plain));
  assert.equal(t.call(makePlain!, 1), 3);
  assert.equal(t.trapOf(rep!, 3), 'wrong-handle-type');
  assert.equal(t.trapOf(drop!, 3), 'wrong-handle-type');
  t.call(dropPlain!, 3);
  assert.deepEqual(dropped, [100]);
  assert.equal(handleTable(t.vmctx, 0).length, 2);
});

test('may leave: checked by new and drop, not by rep', async () => {
  const t = await Trampolines.create(guest, { destructors: new Map([[counter, () => {}]]) });
  const [make, rep, drop] = ['resource.new', 'resource.rep', 'resource.drop'].map((k) => exportOf(guest, k, counter));
  t.call(make!, 9);
  instanceFlags(t.vmctx, 0).mayLeave = false;
  assert.equal(t.trapOf(make!, 9), 'cannot-leave');
  assert.equal(t.trapOf(drop!, 1), 'cannot-leave');
  assert.equal(t.call(rep!, 1), 9);
});

test('a model of the whole life of handles', async () => {
  const dropped: number[] = [];
  const t = await Trampolines.create(guest, {
    destructors: new Map([[counter, (rep) => void dropped.push(Number(rep))]]),
  });
  const [make, rep, drop] = ['resource.new', 'resource.rep', 'resource.drop'].map((k) => exportOf(guest, k, counter));
  const model = new Map<number, number>();
  const free: number[] = [];
  let top = 0;
  const step = fc.record({ op: fc.constantFrom('new', 'new', 'rep', 'drop'), value: fc.nat(80) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      for (const { op, value } of steps) {
        if (op === 'new') {
          const index = free.pop() ?? ++top;
          model.set(index, value);
          assert.equal(t.call(make!, value), index);
        } else if (!model.has(value)) {
          assert.equal(t.trapOf(op === 'rep' ? rep! : drop!, value), 'unknown-handle');
        } else if (op === 'rep') {
          assert.equal(t.call(rep!, value), model.get(value));
        } else {
          t.call(drop!, value);
          assert.equal(dropped.pop(), model.get(value));
          model.delete(value);
          free.push(value);
        }
      }
      assert.deepEqual(
        [...handleTable(t.vmctx, 0).indices()],
        [...model.keys()].sort((a, b) => a - b),
      );
    }),
    { numRuns: 60 },
  );
});

test('a full table', async () => {
  const t = await Trampolines.create(guest, { maximumHandles: 40 });
  const make = exportOf(guest, 'resource.new', plain);
  for (let i = 1; i <= 40; i++) assert.equal(t.call(make, i), i);
  assert.equal(t.trapOf(make, 41), 'handle-table-full');
});

for (const pointerSize of [4, 8] as const) {
  test(`a destructor in another component, ${pointerSize}-byte pointers`, async () => {
    const resource = across.resources.findIndex((r) => r.kind === 'defined');
    const defined = across.resources[resource];
    assert.ok(defined?.kind === 'defined');
    const maker = defined.instance;
    const [trampoline] = across.trampolines;
    assert.ok(trampoline?.kind === 'resource.drop');
    const user = trampoline.instance;
    assert.notEqual(maker, user);
    const frames = new CallFrameOffsets(pointerSize);
    const during: unknown[] = [];
    const t = await Trampolines.create(across, {
      pointerSize,
      destructors: new Map([
        [
          resource,
          (rep) => {
            const { frame } = store;
            const word = (offset: number): number => t.memory.u32[(frame + offset) >>> 2]!;
            during.push({
              rep,
              entered: [instanceFlags(t.vmctx, maker).entered, instanceFlags(t.vmctx, user).entered],
              slots: [contextSlot(t.memory, 0), contextSlot(t.memory, 1)],
              mayBlock: taskMayBlock(t.vmctx),
              caller: word(frames.callerInstance),
              callee: word(frames.calleeInstance),
              vmctx: word(frames.callerVmctx),
              link: word(frames.link),
            });
            setContextSlot(t.memory, 0, 99n);
          },
        ],
      ]),
    });
    const store = t.memory.storeContext;
    const table = handleTable(t.vmctx, user);
    const own = (rep: number): number => table.add(rep, (resourceId(resource) << HANDLE_KIND_BITS) | 1, 0);
    const spill = store.spillPointer;
    setContextSlot(t.memory, 0, 0x1_0000_0001n);
    setContextSlot(t.memory, 1, 2n);
    store.frame = 64;
    setTaskMayBlock(t.vmctx, true);
    t.call('trampoline[0]', own(77));
    assert.deepEqual(during, [
      {
        rep: 77,
        entered: [true, false],
        slots: [0n, 0n],
        mayBlock: false,
        caller: user,
        callee: maker,
        vmctx: t.vmctx.address,
        link: 64,
      },
    ]);
    assert.equal(instanceFlags(t.vmctx, maker).entered, false);
    assert.deepEqual([contextSlot(t.memory, 0), contextSlot(t.memory, 1)], [0x1_0000_0001n, 2n]);
    assert.equal(taskMayBlock(t.vmctx), true);
    assert.equal(store.frame, 64);
    assert.equal(store.spillPointer, spill);

    // The defining instance is on the stack already.
    instanceFlags(t.vmctx, maker).entered = true;
    assert.equal(t.trapOf('trampoline[0]', own(78)), 'cannot-enter');
    assert.equal(during.length, 1);
    instanceFlags(t.vmctx, maker).entered = false;

    // A borrow is only taken out of the count of its call.
    const scope = t.memory.allocateBytes(frames.size);
    t.memory.u32[(scope + frames.borrows) >>> 2] = 3;
    const borrow = table.add(79, (resourceId(resource) << HANDLE_KIND_BITS) | HANDLE_BORROW, scope);
    t.call('trampoline[0]', borrow);
    assert.equal(t.memory.u32[(scope + frames.borrows) >>> 2], 2);
    assert.equal(during.length, 1);
    assert.equal(table.slot(borrow), 0);

    // No room for the frame.
    store.spillPointer = store.spillLimit - frames.size + 16;
    assert.equal(t.trapOf('trampoline[0]', own(80)), 'spill-stack-overflow');
  });
}

test('between a component and one inside it, a destructor cannot be called', async () => {
  const resource = across.resources.findIndex((r) => r.kind === 'defined');
  const defined = across.resources[resource];
  const [trampoline] = across.trampolines;
  assert.ok(defined?.kind === 'defined' && trampoline?.kind === 'resource.drop');
  const inside: ComponentPlan = {
    ...across,
    trampolines: [{ ...trampoline, instance: across.componentInstances[defined.instance]!.parent! }],
  };
  const t = await Trampolines.create(inside, { destructors: new Map([[resource, () => assert.fail('called')]]) });
  const table = handleTable(t.vmctx, 0);
  assert.equal(
    t.trapOf('trampoline[0]', table.add(1, (resourceId(resource) << HANDLE_KIND_BITS) | 1, 0)),
    'cannot-enter',
  );

  // Without a destructor there is nothing to call.
  const without: ComponentPlan = {
    ...inside,
    resources: inside.resources.map((r) => (r.kind === 'defined' ? { ...r, dtor: null } : r)),
  };
  const u = await Trampolines.create(without);
  const handle = handleTable(u.vmctx, 0).add(1, (resourceId(resource) << HANDLE_KIND_BITS) | 1, 0);
  u.call('trampoline[0]', handle);
  assert.equal(handleTable(u.vmctx, 0).length, 0);
});

test('what a destructor throws becomes a trap where anything can be thrown', async () => {
  const destructors = new Map([
    [
      counter,
      (): void => {
        throw new Error('in the destructor');
      },
    ],
  ]);
  const [make, drop] = ['resource.new', 'resource.drop'].map((k) => exportOf(guest, k, counter));
  const guarded = await Trampolines.create({ ...guest, mayThrow: true }, { destructors });
  guarded.call(make!, 1);
  assert.equal(guarded.trapOf(drop!, 1), 'guest-exception');
  const bare = await Trampolines.create(guest, { destructors });
  bare.call(make!, 1);
  assert.throws(() => bare.call(drop!, 1), /in the destructor/);
});

test('a callee that runs out of stack becomes a trap where a guest could catch it', async () => {
  const plan = await golden('two-functions-one-may-throw');
  const callees = {
    typed: (): undefined => {
      throw new RangeError('Maximum call stack size exceeded');
    },
    spilled: (): number => {
      throw new RangeError('Maximum call stack size exceeded');
    },
  };
  const t = await Trampolines.create(plan, { callees });
  assert.equal(t.trapOf('trampoline[0]', 0, 0), 'stack-overflow');
  assert.equal(t.trapOf('trampoline[0] array', 0, 0), 'stack-overflow');
});

test('a host resource is dropped by the built-in, after its handle is gone', async () => {
  const resource = host.resources.findIndex((r) => r.kind === 'imported');
  const drop = exportOf(host, 'resource.drop', resource);
  const calls: unknown[] = [];
  let ok = 1;
  const t = await Trampolines.create(host, {
    dropHostResource: (...args) => {
      calls.push([...args, handleTable(t.vmctx, 0).length]);
      return ok;
    },
  });
  const own = (rep: number): number =>
    handleTable(t.vmctx, 0).add(rep, (resourceId(resource) << HANDLE_KIND_BITS) | 1, 0);
  t.call(drop, own(41));
  assert.deepEqual(calls, [[t.vmctx.address, resource, 41, 0]]);
  ok = 0;
  const index = own(42);
  assert.throws(() => t.call(drop, index), /unreachable/);
  assert.equal(t.memory.functions.get(t.base + 2 * 1), t.memory.functions.get(t.base + 2 * 1 + 1), 'one form only');
});

test('representations of type i64', async () => {
  const wide: ComponentPlan = {
    ...guest,
    resources: guest.resources.map((r) => (r.kind === 'defined' ? { ...r, rep: 'i64', dtor: null } : r)),
  };
  const t = await Trampolines.create(wide);
  const [make, rep] = ['resource.new', 'resource.rep'].map((k) => exportOf(wide, k, counter));
  assert.equal(t.call(make!, 0xffff_fffen), 1);
  assert.equal(t.call(rep!, 1), 0xffff_fffen);
  assert.equal(t.trapOf(make!, 0x1_0000_0000n), 'integer-overflow');
});

test.run();
