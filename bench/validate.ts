/**
 * `pnpm bench:validate`: how fast components are decoded and validated, without the engine's own compile of core modules:
 * the 12 MB component of `examples/guest-js`, and one of 500 imported and 500 exported functions. Out: the median of warm
 * runs in milliseconds, and bytes a second. Exit code 1 with `--strict` when a bar is missed.
 */
import { decode, validate } from '@gangway/component';
import { assemble } from '../tests/support/assemble.ts';
import { spiderMonkeyComponent } from '../tests/support/spidermonkey.ts';

const ROUNDS = 61;

/** 500 functions with records, lists and results, imported, lowered, and exported again through lifts. */
function manyFunctions(count: number): string {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const type = '(param "a" string) (param "b" (list u32)) (result (result $point (error string)))';
  return `(component
    (type $point' (record (field "x" f64) (field "y" f64) (field "label" string)))
    (import "point" (type $point (eq $point')))
    ${numbers.map((i) => `(import "f${i}" (func $f${i} ${type}))`).join('\n')}
    (core module $Libc (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
      (func (export "g") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "memory" (core memory $mem))
    (alias core export $libc "realloc" (core func $realloc))
    (alias core export $libc "g" (core func $g))
    ${numbers.map((i) => `(core func $l${i} (canon lower (func $f${i}) (memory $mem) (realloc $realloc)))`).join('\n')}
    ${numbers.map((i) => `(func (export "g${i}") ${type} (canon lift (core func $g) (memory $mem) (realloc $realloc)))`).join('\n')}
  )`;
}

const rows = [
  { name: 'SpiderMonkey, 12 MB', bytes: await spiderMonkeyComponent(), bar: 15 },
  { name: '500 functions in, 500 out', bytes: await assemble(manyFunctions(500)), bar: 20 },
];

console.log('| decode and validate | ms | MB/s | bar, ms |\n|---|--:|--:|--:|');
for (const { name, bytes, bar } of rows) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    validate(bytes, decode(bytes));
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1]!;
  console.log(`| ${name} | ${median.toFixed(2)} | ${(bytes.length / 1000 / median).toFixed(0)} | ≤ ${bar} |`);
  if (process.argv.includes('--strict') && median > bar) process.exitCode = 1;
}
