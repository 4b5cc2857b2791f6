;;; (component
;;;   (component $C
;;;     (core module $M
;;;       (global $n (mut i32) (i32.const 20))
;;;       (func (export "f") (result i32) (global.get $n))
;;;       (func (export "post") (param i32) (global.set $n (i32.sub (i32.const 42) (local.get 0)))))
;;;     (core instance $m (instantiate $M))
;;;     (func (export "f") (result u32) (canon lift (core func $m "f") (post-return (core func $m "post"))))
;;;   )
;;;   (component $D
;;;     (import "f" (func $f (result u32)))
;;;     (core func $f' (canon lower (func $f)))
;;;     (core module $M
;;;       (import "" "f" (func $f (result i32)))
;;;       (func (export "run") (result i32) (i32.add (call $f) (call $f))))
;;;     (core instance $m (instantiate $M
;;;       (with "" (instance (export "f" (func $f'))))))
;;;     (func (export "run") (result u32) (canon lift (core func $m "run"))))
;;;   (instance $c (instantiate $C))
;;;   (instance $d (instantiate $D (with "f" (func $c "f"))))
;;;   (func (export "run") (alias export $d "run")))

(module $adapters-0
  (type $->i32 (func (result i32)))
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32-> (func (param i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $-> (func))
  (import "context" "memory" (memory $context 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "caller" "instance[0] func f" (func $caller.instance_0__func_f (type $->i32)))
  (import "caller" "instance[0] func post" (func $caller.instance_0__func_post (type $i32->)))
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
  (func $adapter<0>.f (type $->i32) (result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $returned0 i32) (local $result0 i32)
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
    (local.set $returned0
      (call $caller.instance_0__func_f))
    (local.set $result0
      (local.get $returned0))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.and
        (i32.load offset=32
          (global.get $context.vmctx))
        (i32.const -2)))
    (call $caller.instance_0__func_post
      (local.get $returned0))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.or
        (i32.load offset=32
          (global.get $context.vmctx))
        (i32.const 1)))
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
      (i32.const 1)))
  (export "adapter[0]" (func $adapter<0>.f))
  (start $fill_frames))
