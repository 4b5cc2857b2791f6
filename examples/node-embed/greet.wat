;; greet: func(name: string) -> string; it tells its import log: func(message: string) what it answers.
(component
  (import "log" (func $log (param "message" string)))
  ;; The memory, and where what the host passes in is put.
  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 16) "Hello, ")
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (local.get $at) (local.get $new)))
      (loop $grow
        (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
          (then
            (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
            (br $grow))))
      (local.get $at))
    (func (export "free-all") (param i32) (global.set $next (i32.const 1024))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $log (canon lower (func $log) (memory $memory)))
  (core module $main
    (import "libc" "memory" (memory 1))
    (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (import "host" "log" (func $log (param i32 i32)))
    (func (export "greet") (param $name i32) (param $bytes i32) (result i32)
      (local $to i32)
      (local $length i32)
      (local.set $length (i32.add (local.get $bytes) (i32.const 7)))
      (local.set $to (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $length)))
      (memory.copy (local.get $to) (i32.const 16) (i32.const 7))
      (memory.copy (i32.add (local.get $to) (i32.const 7)) (local.get $name) (local.get $bytes))
      (call $log (local.get $to) (local.get $length))
      ;; A string is returned as address and length, in memory.
      (i32.store (i32.const 0) (local.get $to))
      (i32.store (i32.const 4) (local.get $length))
      (i32.const 0)))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance (export "log" (func $log))))))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory $memory) (realloc $realloc)
      (post-return (core func $libc "free-all")))))
