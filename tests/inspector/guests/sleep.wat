;; A command that sleeps: `run` waits for a timer of 20 ms, by poll and by block, and fails when no time has passed.
(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))
    (export "poll" (func (param "in" (list (borrow $pollable))) (result (list u32))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (export "pollable" (type $p (eq $pollable)))
    (export "now" (func (result u64)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $p))))))
  (core module $libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $poll-list (canon lower (func $poll "poll") (memory $memory) (realloc $realloc)))
  (core func $now (canon lower (func $clock "now")))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "block" (func $block (param i32)))
    (import "" "poll" (func $poll (param i32 i32 i32)))
    (import "" "now" (func $now (result i64)))
    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (func (export "run") (result i32) (local $start i64)
      (local.set $start (call $now))
      (call $block (call $subscribe (i64.const 10000000)))
      (i32.store (i32.const 0) (call $subscribe (i64.const 10000000)))
      (call $poll (i32.const 0) (i32.const 1) (i32.const 16))
      ;; 0 is ok: one was ready, and 19 ms have passed.
      (i32.or
        (i32.ne (i32.load (i32.const 20)) (i32.const 1))
        (i64.lt_u (i64.sub (call $now) (local.get $start)) (i64.const 19000000)))))
  (core instance $main (instantiate $main (with "" (instance
    (export "memory" (memory $memory)) (export "block" (func $block)) (export "poll" (func $poll-list))
    (export "now" (func $now)) (export "subscribe" (func $subscribe))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $exports (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $exports)))
