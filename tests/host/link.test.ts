/** Run-time linking: functions of one instance given as imports of another, in the same store and in different ones. */
import { DisposedError, Engine, InstancePre, instantiate, LinkError, Linker, Store, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentInstance } from '../../packages/host/src/instance.ts';
import { component, type DynamicExports, debugEngine, engineWith } from '../support/assemble.ts';

/** A bump allocator in a module of its own, so that a lowered import can name its memory. */
const libc = `(core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (if (i32.and (i32.ne (local.get 0) (i32.const 0)) (i32.le_u (local.get 3) (local.get 1)))
        (then (return (local.get 0))))
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (memory.copy (global.get $next) (local.get 0) (local.get 1))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))`;
const options = '(memory (core memory $memory)) (realloc (core func $realloc))';

/** `a:b/text`: puts an exclamation mark behind a string; and a record of it. */
const shout = `(component $shouter
  ${libc}
  (core module $m
    (import "libc" "memory" (memory 1))
    (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (func $shout (export "shout") (param $p i32) (param $n i32) (result i32) (local $to i32)
      (local.set $to (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $n) (i32.const 1))))
      (memory.copy (local.get $to) (local.get $p) (local.get $n))
      (i32.store8 (i32.add (local.get $to) (local.get $n)) (i32.const 33))
      (i32.store (i32.const 16) (local.get $to))
      (i32.store (i32.const 20) (i32.add (local.get $n) (i32.const 1)))
      (i32.const 16))
    (func (export "longer") (param $p i32) (param $n i32) (param $x f64) (result i32)
      (i32.store (i32.const 32) (local.get $p))
      (i32.store (i32.const 36) (local.get $n))
      (f64.store (i32.const 40) (f64.mul (local.get $x) (f64.const 2)))
      (i32.const 32))
    (func (export "fail") unreachable))
  (core instance $i (instantiate $m (with "libc" (instance $libc))))
  (type $label' (record (field "text" string) (field "x" f64)))
  (export $label "label" (type $label'))
  (func (export "longer") (param "l" $label) (result $label) (canon lift (core func $i "longer") ${options}))
  (func $shout (param "s" string) (result string) (canon lift (core func $i "shout") ${options}))
  (func $fail (canon lift (core func $i "fail")))
  (instance $text (export "shout" (func $shout)) (export "fail" (func $fail)))
  (export "a:b/text@1.2.0" (instance $text)))`;

/** Exports what it imports, through its own memory. Strings are utf16 here: the adapter has something to do. */
const caller = `(component $caller
  (import "a:b/text@1.0.0" (instance $text
    (export "shout" (func (param "s" string) (result string)))
    (export "fail" (func))))
  (type $label' (record (field "text" string) (field "x" f64)))
  (import "label" (type $label (eq $label')))
  (import "longer" (func $longer (param "l" $label) (result $label)))
  ${libc}
  (core func $shout (canon lower (func $text "shout") string-encoding=utf16 ${options}))
  (core func $fail (canon lower (func $text "fail")))
  (core func $longer (canon lower (func $longer) string-encoding=utf16 ${options}))
  (core module $m
    (import "" "shout" (func $shout (param i32 i32 i32)))
    (import "" "fail" (func $fail))
    (import "" "longer" (func $longer (param i32 i32 f64 i32)))
    (func (export "shout") (param i32 i32) (result i32)
      (call $shout (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))
    (func (export "fail") (call $fail))
    (func (export "longer") (param i32 i32 f64) (result i32)
      (call $longer (local.get 0) (local.get 1) (local.get 2) (i32.const 96)) (i32.const 96)))
  (core instance $i (instantiate $m (with "" (instance
    (export "shout" (func $shout)) (export "fail" (func $fail)) (export "longer" (func $longer))))))
  (export $label2 "label" (type $label'))
  (func (export "shout") (param "s" string) (result string)
    (canon lift (core func $i "shout") string-encoding=utf16 ${options}))
  (func (export "fail") (canon lift (core func $i "fail")))
  (func (export "longer") (param "l" $label2) (result $label2)
    (canon lift (core func $i "longer") string-encoding=utf16 ${options})))`;

type Started = Awaited<ReturnType<typeof start>>;
const start = async (text: string, imports: object, store: Store) =>
  instantiate<DynamicExports>(await component(text, store.engine), imports as Record<string, unknown>, { store });

/** How many of an instance's imports are connected by adapters. */
const linked = (instance: Started): number => componentInstance(instance).links.size;

/** What linking gives the caller, as an imports object and as a linker. */
const sources = ({ exports }: Started): readonly object[] => [
  { 'a:b/text': exports['a:b/text@1.2.0'], longer: exports.longer },
  exports,
  (() => {
    const linker = new Linker().func('longer', exports.longer!);
    linker.instance('a:b/text@1.1.0', exports['a:b/text@1.2.0'] as never);
    return linker;
  })(),
];

test('strings and records go from instance to instance', async () => {
  for (const engine of [debugEngine, engineWith({ codegen: 'binaryen' }), engineWith({ lowering: 'spilled' })]) {
    const store = new Store({ engine });
    const shouter = await start(shout, {}, store);
    for (const imports of sources(shouter)) {
      const one = await start(caller, imports, store);
      assert.is(linked(one), 3);
      assert.is(one.exports.shout!('grüße ☃ 🦔'), 'grüße ☃ 🦔!');
      assert.equal(one.exports.longer!({ text: 'é', x: 1.25 }), { text: 'é', x: 2.5 });
      one.dispose();
    }
  }
});

test('the func ref of the trampoline names the adapter', async () => {
  const store = new Store({ engine: debugEngine });
  const one = componentInstance(await start(caller, (await start(shout, {}, store)).exports, store));
  for (const { trampoline } of one.links.values()) {
    const ref = one.vmctx.trampolineFuncRef(trampoline);
    assert.is(ref.wasmCall, ref.arrayCall);
    assert.is(one.functionAt(ref.wasmCall).name.length > 0, true);
    assert.is(one.vmctx.loweringCallee(0), 0);
  }
});
test.run();
