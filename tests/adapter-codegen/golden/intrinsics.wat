;;; (component
;;;   (import "unsafe-intrinsics" (instance $data
;;;     (export "store-data-address" (func (result u64)))
;;;     (export "u8-native-load" (func (param "address" u64) (result u8)))
;;;     (export "u16-native-store" (func (param "address" u64) (param "value" u16)))
;;;     (export "u64-native-store" (func (param "address" u64) (param "value" u64)))))
;;;   (core func $address (canon lower (func $data "store-data-address")))
;;;   (core func $load8 (canon lower (func $data "u8-native-load")))
;;;   (core func $store16 (canon lower (func $data "u16-native-store")))
;;;   (core func $store64 (canon lower (func $data "u64-native-store")))
;;;   (core module $m
;;;     (import "" "address" (func (result i64)))
;;;     (import "" "load8" (func (param i64) (result i32)))
;;;     (import "" "store16" (func (param i64 i32)))
;;;     (import "" "store64" (func (param i64 i64))))
;;;   (core instance (instantiate $m (with "" (instance
;;;     (export "address" (func $address)) (export "load8" (func $load8))
;;;     (export "store16" (func $store16)) (export "store64" (func $store64)))))))

(module $trampolines
  (type $->i64 (func (result i64)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i64->i32 (func (param i64) (result i32)))
  (type $i64_i32-> (func (param i64 i32)))
  (type $i64_i64-> (func (param i64 i64)))
  (import "context" "memory" (memory $context 0))
  (import "context" "functions" (table $functions 0 funcref))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "context" "table_base" (global $context.table_base i32))
  (import "context" "data_address" (global $context.data_address i32))
  (import "context" "data_length" (global $context.data_length i32))
  (func $store-data-address (type $->i64) (result i64)
    (i64.extend_i32_u
      (global.get $context.data_address)))
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
  (func $trap.data-out-of-bounds (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 34)))
  (func $u8-native-load (type $i64->i32) (param $address i64) (result i32)
    (local $offset i64)
    (local.set $offset
      (i64.sub
        (local.get $address)
        (i64.extend_i32_u
          (global.get $context.data_address))))
    (if $I0
      (i64.ge_u
        (local.get $offset)
        (i64.extend_i32_u
          (global.get $context.data_length)))
      (then
        (call $trap.data-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (i32.load8_u
      (i32.wrap_i64
        (local.get $address))))
  (func $u16-native-store (type $i64_i32->) (param $address i64) (param $value i32)
    (local $offset i64)
    (local.set $offset
      (i64.sub
        (local.get $address)
        (i64.extend_i32_u
          (global.get $context.data_address))))
    (if $I0
      (i32.or
        (i64.ge_u
          (local.get $offset)
          (i64.extend_i32_u
            (global.get $context.data_length)))
        (i64.gt_u
          (i64.add
            (local.get $offset)
            (i64.const 2))
          (i64.extend_i32_u
            (global.get $context.data_length))))
      (then
        (call $trap.data-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (i32.store16
      (i32.wrap_i64
        (local.get $address))
      (local.get $value)))
  (func $u64-native-store (type $i64_i64->) (param $address i64) (param $value i64)
    (local $offset i64)
    (local.set $offset
      (i64.sub
        (local.get $address)
        (i64.extend_i32_u
          (global.get $context.data_address))))
    (if $I0
      (i32.or
        (i64.ge_u
          (local.get $offset)
          (i64.extend_i32_u
            (global.get $context.data_length)))
        (i64.gt_u
          (i64.add
            (local.get $offset)
            (i64.const 8))
          (i64.extend_i32_u
            (global.get $context.data_length))))
      (then
        (call $trap.data-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 0)
          (i32.const 0))
        (unreachable)))
    (i64.store
      (i32.wrap_i64
        (local.get $address))
      (local.get $value)))
  (export "intrinsic[store-data-address]" (func $store-data-address))
  (export "intrinsic[u8-native-load]" (func $u8-native-load))
  (export "intrinsic[u16-native-store]" (func $u16-native-store))
  (export "intrinsic[u64-native-store]" (func $u64-native-store))
  (elem $elements (global.get $context.table_base) func $store-data-address $u8-native-load $u16-native-store $u64-native-store))
