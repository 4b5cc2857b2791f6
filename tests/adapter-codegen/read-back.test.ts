/** Reading emitted modules back, the check of their descriptions, the callees module, and everything at once. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  builtins,
  checkEmitted,
  describeBuiltins,
  type EmittedModule,
  emitAll,
  emitCallees,
  readBack,
  toWat,
  validateByWabt,
} from '@gangway/adapter-codegen';
import { test } from 'uvu';
import { createModule } from '../../packages/adapter-codegen/src/binaryen/module.ts';
import { contextMemory } from '../../packages/adapter-codegen/src/store-context.ts';
import { planOfText } from '../support/plan.ts';

function componentOf(golden: string): string {
  const text = readFileSync(new URL(`./golden/${golden}.wat`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith(';;;'));
  return lines.map((line) => line.slice(4)).join('\n');
}

test('types, imports and exports are read back', async () => {
  const { trampolines } = await emitAll(await planOfText(componentOf('instance-import')), { lowering: 'spilled' });
  assert.ok(trampolines !== null);
  const read = await readBack(trampolines.bytes);
  assert.deepEqual(read.imports, [
    { module: 'context', name: 'memory', type: { kind: 'memory', min: 0, max: null } },
    { module: 'context', name: 'functions', type: { kind: 'table', min: 0, max: null } },
    { module: 'context', name: 'vmctx', type: { kind: 'global', type: 'i32', mutable: false } },
    { module: 'context', name: 'table_base', type: { kind: 'global', type: 'i32', mutable: false } },
    { module: 'callees', name: 'typed[0]', type: { kind: 'func', params: ['i32', 'i32', 'i32', 'i32'], results: [] } },
    { module: 'resource', name: '0', type: { kind: 'global', type: 'i32', mutable: false } },
    {
      module: 'builtins',
      name: 'drop-host-resource',
      type: { kind: 'func', params: ['i32', 'i32', 'i32'], results: ['i32'] },
    },
  ]);
  const write = { kind: 'func', params: ['i32', 'i32', 'i32', 'i32'], results: [] };
  assert.deepEqual(read.exports, [
    { name: 'trampoline[0]', kind: 'func', type: write },
    { name: 'trampoline[0] array', kind: 'func', type: write },
    { name: 'trampoline[1]', kind: 'func', type: { kind: 'func', params: ['i32'], results: [] } },
  ]);
});

test('a description that is not true is found', async () => {
  const { trampolines } = await emitAll(await planOfText(componentOf('instance-import')), { lowering: 'spilled' });
  assert.ok(trampolines !== null);
  assert.equal(await checkEmitted(trampolines), 'types');
  const [memory, functions, ...rest] = trampolines.imports;
  const wrong = (change: Partial<EmittedModule>): Promise<unknown> => checkEmitted({ ...trampolines, ...change });
  await assert.rejects(wrong({ imports: [memory!, ...rest] }), /not declared: table context.functions/);
  await assert.rejects(wrong({ imports: [...trampolines.imports, functions!] }), /imports differ/);
  await assert.rejects(wrong({ exports: trampolines.exports.slice(1) }), /not declared: func trampoline\[0\]/);
  await assert.rejects(
    wrong({ imports: [{ ...memory!, source: { kind: 'vmctx', side: 'caller' } }, functions!, ...rest] }),
    /missing: global context.memory/,
  );
  const swapped = trampolines.imports.map((item) =>
    item.source.kind === 'builtin'
      ? { ...item, source: { ...item.source, builtin: 'grow-handle-table' } as const }
      : item,
  );
  await assert.rejects(wrong({ imports: swapped }), /drop-host-resource has the type/);
});

test('a module with a 64-bit memory is checked by name and kind', async () => {
  const guest = {
    name: 'guest',
    module: 'guest',
    base: 'memory',
    address: 'i64',
    source: contextMemory.source,
  } as const;
  const m = await createModule({ name: 'wide', memories: [contextMemory, guest] });
  m.exportFunc(
    m.func('f', [], [], (f) => [f.i32.store(m.memory('guest'), f.i64.const(0), f.i32.const(1))]),
    'f',
  );
  const emitted = m.emit();
  assert.equal(await checkEmitted(emitted), 'names');
  await assert.rejects(checkEmitted({ ...emitted, exports: [] }), /exports differ/);
  assert.match(await toWat(emitted.bytes), /\(i32.store \$guest/);
});

test('the callees module', async () => {
  const plan = await planOfText(componentOf('two-functions-one-may-throw'));
  const callees = emitCallees(plan);
  assert.ok(callees !== null);
  assert.equal(await checkEmitted(callees), 'types');
  await validateByWabt(callees.bytes);
  const read = await readBack(callees.bytes);
  const names = read.imports.filter((item) => item.type.kind === 'func').map((item) => item.name);
  assert.deepEqual(names, ['spilled[0]', 'spilled[1]']);
  assert.deepEqual(read.imports.find((item) => item.name === 'spilled[0]')?.type, {
    kind: 'func',
    params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    results: ['i32'],
  });
  assert.deepEqual(callees.exports, []);
});

test('a component without imports, resources and adapters needs nothing', async () => {
  const emitted = await emitAll(
    await planOfText(`(component
      (core module $M (func (export "f") (result i32) (i32.const 1)))
      (core instance $m (instantiate $M))
      (func (export "f") (result u32) (canon lift (core func $m "f"))))`),
    { pointerSize: 8 },
  );
  assert.deepEqual([emitted.trampolines, emitted.callees, emitted.adapters], [null, null, []]);
  assert.equal(emitted.offsets.pointerSize, 8);
});

test('every built-in is described', () => {
  const lines = describeBuiltins().split('\n');
  assert.equal(lines.length, Object.keys(builtins).length);
  assert.match(lines[0]!, /^grow-handle-table\(vmctx: i32, instance: i32\) -> i32: /);
});

test.run();
