;;; (component
;;;   (component $C
;;;     (type $R' (resource (rep i32)))
;;;     (export $R "R" (type $R'))
;;;     (core func $new (canon resource.new $R'))
;;;     (core module $M
;;;       (import "" "new" (func $new (param i32) (result i32)))
;;;       (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
;;;       (func (export "rep") (param i32) (result i32) (local.get 0)))
;;;     (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
;;;     (func (export "make") (param "n" u32) (result (own $R)) (canon lift (core func $m "make")))
;;;     (func (export "f") (param "r" (borrow $R)) (result u32) (canon lift (core func $m "rep"))))
;;;   (component $P
;;;     (import "c" (instance $c
;;;       (export "R" (type $R (sub resource)))
;;;       (export "f" (func (param "r" (borrow $R)) (result u32)))))
;;;     (alias export $c "R" (type $R))
;;;     (core func $drop (canon resource.drop $R))
;;;     (core func $f' (canon lower (func $c "f")))
;;;     (core module $M
;;;       (import "" "f" (func $f (param i32) (result i32)))
;;;       (import "" "drop" (func $drop (param i32)))
;;;       (func (export "g") (param i32 i32) (result i32) (local $sum i32)
;;;         (local.set $sum (i32.add (call $f (local.get 0)) (call $f (local.get 1))))
;;;         (call $drop (local.get 0))
;;;         (call $drop (local.get 1))
;;;         (local.get $sum)))
;;;     (core instance $m (instantiate $M (with "" (instance (export "f" (func $f')) (export "drop" (func $drop))))))
;;;     (func (export "g") (param "r" (borrow $R)) (param "s" (own $R)) (result u32) (canon lift (core func $m "g"))))
;;;   (component $D
;;;     (import "c" (instance $c
;;;       (export "R" (type $R (sub resource)))
;;;       (export "make" (func (param "n" u32) (result (own $R))))))
;;;     (alias export $c "R" (type $R))
;;;     (import "g" (func $g (param "r" (borrow $R)) (param "s" (own $R)) (result u32)))
;;;     (core func $make (canon lower (func $c "make")))
;;;     (core func $g' (canon lower (func $g)))
;;;     (core module $M
;;;       (import "" "make" (func $make (param i32) (result i32)))
;;;       (import "" "g" (func $g (param i32 i32) (result i32)))
;;;       (func (export "run") (result i32) (call $g (call $make (i32.const 12)) (call $make (i32.const 30)))))
;;;     (core instance $m (instantiate $M (with "" (instance (export "make" (func $make)) (export "g" (func $g'))))))
;;;     (func (export "run") (result u32) (canon lift (core func $m "run"))))
;;;   (instance $c (instantiate $C))
;;;   (instance $p (instantiate $P (with "c" (instance $c))))
;;;   (instance $d (instantiate $D (with "c" (instance $c)) (with "g" (func $p "g"))))
;;;   (func (export "run") (alias export $d "run")))

(module $adapters-0
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32->i32 (func (param i32) (result i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32->i32 (func (param i32 i32) (result i32)))
  (type $-> (func))
  (import "context" "memory" (memory $context 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "resource" "0" (global $resource.0 i32))
  (import "caller" "instance[0] func rep" (func $caller.instance_0__func_rep (type $i32->i32)))
  (import "caller" "instance[0] func make" (func $caller.instance_0__func_make (type $i32->i32)))
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
  (func $trap.cannot-enter (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 4)))
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
  (func $trap.spill-stack-overflow (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 30)))
  (func $handle.lend (type $i32_i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $index i32) (param $type i32) (param $frame i32) (result i32)
    (local $slot i32) (local $store i32) (local $record i32)
    (local.set $slot
      (call $handle.slot
        (local.get $vmctx)
        (local.get $instance)
        (local.get $index)
        (local.get $type)))
    (i32.store offset=8
      (local.get $slot)
      (i32.add
        (i32.load offset=8
          (local.get $slot))
        (i32.const 1)))
    (local.set $store
      (i32.load offset=8
        (local.get $vmctx)))
    (if $I0
      (i32.lt_u
        (i32.sub
          (i32.load offset=24
            (local.get $store))
          (local.tee $record
            (i32.load offset=20
              (local.get $store))))
        (i32.const 16))
      (then
        (call $trap.spill-stack-overflow
          (local.get $vmctx)
          (local.get $instance)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=20
      (local.get $store)
      (i32.add
        (local.get $record)
        (i32.const 16)))
    (i32.store
      (local.get $record)
      (i32.load offset=24
        (local.get $frame)))
    (i32.store offset=4
      (local.get $record)
      (local.get $index))
    (i32.store offset=24
      (local.get $frame)
      (local.get $record))
    (i32.load
      (local.get $slot)))
  (func $trap.borrow-remains (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 26)))
  (func $handle.return_lent (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $frame i32)
    (local $cell i32) (local $record i32) (local $slot i32)
    (local.set $cell
      (i32.add
        (local.get $vmctx)
        (i32.shl
          (local.get $instance)
          (i32.const 4))))
    (local.set $record
      (i32.load offset=24
        (local.get $frame)))
    (block $B0
      (loop $L1
        (br_if $B0
          (i32.eqz
            (local.get $record)))
        (local.set $slot
          (i32.add
            (i32.load offset=20
              (local.get $cell))
            (i32.shl
              (i32.load offset=4
                (local.get $record))
              (i32.const 4))))
        (i32.store offset=8
          (local.get $slot)
          (i32.sub
            (i32.load offset=8
              (local.get $slot))
            (i32.const 1)))
        (local.set $record
          (i32.load
            (local.get $record)))
        (br $L1))
      (unreachable)))
  (func $adapter<0>.f (type $i32->i32) (param $r i32) (result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $spill_pointer i32) (local $arg0 i32) (local $returned0 i32) (local $result0 i32)
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
    (local.set $entered_flags
      (i32.load offset=32
        (global.get $context.vmctx)))
    (if $I1
      (i32.and
        (local.get $entered_flags)
        (i32.const 2))
      (then
        (call $trap.cannot-enter
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.or
        (local.get $entered_flags)
        (i32.const 2)))
    (local.set $store
      (i32.load offset=8
        (global.get $context.vmctx)))
    (local.set $outer_frame
      (i32.load offset=36
        (local.get $store)))
    (i32.store
      (global.get $context.frames)
      (local.get $outer_frame))
    (i32.store offset=36
      (local.get $store)
      (global.get $context.frames))
    (i32.store offset=20
      (global.get $context.frames)
      (i32.const 0))
    (i32.store offset=24
      (global.get $context.frames)
      (i32.const 0))
    (local.set $spill_pointer
      (i32.load offset=20
        (local.get $store)))
    (local.set $arg0
      (call $handle.lend
        (global.get $context.vmctx)
        (i32.const 2)
        (local.get $r)
        (global.get $resource.0)
        (i32.load offset=36
          (i32.load offset=8
            (global.get $context.vmctx)))))
    (local.set $returned0
      (call $caller.instance_0__func_rep
        (local.get $arg0)))
    (if $I2
      (i32.load offset=20
        (global.get $context.frames))
      (then
        (call $trap.borrow-remains
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (local.set $result0
      (local.get $returned0))
    (call $handle.return_lent
      (global.get $context.vmctx)
      (i32.const 2)
      (global.get $context.frames))
    (i32.store offset=36
      (local.get $store)
      (local.get $outer_frame))
    (i32.store offset=20
      (local.get $store)
      (local.get $spill_pointer))
    (i32.store offset=32
      (global.get $context.vmctx)
      (local.get $entered_flags))
    (local.get $result0))
  (func $trap.owned-is-lent (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 25)))
  (func $trap.not-owned (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 24)))
  (func $handle.remove_own (type $i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $index i32) (param $type i32) (result i32)
    (local $slot i32) (local $rep i32) (local $cell i32)
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
    (if $I1
      (i32.ne
        (i32.and
          (i32.load offset=4
            (local.get $slot))
          (i32.const 15))
        (i32.const 1))
      (then
        (call $trap.not-owned
          (local.get $vmctx)
          (local.get $instance)
          (local.get $index))
        (unreachable)))
    (local.set $rep
      (i32.load
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
    (local.get $rep))
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
  (func $adapter<1>.make (type $i32->i32) (param $n i32) (result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $arg0 i32) (local $returned0 i32) (local $result0 i32)
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=64
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 3)
          (i32.const 0))
        (unreachable)))
    (local.set $entered_flags
      (i32.load offset=32
        (global.get $context.vmctx)))
    (if $I1
      (i32.and
        (local.get $entered_flags)
        (i32.const 2))
      (then
        (call $trap.cannot-enter
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.or
        (local.get $entered_flags)
        (i32.const 2)))
    (local.set $store
      (i32.load offset=8
        (global.get $context.vmctx)))
    (local.set $outer_frame
      (i32.load offset=36
        (local.get $store)))
    (i32.store offset=32
      (global.get $context.frames)
      (local.get $outer_frame))
    (i32.store offset=36
      (local.get $store)
      (i32.add
        (global.get $context.frames)
        (i32.const 32)))
    (local.set $arg0
      (local.get $n))
    (local.set $returned0
      (call $caller.instance_0__func_make
        (local.get $arg0)))
    (local.set $result0
      (call $handle.add
        (global.get $context.vmctx)
        (i32.const 3)
        (call $handle.remove_own
          (global.get $context.vmctx)
          (i32.const 1)
          (local.get $returned0)
          (global.get $resource.0))
        (i32.or
          (i32.shl
            (global.get $resource.0)
            (i32.const 4))
          (i32.const 1))
        (i32.const 0)))
    (i32.store offset=36
      (local.get $store)
      (local.get $outer_frame))
    (i32.store offset=32
      (global.get $context.vmctx)
      (local.get $entered_flags))
    (local.get $result0))
  (func $fill_frames (type $->)
    (i32.store offset=4
      (global.get $context.frames)
      (global.get $context.vmctx))
    (i32.store offset=8
      (global.get $context.frames)
      (global.get $context.vmctx))
    (i32.store offset=12
      (global.get $context.frames)
      (i32.const 2))
    (i32.store offset=16
      (global.get $context.frames)
      (i32.const 1))
    (i32.store offset=36
      (global.get $context.frames)
      (global.get $context.vmctx))
    (i32.store offset=40
      (global.get $context.frames)
      (global.get $context.vmctx))
    (i32.store offset=44
      (global.get $context.frames)
      (i32.const 3))
    (i32.store offset=48
      (global.get $context.frames)
      (i32.const 1)))
  (export "adapter[0]" (func $adapter<0>.f))
  (export "adapter[1]" (func $adapter<1>.make))
  (start $fill_frames))

(module $adapters-1
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32->i32 (func (param i32 i32) (result i32)))
  (type $i32_i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $-> (func))
  (import "context" "memory" (memory $context 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "resource" "0" (global $resource.0 i32))
  (import "caller" "instance[1] func g" (func $caller.instance_1__func_g (type $i32_i32->i32)))
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
  (func $trap.cannot-enter (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 4)))
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
  (func $trap.spill-stack-overflow (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 30)))
  (func $handle.lend (type $i32_i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $index i32) (param $type i32) (param $frame i32) (result i32)
    (local $slot i32) (local $store i32) (local $record i32)
    (local.set $slot
      (call $handle.slot
        (local.get $vmctx)
        (local.get $instance)
        (local.get $index)
        (local.get $type)))
    (i32.store offset=8
      (local.get $slot)
      (i32.add
        (i32.load offset=8
          (local.get $slot))
        (i32.const 1)))
    (local.set $store
      (i32.load offset=8
        (local.get $vmctx)))
    (if $I0
      (i32.lt_u
        (i32.sub
          (i32.load offset=24
            (local.get $store))
          (local.tee $record
            (i32.load offset=20
              (local.get $store))))
        (i32.const 16))
      (then
        (call $trap.spill-stack-overflow
          (local.get $vmctx)
          (local.get $instance)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=20
      (local.get $store)
      (i32.add
        (local.get $record)
        (i32.const 16)))
    (i32.store
      (local.get $record)
      (i32.load offset=24
        (local.get $frame)))
    (i32.store offset=4
      (local.get $record)
      (local.get $index))
    (i32.store offset=24
      (local.get $frame)
      (local.get $record))
    (i32.load
      (local.get $slot)))
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
  (func $handle.add_borrow (type $i32_i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $rep i32) (param $type i32) (param $frame i32) (result i32)
    (i32.store offset=20
      (local.get $frame)
      (i32.add
        (i32.load offset=20
          (local.get $frame))
        (i32.const 1)))
    (call $handle.add
      (local.get $vmctx)
      (local.get $instance)
      (local.get $rep)
      (local.get $type)
      (local.get $frame)))
  (func $trap.owned-is-lent (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 25)))
  (func $trap.not-owned (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 24)))
  (func $handle.remove_own (type $i32_i32_i32_i32->i32) (param $vmctx i32) (param $instance i32) (param $index i32) (param $type i32) (result i32)
    (local $slot i32) (local $rep i32) (local $cell i32)
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
    (if $I1
      (i32.ne
        (i32.and
          (i32.load offset=4
            (local.get $slot))
          (i32.const 15))
        (i32.const 1))
      (then
        (call $trap.not-owned
          (local.get $vmctx)
          (local.get $instance)
          (local.get $index))
        (unreachable)))
    (local.set $rep
      (i32.load
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
    (local.get $rep))
  (func $trap.borrow-remains (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 26)))
  (func $handle.return_lent (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $frame i32)
    (local $cell i32) (local $record i32) (local $slot i32)
    (local.set $cell
      (i32.add
        (local.get $vmctx)
        (i32.shl
          (local.get $instance)
          (i32.const 4))))
    (local.set $record
      (i32.load offset=24
        (local.get $frame)))
    (block $B0
      (loop $L1
        (br_if $B0
          (i32.eqz
            (local.get $record)))
        (local.set $slot
          (i32.add
            (i32.load offset=20
              (local.get $cell))
            (i32.shl
              (i32.load offset=4
                (local.get $record))
              (i32.const 4))))
        (i32.store offset=8
          (local.get $slot)
          (i32.sub
            (i32.load offset=8
              (local.get $slot))
            (i32.const 1)))
        (local.set $record
          (i32.load
            (local.get $record)))
        (br $L1))
      (unreachable)))
  (func $adapter<2>.g (type $i32_i32->i32) (param $r i32) (param $s i32) (result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $spill_pointer i32) (local $arg0 i32) (local $arg1 i32) (local $returned0 i32) (local $result0 i32)
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=64
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 3)
          (i32.const 0))
        (unreachable)))
    (local.set $entered_flags
      (i32.load offset=48
        (global.get $context.vmctx)))
    (if $I1
      (i32.and
        (local.get $entered_flags)
        (i32.const 2))
      (then
        (call $trap.cannot-enter
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=48
      (global.get $context.vmctx)
      (i32.or
        (local.get $entered_flags)
        (i32.const 2)))
    (local.set $store
      (i32.load offset=8
        (global.get $context.vmctx)))
    (local.set $outer_frame
      (i32.load offset=36
        (local.get $store)))
    (i32.store
      (global.get $context.frames)
      (local.get $outer_frame))
    (i32.store offset=36
      (local.get $store)
      (global.get $context.frames))
    (i32.store offset=20
      (global.get $context.frames)
      (i32.const 0))
    (i32.store offset=24
      (global.get $context.frames)
      (i32.const 0))
    (local.set $spill_pointer
      (i32.load offset=20
        (local.get $store)))
    (local.set $arg0
      (call $handle.add_borrow
        (global.get $context.vmctx)
        (i32.const 2)
        (call $handle.lend
          (global.get $context.vmctx)
          (i32.const 3)
          (local.get $r)
          (global.get $resource.0)
          (i32.load offset=36
            (i32.load offset=8
              (global.get $context.vmctx))))
        (i32.or
          (i32.shl
            (global.get $resource.0)
            (i32.const 4))
          (i32.const 2))
        (i32.load offset=36
          (i32.load offset=8
            (global.get $context.vmctx)))))
    (local.set $arg1
      (call $handle.add
        (global.get $context.vmctx)
        (i32.const 2)
        (call $handle.remove_own
          (global.get $context.vmctx)
          (i32.const 3)
          (local.get $s)
          (global.get $resource.0))
        (i32.or
          (i32.shl
            (global.get $resource.0)
            (i32.const 4))
          (i32.const 1))
        (i32.const 0)))
    (local.set $returned0
      (call $caller.instance_1__func_g
        (local.get $arg0)
        (local.get $arg1)))
    (if $I2
      (i32.load offset=20
        (global.get $context.frames))
      (then
        (call $trap.borrow-remains
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $result0
      (local.get $returned0))
    (call $handle.return_lent
      (global.get $context.vmctx)
      (i32.const 3)
      (global.get $context.frames))
    (i32.store offset=36
      (local.get $store)
      (local.get $outer_frame))
    (i32.store offset=20
      (local.get $store)
      (local.get $spill_pointer))
    (i32.store offset=48
      (global.get $context.vmctx)
      (local.get $entered_flags))
    (local.get $result0))
  (func $fill_frames (type $->)
    (i32.store offset=4
      (global.get $context.frames)
      (global.get $context.vmctx))
    (i32.store offset=8
      (global.get $context.frames)
      (global.get $context.vmctx))
    (i32.store offset=12
      (global.get $context.frames)
      (i32.const 3))
    (i32.store offset=16
      (global.get $context.frames)
      (i32.const 2)))
  (export "adapter[2]" (func $adapter<2>.g))
  (start $fill_frames))
