/** Components that are given for the imports of another, which instantiates them. */
import { type Component, InstancePre, instantiate, LinkError } from '@gangway/host';
import { coreModuleBytes } from '@gangway/host/bundling';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, type DynamicExports, instance } from '../../support/assemble.ts';
import { welcomer } from '../../support/component-pair.ts';
import { greeter } from '../../support/greeter.ts';

test('it is given among the imports, or linked once for all instances', async () => {
  const main = await component(welcomer);
  const part = await component(greeter());
  const heard: unknown[] = [];
  const log = (text: unknown) => void heard.push(text);
  const { exports } = await instantiate<DynamicExports>(main, { log, greeter: part });
  assert.is(exports.welcome!('Ada'), 'hello, hello, Ada');
  assert.equal(heard, ['hello, Ada', 'hello, hello, Ada']);
  const linked = await main.link(new Map([['greeter', part]]));
  assert.equal([main.plan.unlinked, linked.plan.unlinked], [['greeter'], []]);
  for (let i = 0; i < 2; i++) {
    const { exports } = await InstancePre.link(linked, { log }).instantiate<DynamicExports>();
    assert.is(exports.welcome!('Bo'), 'hello, hello, Bo');
  }
});

test('the bytes of its core modules are found in the binary that they come from', async () => {
  const main = await component(welcomer);
  const linked = await main.link(new Map([['greeter', await component(greeter('ahoy, '))]]));
  assert.equal(new Set(linked.plan.modules.map(({ source }) => source)).size, 2);
  const texts = linked.plan.modules.map((_, i) => {
    const bytes = coreModuleBytes(linked, i);
    assert.ok(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>));
    return new TextDecoder().decode(bytes);
  });
  assert.ok(texts.some((text) => text.includes('ahoy, ')));
});

test('what is given may instantiate what it is passed', async () => {
  const q = '(component (export "f" (func (result u32))))';
  const main = await component(`(component
    (import "q" ${q.replace('(component', '(component $q')})
    (import "p" (component $p (import "q" ${q}) (export "f" (func (result u32)))))
    (instance $i (instantiate $p (with "q" (component $q))))
    (export "f" (func $i "f")))`);
  assert.equal(main.plan.unlinked, ['p']);
  const imports = {
    p: await component(`(component
      (import "q" ${q.replace('(component', '(component $q')})
      (instance $i (instantiate $q))
      (export "f" (func $i "f")))`),
    q: await component(`(component
      (core module $m (func (export "f") (result i32) (i32.const 7)))
      (core instance $i (instantiate $m))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))`),
  };
  const { exports } = await instantiate<DynamicExports>(main, imports);
  assert.is(exports.f!(), 7);
  const error = await instantiate(main, { p: imports.p }).catch((reason: unknown) => reason);
  assert.instance(error, LinkError);
  assert.equal((error as LinkError).path, ['q']);
});

/** `main` instantiates its import `c` of type `wanted`. */
const using = (wanted: string, args = '') => `(component
  (import "r" (type $r (sub resource)))
  (import "c" (component $c ${wanted}))
  (instance $i (instantiate $c ${args}))
  (export "i" (instance $i)))`;

async function refused(main: Component, given: Component): Promise<string> {
  const error = await main.link(new Map([['c', given]])).then(
    () => 'it was linked',
    (reason: unknown) => reason,
  );
  if (!(error instanceof LinkError)) throw error;
  assert.equal(error.path, ['c']);
  return error.message;
}

test('what is given must be of the type that is imported', async () => {
  const f = (type: string, result: string) => `(component
    (core module $m (func (export "f") (result i32) (i32.const 7)) (func (export "g") (result i64) (i64.const 8)))
    (core instance $i (instantiate $m))
    (func (export "f") (result ${type}) (canon lift (core func $i "${result}")))
    (func (export "more") (result u32) (canon lift (core func $i "f"))))`;
  const main = await component(using('(export "f" (func (result u32)))'));
  assert.ok(await main.link(new Map([['c', await component(f('u32', 'f'))]])));
  assert.match(
    await refused(main, await component(f('u64', 'g'))),
    /^import "c": type mismatch in export `f`: .*expected primitive `u32` found primitive `u64`/,
  );
  assert.match(await refused(main, await component(f('char', 'f'))), /expected primitive `u32` found primitive `char`/);
  assert.match(await refused(main, await component('(component)')), /missing expected export `f`/);
  const greedy = await component('(component (import "x" (func)) (import "c" (func)))');
  assert.match(await refused(main, greedy), /missing expected import `x`/);
  const error = await main.link(new Map([['d', main]])).catch((reason: unknown) => reason);
  assert.match((error as Error).message, /import "d": it imports no component of that name/);
});

test('resources are those that are passed on', async () => {
  const main = await component(
    using(
      '(import "r" (type $s (sub resource))) (import "f" (func (param "x" (borrow $s)))) (export "t" (type (eq $s)))',
      '(with "r" (type $r)) (with "f" (func $f))',
    ).replace('(import "c"', '(import "f" (func $f (param "x" (borrow $r)))) (import "c"'),
  );
  const same = '(component (import "r" (type $s (sub resource))) (export "t" (type $s)))';
  const other = '(component (type $s (resource (rep i32))) (export "t" (type $s)))';
  assert.ok(await main.link(new Map([['c', await component(same)]])));
  assert.match(
    await refused(main, await component(other)),
    /type mismatch in export `t`: resource types are not the same/,
  );
});

test('exported components can be given, also those of an instance', async () => {
  const { exports } = await instance(`(component
    (component $c
      (core module $m (func (export "f") (result i32) (i32.const 7)))
      (core instance $i (instantiate $m))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))
    (instance $i (export "c" (component $c)))
    (export "i" (instance $i)))`);
  const user = (type: string) => `(component
    (import "i" (instance $i (export "c" (component (export "f" (func (result ${type})))))))
    (alias export $i "c" (component $c))
    (instance $p (instantiate $c))
    (export "f" (func $p "f")))`;
  const linked = await instance(user('u32'), { i: exports.i });
  assert.is(linked.exports.f!(), 7);
  const error = await instance(user('s32'), { i: exports.i }).catch((reason: unknown) => reason);
  assert.instance(error, LinkError);
  assert.equal((error as LinkError).path, ['i', 'c']);
});

test.run();
