/**
 * A component that instantiates a component which it imports: `greeter` (greeter.ts), to which it gives its own import `log`.
 * `welcome: func(name: string) -> string` greets the greeting.
 */
export const welcomer = `(component $welcomer
  (import "log" (func $log (param "message" string)))
  (import "greeter" (component $greeter
    (import "log" (func (param "message" string)))
    (export "greet" (func (param "name" string) (result string)))))
  (instance $greeter (instantiate $greeter (with "log" (func $log))))
  (component $twice
    (import "greet" (func $greet (param "name" string) (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (global.get $next))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $greet (canon lower (func $greet) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $main
      (import "libc" "memory" (memory 1))
      (import "host" "greet" (func $greet (param i32 i32 i32)))
      (func (export "welcome") (param i32 i32) (result i32)
        (call $greet (local.get 0) (local.get 1) (i32.const 8))
        (call $greet (i32.load (i32.const 8)) (i32.load (i32.const 12)) (i32.const 8))
        (i32.const 8)))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "host" (instance (export "greet" (func $greet))))))
    (func (export "welcome") (param "name" string) (result string)
      (canon lift (core func $main "welcome") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $twice (instantiate $twice (with "greet" (func $greeter "greet"))))
  (export "welcome" (func $twice "welcome")))`;
