;; The core module of the benchmark: one function a row of the table. `calls.wit` is its world; the build makes a component
;; of the two. The allocator is a bump pointer that each call resets, so that allocation costs the same for every driver,
;; and "raw" glue calls this very module.
(module
  (import "$root" "scalar" (func $scalar (param i32) (result i32)))
  (import "$root" "log" (func $log (param i32 i32)))
  (import "example:bench/host" "[method]counter.bump" (func $bump (param i32 i32) (result i32)))
  (import "example:bench/host" "[resource-drop]counter" (func $drop-counter (param i32)))
  (import "[export]example:bench/things" "[resource-new]thing" (func $thing.new (param i32) (result i32)))

  (memory (export "memory") 64)
  (global $heap (mut i32) (i32.const 1024))
  (func $realloc (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and
      (i32.add (global.get $heap) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $at) (local.get $new)))
    (if (local.get $old) (then (memory.copy (local.get $at) (local.get $old) (local.get $size))))
    (local.get $at))
  (func $reset (global.set $heap (i32.const 1024)))

  (data (i32.const 16) "sixteen bytes ok")

  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "mix") (param f64 i32 i32) (result f64)
    (f64.add (local.get 0) (f64.convert_i32_s (i32.add (local.get 1) (local.get 2)))))
  (func (export "flip") (param i32) (result i32) (i32.xor (local.get 0) (i32.const 5)))
  (func (export "turn") (param i32) (result i32) (i32.rem_u (i32.add (local.get 0) (i32.const 1)) (i32.const 4)))

  (func (export "call-scalar") (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $scalar (local.get $n))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "call-log") (param $n i32)
    (loop $again
      (call $log (i32.const 16) (i32.const 16))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "call-bump") (param $self i32) (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $bump (local.get $self) (local.get $n))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (call $drop-counter (local.get $self))
    (local.get $sum))

  ;; (pointer, length) in, the same out through the return area at 8
  (func $echo (export "echo") (param $at i32) (param $length i32) (result i32)
    (i32.store (i32.const 8) (local.get $at))
    (i32.store (i32.const 12) (local.get $length))
    (i32.const 8))
  (func (export "cabi_post_echo") (param i32) (call $reset))
  (func (export "cabi_post_echo-bytes") (param i32) (call $reset))
  (func (export "cabi_post_echo-points") (param i32) (call $reset))
  (func (export "cabi_post_numbers") (param i32) (call $reset))
  (func (export "cabi_post_maybe") (param i32) (call $reset))
  (export "echo-bytes" (func $echo))
  (export "echo-points" (func $echo))
  (func (export "sum") (param $at i32) (param $length i32) (result i32) (local $end i32) (local $sum i32)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $length) (i32.const 2))))
    (block $out
      (loop $again
        (br_if $out (i32.eq (local.get $at) (local.get $end)))
        (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $again)))
    (call $reset)
    (local.get $sum))
  ;; n numbers 0, 1, 2, … as a list<f64>
  (func (export "numbers") (param $n i32) (result i32) (local $i i32) (local $at i32)
    (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.shl (local.get $n) (i32.const 3))))
    (loop $again
      (f64.store (i32.add (local.get $at) (i32.shl (local.get $i) (i32.const 3))) (f64.convert_i32_u (local.get $i)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (call $echo (local.get $at) (local.get $n)))

  ;; variant {a(u32), b(f32), c} in, result<u32, error> out at 8: ok for a and b, err(7) for c
  (func (export "attempt") (param $case i32) (param $payload i32) (result i32)
    (i32.store8 (i32.const 8) (i32.eq (local.get $case) (i32.const 2)))
    (i32.store (i32.const 12) (select (i32.const 7) (local.get $payload) (i32.eq (local.get $case) (i32.const 2))))
    (i32.const 8))
  ;; option<tuple<u32, string>>: (case, number, pointer, length) in, the same out at 32
  (func (export "maybe") (param i32 i32 i32 i32) (result i32)
    (i32.store8 (i32.const 32) (local.get 0))
    (i32.store (i32.const 36) (local.get 1))
    (i32.store (i32.const 40) (local.get 2))
    (i32.store (i32.const 44) (local.get 3))
    (i32.const 32))

  (func (export "example:bench/things#[constructor]thing") (param i32) (result i32) (call $thing.new (local.get 0)))
  (func (export "example:bench/things#[method]thing.add") (param $rep i32) (param i32) (result i32) (i32.add (local.get $rep) (local.get 1)))
)
