/** Components that are stored, sent and loaded again in tests: together they have every kind of emitted module. */

/** Imports a function, has a memory, lifts a string: trampolines. */
export const greeter = `(component
  (import "twice" (func $twice (param "x" u32) (result u32)))
  (core module $libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
  (core instance $libc (instantiate $libc))
  (core func $twice (canon lower (func $twice)))
  (core module $m
    (import "" "memory" (memory 1))
    (import "" "twice" (func $twice (param i32) (result i32)))
    (data (i32.const 16) "\\20\\00\\00\\00\\05\\00\\00\\00")
    (data (i32.const 32) "hello")
    (func (export "run") (param i32) (result i32) (call $twice (local.get 0)))
    (func (export "greet") (result i32) (i32.const 16)))
  (core instance $i (instantiate $m
    (with "" (instance (export "memory" (memory $libc "memory")) (export "twice" (func $twice))))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run")))
  (func (export "greet") (result string)
    (canon lift (core func $i "greet") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))`;

/** One component inside calls another: adapters. */
export const composed = `(component
  (component $inner
    (core module $m (func (export "inc") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $i (instantiate $m))
    (func (export "inc") (param "x" u32) (result u32) (canon lift (core func $i "inc"))))
  (instance $inner (instantiate $inner))
  (alias export $inner "inc" (func $inc))
  (component $outer
    (import "inc" (func $inc (param "x" u32) (result u32)))
    (core func $inc (canon lower (func $inc)))
    (core module $m (import "" "inc" (func $inc (param i32) (result i32)))
      (func (export "inc2") (param i32) (result i32) (call $inc (call $inc (local.get 0)))))
    (core instance $i (instantiate $m (with "" (instance (export "inc" (func $inc))))))
    (func (export "inc2") (param "x" u32) (result u32) (canon lift (core func $i "inc2"))))
  (instance $outer (instantiate $outer (with "inc" (func $inc))))
  (func (export "inc2") (alias export $outer "inc2")))`;

/** Exports a component, which exports another; both import a function. */
export const nested = `(component
  (component $a
    (component $b
      (import "f" (func $f (result u32)))
      (core func $f (canon lower (func $f)))
      (core module $m (import "" "f" (func $f (result i32)))
        (func (export "g") (result i32) (i32.add (call $f) (i32.const 2))))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "g") (result u32) (canon lift (core func $i "g"))))
    (export "b" (component $b)))
  (export "a" (component $a)))`;
