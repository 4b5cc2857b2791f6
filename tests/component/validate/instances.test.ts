/** Instantiation, substitution, subtyping and visibility, where the reference tests leave off. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invalid, valid } from './check.ts';

const accepted: readonly [what: string, text: string][] = [
  [
    'a resource of one import in the type of a later instance import',
    `(component
      (import "types" (instance $types (export "r" (type (sub resource)))))
      (alias export $types "r" (type $r))
      (import "ops" (instance (alias outer 1 $r (type $r)) (export "make" (func (result (own $r)))))))`,
  ],
  [
    'an instance that supplies two imports, the second in terms of the first',
    `(component
      (component $C
        (import "a" (instance $a (export "t" (type (sub resource)))))
        (alias export $a "t" (type $t))
        (import "b" (instance (alias outer $C $t (type $t)) (export "u" (type (eq $t))) (export "f" (func (param "x" (own $t)))))))
      (import "x" (instance $x (export "t" (type $t (sub resource))) (export "u" (type (eq $t))) (export "f" (func (param "x" (own $t))))))
      (instance (instantiate $C (with "a" (instance $x)) (with "b" (instance $x)))))`,
  ],
  [
    'a component import takes a component that asks for less and gives more',
    `(component
      (component $less (type $t (tuple u8)) (export "x" (type $t)) (export "y" (type $t)))
      (component $C (type $t (tuple u8)) (import "c" (component
        (alias outer $C $t (type $t)) (import "i" (func)) (export "x" (type (eq $t))))))
      (instance (instantiate $C (with "c" (component $less)))))`,
  ],
  [
    'existential resources of a component argument',
    `(component
      (component $impl
        (type $r (resource (rep i32)))
        (export $r' "r" (type $r))
        (core func $drop (canon resource.drop $r))
        (func (export "f") (param "x" (own $r')) (canon lift (core func $drop))))
      (component $user
        (import "impl" (component
          (export "r" (type $r (sub resource)))
          (export "f" (func (param "x" (own $r))))))
        (instance $a (instantiate 0))
        (instance $b (instantiate 0))
        (component $check (import "r" (type $r (sub resource))) (import "f" (func (param "x" (own $r)))))
        (instance (instantiate $check (with "r" (type $a "r")) (with "f" (func $a "f"))))
        (instance (instantiate $check (with "r" (type $b "r")) (with "f" (func $b "f")))))
      (instance (instantiate $user (with "impl" (component $impl)))))`,
  ],
  [
    'ascription with an instance type makes its resources abstract',
    `(component
      (type $r (resource (rep i32)))
      (instance $i (export "r" (type $r)))
      (export $e "i" (instance $i) (instance (export "r" (type (sub resource))))))`,
  ],
  [
    'statics, constructors and methods in an instance type',
    `(component (import "i" (instance
      (export "r" (type $r (sub resource)))
      (export "[constructor]r" (func (param "n" u32) (result (own $r))))
      (export "[method]r.get" (func (param "self" (borrow $r)) (result u32)))
      (export "[static]r.max" (func (result (own $r)))))))`,
  ],
  [
    'an async function where one is asked for',
    `(component (import "f" (func $f async)) (component $C (import "f" (func async))) (instance (instantiate $C (with "f" (func $f)))))`,
  ],
  [
    'a function may use types that an exported instance names',
    `(component
      (component $C
        (type $e (enum "a"))
        (export $e' "e" (type $e))
        (core module $m (func (export "f") (param i32)))
        (core instance $m (instantiate $m))
        (func (export "f") (param "x" $e') (canon lift (core func $m "f"))))
      (instance $c (instantiate $C))
      (export "api" (instance $c)))`,
  ],
];

for (const [what, text] of accepted) test(`valid: ${what}`, async () => assert.ok((await valid(text)).type));

const refused: readonly [what: string, text: string, message: string][] = [
  [
    'two instantiations of a component import make two resources',
    `(component
      (import "c" (component $c (export "r" (type $r (sub resource))) (export "f" (func (param "x" (own $r))))))
      (instance $a (instantiate $c))
      (instance $b (instantiate $c))
      (component $check (import "r" (type $r (sub resource))) (import "f" (func (param "x" (own $r)))))
      (instance (instantiate $check (with "r" (type $a "r")) (with "f" (func $b "f")))))`,
    'resource types are not the same',
  ],
  [
    'a resource behind an ascription is another one',
    `(component
      (type $r (resource (rep i32)))
      (export $a "a" (type $r) (type (sub resource)))
      (component $same (import "x" (type $x (sub resource))) (import "y" (type (eq $x))))
      (instance (instantiate $same (with "x" (type $r)) (with "y" (type $a)))))`,
    'resource types are not the same',
  ],
  [
    'a resource behind an ascription is not local',
    `(component (type $r (resource (rep i32))) (export $a "a" (type $r) (type (sub resource))) (core func (canon resource.rep $a)))`,
    'is not a local resource',
  ],
  [
    'ascribing an abstract resource to a value type',
    `(component (type $t u8) (export "t" (type $t) (type (sub resource))))`,
    'ascribed type of export is not compatible',
  ],
  [
    'a function that is not async where one is asked for',
    `(component (import "f" (func $f)) (component $C (import "f" (func async))) (instance (instantiate $C (with "f" (func $f)))))`,
    'expected an async function',
  ],
  [
    'a component argument that asks for more',
    `(component
      (component $more (import "x" (func)))
      (component $C (import "c" (component)))
      (instance (instantiate $C (with "c" (component $more)))))`,
    'missing expected import `x`',
  ],
  [
    'a component argument that gives less',
    `(component
      (component $less)
      (component $C (import "c" (component (export "x" (func)))))
      (instance (instantiate $C (with "c" (component $less)))))`,
    'missing expected export `x`',
  ],
  [
    'a component argument whose import has another type',
    `(component
      (component $c (import "x" (func (param "a" u8))))
      (component $C (import "c" (component (import "x" (func (param "a" u16))))))
      (instance (instantiate $C (with "c" (component $c)))))`,
    'type mismatch in import `x`',
  ],
  [
    'types of an instance of a child have no name here',
    `(component
      (component $C (type $e (enum "a")) (export "e" (type $e)))
      (instance $c (instantiate $C))
      (alias export $c "e" (type $e))
      (import "f" (func (param "x" $e))))`,
    'func not valid to be used as import: `f` refers to an enum',
  ],
  [
    'an exported resource is no name for the one that was exported',
    `(component
      (type $r (resource (rep i32)))
      (export "r" (type $r))
      (core func $drop (canon resource.drop $r))
      (func (export "f") (param "x" (own $r)) (canon lift (core func $drop))))`,
    'func not valid to be used as export: `f` refers to a resource that has no name',
  ],
  [
    'an import that equals a resource of this component',
    '(component (type $r (resource (rep i32))) (import "r" (type (eq $r))))',
    'type not valid to be used as import: `r` refers to a resource',
  ],
  [
    'an instance import with a resource of this component',
    '(component $C (type $r (resource (rep i32))) (import "i" (instance (alias outer $C $r (type $r)) (export "r" (type (eq $r))))))',
    'instance not valid to be used as import: `i` refers to a resource',
  ],
  [
    'a component import with a resource of this component',
    '(component $C (type $r (resource (rep i32))) (import "c" (component (alias outer $C $r (type $r)) (export "r" (type (eq $r))))))',
    'component not valid to be used as import: `c` refers to a resource',
  ],
  [
    'borrow in a stream',
    '(component (import "r" (type $r (sub resource))) (type (stream (borrow $r))))',
    '`stream` element cannot contain a `borrow`',
  ],
  [
    'borrow in a future',
    '(component (import "r" (type $r (sub resource))) (type (future (list (borrow $r)))))',
    '`future` element cannot contain a `borrow`',
  ],
  ['f32 as the key of a map', '(component (type (map f32 u8)))', '`f32` is not a valid key type of a map'],
  [
    'a core instance as an argument',
    '(component (component $c) (core instance $i) (instance (instantiate $c (with "x" (core module 0)))))',
    'module index out of bounds',
  ],
  [
    'a module type inside a module type by alias',
    '(component (core type $m (module)) (core type (module (alias outer 1 $m (type)))))',
    'module types cannot be aliased',
  ],
];

for (const [what, text, message] of refused) test(`refused: ${what}`, () => invalid(text, message));

test('the offset is where the definition stands', async () => {
  await invalid('(component (type (own 7)))', '0xb: unknown type 7: type index out of bounds (this component has 0)');
});

test.run();
