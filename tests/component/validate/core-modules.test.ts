/** Core modules in components: module types, core subtyping, what instances are made of. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invalid, valid } from './check.ts';

/** A component that gives a module exporting `given` to one importing `wanted`. */
function link(given: string, wanted: string, types = ''): string {
  return `(component
    (core module $given ${types} ${given})
    (core module $wanted ${types} ${wanted})
    (core instance $i (instantiate $given))
    (core instance (instantiate $wanted (with "i" (instance $i)))))`;
}

const matching: readonly [what: string, given: string, wanted: string, types?: string][] = [
  ['a larger memory', '(memory (export "x") 3 5)', '(import "i" "x" (memory 2 6))'],
  ['a bounded table for an unbounded one', '(table (export "x") 3 5 funcref)', '(import "i" "x" (table 1 funcref))'],
  ['a memory of 64-bit addresses', '(memory (export "x") i64 1)', '(import "i" "x" (memory i64 1))'],
  [
    'a non-null reference',
    '(global (export "x") (ref null nofunc) (ref.null nofunc))',
    '(import "i" "x" (global funcref))',
  ],
  ['a mutable global', '(global (export "x") (mut i32) (i32.const 0))', '(import "i" "x" (global (mut i32)))'],
  ['a tag', '(tag (export "x") (param i32))', '(import "i" "x" (tag (param i32)))'],
  [
    'a concrete reference of another module',
    '(func (export "x") (param (ref null $t)) unreachable)',
    '(import "i" "x" (func (param (ref null $t))))',
    '(type $t (struct (field i32)))',
  ],
  [
    'recursive types',
    '(func (export "x") (param (ref null $t)) unreachable)',
    '(import "i" "x" (func (param (ref null $t))))',
    '(type $t (struct (field (ref null $t))))',
  ],
  [
    'a declared subtype',
    '(global (export "x") (ref null $b) (ref.null $b))',
    '(import "i" "x" (global (ref null $a)))',
    '(type $a (sub (struct))) (type $b (sub $a (struct (field i32))))',
  ],
  [
    'a concrete function type as funcref',
    '(global (export "x") (ref null $f) (ref.null $f))',
    '(import "i" "x" (global funcref))',
    '(type $f (func))',
  ],
];
for (const [what, given, wanted, types] of matching) {
  test(`links: ${what}`, async () => assert.ok(await valid(link(given, wanted, types))));
}

const mismatching: readonly [what: string, given: string, wanted: string, message: string, types?: string][] = [
  ['too small a memory', '(memory (export "x") 1)', '(import "i" "x" (memory 2))', 'mismatch in memory limits'],
  ['32 for 64 bits', '(memory (export "x") 1)', '(import "i" "x" (memory i64 1))', 'index type used for memories'],
  [
    'a table without maximum',
    '(table (export "x") 1 funcref)',
    '(import "i" "x" (table 1 2 funcref))',
    'mismatch in table limits',
  ],
  [
    'mutability',
    '(global (export "x") i32 (i32.const 0))',
    '(import "i" "x" (global (mut i32)))',
    'mismatch in global mutability',
  ],
  [
    'a mutable global of a subtype',
    '(global (export "x") (mut (ref null nofunc)) (ref.null nofunc))',
    '(import "i" "x" (global (mut funcref)))',
    'expected global type funcref, found nofuncref',
  ],
  [
    'a tag of another type',
    '(tag (export "x") (param i32))',
    '(import "i" "x" (tag (param i64)))',
    'expected: (func (param i64))',
  ],
  ['a function for a tag', '(func (export "x"))', '(import "i" "x" (tag))', 'expected tag, found func'],
  [
    'another struct',
    '(func (export "x") (param (ref null $t)) unreachable)',
    '(import "i" "x" (func (param (ref null $u))))',
    'type mismatch for export `x`',
    '(type $t (struct (field i32))) (type $u (struct (field (mut i32))))',
  ],
  [
    'a supertype for a subtype',
    '(global (export "x") (ref null $a) (ref.null $a))',
    '(import "i" "x" (global (ref null $b)))',
    'expected global type',
    '(type $a (sub (struct))) (type $b (sub $a (struct (field i32))))',
  ],
];
for (const [what, given, wanted, message, types] of mismatching) {
  test(`does not link: ${what}`, () => invalid(link(given, wanted, types), message));
}

const moduleTypes: readonly [what: string, body: string, message: string][] = [
  ['table bounds', '(import "" "" (table 2 1 funcref))', 'size minimum must not be greater than maximum'],
  ['memory bounds', '(import "" "" (memory 2 1))', 'size minimum must not be greater than maximum'],
  ['shared memory without maximum', '(import "" "" (memory 1 shared))', 'shared memory must have maximum size'],
  ['64-bit memory', '(import "" "" (memory i64 0x1000000000001))', 'memory size must be at most'],
  [
    'tag with results',
    '(type $t (func (result i32))) (import "" "" (tag (type $t)))',
    'exception type must have empty results',
  ],
  [
    'a struct as function type',
    '(type $t (struct)) (import "" "" (func (type $t)))',
    'core type index 0 is not a function type',
  ],
];
for (const [what, body, message] of moduleTypes) {
  test(`module types: ${what}`, () => invalid(`(component (core type (module ${body})))`, message));
}

test('a long chain of types is compared without recursion', async () => {
  const count = 5_000;
  const types = Array.from({ length: count }, (_, i) =>
    i === 0 ? '(type $t0 (struct))' : `(type $t${i} (struct (field (ref null $t${i - 1}))))`,
  ).join(' ');
  const last = `(ref null $t${count - 1})`;
  await valid(
    link(`(func (export "x") (param ${last}) unreachable)`, `(import "i" "x" (func (param ${last})))`, types),
  );
});

test.run();
