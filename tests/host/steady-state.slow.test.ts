/** A guest whose allocator has no slack: 10,000 calls leave linear memory exactly as it was, and the heap within 1 MB. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine, instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Bumps a pointer; post-return puts it back. `lost` counts the bytes that were allocated and not given back, so a
 * missed post-return or a realloc too many shows at once.
 */
const text = `(component
  (import "log" (func $log (param "text" string) (result string)))
  (core module $Libc
    (memory (export "memory") 4)
    (global $heap (export "heap") (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
      (global.set $heap (i32.add (local.get $at) (local.get 3)))
      (if (i32.gt_u (global.get $heap) (i32.const 262144)) (then unreachable))
      (if (local.get 0) (then (memory.copy (local.get $at) (local.get 0) (local.get 1))))
      (local.get $at))
    (func (export "reset") (global.set $heap (i32.const 4096))))
  (core instance $libc (instantiate $Libc))
  (core func $log' (canon lower (func $log) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $Main
    (import "libc" "memory" (memory 4))
    (import "libc" "reset" (func $reset))
    (import "libc" "heap" (global $heap (mut i32)))
    (import "host" "log" (func $log (param i32 i32 i32)))
    (func (export "echo") (param i32 i32) (result i32)
      (call $log (local.get 0) (local.get 1) (i32.const 8))
      (i32.const 8))
    (func (export "done") (param i32) (call $reset))
    (func (export "lost") (result i32) (i32.sub (global.get $heap) (i32.const 4096))))
  (core instance $main (instantiate $Main
    (with "libc" (instance $libc)) (with "host" (instance (export "log" (func $log'))))))
  (func (export "echo") (param "text" string) (result string) (canon lift (core func $main "echo")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")) (post-return (core func $main "done"))))
  (func (export "lost") (result u32) (canon lift (core func $main "lost"))))`;

for (const evaluate of ['auto', 'never'] as const) {
  for (const lowering of ['typed', 'spilled'] as const) {
    test(`10,000 calls with strings both ways (${evaluate}, ${lowering})`, async () => {
      const engine = new Engine({ evaluate, lowering });
      interface Guest {
        echo(text: string): string;
        lost(): number;
      }
      const { instance } = await instantiate<Guest>(await assemble(text), { log: (said: string) => said }, { engine });
      const long = 'ein schöner Täg ☃ '.repeat(300);
      let memory = 0;
      let heap = 0;
      for (let call = 0; call < 10_000; call++) {
        if (call === 1_000) {
          collect();
          memory = instance.memoryBytes;
          heap = process.memoryUsage().heapUsed;
        }
        const said = call % 2 === 0 ? long : `call ${call}`;
        if (instance.exports.echo(said) !== said) assert.unreachable(`call ${call} came back changed`);
      }
      collect();
      assert.is(instance.exports.lost(), 0);
      assert.is(memory, 4 * 65536);
      assert.is(instance.memoryBytes, memory);
      const growth = process.memoryUsage().heapUsed - heap;
      assert.ok(growth < 1_000_000, `the heap grew by ${growth} bytes`);
    });
  }
}

test.run();
