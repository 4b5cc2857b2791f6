/** What needs tasks: such components load and run what is synchronous in them; using the rest says what is missing. */
import { InstancePre, LinkError, Trap, UnsupportedError } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, engineWith, instance } from '../../support/assemble.ts';

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}

/** The unsupported trap that `run` must end in; it names `canon`. */
function unsupported(run: () => unknown, canon: string): Trap {
  const trap = errorOf(run);
  assert.instance(trap, Trap);
  assert.is((trap as Trap).code, 'unsupported');
  assert.is(
    (trap as Trap).message,
    `wasm trap: canon ${canon} is not supported: tasks (async) are not run by this host`,
  );
  return trap as Trap;
}

const exporting = `(component
  (core func $return (canon task.return (result u32)))
  (core module $M
    (import "" "return" (func (param i32)))
    (memory (export "m") 1)
    (func (export "entered") unreachable)
    (func (export "run") (param i32) (result i32) unreachable)
    (func (export "callback") (param i32 i32 i32) (result i32) unreachable)
    (func (export "async-typed") (result i32) unreachable)
    (func (export "send") (param i32) unreachable)
    (func (export "nested") (param i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "twice") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
  (core instance $m (instantiate $M (with "" (instance (export "return" (func $return))))))
  (func (export "run") async (param "x" u32) (result u32)
    (canon lift (core func $m "run") async (callback (core func $m "callback"))))
  (func (export "async-typed") async (result u32) (canon lift (core func $m "async-typed")))
  (func (export "send") (param "s" (stream u8)) (canon lift (core func $m "send")))
  (func (export "nested") (param "s" (list (option (tuple u8 (future)))))
    (canon lift (core func $m "nested") (memory (core memory $m "m")) (realloc (core func $m "realloc"))))
  (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $m "twice"))))`;

for (const evaluate of ['auto', 'never'] as const) {
  test(`exports that need tasks throw, by name, and the others run (evaluate: ${evaluate})`, async () => {
    const made = await instance(exporting, {}, engineWith({ evaluate }));
    const { exports } = made;
    assert.is(exports.twice(21), 42);
    const table: readonly (readonly [call: () => unknown, message: string])[] = [
      [() => exports.run(1), '"run" is an async function: tasks (async) are not run by this host'],
      [() => exports.asyncTyped(), '"async-typed" is an async function: tasks (async) are not run by this host'],
      [() => exports.send({}), '"send" passes values of type stream: tasks (async) are not run by this host'],
      [() => exports.nested([]), '"nested" passes values of type future: tasks (async) are not run by this host'],
    ];
    for (const [call, message] of table) {
      const error = errorOf(call);
      assert.instance(error, UnsupportedError);
      assert.is((error as UnsupportedError).message, message);
    }
    assert.is(made.store.trap, null, 'the guest was not entered');
    assert.is(exports.twice(4), 8);
    const run = made.getFunc('run')!;
    assert.is(run.name, 'run');
    assert.is(run.length, 1);
  });
}

test('reflection says what is async', async () => {
  const made = await component(exporting);
  const found = made.exports.flatMap((one) => (one.kind === 'func' ? [[one.name, one.type.async]] : []));
  assert.equal(found, [
    ['run', true],
    ['async-typed', true],
    ['send', false],
    ['nested', false],
    ['twice', false],
  ]);
});

/** A component whose core function `run` calls the lowered function. */
const caller = (before: string, lower: string, type: string, call: string): string => `(component
  ${before}
  (core module $L (memory (export "m") 1))
  (core instance $l (instantiate $L))
  (core func $f (canon lower ${lower}))
  (core module $M
    (import "" "f" (func $f ${type}))
    (func (export "run") ${call})
    (func (export "quiet") (result i32) (i32.const 5)))
  (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
  (func (export "run") (canon lift (core func $m "run")))
  (func (export "quiet") (result u32) (canon lift (core func $m "quiet"))))`;

