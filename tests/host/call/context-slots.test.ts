/** Context slots: each call from the host is a task with slots of its own (CanonicalABI.md#-canon-contextget). */
import { type Engine, type ImportsObject, type Instance, instantiate, type Store } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, type DynamicExports, debugEngine, engineWith } from '../../support/assemble.ts';

async function instance(
  text: string,
  imports: ImportsObject = {},
  engine: Engine = debugEngine,
  store?: Store,
): Promise<Instance<DynamicExports>> {
  return instantiate<DynamicExports>(await component(text, engine), imports, store === undefined ? {} : { store });
}

/**
 * `outer` stores its argument, calls the import, and returns what the slot holds then; `bump` adds to the slot and returns
 * it; the realloc counts in slot 1.
 */
const guest = (type: 'i32' | 'i64'): string => {
  const [wrap, extend] = type === 'i64' ? ['i32.wrap_i64', 'i64.extend_i32_u'] : ['', ''];
  const narrow = (text: string): string => (wrap === '' ? text : `(${wrap} ${text})`);
  const wide = (text: string): string => (extend === '' ? text : `(${extend} ${text})`);
  return `(component
  (import "back" (func $back))
  (core func $back (canon lower (func $back)))
  (core func $get0 (canon context.get ${type} 0))
  (core func $set0 (canon context.set ${type} 0))
  (core func $get1 (canon context.get ${type} 1))
  (core func $set1 (canon context.set ${type} 1))
  (core module $M
    (import "" "back" (func $back))
    (import "" "get0" (func $get0 (result ${type})))
    (import "" "set0" (func $set0 (param ${type})))
    (import "" "get1" (func $get1 (result ${type})))
    (import "" "set1" (func $set1 (param ${type})))
    (memory (export "m") 1)
    (func $start (call $set0 (${type}.const 99)))
    (start $start)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (call $set1 (${type}.add (call $get1) (${type}.const 1)))
      (i32.const 64))
    (func (export "outer") (param i32) (result i32)
      (call $set0 ${wide('(local.get 0)')})
      (call $back)
      ${narrow('(call $get0)')})
    (func (export "bump") (param i32) (result i32)
      (call $set0 (${type}.add (call $get0) ${wide('(local.get 0)')}))
      ${narrow('(call $get0)')})
    (func (export "text") (param i32 i32) (result i32) ${narrow('(call $get1)')})
    (func (export "fail") (param i32) (call $set0 ${wide('(local.get 0)')}) (call $back) unreachable))
  (core instance $m (instantiate $M (with "" (instance
    (export "back" (func $back))
    (export "get0" (func $get0)) (export "set0" (func $set0))
    (export "get1" (func $get1)) (export "set1" (func $set1))))))
  (func (export "outer") (param "x" u32) (result u32) (canon lift (core func $m "outer")))
  (func (export "bump") (param "x" u32) (result u32) (canon lift (core func $m "bump")))
  (func (export "text") (param "s" string) (result u32)
    (canon lift (core func $m "text") (memory (core memory $m "m")) (realloc (core func $m "realloc"))))
  (func (export "fail") (param "x" u32) (canon lift (core func $m "fail"))))`;
};

for (const type of ['i32', 'i64'] as const) {
  for (const evaluate of ['auto', 'never'] as const) {
    test(`each call has its own slots (${type}, evaluate: ${evaluate})`, async () => {
      const engine = engineWith({ evaluate });
      const made = await instance(guest(type), { back: () => undefined }, engine);
      assert.is(made.exports.bump(5), 5, 'zero at first, whatever the start function left');
      assert.is(made.exports.bump(6), 6, 'nothing of the call before');
      assert.is(made.exports.outer(7), 7);
      assert.is(made.exports.text('hello'), 1, 'realloc runs in the same task');
      assert.is(made.exports.text('hello'), 1);
      assert.is(made.exports.bump.name, 'bump');
      assert.is(made.exports.bump.length, 1);
    });

    test(`guest, host, guest: the outer call keeps its slots (${type}, evaluate: ${evaluate})`, async () => {
      const engine = engineWith({ evaluate });
      const other = await instance(guest(type), { back: () => undefined }, engine);
      const { store } = other;
      let seen: unknown;
      const back = (): void => {
        seen = [other.exports.bump(3), other.exports.outer(11), other.exports.bump(4)];
      };
      const made = await instance(guest(type), { back }, engine, store);
      assert.is(made.exports.outer(7), 7);
      assert.equal(seen, [3, 11, 4]);
    });
  }
}

test('component to component: the inner call has its own slots', async () => {
  const slots = `(core func $get (canon context.get i32 0)) (core func $set (canon context.set i32 0))`;
  const given = '(export "get" (func $get)) (export "set" (func $set))';
  const imports = '(import "" "get" (func $get (result i32))) (import "" "set" (func $set (param i32)))';
  const made = await instance(`(component
    (component $Inner
      ${slots}
      (core module $M ${imports}
        (func (export "add") (param i32) (result i32)
          (call $set (i32.add (call $get) (local.get 0)))
          (call $get)))
      (core instance $m (instantiate $M (with "" (instance ${given}))))
      (func (export "add") (param "x" u32) (result u32) (canon lift (core func $m "add"))))
    (component $Outer
      (import "add" (func $inner (param "x" u32) (result u32)))
      ${slots}
      (core func $add (canon lower (func $inner)))
      (core module $M ${imports} (import "" "add" (func $add (param i32) (result i32)))
        (func (export "run") (result i32)
          (call $set (i32.const 1000))
          (i32.add (call $add (i32.const 1)) (i32.add (call $add (i32.const 20)) (call $get)))))
      (core instance $m (instantiate $M (with "" (instance ${given} (export "add" (func $add))))))
      (func (export "run") (result u32) (canon lift (core func $m "run"))))
    (instance $inner (instantiate $Inner))
    (instance $outer (instantiate $Outer (with "add" (func $inner "add"))))
    (export "run" (func $outer "run")))`);
  assert.is(made.exports.run(), 1021);
  assert.is(made.exports.run(), 1021);
});

test('slots come back when the inner call fails', async () => {
  let caught: unknown;
  const other = await instance(guest('i32'), { back: () => undefined });
  const back = (): void => {
    try {
      other.exports.bump('no number');
    } catch (error) {
      caught = error;
    }
  };
  const made = await instance(guest('i32'), { back }, undefined, other.store);
  assert.is(made.exports.outer(7), 7);
  assert.instance(caught, TypeError);
});

const plain = `(component
  (core module $M (func (export "f") (result i32) (i32.const 1)))
  (core instance $m (instantiate $M))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))`;

test('a component without the built-ins leaves the slots alone', async () => {
  const other = await instance(plain);
  const { store } = other;
  const made = await instance(guest('i32'), { back: () => void other.exports.f() }, undefined, store);
  assert.is(made.exports.outer(9), 9);
});

test.run();
