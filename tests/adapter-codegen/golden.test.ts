/**
 * Golden trampolines. Each file in `golden/` has the text of a component, in lines that start with `;;;`, and the text of
 * the trampoline module that is emitted for it. BLESS=1 writes the second part anew. What is compared is also run: every
 * lowered import in both forms, with its checks.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  type Codegen,
  checkEmitted,
  loadMakeModule,
  toWat,
  VALUE_SLOT,
  validateByWabt,
} from '@gangway/adapter-codegen';
import * as rare from '@gangway/adapter-codegen/rare';
import * as resources from '@gangway/adapter-codegen/resources';
import type { ComponentPlan } from '@gangway/component';
import { type FlatType, type FuncAbi, funcAbi, lentParams } from '@gangway/component/abi';
import { HANDLE_KIND_BITS, HANDLE_OWN, type PointerSize, VmctxOffsets } from '@gangway/offsets';
import { handleTable } from '@gangway/vmctx/handle-table';
import { instanceFlags } from '@gangway/vmctx/instance-flags';
import { test } from 'uvu';
import { buildTrampolines } from '../../packages/adapter-codegen/src/trampolines.ts';
import { planOfText } from '../support/plan.ts';
import { type Callees, type CoreValue, resourceId, Trampolines } from './instance.ts';

const folder = new URL('./golden/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.wat'));
const bless = process.env['BLESS'] === '1';

const plans = new Map<string, Promise<ComponentPlan>>();

/** The plan of a golden's component, made once. */
function planOf(component: string): Promise<ComponentPlan> {
  const known = plans.get(component) ?? planOfText(component, { memory64: true });
  plans.set(component, known);
  return known;
}

function split(text: string): { component: string; wanted: string } {
  const lines = text.split('\n');
  const header = lines.filter((line) => line.startsWith(';;;')).map((line) => line.slice(4));
  const wanted = lines.filter((line) => !line.startsWith(';;;')).join('\n');
  return { component: header.join('\n'), wanted: wanted.trim() };
}

test('there are goldens for a dozen signatures', () => {
  assert.ok(files.length >= 14);
});

for (const file of files) {
  test(`golden ${file}`, async () => {
    const url = new URL(file, folder);
    const text = readFileSync(url, 'utf8');
    const { component, wanted } = split(text);
    const plan = await planOf(component);
    const module = buildTrampolines(plan, new VmctxOffsets(4, plan.counts), await loadMakeModule('binaryen'), {
      rare,
      resources,
    });
    assert.ok(module !== null);
    assert.ok(module.validate(), 'binaryen validates it');
    const emitted = module.emit();
    await validateByWabt(emitted.bytes);
    assert.equal(await checkEmitted(emitted), 'types');
    const wat = (await toWat(emitted.bytes)).trim();
    if (bless)
      writeFileSync(
        url,
        `${text
          .split('\n')
          .filter((line) => line.startsWith(';;;'))
          .join('\n')}\n\n${wat}\n`,
      );
    else assert.equal(wat, wanted, 'run with BLESS=1 when the change is meant');
  });

  // It has no trampolines; `intrinsics.test.ts` runs what it has.
  if (file === 'intrinsics.wat') continue;
  for (const codegen of ['binaryen', 'direct'] as const) {
    for (const pointerSize of [4, 8] as const) {
      test(`golden ${file} runs, written by ${codegen}, ${pointerSize}-byte pointers`, async () => {
        const { component } = split(readFileSync(new URL(file, folder), 'utf8'));
        await runLowerings(component, pointerSize, codegen);
      });
    }
  }
}

const samples: Readonly<Record<FlatType, readonly CoreValue[]>> = {
  i32: [-1, 0x7fff_ffff, 42, 0, -2147483648],
  i64: [-1n, 0x7fff_ffff_ffff_ffffn, 42n],
  f32: [1.5, -0.25, Number.POSITIVE_INFINITY],
  f64: [Math.PI, -1e300, 0.1],
};
const sample = (type: FlatType, i: number): CoreValue => samples[type][i % samples[type].length]!;

function readSlot(view: DataView, address: number, type: FlatType): CoreValue {
  switch (type) {
    case 'i32':
      return view.getInt32(address, true);
    case 'i64':
      return view.getBigInt64(address, true);
    case 'f32':
      return view.getFloat32(address, true);
    case 'f64':
      return view.getFloat64(address, true);
  }
}

function writeSlot(view: DataView, address: number, type: FlatType, value: CoreValue): void {
  if (type === 'i32') view.setInt32(address, Number(value), true);
  else if (type === 'i64') view.setBigInt64(address, BigInt(value), true);
  else if (type === 'f32') view.setFloat32(address, Number(value), true);
  else view.setFloat64(address, Number(value), true);
}

