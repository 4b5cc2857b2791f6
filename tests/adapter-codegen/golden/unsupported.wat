;;; (component
;;;   (import "f" (func $f async (param "a" u64) (param "b" f32)))
;;;   (core module $L (memory (export "m") 1))
;;;   (core instance $l (instantiate $L))
;;;   (core func $lower (canon lower (func $f)))
;;;   (core func $return (canon task.return (result f64)))
;;;   (core func $wait (canon waitable-set.wait (memory (core memory $l "m"))))
;;;   (core func $inc (canon backpressure.inc))
;;;   (core module $M
;;;     (import "" "lower" (func (param i64 f32)))
;;;     (import "" "return" (func (param f64)))
;;;     (import "" "wait" (func (param i32 i32) (result i32)))
;;;     (import "" "inc" (func)))
;;;   (core instance (instantiate $M (with "" (instance
;;;     (export "lower" (func $lower))
;;;     (export "return" (func $return))
;;;     (export "wait" (func $wait))
;;;     (export "inc" (func $inc)))))))

(module $trampolines
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i64_f32-> (func (param i64 f32)))
  (type $f64-> (func (param f64)))
  (type $i32_i32->i32 (func (param i32 i32) (result i32)))
  (type $-> (func))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (func $trap (type $i32_i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32) (param $code i32)
    (local $store i32)
    (local.set $store
      (i32.load offset=8
        (local.get $vmctx)))
    (i32.store
      (local.get $store)
      (local.get $code))
    (i32.store offset=4
      (local.get $store)
      (local.get $detail))
    (i32.store offset=8
      (local.get $store)
      (i32.const 0))
    (i32.store offset=12
      (local.get $store)
      (local.get $vmctx))
    (i32.store offset=16
      (local.get $store)
      (local.get $instance))
    (unreachable))
  (func $trap.cannot-leave (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 3)))
  (func $trap.unsupported (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 33)))
  (func $trampoline<0>_unsupported_lower_of_an_async_function (type $i64_f32->) (param $p0 i64) (param $p1 f32)
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=16
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (call $trap.unsupported
      (global.get $context.vmctx)
      (i32.const 0)
      (i32.const 1))
    (unreachable))
  (func $trampoline<1>_unsupported_task.return (type $f64->) (param $p0 f64)
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=16
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (call $trap.unsupported
      (global.get $context.vmctx)
      (i32.const 0)
      (i32.const 5))
    (unreachable))
  (func $trampoline<2>_unsupported_waitable-set.wait (type $i32_i32->i32) (param $p0 i32) (param $p1 i32) (result i32)
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=16
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (call $trap.unsupported
      (global.get $context.vmctx)
      (i32.const 0)
      (i32.const 8))
    (unreachable))
  (func $trampoline<3>_unsupported_backpressure.inc (type $->)
    (call $trap.unsupported
      (global.get $context.vmctx)
      (i32.const 0)
      (i32.const 3))
    (unreachable))
  (export "trampoline[0]" (func $trampoline<0>_unsupported_lower_of_an_async_function))
  (export "trampoline[1]" (func $trampoline<1>_unsupported_task.return))
  (export "trampoline[2]" (func $trampoline<2>_unsupported_waitable-set.wait))
  (export "trampoline[3]" (func $trampoline<3>_unsupported_backpressure.inc))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_unsupported_lower_of_an_async_function $trampoline<0>_unsupported_lower_of_an_async_function $trampoline<1>_unsupported_task.return $trampoline<1>_unsupported_task.return $trampoline<2>_unsupported_waitable-set.wait $trampoline<2>_unsupported_waitable-set.wait $trampoline<3>_unsupported_backpressure.inc $trampoline<3>_unsupported_backpressure.inc))
