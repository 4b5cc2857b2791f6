;;; (component
;;;   (component $C
;;;     (core module $Libc
;;;       (memory (export "mem") 1)
;;;       (global $next (mut i32) (i32.const 1024))
;;;       (func (export "realloc") (param $old i32) (param $osize i32) (param $align i32) (param $size i32) (result i32) (local $at i32)
;;;         (if (i32.and (i32.ne (local.get $old) (i32.const 0)) (i32.le_u (local.get $size) (local.get $osize)))
;;;           (then (return (local.get $old))))
;;;         (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
;;;         (global.set $next (i32.add (local.get $at) (local.get $size)))
;;;         (memory.copy (local.get $at) (local.get $old) (local.get $osize))
;;;         (local.get $at)))
;;;     (core instance $libc (instantiate $Libc))
;;;     (core module $M
;;;       (import "libc" "mem" (memory 1))
;;;       (func (export "f") (param $at i32) (result i32)
;;;         (i32.store8 (i32.const 8) (i32.load (local.get $at)))
;;;         (i32.store (i32.const 12) (i32.wrap_i64 (i64.load offset=72 (local.get $at))))
;;;         (i32.const 8)))
;;;     (core instance $m (instantiate $M (with "libc" (instance $libc))))
;;;     (func (export "f") (param "a" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32)) (param "b" (tuple u32 u32 u32 u32 u32 u32 u32 u32 s64)) (result (tuple u8 u32)) (canon lift (core func $m "f") (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
;;;   )
;;;   (component $D
;;;     (import "f" (func $f (param "a" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32)) (param "b" (tuple u32 u32 u32 u32 u32 u32 u32 u32 s64)) (result (tuple u8 u32))))
;;;     (core module $Libc
;;;       (memory (export "mem") 1)
;;;       (global $next (mut i32) (i32.const 1024))
;;;       (func (export "realloc") (param $old i32) (param $osize i32) (param $align i32) (param $size i32) (result i32) (local $at i32)
;;;         (if (i32.and (i32.ne (local.get $old) (i32.const 0)) (i32.le_u (local.get $size) (local.get $osize)))
;;;           (then (return (local.get $old))))
;;;         (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
;;;         (global.set $next (i32.add (local.get $at) (local.get $size)))
;;;         (memory.copy (local.get $at) (local.get $old) (local.get $osize))
;;;         (local.get $at)))
;;;     (core instance $libc (instantiate $Libc))
;;;     (core func $f' (canon lower (func $f) (memory (core memory $libc "mem"))))
;;;     (core module $M
;;;       (import "" "f" (func $f (param i32 i32)))
;;;       (import "libc" "mem" (memory 1))
;;;       (func (export "run") (result i32)
;;;         (i32.store (i32.const 16) (i32.const 2))
;;;         (i64.store (i32.const 88) (i64.const 40))
;;;         (call $f (i32.const 16) (i32.const 128))
;;;         (i32.add (i32.load8_u (i32.const 128)) (i32.load (i32.const 132)))))
;;;     (core instance $m (instantiate $M
;;;       (with "" (instance (export "f" (func $f')))) (with "libc" (instance $libc))))
;;;     (func (export "run") (result u32) (canon lift (core func $m "run"))))
;;;   (instance $c (instantiate $C))
;;;   (instance $d (instantiate $D (with "f" (func $c "f"))))
;;;   (func (export "run") (alias export $d "run")))

(module $adapters-0
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32->i32 (func (param i32) (result i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32-> (func (param i32 i32)))
  (type $-> (func))
  (import "context" "memory" (memory $context 0))
  (import "caller" "instance[2] memory mem" (memory $memory<0> 0))
  (import "caller" "instance[0] memory mem" (memory $memory<1> 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "caller" "instance[0] func realloc" (func $caller.instance_0__func_realloc (type $i32_i32_i32_i32->i32)))
  (import "caller" "instance[1] func f" (func $caller.instance_1__func_f (type $i32->i32)))
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
  (func $trap.pointer-out-of-bounds (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 7)))
  (func $trap.unaligned-pointer (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 6)))
  (func $adapter<0>.f (type $i32_i32->) (param $params i32) (param $result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $arg0 i32) (local $returned0 i32)
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
    (if $I2
      (i32.ne
        (i32.and
          (local.get $params)
          (i32.const 7))
        (i32.const 0))
      (then
        (call $trap.unaligned-pointer
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I3
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $params))
          (i64.extend_i32_u
            (i32.const 80)))
        (i64.shl
          (i64.extend_i32_u
            (memory.size $memory<0>))
          (i64.const 16)))
      (then
        (call $trap.pointer-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.and
        (i32.load offset=32
          (global.get $context.vmctx))
        (i32.const -2)))
    (local.set $arg0
      (call $caller.instance_0__func_realloc
        (i32.const 0)
        (i32.const 0)
        (i32.const 8)
        (i32.const 80)))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.or
        (i32.load offset=32
          (global.get $context.vmctx))
        (i32.const 1)))
    (if $I4
      (i32.ne
        (i32.and
          (local.get $arg0)
          (i32.const 7))
        (i32.const 0))
      (then
        (call $trap.unaligned-pointer
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (if $I5
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $arg0))
          (i64.extend_i32_u
            (i32.const 80)))
        (i64.shl
          (i64.extend_i32_u
            (memory.size $memory<1>))
          (i64.const 16)))
      (then
        (call $trap.pointer-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (i32.store $memory<1>
      (local.get $arg0)
      (i32.load $memory<0>
        (local.get $params)))
    (i32.store $memory<1> offset=4
      (local.get $arg0)
      (i32.load $memory<0> offset=4
        (local.get $params)))
    (i32.store $memory<1> offset=8
      (local.get $arg0)
      (i32.load $memory<0> offset=8
        (local.get $params)))
    (i32.store $memory<1> offset=12
      (local.get $arg0)
      (i32.load $memory<0> offset=12
        (local.get $params)))
    (i32.store $memory<1> offset=16
      (local.get $arg0)
      (i32.load $memory<0> offset=16
        (local.get $params)))
    (i32.store $memory<1> offset=20
      (local.get $arg0)
      (i32.load $memory<0> offset=20
        (local.get $params)))
    (i32.store $memory<1> offset=24
      (local.get $arg0)
      (i32.load $memory<0> offset=24
        (local.get $params)))
    (i32.store $memory<1> offset=28
      (local.get $arg0)
      (i32.load $memory<0> offset=28
        (local.get $params)))
    (i32.store $memory<1> offset=32
      (local.get $arg0)
      (i32.load $memory<0> offset=32
        (local.get $params)))
    (i32.store $memory<1> offset=40
      (local.get $arg0)
      (i32.load $memory<0> offset=40
        (local.get $params)))
    (i32.store $memory<1> offset=44
      (local.get $arg0)
      (i32.load $memory<0> offset=44
        (local.get $params)))
    (i32.store $memory<1> offset=48
      (local.get $arg0)
      (i32.load $memory<0> offset=48
        (local.get $params)))
    (i32.store $memory<1> offset=52
      (local.get $arg0)
      (i32.load $memory<0> offset=52
        (local.get $params)))
    (i32.store $memory<1> offset=56
      (local.get $arg0)
      (i32.load $memory<0> offset=56
        (local.get $params)))
    (i32.store $memory<1> offset=60
      (local.get $arg0)
      (i32.load $memory<0> offset=60
        (local.get $params)))
    (i32.store $memory<1> offset=64
      (local.get $arg0)
      (i32.load $memory<0> offset=64
        (local.get $params)))
    (i32.store $memory<1> offset=68
      (local.get $arg0)
      (i32.load $memory<0> offset=68
        (local.get $params)))
    (i64.store $memory<1> offset=72
      (local.get $arg0)
      (i64.load $memory<0> offset=72
        (local.get $params)))
    (local.set $returned0
      (call $caller.instance_1__func_f
        (local.get $arg0)))
    (if $I6
      (i32.ne
        (i32.and
          (local.get $returned0)
          (i32.const 3))
        (i32.const 0))
      (then
        (call $trap.unaligned-pointer
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (if $I7
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $returned0))
          (i64.extend_i32_u
            (i32.const 8)))
        (i64.shl
          (i64.extend_i32_u
            (memory.size $memory<1>))
          (i64.const 16)))
      (then
        (call $trap.pointer-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (if $I8
      (i32.ne
        (i32.and
          (local.get $result)
          (i32.const 3))
        (i32.const 0))
      (then
        (call $trap.unaligned-pointer
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I9
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $result))
          (i64.extend_i32_u
            (i32.const 8)))
        (i64.shl
          (i64.extend_i32_u
            (memory.size $memory<0>))
          (i64.const 16)))
      (then
        (call $trap.pointer-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (i32.store8 $memory<0>
      (local.get $result)
      (i32.load8_u $memory<1>
        (local.get $returned0)))
    (i32.store $memory<0> offset=4
      (local.get $result)
      (i32.load $memory<1> offset=4
        (local.get $returned0)))
    (i32.store offset=36
      (local.get $store)
      (local.get $outer_frame))
    (i32.store offset=32
      (global.get $context.vmctx)
      (local.get $entered_flags)))
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
      (i32.const 1)))
  (export "adapter[0]" (func $adapter<0>.f))
  (start $fill_frames))
