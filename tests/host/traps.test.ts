/** Traps: what ends a call, what the embedder gets, and what can be done after it: nothing. */
import { type Instance, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DynamicExports, engineWith, instance } from '../support/assemble.ts';

/** Calls and returns the trap that must come of it. */
function trapOf(run: () => unknown): Trap {
  try {
    run();
  } catch (error) {
    if (error instanceof Trap) return error;
    throw error;
  }
  throw new Error('expected a trap');
}

function refusesEntry(made: Instance<DynamicExports>, name: string, ...args: unknown[]): void {
  const trap = trapOf(() => made.exports[name]!(...args));
  assert.is(trap.code, 'cannot-enter');
  assert.match(trap.message, 'cannot enter component instance');
}

/** `run` calls the import inside a block that catches everything there is to catch, and returns 7 if it did. */
const swallower = `(component
  (import "fail" (func $fail))
  (core func $fail (canon lower (func $fail)))
  (core module $m
    (import "" "fail" (func $fail))
    (func (export "run") (result i32)
      (block $caught
        (try_table (catch_all $caught) (call $fail))
        (return (i32.const 1)))
      (i32.const 7)))
  (core instance $i (instantiate $m (with "" (instance (export "fail" (func $fail))))))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))`;

for (const lowering of ['typed', 'spilled'] as const) {
  test(`a guest cannot swallow what the host throws (${lowering})`, async () => {
    const reason = new Error('no disk');
    const fail = () => {
      throw reason;
    };
    const made = await instance(swallower, { fail }, engineWith({ lowering }));
    const trap = trapOf(() => made.exports.run());
    assert.is(trap.code, 'host-error');
    assert.is(trap.cause, reason);
    assert.match(trap.message, 'wasm trap: the host function failed: Error: no disk');
    assert.match(trap.stack ?? '', 'trampoline');
    assert.equal(trap.componentStack, [{ instance: '#0', function: 'run' }]);
    refusesEntry(made, 'run');
    assert.is(made.store.trap, trap);
  });
}

test('a host function that returns normally lets the guest go on', async () => {
  const made = await instance(swallower, { fail: () => undefined });
  assert.is(made.exports.run(), 1);
  assert.is(made.exports.run(), 1);
  assert.is(made.store.trap, null);
});

test('a guest cannot go on after its host function caught a trap of the same store', async () => {
  const inner = `(component
    (core module $m (func (export "die") unreachable))
    (core instance $i (instantiate $m))
    (func (export "die") (canon lift (core func $i "die"))))`;
  const victim = await instance(inner);
  const { component } = await instance(swallower, { fail: () => undefined });
  const { InstancePre } = await import('@gangway/host');
  let caught: unknown;
  const fail = () => {
    try {
      victim.exports.die();
    } catch (error) {
      caught = error;
    }
  };
  const made = await (await InstancePre.prepare(component, { fail })).instantiate(victim.store);
  const trap = trapOf(() => made.exports.run());
  assert.is(trap, caught);
  assert.is(trap.code, 'unreachable');
  assert.equal(
    trap.componentStack.map((frame) => frame.function),
    ['die', 'run'],
  );
});

test('guest code that traps or throws ends at the boundary', async () => {
  const text = (body: string, extra = '') => `(component
    (core module $m ${extra} (func $run (export "run") ${body}))
    (core instance $i (instantiate $m))
    (func (export "run") (canon lift (core func $i "run"))))`;
  const cases: readonly (readonly [string, string, Trap['code'], string, string])[] = [
    ['unreachable', 'unreachable', 'unreachable', 'wasm trap: wasm `unreachable` instruction executed', ''],
    ['division', '(drop (i32.div_u (i32.const 1) (i32.const 0)))', 'guest-trap', 'wasm trap: ', ''],
    ['exception', '(throw $e)', 'guest-exception', 'an exception was thrown across a component boundary', '(tag $e)'],
    ['stack', '(call $run)', 'stack-overflow', 'call stack exhausted', ''],
  ];
  for (const [what, body, code, message, extra] of cases) {
    const made = await instance(text(body, extra));
    const trap = trapOf(() => made.exports.run());
    assert.is(trap.code, code, what);
    assert.match(trap.message, message);
    assert.ok(trap.cause instanceof Error || code === 'guest-exception', what);
    refusesEntry(made, 'run');
  }
});

