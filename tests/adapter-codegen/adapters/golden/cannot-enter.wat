;;; (component
;;;   (core module $Table (table (export "t") 1 funcref))
;;;   (core instance $table (instantiate $Table))
;;;   (core module $Shim
;;;     (import "" "t" (table 1 funcref))
;;;     (func (export "f") (result i32) (call_indirect (result i32) (i32.const 0))))
;;;   (core instance $shim (instantiate $Shim (with "" (instance $table))))
;;;   (func $f (result u32) (canon lift (core func $shim "f")))
;;;   (component $D
;;;     (import "f" (func $f (result u32)))
;;;     (core func $f' (canon lower (func $f)))
;;;     (core module $M
;;;       (import "" "f" (func $f (result i32)))
;;;       (func (export "run") (result i32) (i32.const 42))
;;;       (func (export "trap") (result i32) (call $f)))
;;;     (core instance $m (instantiate $M (with "" (instance (export "f" (func $f'))))))
;;;     (func (export "run") (result u32) (canon lift (core func $m "run")))
;;;     (func (export "trap") (result u32) (canon lift (core func $m "trap"))))
;;;   (instance $d (instantiate $D (with "f" (func $f))))
;;;   (func (export "run") (alias export $d "run"))
;;;   (func (export "trap") (alias export $d "trap")))

(module $adapters-0
  (type $->i32 (func (result i32)))
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $-> (func))
  (import "context" "memory" (memory $context 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "caller" "instance[1] func f" (func $caller.instance_1__func_f (type $->i32)))
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
    (if $I0
      (i32.eqz
        (i32.and
          (i32.load offset=32
            (global.get $context.vmctx))
          (i32.const 1)))
      (then
        (call $trap.cannot-leave
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (call $trap.cannot-enter
      (global.get $context.vmctx)
      (i32.const 0)
      (i32.const 0))
    (unreachable))
  (func $fill_frames (type $->))
  (export "adapter[0]" (func $adapter<0>.f))
  (start $fill_frames))