const inner = `(component $C
  (core func $return (canon task.return (result u32)))
  (core module $M
    (func (export "run") (result i32) unreachable)
    (func (export "callback") (param i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (func (export "run") async (result u32) (canon lift (core func $m "run") async (callback (core func $m "callback"))))
  (func (export "typed") async (result u32) (canon lift (core func $m "run"))))
  (instance $c (instantiate $C))`;

const lowered: readonly (readonly [what: string, text: string, canon: string])[] = [
  [
    'an imported function with the option async',
    caller(
      '(import "f" (func $i async (result u32)))',
      '(func $i) async (memory (core memory $l "m"))',
      '(param i32) (result i32)',
      '(drop (call $f (i32.const 8)))',
    ),
    'lower with the option async',
  ],
  [
    'an imported async function, synchronously',
    caller('(import "f" (func $i async (result u32)))', '(func $i)', '(result i32)', '(drop (call $f))'),
    'lower of an async function',
  ],
  [
    'an imported function that takes a stream',
    caller('(import "f" (func $i (param "s" (stream u8))))', '(func $i)', '(param i32)', '(call $f (i32.const 1))'),
    'lower of a function with streams, futures or error contexts',
  ],
  [
    'an async-lifted function, synchronously',
    caller(inner, '(func $c "run")', '(result i32)', '(drop (call $f))'),
    'lower of an async function',
  ],
  [
    'an async-lifted function with the option async',
    caller(
      inner,
      '(func $c "run") async (memory (core memory $l "m"))',
      '(param i32) (result i32)',
      '(drop (call $f (i32.const 8)))',
    ),
    'lower with the option async',
  ],
  [
    'a sync-lifted async function with the option async',
    caller(
      inner,
      '(func $c "typed") async (memory (core memory $l "m"))',
      '(param i32) (result i32)',
      '(drop (call $f (i32.const 8)))',
    ),
    'lower with the option async',
  ],
];

for (const [what, text, canon] of lowered) {
  test(`calling ${what} traps, the rest runs`, async () => {
    const f = (): never => {
      throw new Error('the host function was called');
    };
    const made = await instance(text, { f });
    assert.is(made.exports.quiet(), 5);
    const trap = unsupported(() => made.exports.run(), canon);
    assert.is(made.store.trap, trap);
    assert.equal(trap.componentStack, [{ instance: '#0', function: 'run' }]);
    if (text.includes('(import "f"')) {
      const refused = await InstancePre.prepare(await component(text), {}).catch((error: unknown) => error);
      assert.instance(refused, LinkError, 'what it would call has to be there');
    }
  });
}

test('calling a built-in that is missing traps, the rest runs', async () => {
  const text = `(component
    (core func $new (canon waitable-set.new))
    (core func $inc (canon backpressure.inc))
    (core module $M
      (import "" "new" (func $new (result i32)))
      (import "" "inc" (func $inc))
      (func (export "new") (result i32) (call $new))
      (func (export "one") (result i32) (i32.const 1))
      (func (export "leaving") (param i32) (drop (call $new)))
      (func (export "counting") (param i32) (call $inc)))
    (core instance $m (instantiate $M (with "" (instance (export "new" (func $new)) (export "inc" (func $inc))))))
    (func (export "new") (result u32) (canon lift (core func $m "new")))
    (func (export "leaving") (result u32) (canon lift (core func $m "one") (post-return (core func $m "leaving"))))
    (func (export "counting") (result u32) (canon lift (core func $m "one") (post-return (core func $m "counting")))))`;
  const made = await instance(text);
  unsupported(() => made.exports.new(), 'waitable-set.new');
  const again = await instance(text);
  const trap = errorOf(() => again.exports.leaving());
  assert.is(trap instanceof Trap && trap.code, 'cannot-leave', 'the check of the specification comes first');
  const third = await instance(text);
  unsupported(() => third.exports.counting(), 'backpressure.inc');
});

test.run();