test('a trap in a start function rejects the instantiation and frees the context', async () => {
  const { compile, InstancePre, Store } = await import('@gangway/host');
  const { assemble, debugEngine } = await import('../support/assemble.ts');
  const text = `(component
    (core module $m (func $start unreachable) (start $start))
    (core instance (instantiate $m)))`;
  const component = await compile(await assemble(text), { engine: debugEngine });
  for (const sync of [false, true]) {
    const store = new Store({ engine: debugEngine });
    const before = store.usedBytes;
    const pre = InstancePre.link(component);
    let error: unknown;
    try {
      if (sync) pre.instantiateSync(store);
      else await pre.instantiate(store);
    } catch (caught) {
      error = caught;
    }
    assert.instance(error, Trap);
    assert.is((error as Trap).code, 'unreachable');
    assert.is(store.usedBytes, before);
    assert.is(store.trap, error);
    assert.throws(
      () => pre.instantiateSync(store),
      (e: unknown) => e instanceof Trap && e.code === 'cannot-enter' && e.cause === error,
    );
  }
});

test('a guest cannot catch that the stack is exhausted in the host', async () => {
  for (const tag of ['', '(tag $unused)']) {
    const text = `(component
      (import "f" (func $f))
      (core func $f (canon lower (func $f)))
      (core module $m ${tag}
        (import "" "f" (func $f))
        (global $caught (mut i32) (i32.const 0))
        (func $run (export "run") (result i32)
          (block $caught
            (try_table (catch_all $caught) (call $f) (drop (call $run)))
            (return (global.get $caught)))
          (global.set $caught (i32.const 1))
          (global.get $caught)))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "run") (result u32) (canon lift (core func $i "run"))))`;
    // The host takes more stack than the guest, so that it is the host who runs out.
    const deep = (n: number): number => (n === 0 ? 0 : 1 + deep(n - 1));
    const made = await instance(text, { f: () => void deep(200) });
    const trap = trapOf(() => made.exports.run());
    assert.ok(['stack-overflow', 'host-error'].includes(trap.code), trap.code);
    // V8 and SpiderMonkey.
    assert.match(trap.message, /call stack|too much recursion/);
    refusesEntry(made, 'run');
  }
});

test('what a guest throws at another one ends there, in engines without try_table too', async () => {
  // Through an adapter, a realloc, and a destructor.
  const text = `(component
    (component $callee
      (core module $libc (memory (export "memory") 1) (tag $e)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
          (if (i32.eq (local.get 3) (i32.const 3)) (then (throw $e))) (i32.const 64))
        (func (export "take") (param i32 i32) (if (i32.eqz (local.get 1)) (then (throw $e))))
        (func (export "drop") (param i32) (throw $e)))
      (core instance $libc (instantiate $libc))
      (type $r' (resource (rep i32) (dtor (core func $libc "drop"))))
      (export $r "r" (type $r'))
      (core func $new (canon resource.new $r'))
      (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new)))
      (func (export "take") (param "text" string)
        (canon lift (core func $libc "take") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
    (component $caller
      (import "callee" (instance $callee
        (export "r" (type $r (sub resource)))
        (export "make" (func (param "rep" u32) (result (own $r))))
        (export "take" (func (param "text" string)))))
      (alias export $callee "r" (type $r))
      (core module $libc (memory (export "memory") 1))
      (core instance $libc (instantiate $libc))
      (core func $take (canon lower (func $callee "take") (memory (core memory $libc "memory"))))
      (core func $make (canon lower (func $callee "make")))
      (core func $drop (canon resource.drop $r))
      (core module $m
        (import "" "take" (func $take (param i32 i32)))
        (import "" "make" (func $make (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        ;; Nothing of it is caught here.
        (func $guarded (param i32) (block $caught (try_table (catch_all $caught) (call $take (i32.const 0) (local.get 0)) (return))))
        (func (export "take") (param i32) (call $guarded (local.get 0)))
        (func (export "drop") (call $drop (call $make (i32.const 5)))))
      (core instance $i (instantiate $m (with "" (instance
        (export "take" (func $take)) (export "make" (func $make)) (export "drop" (func $drop))))))
      (func (export "take") (param "length" u32) (canon lift (core func $i "take")))
      (func (export "drop") (canon lift (core func $i "drop"))))
    (instance $callee (instantiate $callee))
    (instance $caller (instantiate $caller (with "callee" (instance $callee))))
    (export "take" (func $caller "take"))
    (export "drop" (func $caller "drop")))`;
  for (const tryTable of ['auto', 'never'] as const) {
    const make = (): Promise<Instance<DynamicExports>> => instance(text, {}, engineWith({ tryTable }));
    (await make()).exports.take!(1);
    for (const [name, ...args] of [['take', 0], ['take', 3], ['drop']] as const) {
      const { exports } = await make();
      assert.is(trapOf(() => exports[name]!(...args)).code, 'guest-exception', `${tryTable}: ${name} ${args}`);
    }
  }
});

