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

test('it loads neither decoder nor code generator, and what few components need on demand', async () => {
  const { metafile } = await build({
    entryPoints: { entry: fileURLToPath(import.meta.resolve('@gangway/host/runtime')) },
    outdir: 'out',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    metafile: true,
    minify: true,
  });
  const outputs = Object.entries(metafile.outputs);
  const entry = outputs.find(([, output]) => output.entryPoint?.endsWith('host/src/runtime.ts'));
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const one of metafile.outputs[path]!.imports) if (one.kind === 'import-statement') visit(one.path);
  };
  visit(entry![0]);
  const inputsOf = (paths: Iterable<string>): string[] =>
    [...paths].flatMap((path) => {
      const inputs = Object.entries(metafile.outputs[path]!.inputs);
      return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => input);
    });
  const now = inputsOf(loaded);
  const ever = inputsOf(outputs.map(([path]) => path));
  assert.ok(now.some((path) => path.endsWith('host/src/instance/instantiate.ts')));
  const never =
    /component\/src\/(binary|validate|translate)\/|binaryen|wabt|wasm-parser|adapter-codegen\/src\/(?!emitted|builtins)/;
  assert.equal(
    ever.filter((path) => never.test(path)),
    [],
  );
  const later =
    /host\/src\/(abi|fallback|resources|parts)\/|-closures\.ts|component\/src\/abi\/|links\.ts|handle-table/;
  assert.equal(
    now.filter((path) => later.test(path)).filter((path) => !path.endsWith('argument-error.ts')),
    [],
  );
  for (const part of ['generate/lift-source.ts', 'export-closures.ts', 'fallback/adapter.ts', 'handle-ops.ts']) {
    assert.ok(
      ever.some((path) => path.endsWith(part)),
      part,
    );
  }
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
