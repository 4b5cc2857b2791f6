/** `gangway run --plug`: what satisfies which import, in which order, and what is said when nothing does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Io, main } from '@gangway/cli';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';

const directory = mkdtempSync(join(tmpdir(), 'gangway-plug-'));
test.after(() => rmSync(directory, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, `${name}.wasm`);
  writeFileSync(path, await assemble(text));
  return path;
}

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const result = { out: '', err: '' };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const io: Io = {
    out: (piece) => void (result.out += piece),
    err: (piece) => void (result.err += piece),
    guest: {
      stdin: '',
      stdout: (bytes) => void (result.out += text(bytes)),
      stderr: (bytes) => void (result.err += text(bytes)),
    },
  };
  return { code: await main(['run', ...words], io), ...result };
}

/** Exports `a:b/c@VERSION` with `f`, which adds `by` to what `f` of `inner` returns; without one, 99 traps. */
const adder = (version: string, by: number, inner: string | null = null) => `(component $adder${by}
  ${
    inner === null
      ? '(core module $k (func (export "f") (param i32) (result i32) (if (i32.eq (local.get 0) (i32.const 99)) (then unreachable)) (local.get 0))) (core instance $k (instantiate $k)) (alias core export $k "f" (core func $f))'
      : `(import "${inner}" (instance $n (export "f" (func (param "x" u32) (result u32)))))
         (core func $f (canon lower (func $n "f")))`
  }
  (core module $m (import "" "f" (func $f (param i32) (result i32)))
    (func (export "f") (param i32) (result i32)
      (i32.add (call $f (local.get 0)) (i32.const ${by}))))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func $g (param "x" u32) (result u32) (canon lift (core func $i "f")))
  (instance $out (export "f" (func $g)))
  (export "a:b/c@${version}" (instance $out)))`;

test('an import is taken from the first plug that has a compatible version; plugs see earlier plugs', async () => {
  const one = await file('one', adder('1.2.0', 1));
  const ten = await file('ten', adder('2.0.0', 10, 'a:b/c@1.0.0'));
  const hundred = await file('hundred', adder('3.0.0', 100, 'a:b/c@2.1.0'));
  const invoke = (...plugs: string[]) =>
    run('--invoke', 'a:b/c@3.0.0#f(5)', ...plugs.flatMap((plug) => ['--plug', plug]), hundred);
  assert.equal(await invoke(one, ten), { code: 0, out: '116\n', err: '' });
  const two = await file('two', adder('1.9.0', 2));
  assert.equal(await invoke(one, ten).then(({ out }) => out), '116\n');
  assert.equal(await invoke(two, ten).then(({ out }) => out), '117\n');
  const late = await invoke(ten, one);
  assert.is(late.code, 1);
  assert.match(late.err, /ten\.wasm: it imports "a:b\/c@1\.0\.0", which is not part of WASI 0\.2/);
  const missing = await invoke(one);
  assert.match(missing.err, /hundred\.wasm: it imports "a:b\/c@2\.1\.0".*no plug before it exports it/);
  const idle = await invoke(one, two, ten);
  assert.is(idle.code, 1);
  assert.match(idle.err, /two\.wasm: nothing imports what it exports/);
});

test('a trap in a plug names the components with --debug', async () => {
  const one = await file('one', adder('1.2.0', 1));
  const ten = await file('ten', adder('2.0.0', 10, 'a:b/c@1.0.0'));
  const main = await file('main', adder('3.0.0', 100, 'a:b/c@2.1.0'));
  const { code, err } = await run('--debug', '--invoke', 'f(99)', '--plug', one, '--plug', ten, main);
  assert.is(code, 134);
  assert.match(err, /in a function of adder1\n {2}in a function of adder10\n {2}in a:b\/c@3\.0\.0#f of adder100\n/);
});

test('functions and types that do not match', async () => {
  const plug = await file(
    'plug',
    `(component (core module $m (func (export "f") (result i32) (i32.const 8)))
      (core instance $i (instantiate $m))
      (func (export "get-it") (result s32) (canon lift (core func $i "f"))))`,
  );
  const needs = (type: string) => `(component
    (import "get-it" (func $f (result ${type})))
    (core func $f (canon lower (func $f)))
    (core module $m (import "" "f" (func $f (result i32))) (func (export "run") (result i32) (call $f)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (result ${type}) (canon lift (core func $i "run"))))`;
  const good = await file('good', needs('s32'));
  assert.equal(await run('--invoke', 'run()', '--plug', plug, good), { code: 0, out: '8\n', err: '' });
  const bad = await run('--invoke', 'run()', '--plug', plug, await file('bad', needs('u32')));
  assert.is(bad.code, 1);
  assert.match(bad.err, /import "get-it": .*func\(\) -> s32 \(expected func\(\) -> u32\)/);
});

test('a plug stands before WASI', async () => {
  const main = await file(
    'random',
    `(component
      (import "wasi:random/insecure@0.2.3" (instance $r (export "get-insecure-random-u64" (func (result u64)))))
      (core func $f (canon lower (func $r "get-insecure-random-u64")))
      (core module $m (import "" "f" (func $f (result i64))) (func (export "run") (result i64) (call $f)))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "run") (result u64) (canon lift (core func $i "run"))))`,
  );
  const fixed = await file(
    'fixed',
    `(component
      (core module $m (func (export "f") (result i64) (i64.const 4)))
      (core instance $i (instantiate $m))
      (func $f (result u64) (canon lift (core func $i "f")))
      (instance $r (export "get-insecure-random-u64" (func $f)))
      (export "wasi:random/insecure@0.2.0" (instance $r)))`,
  );
  assert.is((await run('--invoke', 'run()', '--plug', fixed, main)).out, '4\n');
  assert.match((await run('--invoke', 'run()', main)).out, /^\d+\n$/);
});

test.run();
