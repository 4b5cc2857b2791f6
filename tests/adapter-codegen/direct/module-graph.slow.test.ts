/** What a plain compile, instantiate and call loads: neither binaryen nor wabt nor the parser for inspection. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parse } from '@bytecodealliance/jco';
import { test } from 'uvu';

/** Needs trampolines and callees. */
const component = await parse(`(component
  (import "twice" (func $twice (param "x" u32) (result u32)))
  (core func $lowered (canon lower (func $twice)))
  (core module $m
    (import "" "twice" (func $twice (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (i32.add (call $twice (local.get 0)) (i32.const 1))))
  (core instance $i (instantiate $m (with "" (instance (export "twice" (func $lowered))))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run"))))`);

function loaded(options: object): string[] {
  const program = fileURLToPath(new URL('loaded.ts', import.meta.url));
  const bytes = Buffer.from(component).toString('base64');
  const output = execFileSync(process.execPath, ['--no-warnings', program, JSON.stringify(options), bytes]);
  return output.toString().trim().split('\n');
}
const heavy = (urls: string[]): string[] => urls.filter((url) => /binaryen|wabt|wasm-parser|preview2-shim/.test(url));

for (const codegen of ['auto', 'direct'] as const) {
  test(`codegen '${codegen}' loads no code generator but our own`, () => {
    const urls = loaded({ codegen });
    assert.ok(urls.some((url) => url.endsWith('/direct/module.ts')));
    assert.ok(!urls.some((url) => url.includes('/adapter-codegen/src/binaryen/')));
    assert.deepEqual(heavy(urls), []);
  });
}

test("codegen 'binaryen' loads binaryen and no more", () => {
  const urls = heavy(loaded({ codegen: 'binaryen' }));
  assert.ok(urls.length > 0);
  assert.ok(urls.every((url) => url.includes('binaryen')));
});

test.run();
