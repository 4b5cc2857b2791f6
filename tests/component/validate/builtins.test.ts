/** The canonical built-ins: core signature, gate, options. Each is imported by a core module with the type that it must have. */
import {
  allFeatures,
  type Canon,
  decode,
  defaultFeatures,
  type Feature,
  type Features,
  validate,
} from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { builtinOf, builtinRow } from '../../../packages/component/src/builtin-table.ts';
import { assemble, invalid, judge, refusal, valid } from './check.ts';

const prelude = `
  (type $r (resource (rep i32)))
  (type $s (stream u8))
  (type $f (future string))
  (core type $start (func (param i32)))
  (core module $libc
    (memory (export "mem") 1)
    (table (export "tbl") 1 funcref)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "mem" (core memory $mem))
  (alias core export $libc "tbl" (core table $tbl))
  (alias core export $libc "realloc" (core func $realloc))`;

/** Built-in, its text, its core type, and its gate. */
const rows: readonly [kind: string, text: string, type: string, gate: Feature | null][] = [
  ['resource.new', 'resource.new $r', '(param i32) (result i32)', null],
  ['resource.drop', 'resource.drop $r', '(param i32)', null],
  ['resource.rep', 'resource.rep $r', '(param i32) (result i32)', null],
  ['context.get', 'context.get i32 1', '(result i32)', 'async'],
  ['context.set', 'context.set i32 0', '(param i32)', 'async'],
  ['backpressure.inc', 'backpressure.inc', '', 'async'],
  ['backpressure.dec', 'backpressure.dec', '', 'async'],
  ['task.return', 'task.return (result string) (memory $mem)', '(param i32 i32)', 'async'],
  ['task.cancel', 'task.cancel', '', 'async'],
  ['waitable-set.new', 'waitable-set.new', '(result i32)', 'async'],
  ['waitable-set.wait', 'waitable-set.wait (memory $mem)', '(param i32 i32) (result i32)', 'async'],
  ['waitable-set.poll', 'waitable-set.poll (memory $mem)', '(param i32 i32) (result i32)', 'async'],
  ['waitable-set.drop', 'waitable-set.drop', '(param i32)', 'async'],
  ['waitable.join', 'waitable.join', '(param i32 i32)', 'async'],
  ['subtask.cancel', 'subtask.cancel', '(param i32) (result i32)', 'async'],
  ['subtask.drop', 'subtask.drop', '(param i32)', 'async'],
  ['stream.new', 'stream.new $s', '(result i64)', 'async'],
  ['stream.read', 'stream.read $s async (memory $mem)', '(param i32 i32 i32) (result i32)', 'async'],
  ['stream.write', 'stream.write $s async (memory $mem)', '(param i32 i32 i32) (result i32)', 'async'],
  ['stream.cancel-read', 'stream.cancel-read $s', '(param i32) (result i32)', 'async'],
  ['stream.cancel-write', 'stream.cancel-write $s', '(param i32) (result i32)', 'async'],
  ['stream.drop-readable', 'stream.drop-readable $s', '(param i32)', 'async'],
  ['stream.drop-writable', 'stream.drop-writable $s', '(param i32)', 'async'],
  ['future.new', 'future.new $f', '(result i64)', 'async'],
  ['future.read', 'future.read $f async (memory $mem) (realloc $realloc)', '(param i32 i32) (result i32)', 'async'],
  ['future.write', 'future.write $f async (memory $mem)', '(param i32 i32) (result i32)', 'async'],
  ['future.cancel-read', 'future.cancel-read $f', '(param i32) (result i32)', 'async'],
  ['future.cancel-write', 'future.cancel-write $f', '(param i32) (result i32)', 'async'],
  ['future.drop-readable', 'future.drop-readable $f', '(param i32)', 'async'],
  ['future.drop-writable', 'future.drop-writable $f', '(param i32)', 'async'],
  ['thread.index', 'thread.index', '(result i32)', 'threads'],
  ['thread.new-indirect', 'thread.new-indirect $start $tbl', '(param i32 i32) (result i32)', 'threads'],
  ['thread.resume-later', 'thread.resume-later', '(param i32)', 'threads'],
  ['thread.suspend', 'thread.suspend', '(result i32)', 'threads'],
  ['thread.yield', 'thread.yield', '(result i32)', 'async'],
  ['thread.suspend-then-resume', 'thread.suspend-then-resume', '(param i32) (result i32)', 'threads'],
  ['thread.yield-then-resume', 'thread.yield-then-resume', '(param i32) (result i32)', 'threads'],
  ['thread.suspend-then-promote', 'thread.suspend-then-promote', '(param i32) (result i32)', 'threads'],
  ['thread.yield-then-promote', 'thread.yield-then-promote', '(param i32) (result i32)', 'threads'],
  ['error-context.new', 'error-context.new (memory $mem)', '(param i32 i32) (result i32)', 'error-context'],
  [
    'error-context.debug-message',
    'error-context.debug-message (memory $mem) (realloc $realloc)',
    '(param i32 i32)',
    'error-context',
  ],
  ['error-context.drop', 'error-context.drop', '(param i32)', 'error-context'],
];

