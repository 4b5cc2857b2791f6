/**
 * Mutations of valid binaries and of their ASTs: whatever comes, decoder and validator answer with their own errors, with an
 * offset, soon. The seed is printed when it matters; `MUTATION_SEED` and `MUTATIONS` set it and the number of rounds.
 */
import { allFeatures, BinaryError, type ComponentAst, type Definition, decode, validate } from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, refusal } from './check.ts';

const seed = Number(process.env['MUTATION_SEED'] ?? 20260);
const rounds = Number(process.env['MUTATIONS'] ?? 1500);
/** Milliseconds of processor time that one verdict may take: a busy machine must not matter. */
const LIMIT = 2000;

function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** A linear congruential generator: integers below `n`. */
function random(start: number): (n: number) => number {
  let state = start >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const texts = [
  `(component
    (import "t" (type $t (sub resource)))
    (import "i" (instance $i (export "r" (type $r (sub resource))) (export "[method]r.get" (func (param "self" (borrow $r)) (result string)))))
    (type $rec (record (field "a" u8) (field "b" (list string)) (field "c" (own $t))))
    (import "rec" (type $rec' (eq $rec)))
    (import "f" (func $f (param "x" $rec') (result (result $rec' (error (option u32))))))
    (core module $libc (memory (export "mem") 1) (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $libc (instantiate $libc))
    (core func $l (canon lower (func $f) (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
    (core module $m (import "" "f" (func (param i32 i32 i32 i32 i32))) (func (export "g") (param i32 i32) (result i32) unreachable))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $l))))))
    (func (export "g") (param "s" string) (result (tuple u8 u8))
      (canon lift (core func $m "g") (memory (core memory $libc "mem")) (realloc (core func $libc "realloc")))))`,
  `(component
    (component $C
      (import "x" (type $x (sub resource)))
      (import "f" (func $f (param "p" (own $x)) (result (list (own $x)))))
      (type $e (enum "a" "b"))
      (export $e' "e" (type $e))
      (export "y" (type $x))
      (export "f" (func $f)))
    (component $D (import "c" (component (import "x" (type $x (sub resource))) (import "f" (func (param "p" (own $x)) (result (list (own $x))))) (export "y" (type (eq $x))))))
    (import "x" (type $x (sub resource)))
    (import "f" (func $f (param "p" (own $x)) (result (list (own $x)))))
    (instance $c (instantiate $C (with "x" (type $x)) (with "f" (func $f))))
    (instance (instantiate $D (with "c" (component $C))))
    (instance $bag (export "a" (type $c "y")) (export "e" (type $c "e")))
    (export "out" (instance $bag)))`,
  `(component
    (type $s (stream (tuple u8 f64)))
    (type $fu (future))
    (core module $m (memory (export "mem") 1) (table (export "t") 1 funcref)
      (func (export "run") (param i32) (result i32) unreachable)
      (func (export "cb") (param i32 i32 i32) (result i32) unreachable))
    (core instance $m (instantiate $m))
    (alias core export $m "mem" (core memory $mem))
    (core func (canon stream.new $s))
    (core func (canon stream.read $s async (memory $mem)))
    (core func (canon future.write $fu async))
    (core func (canon task.return (result u8)))
    (core func (canon waitable-set.wait (memory $mem)))
    (core func (canon context.set i32 1))
    (func (export "run") async (param "x" $s) (result u8)
      (canon lift (core func $m "run") async (callback (core func $m "cb")))))`,
];
const corpus = await Promise.all(texts.map(assemble));

test('the corpus is valid', () => {
  for (const bytes of corpus) assert.is(refusal(bytes)?.message, undefined);
});

test(`bytes, seed ${seed}`, () => {
  const next = random(seed);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const bytes = Uint8Array.from(corpus[next(corpus.length)] as Uint8Array);
    for (let changes = 1 + next(3); changes > 0; changes--) {
      const at = 8 + next(bytes.length - 8);
      bytes[at] = [next(256), bytes[at]! + 1, bytes[at]! - 1, next(16)][next(4)]!;
    }
    const start = processorTime();
    // errors of other classes pass through `refusal` and fail the test
    const error = refusal(bytes);
    assert.ok(processorTime() - start < LIMIT, `round ${round} took too long`);
    if (error === null) continue;
    refused++;
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `round ${round}: offset ${error.offset}`);
  }
  assert.ok(refused > rounds / 10);
});

/** Changes one thing in the tree under `node`: an index, a name, a flag, or the order of a list. */
function mutate(node: object, next: (n: number) => number): void {
  const nodes: object[] = [];
  const collect = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || value instanceof Map) return;
    nodes.push(value);
    for (const part of Object.values(value)) collect(part);
  };
  collect(node);
  const chosen = nodes[next(nodes.length)] as object;
  if (Array.isArray(chosen)) {
    if (chosen.length === 0) return;
    const [from, to] = [next(chosen.length), next(chosen.length)];
    const item: unknown = chosen[from];
    if (next(3) > 0) chosen.splice(from, 1);
    if (next(3) > 0) chosen.splice(to, 0, item);
    return;
  }
  const record = chosen as Record<string, unknown>;
  for (const [key, value] of Object.entries(record)) {
    if (next(3) > 0) continue;
    if (typeof value === 'number' && key !== 'offset' && key !== 'start' && key !== 'end') record[key] = next(12);
    else if (typeof value === 'boolean') record[key] = !value;
    else if (typeof value === 'string' && (key === 'name' || key === 'label')) {
      record[key] = ['a', 'A', '', 'x:y/z@1.0.0', '[method]r.get', '[constructor]t'][next(6)];
    }
  }
}

test(`definitions, seed ${seed}`, () => {
  const next = random(seed + 1);
  const trees = corpus.map((bytes) => decode(bytes, { features: allFeatures }));
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const which = next(corpus.length);
    const definitions: Definition[] = structuredClone([...trees[which]!.definitions]);
    for (let changes = 1 + next(2); changes > 0; changes--) mutate(definitions, next);
    const ast: ComponentAst = { ...trees[which]!, definitions };
    const start = processorTime();
    try {
      validate(corpus[which] as Uint8Array, ast, { features: allFeatures });
    } catch (error) {
      assert.instance(error, BinaryError, `round ${round}: ${String(error)}`);
      refused++;
    }
    assert.ok(processorTime() - start < LIMIT, `round ${round} took too long`);
  }
  assert.ok(refused > rounds / 10);
});

test.run();
