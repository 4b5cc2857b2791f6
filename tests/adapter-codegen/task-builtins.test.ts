/** `context.get` and `context.set`, and what needs tasks: emitted and run. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ComponentPlan } from '@gangway/component';
import { unsupportedNumber } from '@gangway/component/unsupported';
import { contextSlot } from '@gangway/vmctx/context-slots';
import { instanceFlags } from '@gangway/vmctx/instance-flags';
import { test } from 'uvu';
import { planOfText } from '../support/plan.ts';
import { type CoreValue, Trampolines } from './instance.ts';

function golden(name: string): Promise<ComponentPlan> {
  const text = readFileSync(new URL(`./golden/${name}.wat`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith(';;;'));
  return planOfText(lines.map((line) => line.slice(4)).join('\n'), { memory64: true });
}

const context = await golden('context');
const unsupported = await golden('unsupported');

function contextExport(kind: string, type: string, slot: number): string {
  const index = context.trampolines.findIndex(
    (t) => t.kind === kind && 'slot' in t && t.type === type && t.slot === slot,
  );
  assert.ok(index >= 0);
  return `trampoline[${index}]`;
}

for (const pointerSize of [4, 8] as const) {
  test(`context slots, ${pointerSize}-byte pointers`, async () => {
    const t = await Trampolines.create(context, { pointerSize });
    const [get0, set0] = [contextExport('context.get', 'i32', 0), contextExport('context.set', 'i32', 0)];
    const [get1, set1] = [contextExport('context.get', 'i32', 1), contextExport('context.set', 'i32', 1)];
    assert.deepEqual([t.call(get0), t.call(get1)], [0, 0]);
    t.call(set0, -2);
    t.call(set1, 7);
    assert.deepEqual([t.call(get0), t.call(get1)], [-2, 7]);
    assert.deepEqual([contextSlot(t.memory, 0), contextSlot(t.memory, 1)], [0xffff_fffen, 7n]);

    const [get, set] = [contextExport('context.get', 'i64', 1), contextExport('context.set', 'i64', 1)];
    t.call(set, -(1n << 40n));
    assert.equal(t.call(get), -(1n << 40n));
    assert.equal(contextSlot(t.memory, 0), 0xffff_fffen);
  });
}

test('context slots can be used by an instance that may not leave', async () => {
  const t = await Trampolines.create(context);
  instanceFlags(t.vmctx, 0).mayLeave = false;
  t.call(contextExport('context.set', 'i32', 0), 5);
  assert.equal(t.call(contextExport('context.get', 'i32', 0)), 5);
});

const operands: Readonly<Record<string, CoreValue>> = { i32: 1, i64: 1n, f32: 1, f64: 1 };

test('what needs tasks checks may-leave where the specification does, and traps with its name', async () => {
  assert.equal(unsupported.trampolines.length, 4);
  for (const [i, trampoline] of unsupported.trampolines.entries()) {
    assert.ok(trampoline.kind === 'unsupported');
    const { canon } = trampoline;
    const args = trampoline.params.map((type) => operands[type]!);
    for (const mayLeave of [true, false]) {
      const t = await Trampolines.create(unsupported);
      instanceFlags(t.vmctx, 0).mayLeave = mayLeave;
      const checked = canon !== 'backpressure.inc';
      assert.equal(t.trapOf(`trampoline[${i}]`, ...args), !mayLeave && checked ? 'cannot-leave' : 'unsupported', canon);
      if (mayLeave) assert.equal(t.memory.storeContext.trapDetail0, unsupportedNumber(canon));
    }
  }
});

test.run();