function component(text: string, type: string): string {
  return `(component ${prelude}
    (core func $f (canon ${text}))
    (core module $m (import "" "f" (func ${type})))
    (core instance (instantiate $m (with "" (instance (export "f" (func $f)))))))`;
}

for (const [kind, text, type, gate] of rows) {
  test(`${kind}: core signature and gate`, async () => {
    await valid(component(text, type));
    await invalid(component(text, '(param f64)'), 'expected: (func (param f64))');
    assert.is(builtinRow(kind as Parameters<typeof builtinRow>[0]).gate, gate);
    if (gate === null) return;
    const closed: Features = { ...allFeatures, [gate]: false };
    assert.ok(refusal(await assemble(component(text, type)), closed)?.message.includes(`the feature '${gate}'`));
  });
}

/** The assembler has an older encoding of these, so they are put in the place of `thread.index` in the AST. */
const spawning: readonly [canon: Canon, type: string][] = [
  [{ kind: 'thread.spawn-ref', shared: false, type: 0 }, '(param (ref null $start) i32) (result i32)'],
  [{ kind: 'thread.spawn-indirect', shared: false, type: 0, table: 0 }, '(param i32 i32) (result i32)'],
  [{ kind: 'thread.available-parallelism', shared: false }, '(result i32)'],
];

for (const [canon, type] of spawning) {
  test(`${canon.kind}: core signature and gate`, async () => {
    const inPlace = async (wanted: string): Promise<() => void> => {
      const text = component('thread.index', wanted).replace(
        '(core module $m ',
        `(core module $m (type $start (func (param i32))) `,
      );
      const bytes = await assemble(text);
      const ast = decode(bytes, { features: allFeatures });
      const definitions = ast.definitions.map((definition) =>
        definition.kind === 'canon' && definition.canon.kind === 'thread.index' ? { ...definition, canon } : definition,
      );
      return () => void validate(bytes, { ...ast, definitions }, { features: allFeatures });
    };
    (await inPlace(type))();
    assert.throws(await inPlace('(param f64)'), /expected: \(func \(param f64\)\)/);
    assert.is(builtinRow(canon.kind as Parameters<typeof builtinRow>[0]).gate, 'shared-everything-threads');
  });
}

test('every built-in is tested here', () => {
  const tested = new Set([...rows.map(([kind]) => kind), ...spawning.map(([canon]) => canon.kind)]);
  const kinds = Array.from({ length: 256 }, (_, opcode) => builtinOf(opcode)?.kind).filter(
    (kind) => kind !== undefined,
  );
  assert.ok(kinds.length > 40);
  assert.equal(
    kinds.filter((kind) => !tested.has(kind)),
    [],
  );
});

test('resource representations of 64 bits', async () => {
  const text = `(component
    (type $r (resource (rep i64)))
    (core func $new (canon resource.new $r))
    (core func $rep (canon resource.rep $r))
    (core module $m
      (import "" "new" (func (param i64) (result i32)))
      (import "" "rep" (func (param i32) (result i64))))
    (core instance (instantiate $m (with "" (instance (export "new" (func $new)) (export "rep" (func $rep)))))))`;
  await valid(text);
  await invalid(text, 'memory64', defaultFeatures);
});

test('memories of 64 bits decide about pointers', async () => {
  const text = `(component
    (import "log" (func $log (param "s" string)))
    (core module $libc (memory (export "mem") i64 1))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $log) (memory (core memory $libc "mem"))))
    (core func $wait (canon waitable-set.wait (memory (core memory $libc "mem"))))
    (core module $m
      (import "" "f" (func (param i64 i64)))
      (import "" "wait" (func (param i32 i64) (result i32))))
    (core instance (instantiate $m (with "" (instance (export "f" (func $f)) (export "wait" (func $wait)))))))`;
  await valid(text);
  await invalid(text, 'canonical option `memory` uses a memory that is not a subtype of `(memory 0)`', {
    ...allFeatures,
    memory64: false,
  });
});

