;;; (component
;;;   (type $level' (enum "low" "high"))
;;;   (import "level" (type $level (eq $level')))
;;;   (type $point' (record (field "x" f64) (field "y" f64) (field "label" string) (field "level" $level)))
;;;   (import "point" (type $point (eq $point')))
;;;   (import "f" (func $f (param "point" $point) (result $point)))
;;;   (core module $Libc (memory (export "memory") 1)
;;;     (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
;;;   (core instance $libc (instantiate $Libc))
;;;   (core func $f' (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
;;;   (core module $Main
;;;     (import "" "f" (func (param f64 f64 i32 i32 i32 i32)))
;;;   )
;;;   (core instance (instantiate $Main (with "" (instance
;;;     (export "f" (func $f'))))))
;;; )

(module $trampolines
  (type $f64_f64_i32_i32_i32_i32-> (func (param f64 f64 i32 i32 i32 i32)))
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32_i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (import "callees" "typed[0]" (func $callees.typed_0_ (type $f64_f64_i32_i32_i32_i32->)))
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
  (func $trampoline<0>_f (type $f64_f64_i32_i32_i32_i32->) (param $point.0 f64) (param $point.1 f64) (param $point.2 i32) (param $point.3 i32) (param $point.4 i32) (param $result_pointer i32)
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
    (call $callees.typed_0_
      (local.get $point.0)
      (local.get $point.1)
      (local.get $point.2)
      (local.get $point.3)
      (local.get $point.4)
      (local.get $result_pointer))
    (if $I1
      (i32.load
        (i32.load offset=8
          (global.get $context.vmctx)))
      (then
        (unreachable))))
  (func $trap.spill-stack-overflow (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 30)))
  (func $trampoline<0>_f_spilled (type $f64_f64_i32_i32_i32_i32->) (param $point.0 f64) (param $point.1 f64) (param $point.2 i32) (param $point.3 i32) (param $point.4 i32) (param $result_pointer i32)
    (local $store i32) (local $values i32) (local $ok i32)
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
    (local.set $store
      (i32.load offset=8
        (global.get $context.vmctx)))
    (if $I1
      (i32.lt_u
        (i32.sub
          (i32.load offset=24
            (local.get $store))
          (local.tee $values
            (i32.load offset=20
              (local.get $store))))
        (i32.const 96))
      (then
        (call $trap.spill-stack-overflow
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=20
      (local.get $store)
      (i32.add
        (local.get $values)
        (i32.const 96)))
    (f64.store
      (local.get $values)
      (local.get $point.0))
    (f64.store offset=16
      (local.get $values)
      (local.get $point.1))
    (i32.store offset=32
      (local.get $values)
      (local.get $point.2))
    (i32.store offset=48
      (local.get $values)
      (local.get $point.3))
    (i32.store offset=64
      (local.get $values)
      (local.get $point.4))
    (i32.store offset=80
      (local.get $values)
      (local.get $result_pointer))
    (local.set $ok
      (call_indirect $functions (type $i32_i32_i32_i32_i32_i32->i32)
        (global.get $context.vmctx)
        (i32.load offset=68
          (global.get $context.vmctx))
        (i32.const 0)
        (i32.const 0)
        (local.get $values)
        (i32.const 6)
        (i32.load offset=64
          (global.get $context.vmctx))))
    (if $I2
      (i32.eqz
        (local.get $ok))
      (then
        (unreachable)))
    (i32.store offset=20
      (local.get $store)
      (local.get $values)))
  (export "trampoline[0]" (func $trampoline<0>_f))
  (export "trampoline[0] array" (func $trampoline<0>_f_spilled))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_f $trampoline<0>_f_spilled))
