/** `gangway run --invoke` on a component with functions of every shape: WAVE in, WAVE out, exit codes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '@gangway/cli';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';

// `echo` gives a (pointer, length) pair back, so it serves strings and lists of anything alike.
const text = `
(component $math
  (core module $m
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $free (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
      (global.get $free)
      (global.set $free (i32.add (global.get $free) (local.get 3))))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "same") (param i32) (result i32) (local.get 0))
    ;; result<u32, string>: ok(7) for true, err("no") for false
    (data (i32.const 64) "no")
    (func (export "check") (param i32) (result i32)
      (i32.store8 (i32.const 32) (i32.eqz (local.get 0)))
      (i32.store (i32.const 36) (select (i32.const 7) (i32.const 64) (local.get 0)))
      (i32.store (i32.const 40) (i32.const 2))
      (i32.const 32))
    (func (export "nothing"))
    (func (export "trap") unreachable))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (type $colour' (enum "red" "dark-blue"))
  (type $mode' (flags "read" "write-all"))
  (type $point' (record (field "x" s32) (field "label" (option string)) (field "at" (tuple f64 char))))
  (type $shape' (variant (case "dot") (case "line" (list $point'))))
  (export $colour "colour" (type $colour'))
  (export $mode "mode" (type $mode'))
  (export $point "point" (type $point'))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $i "echo") (memory $memory) (realloc $realloc)))
  (func (export "points") (param "points" (list $point)) (result (list $point))
    (canon lift (core func $i "echo") (memory $memory) (realloc $realloc)))
  (func (export "bytes") (param "bytes" (list u8)) (result (list u8))
    (canon lift (core func $i "echo") (memory $memory) (realloc $realloc)))
  (func (export "paint") (param "colour" $colour) (result $colour) (canon lift (core func $i "same")))
  (func (export "open") (param "mode" $mode) (result $mode) (canon lift (core func $i "same")))
  (func (export "check") (param "good" bool) (result (result u32 (error string)))
    (canon lift (core func $i "check") (memory $memory)))
  (func $nothing (canon lift (core func $i "nothing")))
  (func (export "trap") (canon lift (core func $i "trap")))
  (instance $inner (export "nothing" (func $nothing)))
  (export "docs:tools/misc@0.1.0" (instance $inner))
)`;

const test = suite<{ dir: string; file: string }>('invoke', { dir: '', file: '' });

test.before(async (context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'gangway-invoke-'));
  context.file = join(context.dir, 'math.wasm');
  writeFileSync(context.file, await assemble(text));
});
test.after(({ dir }) => rmSync(dir, { recursive: true }));

async function invoke(file: string, call: string): Promise<{ code: number; out: string; err: string }> {
  const result = { out: '', err: '' };
  const code = await main(['run', '--invoke', call, file], {
    out: (piece) => void (result.out += piece),
    err: (piece) => void (result.err += piece),
    guest: { stdin: '', stdout: 'inherit', stderr: 'inherit' },
  });
  return { code, ...result };
}

test('values go in and come out as WAVE', async ({ file }) => {
  const cases: [string, string][] = [
    ['add(2, 40)', '42'],
    ['add(4294967295, 1)', '0'],
    ['greet("Ada \\u{1F600}")', '"Ada 😀"'],
    ['bytes([1, 2, 255])', '[1, 2, 255]'],
    [
      "points([{x: -1, at: (0.5, 'é')}, {x: 2, label: some(\"two\"), at: (-inf, '\\'')}])",
      "[{x: -1, label: none, at: (0.5, 'é')}, {x: 2, label: some(\"two\"), at: (-inf, '\\'')}]",
    ],
    ['paint(dark-blue)', 'dark-blue'],
    ['open({write-all})', '{write-all}'],
    ['open({})', '{}'],
    ['check(true)', 'ok(7)'],
  ];
  for (const [call, wanted] of cases) {
    assert.equal(await invoke(file, call), { code: 0, out: `${wanted}\n`, err: '' }, call);
  }
});

test('an error result is printed, with exit code 1', async ({ file }) => {
  assert.equal(await invoke(file, 'check(false)'), { code: 1, out: 'err("no")\n', err: '' });
});

test('a function of an interface, by its full name, without version, and alone; without result nothing is printed', async ({
  file,
}) => {
  for (const name of ['docs:tools/misc@0.1.0#nothing', 'docs:tools/misc#nothing', 'nothing']) {
    assert.equal(await invoke(file, `${name}()`), { code: 0, out: '', err: '' }, name);
  }
});

test('a trap is 134', async ({ file }) => {
  const { code, err } = await invoke(file, 'trap()');
  assert.is(code, 134);
  assert.match(
    err,
    /^gangway: wasm trap: wasm `unreachable` instruction executed\n {2}at \S+ \(function \d+ at 0x[0-9a-f]+\)\n$/,
  );
});

test('arguments that do not fit are bad usage, and the place is shown', async ({ file }) => {
  assert.equal(await invoke(file, 'add(1, -2)'), {
    code: 2,
    out: '',
    err: "gangway run: b: -2 is out of the range of u32\n  add(1, -2)\n         ^\nTry 'gangway run --help'.\n",
  });
  assert.match((await invoke(file, 'points([{x: 1}])')).err, /points: \[0\]: the field at is missing\n/);
  assert.match((await invoke(file, 'add(1)')).err, /argument 2, "b", is missing/);
});

test.run();
