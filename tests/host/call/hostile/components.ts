/** The two components whose functions take the hostile values: one defines the resource, the other imports it. */
import { results, signatures, types } from './values.ts';

const declared = `
  (type $plain' (record (field "x" u32) (field "s" string)))
  (export $plain "plain" (type $plain'))
  (type $owner' (record (field "h" (own $t)) (field "x" u32)))
  (export $owner "owner" (type $owner'))
  (type $borrower' (record (field "h" (borrow $t)) (field "x" u32)))
  (export $borrower "borrower" (type $borrower'))
  (type $bits' (flags "a" "b"))
  (export $bits "bits" (type $bits'))
  (type $choice' (variant (case "none") (case "thing" (own $t)) (case "number" u32) (case "text" string)))
  (export $choice "choice" (type $choice'))`;

/** `handles`: borrows are handles, which a function must drop. */
function coreFunction(signature: readonly string[], index: number, handles: boolean): string {
  let local = 0;
  let body = '';
  for (const name of signature) {
    const { flat, borrow, borrowList } = types[name]!;
    if (borrow !== undefined) body += `(call $drop (local.get ${local + borrow}))`;
    if (borrowList) body += `(call $drop-all (local.get ${local}) (local.get ${local + 1}))`;
    local += flat;
  }
  return `(func (export "f${index}") (param ${'i32 '.repeat(local)}) (result i32) ${handles ? body : ''} (i32.const 7))`;
}

const core = (handles: boolean): string => `
  (core module $m
    (import "" "drop" (func $drop (param i32)))
    ${handles ? results.map((name) => `(import "" "give-${name}" (func $give-${name} (${name === 'own' ? 'result' : 'param'} i32)))`).join('\n') : ''}
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (block $room
        (loop $more
          (br_if $room (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
          (br_if $room (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))
          (br $more)))
      (local.get $at))
    (func $drop-all (param $at i32) (param $n i32)
      (block $end
        (loop $more
          (br_if $end (i32.eqz (local.get $n)))
          (call $drop (i32.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $more))))
    (func (export "look") (param i32) ${handles ? '(call $drop (local.get 0))' : ''})
    (func (export "take") (param i32))
    (func (export "grow") (drop (memory.grow (i32.const 1))))
    (func (export "boom") unreachable)
    (func (export "spilled") (param i32) (result i32)
      ${handles ? '(call $drop (i32.load offset=64 (local.get 0)))' : ''} (i32.const 7))
    ${signatures.map((signature, i) => coreFunction(signature, i, handles)).join('\n')}
    ${handles ? results.map((name) => `(func (export "pull-${name}") ${name === 'own' ? '(drop (call $give-own))' : `(call $give-${name} (i32.const 1024))`})`).join('\n') : ''})`;

const lifts = `
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (func (export "look") (param "h" (borrow $t)) (canon lift (core func $i "look")))
  (func (export "take") (param "h" (own $t)) (canon lift (core func $i "take")))
  (func (export "grow") (canon lift (core func $i "grow")))
  (func (export "boom") (canon lift (core func $i "boom")))
  (func (export "spilled") (param "a" (own $t)) ${Array.from({ length: 5 }, (_, i) => `(param "p${i}" $plain)`).join(' ')}
    (param "b" (borrow $t)) (result u32) (canon lift (core func $i "spilled") (memory $memory) (realloc $realloc)))
  ${signatures
    .map(
      (signature, i) =>
        `(func (export "f${i}") ${signature.map((name, p) => `(param "p${p}" ${types[name]!.text})`).join(' ')} (result u32)
          (canon lift (core func $i "f${i}") (memory $memory) (realloc $realloc)))`,
    )
    .join('\n')}`;

/** Defines the resource: its borrows are representations. */
export const definingText = `(component
  (core module $state
    (global $dropped (mut i32) (i32.const 0))
    (func (export "dtor") (param i32) (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core instance $state (instantiate $state))
  (type $thing (resource (rep i32) (dtor (core func $state "dtor"))))
  (export $t "thing" (type $thing))
  (core func $new (canon resource.new $thing))
  (core func $drop (canon resource.drop $thing))
  ${declared}
  ${core(false)}
  (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
  (core module $make
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (result i32) (call $new (i32.const 100))))
  (core instance $make (instantiate $make (with "" (instance (export "new" (func $new))))))
  (func (export "[constructor]thing") (result (own $t)) (canon lift (core func $make "make")))
  (func (export "dropped") (result u32) (canon lift (core func $state "dropped")))
  ${lifts})`;

/** Imports it: its borrows are handles. */
export const importingText = `(component
  (import "thing" (type $t (sub resource)))
  ${declared
    .replaceAll('(export $', '(import $')
    .replaceAll(/\(import \$(\S+) "(\S+)" \(type (\S+)\)\)/g, '(import "$2" (type $$$1 (eq $3)))')}
  ${results.map((name) => `(import "give-${name}" (func $give-${name} (result ${types[name]!.text})))`).join('\n')}
  (core func $drop (canon resource.drop $t))
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $give-memory))
  (alias core export $libc "realloc" (core func $give-realloc))
  ${results
    .map(
      (name) =>
        `(core func $give-${name} (canon lower (func $give-${name}) (memory $give-memory) (realloc $give-realloc)))`,
    )
    .join('\n')}
  ${core(true)}
  (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))
    ${results.map((name) => `(export "give-${name}" (func $give-${name}))`).join('\n')}))))
  ${lifts}
  ${results.map((name) => `(func (export "pull-${name}") (canon lift (core func $i "pull-${name}")))`).join('\n')})`;