const refused: readonly [what: string, definitions: string, message: string][] = [
  ['a slot beyond the last', '(core func (canon context.get i32 2))', 'slot 2 must be less than 2'],
  [
    'two types of context slots',
    '(core func (canon context.get i32 0)) (core func (canon context.set i64 0))',
    'all `context.get` and `context.set` of a component must have one type',
  ],
  ['a stream where a future is wanted', '(core func (canon future.new $s))', 'type index 1 is not a future type'],
  ['a future where a stream is wanted', '(core func (canon stream.new $f))', 'type index 2 is not a stream type'],
  [
    'reading values without memory',
    '(core func (canon stream.read $s async))',
    'canonical option `memory` is required',
  ],
  [
    'reading strings without realloc',
    '(core func (canon future.read $f async (memory $mem)))',
    'canonical option `realloc` is required',
  ],
  ['task.return of a string without memory', '(core func (canon task.return (result string)))', '`memory` is required'],
  [
    'task.return with realloc',
    '(core func (canon task.return (memory $mem) (realloc $realloc)))',
    'canonical option `realloc` cannot be specified for `task.return`',
  ],
  [
    'a callback outside of lift',
    '(import "a" (func $a async)) (core module $cb (func (export "cb") (param i32 i32 i32) (result i32) unreachable)) (core instance $cb (instantiate $cb)) (core func (canon lower (func $a) async (memory $mem) (callback (core func $cb "cb"))))',
    'canonical option `callback` cannot be specified for lowerings',
  ],
  [
    'async twice',
    '(import "a" (func $a async)) (core func (canon lower (func $a) async async (memory $mem)))',
    'canonical option `async` is specified more than once',
  ],
  [
    'a thread that takes nothing',
    '(core type $none (func)) (core func (canon thread.new-indirect $none $tbl))',
    'must be a function that takes one `i32` or `i64`',
  ],
  [
    'a table of something else',
    '(core module $t (table (export "t") 1 externref)) (core instance $t (instantiate $t)) (core func (canon thread.new-indirect $start (core table $t "t")))',
    'must have elements of type funcref, found externref',
  ],
  [
    'a debug message without realloc',
    '(core func (canon error-context.debug-message (memory $mem)))',
    '`realloc` is required',
  ],
];

for (const [what, definitions, message] of refused) {
  test(`refused: ${what}`, () => invalid(`(component ${prelude} ${definitions})`, message));
}

test('async options behind their gates', async () => {
  const sync = `(component ${prelude} (core func (canon stream.read $s (memory $mem))))`;
  const cancel = `(component ${prelude} (core func (canon subtask.cancel async)))`;
  await valid(sync);
  await valid(cancel);
  await invalid(
    sync,
    "`canon stream.read` without `async` requires the feature 'async-builtin-options'",
    defaultFeatures,
  );
  await invalid(cancel, "requires the feature 'async-builtin-options'", defaultFeatures);
  const stackful = `(component (core module $m (func (export "f"))) (core instance $m (instantiate $m))
    (func async (canon lift (core func $m "f") async)))`;
  await valid(stackful);
  await invalid(stackful, "requires the feature 'stackful-lift'", defaultFeatures);
});

test('core signatures of async lifts and lowers', async () => {
  await valid(`(component ${prelude}
    (import "five" (func $five async (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32)))
    (import "four" (func $four async (param "a" u32) (param "b" f32) (param "c" u64) (param "d" f64) (result u8)))
    (core func $l5 (canon lower (func $five) async (memory $mem)))
    (core func $l4 (canon lower (func $four) async (memory $mem)))
    (core module $m
      (import "" "five" (func (param i32) (result i32)))
      (import "" "four" (func (param i32 f32 i64 f64 i32) (result i32)))
      (func (export "f") (param i32) (result i32) unreachable)
      (func (export "cb") (param i32 i32 i32) (result i32) unreachable))
    (core instance $m (instantiate $m (with "" (instance (export "five" (func $l5)) (export "four" (func $l4))))))
    (func async (param "x" char) (result (tuple u32 u64))
      (canon lift (core func $m "f") async (callback (core func $m "cb")))))`);
});

test('seventeen flat parameters go through memory, sixteen do not', async () => {
  const lowered = (count: number, type: string): string => `(component ${prelude}
    (import "f" (func $f ${Array.from({ length: count }, (_, i) => `(param "p${i}" u32)`).join(' ')}))
    (core func $l (canon lower (func $f) (memory $mem)))
    (core module $m (import "" "f" (func ${type})))
    (core instance (instantiate $m (with "" (instance (export "f" (func $l)))))))`;
  judge(await assemble(lowered(16, `(param ${'i32 '.repeat(16)})`)));
  judge(await assemble(lowered(17, '(param i32)')));
});

test.run();
