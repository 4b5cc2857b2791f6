;;; (component
;;;   (core func $get0 (canon context.get i32 0))
;;;   (core func $set0 (canon context.set i32 0))
;;;   (core func $set1 (canon context.set i32 1))
;;;   (core func $get1 (canon context.get i32 1))
;;;   (component
;;;     (core func $get (canon context.get i64 1))
;;;     (core func $set (canon context.set i64 1))
;;;     (core module $M
;;;       (import "" "get" (func (result i64)))
;;;       (import "" "set" (func (param i64))))
;;;     (core instance (instantiate $M (with "" (instance
;;;       (export "get" (func $get))
;;;       (export "set" (func $set)))))))
;;;   (instance (instantiate 0))
;;;   (core module $M
;;;     (import "" "get0" (func (result i32)))
;;;     (import "" "set0" (func (param i32)))
;;;     (import "" "get1" (func (result i32)))
;;;     (import "" "set1" (func (param i32))))
;;;   (core instance (instantiate $M (with "" (instance
;;;     (export "get0" (func $get0))
;;;     (export "set0" (func $set0))
;;;     (export "get1" (func $get1))
;;;     (export "set1" (func $set1)))))))

(module $trampolines
  (type $->i32 (func (result i32)))
  (type $i32-> (func (param i32)))
  (type $->i64 (func (result i64)))
  (type $i64-> (func (param i64)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (func $trampoline<0>_context.get_i64_1 (type $->i64) (result i64)
    (i64.load offset=48
      (i32.load offset=8
        (global.get $context.vmctx))))
  (func $trampoline<1>_context.set_i64_1 (type $i64->) (param $value i64)
    (i64.store offset=48
      (i32.load offset=8
        (global.get $context.vmctx))
      (local.get $value)))
  (func $trampoline<2>_context.get_i32_0 (type $->i32) (result i32)
    (i32.load offset=40
      (i32.load offset=8
        (global.get $context.vmctx))))
  (func $trampoline<3>_context.set_i32_0 (type $i32->) (param $value i32)
    (i32.store offset=40
      (i32.load offset=8
        (global.get $context.vmctx))
      (local.get $value)))
  (func $trampoline<4>_context.get_i32_1 (type $->i32) (result i32)
    (i32.load offset=48
      (i32.load offset=8
        (global.get $context.vmctx))))
  (func $trampoline<5>_context.set_i32_1 (type $i32->) (param $value i32)
    (i32.store offset=48
      (i32.load offset=8
        (global.get $context.vmctx))
      (local.get $value)))
  (export "trampoline[0]" (func $trampoline<0>_context.get_i64_1))
  (export "trampoline[1]" (func $trampoline<1>_context.set_i64_1))
  (export "trampoline[2]" (func $trampoline<2>_context.get_i32_0))
  (export "trampoline[3]" (func $trampoline<3>_context.set_i32_0))
  (export "trampoline[4]" (func $trampoline<4>_context.get_i32_1))
  (export "trampoline[5]" (func $trampoline<5>_context.set_i32_1))
  (elem $elements (global.get $context.table_base) func $trampoline<0>_context.get_i64_1 $trampoline<0>_context.get_i64_1 $trampoline<1>_context.set_i64_1 $trampoline<1>_context.set_i64_1 $trampoline<2>_context.get_i32_0 $trampoline<2>_context.get_i32_0 $trampoline<3>_context.set_i32_0 $trampoline<3>_context.set_i32_0 $trampoline<4>_context.get_i32_1 $trampoline<4>_context.get_i32_1 $trampoline<5>_context.set_i32_1 $trampoline<5>_context.set_i32_1))
