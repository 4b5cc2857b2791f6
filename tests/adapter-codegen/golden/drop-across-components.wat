;;; (component
;;;   (component $Maker
;;;     (core module $Dtor (func (export "dtor") (param i32)) (func (export "make") (result i32) (i32.const 1)))
;;;     (core instance $dtor (instantiate $Dtor))
;;;     (type $thing' (resource (rep i32) (dtor (core func $dtor "dtor"))))
;;;     (export $thing "thing" (type $thing'))
;;;   )
;;;   (instance $maker (instantiate $Maker))
;;;   (component $User
;;;     (import "maker" (instance $maker (export "thing" (type (sub resource)))))
;;;     (alias export $maker "thing" (type $thing))
;;;     (core func $drop (canon resource.drop $thing))
;;;     (core module $Main (import "" "drop" (func (param i32))))
;;;     (core instance (instantiate $Main (with "" (instance (export "drop" (func $drop))))))
;;;   )
;;;   (instance (instantiate $User (with "maker" (instance $maker))))
;;; )

(module $trampolines
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32-> (func (param i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32->i32_i32 (func (param i32 i32 i32 i32) (result i32 i32)))
  (type $->i32_i32 (func (result i32 i32)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (import "resource" "0" (global $resource.0 i32))
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
  (func $trap.cannot-enter (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 4)))
  (func $trap.spill-stack-overflow (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 30)))
  (func $trap.unknown-handle (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 21)))
  (func $trap.wrong-handle-type (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 22)))
  (func $trap.not-a-resource (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 23)))
  (func $handle.slot (type $i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $index i32) (param $type i32) (result i32)
    (local $cell i32) (local $slot i32) (local $kind i32)
    (local.set $cell
      (i32.add
        (local.get $vmctx)
        (i32.shl
          (local.get $instance)
          (i32.const 4))))
    (if $I0
      (i32.ge_u
        (local.get $index)
        (i32.load offset=24
          (local.get $cell)))
      (then
        (call $trap.unknown-handle
          (local.get $vmctx)
          (local.get $instance)
          (local.get $index))
        (unreachable)))
    (local.set $slot
      (i32.add
        (i32.load offset=20
          (local.get $cell))
        (i32.shl
          (local.get $index)
          (i32.const 4))))
    (if $I1
      (i32.lt_u
        (i32.sub
          (i32.xor
            (i32.load offset=4
              (local.get $slot))
            (i32.shl
              (local.get $type)
              (i32.const 4)))
          (i32.const 1))
        (i32.const 2))
      (then
        (return
          (local.get $slot))))
    (local.set $kind
      (i32.and
        (i32.load offset=4
          (local.get $slot))
        (i32.const 15)))
    (if $I2
      (i32.eqz
        (local.get $kind))
      (then
        (call $trap.unknown-handle
          (local.get $vmctx)
          (local.get $instance)
          (local.get $index))
        (unreachable)))
    (if $I3
      (i32.lt_u
        (i32.sub
          (local.get $kind)
          (i32.const 1))
        (i32.const 2))
      (then
        (call $trap.wrong-handle-type
          (local.get $vmctx)
          (local.get $instance)
          (local.get $index))
        (unreachable)))
    (call $trap.not-a-resource
      (local.get $vmctx)
      (local.get $instance)
      (local.get $index))
    (unreachable))
  (func $trap.owned-is-lent (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 25)))
  (func $handle.drop (type $i32_i32_i32_i32->i32_i32) (param $vmctx i32) (param $instance i32) (param $index i32) (param $type i32) (result i32 i32)
    (local $slot i32) (local $owned i32) (local $rep i32) (local $scope i32) (local $cell i32)
    (local.set $slot
      (call $handle.slot
        (local.get $vmctx)
        (local.get $instance)
        (local.get $index)
        (local.get $type)))
    (if $I0
      (i32.load offset=8
        (local.get $slot))
      (then
        (call $trap.owned-is-lent
          (local.get $vmctx)
          (local.get $instance)
          (local.get $index))
        (unreachable)))
    (local.set $owned
      (i32.eq
        (i32.and
          (i32.load offset=4
            (local.get $slot))
          (i32.const 15))
        (i32.const 1)))
    (local.set $rep
      (i32.load
        (local.get $slot)))
    (local.set $scope
      (i32.load offset=12
        (local.get $slot)))
    (local.set $cell
      (i32.add
        (local.get $vmctx)
        (i32.shl
          (local.get $instance)
          (i32.const 4))))
    (i32.store offset=4
      (local.get $slot)
      (i32.const 0))
    (i32.store offset=8
      (local.get $slot)
      (i32.const 0))
    (i32.store offset=12
      (local.get $slot)
      (i32.const 0))
    (i32.store
      (local.get $slot)
      (i32.load offset=28
        (local.get $cell)))
    (i32.store offset=28
      (local.get $cell)
      (local.get $index))
    (if $I1
      (i32.eqz
        (local.get $owned))
      (then
        (i32.store offset=20
          (local.get $scope)
          (i32.add
            (i32.load offset=20
              (local.get $scope))
            (i32.const -1)))))
    (local.get $owned)
    (local.get $rep))
  (func $trap.cannot-leave (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 3)))
  (func $trampoline<0>_resource.drop_thing (type $i32->) (param $index i32)
    (local $owned i32) (local $rep i32) (local $entered_flags i32) (local $store i32) (local $frame i32) (local $may_block i32) (local $results i32) (local $l8 i32) (local $saved_slot_0 i64) (local $saved_slot_1 i64)
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=48
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (call $handle.drop
      (global.get $context.vmctx)
      (i32.const 2)
      (local.get $index)
      (global.get $resource.0))
    (local.set $l8)
    (local.set $results)
    (local.set $owned
      (local.get $results))
    (local.set $rep
      (local.get $l8))
    (if $I1
      (local.get $owned)
      (then
        (local.set $entered_flags
          (i32.load offset=32
            (global.get $context.vmctx)))
        (if $I2
          (i32.and
            (local.get $entered_flags)
            (i32.const 2))
          (then
            (call $trap.cannot-enter
              (global.get $context.vmctx)
              (i32.const 1)
              (i32.const 0))
            (unreachable)))
        (local.set $store
          (i32.load offset=8
            (global.get $context.vmctx)))
        (if $I3
          (i32.lt_u
            (i32.sub
              (i32.load offset=24
                (local.get $store))
              (local.tee $frame
                (i32.load offset=20
                  (local.get $store))))
            (i32.const 32))
          (then
            (call $trap.spill-stack-overflow
              (global.get $context.vmctx)
              (i32.const 2)
              (i32.const 0))
            (unreachable)))
        (i32.store offset=20
          (local.get $store)
          (i32.add
            (local.get $frame)
            (i32.const 32)))
        (i32.store
          (local.get $frame)
          (i32.load offset=36
            (local.get $store)))
        (i32.store offset=4
          (local.get $frame)
          (global.get $context.vmctx))
        (i32.store offset=8
          (local.get $frame)
          (global.get $context.vmctx))
        (i32.store offset=12
          (local.get $frame)
          (i32.const 2))
        (i32.store offset=16
          (local.get $frame)
          (i32.const 1))
        (i32.store offset=20
          (local.get $frame)
          (i32.const 0))
        (i32.store offset=24
          (local.get $frame)
          (i32.const 0))
        (i32.store offset=36
          (local.get $store)
          (local.get $frame))
        (i32.store offset=32
          (global.get $context.vmctx)
          (i32.or
            (local.get $entered_flags)
            (i32.const 2)))
        (local.set $saved_slot_0
          (i64.load offset=40
            (local.get $store)))
        (i64.store offset=40
          (local.get $store)
          (i64.const 0))
        (local.set $saved_slot_1
          (i64.load offset=48
            (local.get $store)))
        (i64.store offset=48
          (local.get $store)
          (i64.const 0))
        (local.set $may_block
          (i32.load offset=64
            (global.get $context.vmctx)))
        (i32.store offset=64
          (global.get $context.vmctx)
          (i32.const 0))
        (call_indirect $functions (type $i32->)
          (local.get $rep)
          (i32.load offset=96
            (global.get $context.vmctx)))
        (i32.store offset=64
          (global.get $context.vmctx)
          (local.get $may_block))
        (i64.store offset=40
          (local.get $store)
          (local.get $saved_slot_0))
        (i64.store offset=48
          (local.get $store)
          (local.get $saved_slot_1))
        (i32.store offset=32
          (global.get $context.vmctx)
          (local.get $entered_flags))
        (i32.store offset=36
          (local.get $store)
          (i32.load
            (local.get $frame)))
        (i32.store offset=20
          (local.get $store)
          (local.get $frame)))))
  (export "trampoline[0]" (func $trampoline<0>_resource.drop_thing))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_resource.drop_thing $trampoline<0>_resource.drop_thing))
