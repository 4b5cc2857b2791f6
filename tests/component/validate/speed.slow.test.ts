/**
 * Decoding and validation in a warm process, without the engine's own compilation: of the 12 MB component and of one with 500
 * functions in each direction. The best of many runs counts, so that a busy machine does not.
 */
import { decode, validate } from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spiderMonkeyComponent } from '../../support/spidermonkey.ts';
import { assemble } from './check.ts';

/** Milliseconds of the best of `runs`, after as many to warm up. */
function best(runs: number, body: () => void): number {
  for (let i = 0; i < runs; i++) body();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    body();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function measure(name: string, bytes: Uint8Array): number {
  const decoding = best(60, () => void decode(bytes));
  const both = best(60, () => void validate(bytes, decode(bytes)));
  const rate = (bytes.length / both / 1000).toFixed(0);
  console.log(`${name}: decode ${decoding.toFixed(2)} ms, decode and validate ${both.toFixed(2)} ms, ${rate} MB/s`);
  return both;
}

/** A component that imports and exports `count` functions with records, lists and results. */
function functions(count: number): string {
  const each = (part: (i: number) => string): string => Array.from({ length: count }, (_, i) => part(i)).join('\n');
  const type = '(param "x" u32) (param "y" $r) (param "z" (list $r)) (result (result $r (error string)))';
  return `(component
    (type $r0 (record (field "a" u32) (field "b" string) (field "c" (list (tuple u32 string)))))
    (import "r" (type $r (eq $r0)))
    ${each((i) => `(import "f${i}" (func $f${i} ${type}))`)}
    (core module $libc
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $libc (instantiate $libc))
    (alias core export $libc "mem" (core memory $mem))
    (alias core export $libc "realloc" (core func $realloc))
    ${each((i) => `(core func $l${i} (canon lower (func $f${i}) (memory $mem) (realloc $realloc)))`)}
    (core module $m
      ${each((i) => `(import "" "f${i}" (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32)))`)}
      ${each((i) => `(func (export "e${i}") (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32) unreachable)`)})
    (core instance $m (instantiate $m (with "" (instance ${each((i) => `(export "f${i}" (func $l${i}))`)}))))
    ${each((i) => `(func (export "e${i}") ${type} (canon lift (core func $m "e${i}") (memory $mem) (realloc $realloc)))`)})`;
}

test('the 12 MB component under 15 ms', async () => {
  const bytes = await spiderMonkeyComponent();
  assert.ok(bytes.length > 10_000_000);
  assert.ok(measure('SpiderMonkey', bytes) < 15);
});

test('500 functions in each direction under 20 ms', async () => {
  assert.ok(measure('500 imports, 500 exports', await assemble(functions(500))) < 20);
});

test.run();
