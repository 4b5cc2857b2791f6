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
;;;     (type $shape' (variant (case "dot") (case "line" f32) (case "count" u64) (case "number" f64) (case "text" string)))
;;;     (export $shape "shape" (type $shape'))
;;;     (core module $M
;;;       (func (export "f") (param $case i32) (param $a i64) (param $b i32) (result i32)
;;;         (if (i32.ne (local.get $case) (i32.const 1)) (then (return (i32.const 0))))
;;;         (if (i64.ne (local.get $a) (i64.const 0x42280000)) (then unreachable))
;;;         (i32.trunc_f32_u (f32.reinterpret_i32 (i32.wrap_i64 (local.get $a))))))
;;;     (core instance $m (instantiate $M))
;;;     (func (export "f") (param "shape" $shape) (result u32) (canon lift (core func $m "f") (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
;;;   )
;;;   (component $D
;;;     (import "c" (instance $i
;;;       (type $shape' (variant (case "dot") (case "line" f32) (case "count" u64) (case "number" f64) (case "text" string)))
;;;       (export "shape" (type $shape (eq $shape')))
;;;       (export "f" (func (param "shape" $shape) (result u32)))))
;;;     (alias export $i "f" (func $f))
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
;;;       (import "" "f" (func $f (param i32 i64 i32) (result i32)))
;;;       (func (export "run") (result i32)
;;;         (drop (call $f (i32.const 4) (i64.const 0x100000000) (i32.const 0)))
;;;         (call $f (i32.const 1) (i64.const 0xffffffff42280000) (i32.const 7))))
;;;     (core instance $m (instantiate $M
;;;       (with "" (instance (export "f" (func $f'))))))
;;;     (func (export "run") (result u32) (canon lift (core func $m "run"))))
;;;   (instance $c (instantiate $C))
;;;   (instance $d (instantiate $D (with "c" (instance $c))))
;;;   (func (export "run") (alias export $d "run")))

(module $adapters-0
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i64_i32->i32 (func (param i32 i64 i32) (result i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32->i32 (func (param i32 i32) (result i32)))
  (type $i32_i32-> (func (param i32 i32)))
  (type $i32_i32->i32_i32 (func (param i32 i32) (result i32 i32)))
  (type $-> (func))
  (type $->i32_i32 (func (result i32 i32)))
  (import "context" "memory" (memory $context 0))
  (import "caller" "instance[2] memory mem" (memory $memory<0> 0))
  (import "caller" "instance[0] memory mem" (memory $memory<1> 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "caller" "instance[0] func realloc" (func $caller.instance_0__func_realloc (type $i32_i32_i32_i32->i32)))
  (import "caller" "instance[1] func f" (func $caller.instance_1__func_f (type $i32_i64_i32->i32)))
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
  (func $trap.invalid-discriminant (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 19)))
  (func $trap.string-too-long (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 10)))
  (func $trap.string-content-out-of-bounds (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 9)))
  (func $trap.invalid-utf8 (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 16)))
  (func $trap.incomplete-utf8 (type $i32_i32_i32->) (param $vmctx i32) (param $instance i32) (param $detail i32)
    (call $trap
      (local.get $vmctx)
      (local.get $instance)
      (local.get $detail)
      (i32.const 17)))
  (func $caller.utf8_decode (type $i32_i32->i32) (param $address i32) (param $left i32) (result i32)
    (local $lead i32) (local $next i32) (local $scalar i32)
    (local.set $lead
      (i32.load8_u $memory<0>
        (local.get $address)))
    (if $I0
      (i32.lt_u
        (local.get $lead)
        (i32.const 128))
      (then
        (return
          (i32.or
            (local.get $lead)
            (i32.const 16777216)))))
    (if $I1
      (i32.gt_u
        (i32.sub
          (local.get $lead)
          (i32.const 194))
        (i32.const 50))
      (then
        (call $trap.invalid-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I2
      (i32.le_u
        (local.get $left)
        (i32.const 1))
      (then
        (call $trap.incomplete-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $next
      (i32.load8_u $memory<0> offset=1
        (local.get $address)))
    (if $I3
      (i32.ne
        (i32.and
          (local.get $next)
          (i32.const 192))
        (i32.const 128))
      (then
        (call $trap.invalid-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I4
      (i32.lt_u
        (local.get $lead)
        (i32.const 224))
      (then
        (local.set $scalar
          (i32.or
            (i32.shl
              (i32.and
                (local.get $lead)
                (i32.const 31))
              (i32.const 6))
            (i32.and
              (local.get $next)
              (i32.const 63))))
        (return
          (i32.or
            (local.get $scalar)
            (i32.const 33554432)))))
    (if $I5
      (i32.lt_u
        (local.get $lead)
        (i32.const 240))
      (then
        (local.set $scalar
          (i32.or
            (i32.shl
              (i32.and
                (local.get $lead)
                (i32.const 15))
              (i32.const 6))
            (i32.and
              (local.get $next)
              (i32.const 63))))
        (if $I6
          (i32.or
            (i32.lt_u
              (i32.sub
                (local.get $scalar)
                (i32.const 0))
              (i32.const 32))
            (i32.lt_u
              (i32.sub
                (local.get $scalar)
                (i32.const 864))
              (i32.const 32)))
          (then
            (call $trap.invalid-utf8
              (global.get $context.vmctx)
              (i32.const 2)
              (i32.const 0))
            (unreachable)))
        (if $I7
          (i32.le_u
            (local.get $left)
            (i32.const 2))
          (then
            (call $trap.incomplete-utf8
              (global.get $context.vmctx)
              (i32.const 2)
              (i32.const 0))
            (unreachable)))
        (local.set $next
          (i32.load8_u $memory<0> offset=2
            (local.get $address)))
        (if $I8
          (i32.ne
            (i32.and
              (local.get $next)
              (i32.const 192))
            (i32.const 128))
          (then
            (call $trap.invalid-utf8
              (global.get $context.vmctx)
              (i32.const 2)
              (i32.const 0))
            (unreachable)))
        (local.set $scalar
          (i32.or
            (i32.shl
              (local.get $scalar)
              (i32.const 6))
            (i32.and
              (local.get $next)
              (i32.const 63))))
        (return
          (i32.or
            (local.get $scalar)
            (i32.const 50331648)))))
    (local.set $scalar
      (i32.or
        (i32.shl
          (i32.and
            (local.get $lead)
            (i32.const 7))
          (i32.const 6))
        (i32.and
          (local.get $next)
          (i32.const 63))))
    (if $I9
      (i32.eqz
        (i32.lt_u
          (i32.sub
            (local.get $scalar)
            (i32.const 16))
          (i32.const 256)))
      (then
        (call $trap.invalid-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I10
      (i32.le_u
        (local.get $left)
        (i32.const 2))
      (then
        (call $trap.incomplete-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $next
      (i32.load8_u $memory<0> offset=2
        (local.get $address)))
    (if $I11
      (i32.ne
        (i32.and
          (local.get $next)
          (i32.const 192))
        (i32.const 128))
      (then
        (call $trap.invalid-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $scalar
      (i32.or
        (i32.shl
          (local.get $scalar)
          (i32.const 6))
        (i32.and
          (local.get $next)
          (i32.const 63))))
    (if $I12
      (i32.le_u
        (local.get $left)
        (i32.const 3))
      (then
        (call $trap.incomplete-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $next
      (i32.load8_u $memory<0> offset=3
        (local.get $address)))
    (if $I13
      (i32.ne
        (i32.and
          (local.get $next)
          (i32.const 192))
        (i32.const 128))
      (then
        (call $trap.invalid-utf8
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $scalar
      (i32.or
        (i32.shl
          (local.get $scalar)
          (i32.const 6))
        (i32.and
          (local.get $next)
          (i32.const 63))))
    (return
      (i32.or
        (local.get $scalar)
        (i32.const 67108864))))
  (func $caller.utf8_validate (type $i32_i32->) (param $address i32) (param $left i32)
    (local $units i32)
    (loop $L0
      (block $B1
        (br_if $B1
          (i32.lt_u
            (local.get $left)
            (i32.const 16)))
        (br_if $B1
          (i8x16.bitmask
            (v128.load $memory<0> align=1
              (local.get $address))))
        (local.set $address
          (i32.add
            (local.get $address)
            (i32.const 16)))
        (local.set $left
          (i32.sub
            (local.get $left)
            (i32.const 16)))
        (br $L0))
      (if $I2
        (i32.eqz
          (local.get $left))
        (then
          (return)))
      (block $B3
        (br_if $B3
          (i32.lt_u
            (local.get $left)
            (i32.const 8)))
        (br_if $B3
          (i64.ne
            (i64.and
              (i64.load $memory<0> align=1
                (local.get $address))
              (i64.const -9187201950435737472))
            (i64.const 0)))
        (local.set $address
          (i32.add
            (local.get $address)
            (i32.const 8)))
        (local.set $left
          (i32.sub
            (local.get $left)
            (i32.const 8)))
        (br $L0))
      (if $I4
        (i32.lt_u
          (i32.load8_u $memory<0>
            (local.get $address))
          (i32.const 128))
        (then
          (local.set $units
            (i32.const 1)))
        (else
          (local.set $units
            (i32.shr_u
              (call $caller.utf8_decode
                (local.get $address)
                (local.get $left))
              (i32.const 24)))))
      (local.set $address
        (i32.add
          (local.get $address)
          (local.get $units)))
      (local.set $left
        (i32.sub
          (local.get $left)
          (local.get $units)))
      (br $L0))
    (unreachable))
  (func $caller.copy (type $i32_i32_i32->) (param $target i32) (param $source i32) (param $size i32)
    (if $I0
      (i32.gt_u
        (local.get $size)
        (i32.const 64))
      (then
        (memory.copy $memory<1> $memory<0>
          (local.get $target)
          (local.get $source)
          (local.get $size))
        (return)))
    (if $I1
      (i32.ge_u
        (local.get $size)
        (i32.const 16))
      (then
        (v128.store $memory<1> align=1
          (local.get $target)
          (v128.load $memory<0> align=1
            (local.get $source)))
        (v128.store $memory<1> align=1
          (i32.add
            (local.get $target)
            (i32.sub
              (local.get $size)
              (i32.const 16)))
          (v128.load $memory<0> align=1
            (i32.add
              (local.get $source)
              (i32.sub
                (local.get $size)
                (i32.const 16)))))
        (if $I2
          (i32.gt_u
            (local.get $size)
            (i32.const 32))
          (then
            (v128.store $memory<1> offset=16 align=1
              (local.get $target)
              (v128.load $memory<0> offset=16 align=1
                (local.get $source)))
            (v128.store $memory<1> align=1
              (i32.add
                (local.get $target)
                (i32.sub
                  (local.get $size)
                  (i32.const 32)))
              (v128.load $memory<0> align=1
                (i32.add
                  (local.get $source)
                  (i32.sub
                    (local.get $size)
                    (i32.const 32)))))))
        (return)))
    (if $I3
      (i32.ge_u
        (local.get $size)
        (i32.const 8))
      (then
        (i64.store $memory<1> align=1
          (local.get $target)
          (i64.load $memory<0> align=1
            (local.get $source)))
        (i64.store $memory<1> align=1
          (i32.add
            (local.get $target)
            (i32.sub
              (local.get $size)
              (i32.const 8)))
          (i64.load $memory<0> align=1
            (i32.add
              (local.get $source)
              (i32.sub
                (local.get $size)
                (i32.const 8)))))
        (return)))
    (if $I4
      (i32.ge_u
        (local.get $size)
        (i32.const 4))
      (then
        (i32.store $memory<1> align=1
          (local.get $target)
          (i32.load $memory<0> align=1
            (local.get $source)))
        (i32.store $memory<1> align=1
          (i32.add
            (local.get $target)
            (i32.sub
              (local.get $size)
              (i32.const 4)))
          (i32.load $memory<0> align=1
            (i32.add
              (local.get $source)
              (i32.sub
                (local.get $size)
                (i32.const 4)))))
        (return)))
    (if $I5
      (local.get $size)
      (then
        (i32.store8 $memory<1>
          (local.get $target)
          (i32.load8_u $memory<0>
            (local.get $source)))
        (i32.store8 $memory<1>
          (i32.add
            (local.get $target)
            (i32.sub
              (local.get $size)
              (i32.const 1)))
          (i32.load8_u $memory<0>
            (i32.add
              (local.get $source)
              (i32.sub
                (local.get $size)
                (i32.const 1)))))
        (if $I6
          (i32.eq
            (local.get $size)
            (i32.const 3))
          (then
            (i32.store8 $memory<1>
              (i32.add
                (local.get $target)
                (i32.sub
                  (local.get $size)
                  (i32.const 2)))
              (i32.load8_u $memory<0>
                (i32.add
                  (local.get $source)
                  (i32.sub
                    (local.get $size)
                    (i32.const 2))))))))))
  (func $caller.utf8_to_utf8 (type $i32_i32->i32_i32) (param $pointer i32) (param $length i32) (result i32 i32)
    (local $units i32) (local $left i32) (local $target i32) (local $out i32) (local $begin i32)
    (if $I0
      (i32.gt_u
        (local.get $length)
        (i32.const 268435455))
      (then
        (call $trap.string-too-long
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I1
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $pointer))
          (i64.extend_i32_u
            (local.get $length)))
        (i64.shl
          (i64.extend_i32_u
            (memory.size $memory<0>))
          (i64.const 16)))
      (then
        (call $trap.string-content-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $units
      (local.get $length))
    (local.set $left
      (local.get $units))
    (local.set $begin
      (local.get $pointer))
    (loop $L2
      (block $B3
        (br_if $B3
          (i32.lt_u
            (local.get $left)
            (i32.const 16)))
        (br_if $B3
          (i8x16.bitmask
            (v128.load $memory<0> align=1
              (local.get $pointer))))
        (local.set $pointer
          (i32.add
            (local.get $pointer)
            (i32.const 16)))
        (local.set $left
          (i32.sub
            (local.get $left)
            (i32.const 16)))
        (br $L2)))
    (if $I4
      (local.get $left)
      (then
        (call $caller.utf8_validate
          (local.get $pointer)
          (local.get $left))))
    (local.set $pointer
      (local.get $begin))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.and
        (i32.load offset=32
          (global.get $context.vmctx))
        (i32.const -2)))
    (local.set $target
      (call $caller.instance_0__func_realloc
        (i32.const 0)
        (i32.const 0)
        (i32.const 1)
        (local.get $units)))
    (i32.store offset=32
      (global.get $context.vmctx)
      (i32.or
        (i32.load offset=32
          (global.get $context.vmctx))
        (i32.const 1)))
    (if $I5
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $target))
          (i64.extend_i32_u
            (local.get $units)))
        (i64.shl
          (i64.extend_i32_u
            (memory.size $memory<1>))
          (i64.const 16)))
      (then
        (call $trap.string-content-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (local.set $out
      (local.get $target))
    (call $caller.copy
      (local.get $target)
      (local.get $pointer)
      (local.get $units))
    (return
      (local.get $target)
      (local.get $units)))
  (func $adapter<0>.f (type $i32_i64_i32->i32) (param $shape_0 i32) (param $shape_1 i64) (param $shape_2 i32) (result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $arg0 i32) (local $arg2 i32) (local $returned0 i32) (local $result0 i32) (local $discriminant i32) (local $string_pointer i32) (local $string_length i32) (local $results i32) (local $l14 i32) (local $arg1 i64)
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
    (local.set $discriminant
      (local.get $shape_0))
    (if $I2
      (i32.ge_u
        (local.get $discriminant)
        (i32.const 5))
      (then
        (call $trap.invalid-discriminant
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (local.set $arg0
      (local.get $discriminant))
    (block $B3
      (block $B4
        (block $B5
          (block $B6
            (block $B7
              (br_table $B3 $B4 $B5 $B6 $B7 $B3
                (local.get $discriminant)))
            (call $caller.utf8_to_utf8
              (i32.wrap_i64
                (local.get $shape_1))
              (local.get $shape_2))
            (local.set $l14)
            (local.set $results)
            (local.set $string_pointer
              (local.get $results))
            (local.set $string_length
              (local.get $l14))
            (local.set $arg1
              (i64.extend_i32_u
                (local.get $string_pointer)))
            (local.set $arg2
              (local.get $string_length))
            (br $B3))
          (local.set $arg1
            (i64.reinterpret_f64
              (f64.reinterpret_i64
                (local.get $shape_1))))
          (br $B3))
        (local.set $arg1
          (local.get $shape_1))
        (br $B3))
      (local.set $arg1
        (i64.extend_i32_u
          (i32.reinterpret_f32
            (f32.reinterpret_i32
              (i32.wrap_i64
                (local.get $shape_1))))))
      (br $B3))
    (local.set $returned0
      (call $caller.instance_1__func_f
        (local.get $arg0)
        (local.get $arg1)
        (local.get $arg2)))
    (local.set $result0
      (local.get $returned0))
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
