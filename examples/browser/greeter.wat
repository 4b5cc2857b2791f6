;; In WIT: world greeter { import log: func(text: string); export greet: func(name: string) -> string;
;;                         resource counter { constructor(start: u32); increment: func() -> u32; } }
(component
  (import "log" (func $log (param "text" string)))

  ;; What strings need: a memory, and a function that allocates in it. All that a call allocates is free when it has ended.
  (core module $Libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and
        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1))))))
      (memory.copy (local.get $at) (local.get $old)
        (select (local.get $old-size) (local.get $size) (i32.lt_u (local.get $old-size) (local.get $size))))
      (local.get $at))
    (func (export "reset") (param i32) (global.set $next (i32.const 4096))))
  (core instance $libc (instantiate $Libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (alias core export $libc "reset" (core func $reset))

  (type $counter' (resource (rep i32)))
  (core func $new-counter (canon resource.new $counter'))
  (core func $log (canon lower (func $log) (memory $memory)))

  (core module $Main
    (import "libc" "memory" (memory 1))
    (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (import "host" "log" (func $log (param i32 i32)))
    (import "host" "new-counter" (func $new-counter (param i32) (result i32)))
    (data (i32.const 16) "greeting ")
    (data (i32.const 32) "Hello, ")
    ;; The counts of all counters, from address 1024; a counter is the address of its count.
    (global $free (mut i32) (i32.const 1024))

    ;; The text at $prefix and then the name, as one new string.
    (func $concat (param $prefix i32) (param $length i32) (param $name i32) (param $size i32) (result i32) (local $at i32)
      (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $length) (local.get $size))))
      (memory.copy (local.get $at) (local.get $prefix) (local.get $length))
      (memory.copy (i32.add (local.get $at) (local.get $length)) (local.get $name) (local.get $size))
      (local.get $at))
    (func (export "greet") (param $name i32) (param $size i32) (result i32)
      (call $log (call $concat (i32.const 16) (i32.const 9) (local.get $name) (local.get $size))
                 (i32.add (local.get $size) (i32.const 9)))
      ;; The result: address and length of the string, at address 0.
      (i32.store (i32.const 0) (call $concat (i32.const 32) (i32.const 7) (local.get $name) (local.get $size)))
      (i32.store (i32.const 4) (i32.add (local.get $size) (i32.const 7)))
      (i32.const 0))
    (func (export "counter") (param $start i32) (result i32)
      (i32.store (global.get $free) (local.get $start))
      (global.set $free (i32.add (global.get $free) (i32.const 4)))
      (call $new-counter (i32.sub (global.get $free) (i32.const 4))))
    (func (export "increment") (param $counter i32) (result i32)
      (i32.store (local.get $counter) (i32.add (i32.load (local.get $counter)) (i32.const 1)))
      (i32.load (local.get $counter))))
  (core instance $main (instantiate $Main
    (with "libc" (instance $libc))
    (with "host" (instance (export "log" (func $log)) (export "new-counter" (func $new-counter))))))

  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory $memory) (realloc $realloc) (post-return $reset)))
  (export $counter "counter" (type $counter'))
  (func $make (param "start" u32) (result (own $counter)) (canon lift (core func $main "counter")))
  (func $increment (param "self" (borrow $counter)) (result u32) (canon lift (core func $main "increment")))
  (export "[constructor]counter" (func $make))
  (export "[method]counter.increment" (func $increment)))
