;;; (component
;;;   (import "log" (func $log (param "message" string)))
;;;   (import "now" (func $now (result u64)))
;;;   (core module $Libc (memory (export "memory") 1)
;;;     (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
;;;   (core instance $libc (instantiate $Libc))
;;;   (core func $log' (canon lower (func $log) (memory (core memory $libc "memory"))))
;;;   (core func $now' (canon lower (func $now)))
;;;   (core module $Main
;;;     (import "" "log" (func (param i32 i32)))
;;;     (import "" "now" (func (result i64)))
;;;     (tag (param i32))
;;;   )
;;;   (core instance (instantiate $Main (with "" (instance
;;;     (export "log" (func $log'))
;;;     (export "now" (func $now'))))))
;;; )

(module $trampolines
  (type $i32_i32-> (func (param i32 i32)))
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $->i64 (func (result i64)))
  (type $i32_i32_i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (import "callees" "typed[0]" (func $callees.typed_0_ (type $i32_i32->)))
  (import "callees" "typed[1]" (func $callees.typed_1_ (type $->i64)))
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
  (func $trap.stack-overflow (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 29)))
  (func $trampoline<0>_log (type $i32_i32->) (param $message.pointer i32) (param $message.length i32)
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
    (block $B1
      (block $B2
        (try_table $T3
          (catch_all $B2)
          (call $callees.typed_0_
            (local.get $message.pointer)
            (local.get $message.length)))
        (br $B1))
      (call $trap.stack-overflow
        (global.get $context.vmctx)
        (i32.const 0)
        (i32.const 0))
      (unreachable))
    (if $I4
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
  (func $trampoline<0>_log_spilled (type $i32_i32->) (param $message.pointer i32) (param $message.length i32)
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
        (i32.const 32))
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
        (i32.const 32)))
    (i32.store
      (local.get $values)
      (local.get $message.pointer))
    (i32.store offset=16
      (local.get $values)
      (local.get $message.length))
    (block $B2
      (block $B3
        (try_table $T4
          (catch_all $B3)
          (local.set $ok
            (call_indirect $functions (type $i32_i32_i32_i32_i32_i32->i32)
              (global.get $context.vmctx)
              (i32.load offset=84
                (global.get $context.vmctx))
              (i32.const 0)
              (i32.const 0)
              (local.get $values)
              (i32.const 2)
              (i32.load offset=80
                (global.get $context.vmctx)))))
        (br $B2))
      (call $trap.stack-overflow
        (global.get $context.vmctx)
        (i32.const 0)
        (i32.const 0))
      (unreachable))
    (if $I5
      (i32.eqz
        (local.get $ok))
      (then
        (unreachable)))
    (i32.store offset=20
      (local.get $store)
      (local.get $values)))
  (func $trampoline<1>_now (type $->i64) (result i64)
    (local $result i64)
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
    (block $B1
      (block $B2
        (try_table $T3
          (catch_all $B2)
          (local.set $result
            (call $callees.typed_1_)))
        (br $B1))
      (call $trap.stack-overflow
        (global.get $context.vmctx)
        (i32.const 0)
        (i32.const 0))
      (unreachable))
    (if $I4
      (i32.load
        (i32.load offset=8
          (global.get $context.vmctx)))
      (then
        (unreachable)))
    (local.get $result))
  (func $trampoline<1>_now_spilled (type $->i64) (result i64)
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
        (i32.const 16))
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
        (i32.const 16)))
    (block $B2
      (block $B3
        (try_table $T4
          (catch_all $B3)
          (local.set $ok
            (call_indirect $functions (type $i32_i32_i32_i32_i32_i32->i32)
              (global.get $context.vmctx)
              (i32.load offset=92
                (global.get $context.vmctx))
              (i32.const 1)
              (i32.const 1)
              (local.get $values)
              (i32.const 1)
              (i32.load offset=88
                (global.get $context.vmctx)))))
        (br $B2))
      (call $trap.stack-overflow
        (global.get $context.vmctx)
        (i32.const 0)
        (i32.const 0))
      (unreachable))
    (if $I5
      (i32.eqz
        (local.get $ok))
      (then
        (unreachable)))
    (i32.store offset=20
      (local.get $store)
      (local.get $values))
    (i64.load
      (local.get $values)))
  (export "trampoline[0]" (func $trampoline<0>_log))
  (export "trampoline[0] array" (func $trampoline<0>_log_spilled))
  (export "trampoline[1]" (func $trampoline<1>_now))
  (export "trampoline[1] array" (func $trampoline<1>_now_spilled))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_log $trampoline<0>_log_spilled $trampoline<1>_now $trampoline<1>_now_spilled))
