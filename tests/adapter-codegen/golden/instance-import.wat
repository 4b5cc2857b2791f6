;;; (component
;;;   (import "wasi:io/streams@0.2.0" (instance $streams
;;;     (export "output-stream" (type $output-stream (sub resource)))
;;;     (export "[method]output-stream.write" (func (param "self" (borrow $output-stream)) (param "contents" (list u8)) (result (result (error u8)))))))
;;;   (alias export $streams "output-stream" (type $output-stream))
;;;   (alias export $streams "[method]output-stream.write" (func $write))
;;;   (core module $Libc (memory (export "memory") 1)
;;;     (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
;;;   (core instance $libc (instantiate $Libc))
;;;   (core func $write' (canon lower (func $write) (memory (core memory $libc "memory"))))
;;;   (core func $drop' (canon resource.drop $output-stream))
;;;   (core module $Main
;;;     (import "" "write" (func (param i32 i32 i32 i32)))
;;;     (import "" "drop" (func (param i32)))
;;;   )
;;;   (core instance (instantiate $Main (with "" (instance
;;;     (export "write" (func $write'))
;;;     (export "drop" (func $drop'))))))
;;; )

(module $trampolines
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32->i32 (func (param i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32->i32_i32 (func (param i32 i32 i32 i32) (result i32 i32)))
  (type $i32-> (func (param i32)))
  (type $->i32_i32 (func (result i32 i32)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (import "resource" "0" (global $resource.0 i32))
  (import "callees" "typed[0]" (func $callees.typed_0_ (type $i32_i32_i32_i32->)))
  (import "builtins" "drop-host-resource" (func $builtins.drop-host-resource (type $i32_i32_i32->i32)))
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
  (func $trap.cannot-leave (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 3)))
  (func $trampoline<0>_wasi:io/streams@0.2.0#<method>output-stream.write (type $i32_i32_i32_i32->) (param $self i32) (param $contents.pointer i32) (param $contents.length i32) (param $result_pointer i32)
    (local $slot i32)
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
    (local.set $slot
      (call $handle.slot
        (global.get $context.vmctx)
        (i32.const 0)
        (local.get $self)
        (global.get $resource.0)))
    (i32.store offset=8
      (local.get $slot)
      (i32.add
        (i32.load offset=8
          (local.get $slot))
        (i32.const 1)))
    (call $callees.typed_0_
      (i32.load
        (local.get $slot))
      (local.get $contents.pointer)
      (local.get $contents.length)
      (local.get $result_pointer))
    (if $I1
      (i32.load
        (i32.load offset=8
          (global.get $context.vmctx)))
      (then
        (unreachable)))
    (local.set $slot
      (i32.add
        (i32.load offset=20
          (global.get $context.vmctx))
        (i32.shl
          (local.get $self)
          (i32.const 4))))
    (i32.store offset=8
      (local.get $slot)
      (i32.add
        (i32.load offset=8
          (local.get $slot))
        (i32.const -1))))
  (func $trap.spill-stack-overflow (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 30)))
  (func $trampoline<0>_wasi:io/streams@0.2.0#<method>output-stream.write_spilled (type $i32_i32_i32_i32->) (param $self i32) (param $contents.pointer i32) (param $contents.length i32) (param $result_pointer i32)
    (local $store i32) (local $values i32) (local $ok i32) (local $slot i32)
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
    (local.set $slot
      (call $handle.slot
        (global.get $context.vmctx)
        (i32.const 0)
        (local.get $self)
        (global.get $resource.0)))
    (i32.store offset=8
      (local.get $slot)
      (i32.add
        (i32.load offset=8
          (local.get $slot))
        (i32.const 1)))
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
        (i32.const 64))
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
        (i32.const 64)))
    (i32.store
      (local.get $values)
      (i32.load
        (local.get $slot)))
    (i32.store offset=16
      (local.get $values)
      (local.get $contents.pointer))
    (i32.store offset=32
      (local.get $values)
      (local.get $contents.length))
    (i32.store offset=48
      (local.get $values)
      (local.get $result_pointer))
    (local.set $ok
      (call_indirect $functions (type $i32_i32_i32_i32_i32_i32->i32)
        (global.get $context.vmctx)
        (i32.load offset=84
          (global.get $context.vmctx))
        (i32.const 0)
        (i32.const 0)
        (local.get $values)
        (i32.const 4)
        (i32.load offset=80
          (global.get $context.vmctx))))
    (if $I2
      (i32.eqz
        (local.get $ok))
      (then
        (unreachable)))
    (local.set $slot
      (i32.add
        (i32.load offset=20
          (global.get $context.vmctx))
        (i32.shl
          (local.get $self)
          (i32.const 4))))
    (i32.store offset=8
      (local.get $slot)
      (i32.add
        (i32.load offset=8
          (local.get $slot))
        (i32.const -1)))
    (i32.store offset=20
      (local.get $store)
      (local.get $values)))
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
  (func $trampoline<1>_resource.drop_output-stream (type $i32->) (param $index i32)
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
      (global.get $resource.0))
    (local.set $l4)
    (local.set $results)
    (local.set $owned
      (local.get $results))
    (local.set $rep
      (local.get $l4))
    (if $I1
      (local.get $owned)
      (then
        (if $I2
          (i32.eqz
            (call $builtins.drop-host-resource
              (global.get $context.vmctx)
              (i32.const 0)
              (local.get $rep)))
          (then
            (unreachable))))))
  (export "trampoline[0]" (func $trampoline<0>_wasi:io/streams@0.2.0#<method>output-stream.write))
  (export "trampoline[0] array" (func $trampoline<0>_wasi:io/streams@0.2.0#<method>output-stream.write_spilled))
  (export "trampoline[1]" (func $trampoline<1>_resource.drop_output-stream))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_wasi:io/streams@0.2.0#<method>output-stream.write $trampoline<0>_wasi:io/streams@0.2.0#<method>output-stream.write_spilled $trampoline<1>_resource.drop_output-stream $trampoline<1>_resource.drop_output-stream))
