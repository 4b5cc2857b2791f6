/**
 * Components for the tests of bundlers, packages and engines: in text, small, and together with every kind of value, resources on
 * both sides, traps and calls between components.
 */

/** `greet: func(name: string) -> string` puts "hello, " before the name, and tells the import `log` what it made. */
export function greeter(greeting = 'hello, '): string {
  return `(component
    (import "log" (func $log (param "message" string)))
    (core module $libc
      (memory (export "memory") 1)
      (data (i32.const 16) "${greeting}")
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $log (canon lower (func $log) (memory (core memory $libc "memory"))))
    (core module $main
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "host" "log" (func $log (param i32 i32)))
      (func (export "greet") (param $at i32) (param $bytes i32) (result i32)
        (local $to i32)
        (local.set $to (call $realloc (i32.const 0) (i32.const 0) (i32.const 1)
          (i32.add (local.get $bytes) (i32.const ${greeting.length}))))
        (memory.copy (local.get $to) (i32.const 16) (i32.const ${greeting.length}))
        (memory.copy (i32.add (local.get $to) (i32.const ${greeting.length})) (local.get $at) (local.get $bytes))
        (i32.store (i32.const 0) (local.get $to))
        (i32.store (i32.const 4) (i32.add (local.get $bytes) (i32.const ${greeting.length})))
        (call $log (i32.load (i32.const 0)) (i32.load (i32.const 4)))
        (i32.const 0)))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "host" (instance (export "log" (func $log))))))
    (func (export "greet") (param "name" string) (result string)
      (canon lift (core func $main "greet") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))`;
}

/** Two components and an adapter between them: `a:b/twice@1.0.0` with `twice-of: func(x: u32) -> u32`. */
export const adapted = `(component
  (component $inner
    (core module $m (func (export "twice") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
    (core instance $i (instantiate $m))
    (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $i "twice"))))
  (component $outer
    (import "twice" (func $twice (param "x" u32) (result u32)))
    (core func $twice (canon lower (func $twice)))
    (core module $m (import "" "twice" (func $twice (param i32) (result i32)))
      (func (export "twice") (param i32) (result i32) (call $twice (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance (export "twice" (func $twice))))))
    (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $i "twice"))))
  (instance $inner (instantiate $inner))
  (instance $outer (instantiate $outer (with "twice" (func $inner "twice"))))
  (instance $face (export "twice-of" (func $outer "twice")))
  (export "a:b/twice@1.0.0" (instance $face)))`;
