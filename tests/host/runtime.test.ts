/** `@gangway/host/runtime`: what a page downloads to run components that were compiled ahead of time. */
import { fileURLToPath } from 'node:url';
import { emitAll } from '@gangway/adapter-codegen';
import { decode, parsePlan, stringifyPlan, translate } from '@gangway/component';
import { Component, Engine, instantiate, LinkError } from '@gangway/host';
import { InstancePre, Component as RuntimeComponent } from '@gangway/host/runtime';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports } from '../support/assemble.ts';

test('it loads neither decoder, validator, translator nor code generator', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve('@gangway/host/runtime'))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    metafile: true,
    minify: true,
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.some((path) => path.endsWith('host/src/instance/instantiate.ts')));
  const forbidden =
    /component\/src\/(binary|validate|translate)\/|binaryen|wabt|wasm-parser|adapter-codegen\/src\/(?!emitted|builtins)/;
  assert.equal(
    inputs.filter((path) => forbidden.test(path)),
    [],
  );
  const [output] = Object.values(metafile.outputs);
  assert.ok((output?.bytes ?? Number.POSITIVE_INFINITY) < 180_000, `${output?.bytes} bytes`);
});

test('a plan and emitted modules that went through storage make a component', async () => {
  assert.is(RuntimeComponent, Component);
  const bytes = await assemble(`(component
    (import "twice" (func $twice (param "x" u32) (result u32)))
    (core func $twice (canon lower (func $twice)))
    (core module $m (import "" "twice" (func $twice (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $twice (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance (export "twice" (func $twice))))))
    (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run"))))`);
  const plan = translate(bytes, decode(bytes));
  const modules = plan.modules.map(({ start, end }) => new WebAssembly.Module(bytes.subarray(start, end)));
  const emitted = structuredClone(
    await emitAll(plan).then(({ trampolines, callees, adapters }) => ({ trampolines, callees, adapters })),
  );
  const stored = parsePlan(stringifyPlan(plan));
  const component = new RuntimeComponent({
    engine: new Engine({ evaluate: 'never' }),
    plan: stored,
    modules,
    emit: () => Promise.resolve(emitted),
    nested: () => {
      throw new Error('there are none');
    },
    link: null,
    signatures: ['i32 -> i32'],
  });
  const twice = (x: number) => 2 * x;
  assert.throws(() => InstancePre.link(component, { twice }).instantiateSync(), /not prepared/);
  const made = await instantiate<DynamicExports>(component, { twice });
  assert.is(made.exports.run!(21), 42);
  assert.throws(
    () => InstancePre.link(component),
    (e: unknown) => e instanceof LinkError,
  );
  assert.throws(() => component.link(new Map()), /stored component/);
});

test.run();
