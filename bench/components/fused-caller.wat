(module $Main
  (import "libc" "memory" (memory 16))
  (import "libc" "reset" (func $reset))
  (import "callee" "add" (func $add (param i32 i32) (result i32)))
  (import "callee" "echo" (func $echo (param i32 i32 i32)))
  (import "callee" "sum" (func $sum (param i32 i32) (result i32)))
  (import "callee" "points" (func $points (param i32 i32) (result i32)))
  (data (i32.const 16) "sixteen bytes ok")
  ;; 1,000 numbers at 4096; 100 points at 16384, each labelled with the sixteen bytes
  (func $fill (local $i i32)
    (loop $again
      (i32.store (i32.add (i32.const 4096) (i32.shl (local.get $i) (i32.const 2))) (local.get $i))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
    (local.set $i (i32.const 0))
    (loop $again
      (f64.store offset=16384 (i32.mul (local.get $i) (i32.const 24)) (f64.convert_i32_u (local.get $i)))
      (f64.store offset=16392 (i32.mul (local.get $i) (i32.const 24)) (f64.const 0.5))
      (i32.store offset=16400 (i32.mul (local.get $i) (i32.const 24)) (i32.const 16))
      (i32.store offset=16404 (i32.mul (local.get $i) (i32.const 24)) (i32.const 16))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100)))))
  (start $fill)
  (func (export "run-add") (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (call $add (local.get $sum) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "run-echo") (param $n i32) (result i32)
    (loop $again
      (call $echo (i32.const 16) (i32.const 16) (i32.const 8))
      (call $reset)
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.load (i32.const 12)))
  (func (export "run-sum") (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (call $sum (i32.const 4096) (i32.const 1000)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "run-points") (param $n i32) (result i32) (local $last i32)
    (loop $again
      (local.set $last (call $points (i32.const 16384) (i32.const 100)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $last)))