test('the component call stack names the instances on the way', async () => {
  const text = `(component
    (component $inner
      (core module $m (func (export "die") unreachable))
      (core instance $i (instantiate $m))
      (func (export "die") (canon lift (core func $i "die"))))
    (component $middle
      (import "die" (func $die))
      (core func $die (canon lower (func $die)))
      (core module $m (import "" "die" (func $die)) (func (export "run") (call $die)))
      (core instance $i (instantiate $m (with "" (instance (export "die" (func $die))))))
      (func (export "run") (canon lift (core func $i "run"))))
    (instance $inner (instantiate $inner))
    (instance $middle (instantiate $middle (with "die" (func $inner "die"))))
    (export "run" (func $middle "run")))`;
  const made = await instance(text);
  const trap = trapOf(() => made.exports.run());
  assert.is(trap.code, 'unreachable');
  assert.is(trap.componentStack.length, 2);
  const [callee, caller] = trap.componentStack;
  assert.is(callee?.function, null);
  assert.is(caller?.function, 'run');
  assert.is.not(callee?.instance, caller?.instance);
  // From the first guest frame to the last there is no JavaScript in between.
  const lines = (trap.stack ?? '').split('\n').slice(1);
  const wasm = lines.map((line) => line.includes('wasm-function['));
  assert.ok(wasm.filter(Boolean).length >= 3);
  assert.ok(wasm.slice(wasm.indexOf(true), wasm.lastIndexOf(true)).every(Boolean));
});

test('whichever function of a component is called, the stack names its instances', async () => {
  const three = (make: (i: number) => string): string => [0, 1, 2].map(make).join('\n');
  const text = `(component
    (component $inner
      (core module $m ${three((i) => `(func (export "die${i}") unreachable)`)})
      (core instance $i (instantiate $m))
      ${three((i) => `(func (export "die${i}") (canon lift (core func $i "die${i}")))`)})
    (component $middle
      ${three((i) => `(import "die${i}" (func $die${i})) (core func $die${i} (canon lower (func $die${i})))`)}
      (core module $m
        ${three((i) => `(import "" "die${i}" (func $die${i}))`)}
        ${three((i) => `(func (export "run${i}") (call $die${i}))`)})
      (core instance $i (instantiate $m (with "" (instance ${three((i) => `(export "die${i}" (func $die${i}))`)}))))
      ${three((i) => `(func (export "run${i}") (canon lift (core func $i "run${i}")))`)})
    (instance $inner (instantiate $inner))
    (instance $middle (instantiate $middle ${three((i) => `(with "die${i}" (func $inner "die${i}"))`)}))
    ${three((i) => `(export "run${i}" (func $middle "run${i}"))`)})`;
  for (const options of [{}, { multiMemory: 'never' }] as const) {
    const stacks: unknown[] = [];
    for (const i of [0, 1, 2]) {
      const made = await instance(text, {}, engineWith(options));
      const [callee, caller, ...more] = trapOf(() => made.exports[`run${i}`]!()).componentStack;
      assert.equal(more, []);
      assert.is(callee?.function, null);
      assert.is(caller?.function, `run${i}`);
      stacks.push([callee?.instance, caller?.instance]);
    }
    const [[callee, caller]] = stacks as [[string, string]];
    assert.is.not(callee, caller);
    assert.equal(
      stacks,
      [0, 1, 2].map(() => [callee, caller]),
      JSON.stringify(options),
    );
  }
});

test('a component cannot be entered again from a host function that it called', async () => {
  let again: () => unknown = () => undefined;
  const made = await instance(swallower, { fail: () => again() });
  again = () => made.exports.run();
  const trap = trapOf(() => made.exports.run());
  assert.is(trap.code, 'host-error');
  assert.match(trap.message, 'cannot enter component instance');
  assert.is((trap.cause as Trap).code, 'cannot-enter');
});

test('arguments of the wrong type leave the store open', async () => {
  const made = await instance(`(component
    (core module $m (func (export "run") (param i32)))
    (core instance $i (instantiate $m))
    (func (export "run") (param "a" u8) (canon lift (core func $i "run"))))`);
  assert.throws(
    () => made.exports.run('x'),
    (error: unknown) => error instanceof TypeError && /\ba\b/.test(error.message),
  );
  assert.is(made.exports.run(3), undefined);
});

test('may-leave: a guest that calls out of its realloc traps', async () => {
  const made = await instance(
    `(component
      (import "f" (func $f))
      (core module $memory (memory (export "m") 1))
      (core instance $memory (instantiate $memory))
      (core func $f (canon lower (func $f)))
      (core module $m
        (import "" "f" (func $f))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (call $f) (i32.const 16))
        (func (export "run") (param i32 i32)))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "run") (param "s" string)
        (canon lift (core func $i "run") (memory (core memory $memory "m")) (realloc (core func $i "realloc")))))`,
    { f: () => undefined },
  );
  const trap = trapOf(() => made.exports.run('abc'));
  assert.is(trap.code, 'cannot-leave');
  assert.match(trap.message, 'cannot leave component instance');
  refusesEntry(made, 'run', 'abc');
});

test.run();