/** Calls every lowered import through both forms and checks values, traps and limits. */
async function runLowerings(component: string, pointerSize: PointerSize, codegen: Codegen): Promise<void> {
  const plan = await planOf(component);
  const abis = new Map<number, FuncAbi>();
  let calls = 0;
  let fail = false;
  const callees: Callees = {
    typed(lowering, values) {
      calls++;
      const abi = abis.get(lowering)!;
      assert.deepEqual(values, abi.flatParams.map(sample));
      if (fail) t.memory.storeContext.trapCode = 1;
      return abi.flatResults[0] === undefined ? undefined : sample(abi.flatResults[0], 1);
    },
    spilled(lowering, [vmctx, data, type, options, slots, count]) {
      calls++;
      const abi = abis.get(lowering)!;
      const trampoline = plan.trampolines.find((t) => t.kind === 'lower-import' && t.lowering === lowering);
      assert.ok(trampoline?.kind === 'lower-import');
      assert.deepEqual([vmctx, data], [t.vmctx.address, 1000 + lowering]);
      assert.deepEqual([type, options], [trampoline.type, trampoline.options]);
      assert.equal(count, Math.max(abi.flatParams.length, abi.flatResults.length));
      assert.equal(slots! % 16, 0);
      assert.equal(t.memory.storeContext.spillPointer, slots! + count! * VALUE_SLOT);
      const view = new DataView(t.memory.memory.buffer);
      const values = abi.flatParams.map((type, i) => readSlot(view, slots! + i * VALUE_SLOT, type));
      assert.deepEqual(values, abi.flatParams.map(sample));
      if (fail) return 0;
      if (abi.flatResults[0] !== undefined) writeSlot(view, slots!, abi.flatResults[0], sample(abi.flatResults[0], 1));
      return 1;
    },
  };
  const t = await Trampolines.create(plan, { pointerSize, codegen, callees });
  const store = t.memory.storeContext;
  assert.ok(plan.trampolines.length > 0);
  for (const [i, trampoline] of plan.trampolines.entries()) {
    assert.equal(t.memory.functions.get(t.base + 2 * i), t.exports[`trampoline[${i}]`]);
    if (trampoline.kind !== 'lower-import') continue;
    assert.equal(t.memory.functions.get(t.base + 2 * i + 1), t.exports[`trampoline[${i}] array`]);
    const options = plan.options[trampoline.options]!;
    const abi = funcAbi(plan, trampoline.type, options, 'lower');
    abis.set(trampoline.lowering, abi);
    const args = abi.flatParams.map(sample);
    // A handle stands for what the callee is to get, the representation.
    for (const { flat, resource } of lentParams(abi)) {
      const type = (resourceId(resource) << HANDLE_KIND_BITS) | HANDLE_OWN;
      args[flat] = handleTable(t.vmctx, options.instance).add(Number(args[flat]), type, 0);
    }
    for (const [name, spilled] of [
      [`trampoline[${i}]`, false],
      [`trampoline[${i}] array`, true],
    ] as const) {
      const before = store.spillPointer;
      const [type] = abi.flatResults;
      calls = 0;
      assert.equal(t.call(name, ...args), type === undefined ? undefined : sample(type, 1));
      assert.equal(calls, 1);
      assert.equal(store.spillPointer, before);

      // An instance that may not leave.
      instanceFlags(t.vmctx, options.instance).mayLeave = false;
      assert.throws(() => t.call(name, ...args), WebAssembly.RuntimeError);
      assert.deepEqual(t.takeTrap(), {
        code: 'cannot-leave',
        detail: 0,
        instance: options.instance,
        vmctx: t.vmctx.address,
      });
      assert.equal(calls, 1);
      instanceFlags(t.vmctx, options.instance).mayLeave = true;

      // A callee that has recorded a trap.
      fail = true;
      assert.throws(() => t.call(name, ...args), /unreachable/);
      fail = false;
      store.trapCode = 0;
      store.spillPointer = before;
      assert.equal(calls, 2);

      // The end of the spill stack: exactly enough room, then one byte too little.
      const bytes = Math.max(abi.flatParams.length, abi.flatResults.length) * VALUE_SLOT;
      if (!spilled || bytes === 0) continue;
      store.spillPointer = store.spillLimit - bytes;
      t.call(name, ...args);
      store.spillPointer = store.spillLimit - bytes + 16;
      assert.equal(t.trapOf(name, ...args), 'spill-stack-overflow');
      assert.equal(calls, 3);
      store.spillPointer = before;
    }
  }
}

test.run();
