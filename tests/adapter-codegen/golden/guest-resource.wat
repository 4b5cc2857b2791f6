;;; (component
;;;   (core module $Dtor (func (export "dtor") (param i32)))
;;;   (core instance $dtor (instantiate $Dtor))
;;;   (type $counter (resource (rep i32) (dtor (core func $dtor "dtor"))))
;;;   (type $plain (resource (rep i32)))
;;;   (core func $new (canon resource.new $counter))
;;;   (core func $rep (canon resource.rep $counter))
;;;   (core func $drop (canon resource.drop $counter))
;;;   (core func $new-plain (canon resource.new $plain))
;;;   (core func $drop-plain (canon resource.drop $plain))
;;;   (core module $Main
;;;     (import "" "new" (func (param i32) (result i32)))
;;;     (import "" "rep" (func (param i32) (result i32)))
;;;     (import "" "drop" (func (param i32)))
;;;     (import "" "new-plain" (func (param i32) (result i32)))
;;;     (import "" "drop-plain" (func (param i32)))
;;;   )
;;;   (core instance (instantiate $Main (with "" (instance
;;;     (export "new" (func $new))
;;;     (export "rep" (func $rep))
;;;     (export "drop" (func $drop))
;;;     (export "new-plain" (func $new-plain))
;;;     (export "drop-plain" (func $drop-plain))))))
;;; )

(module $trampolines
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32->i32 (func (param i32) (result i32)))
  (type $i32-> (func (param i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32->i32 (func (param i32 i32) (result i32)))
  (type $i32_i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32->i32_i32 (func (param i32 i32 i32 i32) (result i32 i32)))
  (type $->i32_i32 (func (result i32 i32)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (import "resource" "0" (global $resource.0 i32))
  (import "resource" "1" (global $resource.1 i32))
  (import "builtins" "grow-handle-table" (func $builtins.grow-handle-table (type $i32_i32->i32)))
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
  (func $handle.add (type $i32_i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $rep i32) (param $type i32) (param $scope i32) (result i32)
    (local $cell i32) (local $index i32) (local $slot i32)
    (local.set $cell
      (i32.add
        (local.get $vmctx)
        (i32.shl
          (local.get $instance)
          (i32.const 4))))
    (local.set $index
      (i32.load offset=28
        (local.get $cell)))
    (if $I0
      (i32.eqz
        (local.get $index))
      (then
        (if $I1
          (i32.eqz
            (call $builtins.grow-handle-table
              (local.get $vmctx)
              (local.get $instance)))
          (then
            (unreachable)))
        (local.set $index
          (i32.load offset=28
            (local.get $cell)))))
    (local.set $slot
      (i32.add
        (i32.load offset=20
          (local.get $cell))
        (i32.shl
          (local.get $index)
          (i32.const 4))))
    (i32.store offset=28
      (local.get $cell)
      (i32.load
        (local.get $slot)))
    (i32.store
      (local.get $slot)
      (local.get $rep))
    (i32.store offset=4
      (local.get $slot)
      (local.get $type))
    (i32.store offset=8
      (local.get $slot)
      (i32.const 0))
    (i32.store offset=12
      (local.get $slot)
      (local.get $scope))
    (local.get $index))
  (func $trampoline<0>_resource.new_0 (type $i32->i32) (param $rep i32) (result i32)
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
    (call $handle.add
      (global.get $context.vmctx)
      (i32.const 0)
      (local.get $rep)
      (i32.or
        (i32.shl
          (global.get $resource.0)
          (i32.const 4))
        (i32.const 1))
      (i32.const 0)))
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
  (func $trampoline<1>_resource.rep_0 (type $i32->i32) (param $index i32) (result i32)
    (i32.load
      (call $handle.slot
        (global.get $context.vmctx)
        (i32.const 0)
        (local.get $index)
        (global.get $resource.0))))
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
  (func $trampoline<2>_resource.drop_0 (type $i32->) (param $index i32)
    (local $owned i32) (local $rep i32) (local $store i32) (local $frame i32) (local $may_block i32) (local $results i32) (local $l7 i32) (local $saved_slot_0 i64) (local $saved_slot_1 i64)
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
    (call $handle.drop
      (global.get $context.vmctx)
      (i32.const 0)
      (local.get $index)
      (global.get $resource.0))
    (local.set $l7)
    (local.set $results)
    (local.set $owned
      (local.get $results))
    (local.set $rep
      (local.get $l7))
    (if $I1
      (local.get $owned)
      (then
        (local.set $store
          (i32.load offset=8
            (global.get $context.vmctx)))
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
          (i32.load offset=32
            (global.get $context.vmctx)))
        (i32.store offset=32
          (global.get $context.vmctx)
          (i32.const 0))
        (call_indirect $functions (type $i32->)
          (local.get $rep)
          (i32.load offset=128
            (global.get $context.vmctx)))
        (i32.store offset=32
          (global.get $context.vmctx)
          (local.get $may_block))
        (i64.store offset=40
          (local.get $store)
          (local.get $saved_slot_0))
        (i64.store offset=48
          (local.get $store)
          (local.get $saved_slot_1)))))
  (func $trampoline<3>_resource.new_1 (type $i32->i32) (param $rep i32) (result i32)
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
    (call $handle.add
      (global.get $context.vmctx)
      (i32.const 0)
      (local.get $rep)
      (i32.or
        (i32.shl
          (global.get $resource.1)
          (i32.const 4))
        (i32.const 1))
      (i32.const 0)))
  (func $trampoline<4>_resource.drop_1 (type $i32->) (param $index i32)
    (local $owned i32) (local $rep i32) (local $results i32) (local $l4 i32)
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
    (call $handle.drop
      (global.get $context.vmctx)
      (i32.const 0)
      (local.get $index)
      (global.get $resource.1))
    (local.set $l4)
    (local.set $results)
    (local.set $owned
      (local.get $results))
    (local.set $rep
      (local.get $l4)))
  (export "trampoline[0]" (func $trampoline<0>_resource.new_0))
  (export "trampoline[1]" (func $trampoline<1>_resource.rep_0))
  (export "trampoline[2]" (func $trampoline<2>_resource.drop_0))
  (export "trampoline[3]" (func $trampoline<3>_resource.new_1))
  (export "trampoline[4]" (func $trampoline<4>_resource.drop_1))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_resource.new_0 $trampoline<0>_resource.new_0 $trampoline<1>_resource.rep_0 $trampoline<1>_resource.rep_0 $trampoline<2>_resource.drop_0 $trampoline<2>_resource.drop_0 $trampoline<3>_resource.new_1 $trampoline<3>_resource.new_1 $trampoline<4>_resource.drop_1 $trampoline<4>_resource.drop_1))
