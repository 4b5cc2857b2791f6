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
;;;       (data (i32.const 8) "\10\00\00\00\03\00\00\00")
;;;       (data (i32.const 16) "h\c3\b6")
;;;       (func (export "f") (result i32) (i32.const 8)))
;;;     (core instance $m (instantiate $M (with "libc" (instance $libc))))
;;;     (func (export "f") (result string) (canon lift (core func $m "f") (memory (core memory $libc "mem"))))
;;;   )
;;;   (component $D
;;;     (import "f" (func $f (result string)))
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
;;;     (core func $f' (canon lower (func $f) string-encoding=latin1+utf16 (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
;;;     (core module $M
;;;       (import "" "f" (func $f (param i32)))
;;;       (import "libc" "mem" (memory 1))
;;;       (func (export "run") (result i32)
;;;         (call $f (i32.const 64))
;;;         (if (i32.ne (i32.load16_u (i32.load (i32.const 64))) (i32.const 0xf668)) (then unreachable))
;;;         (i32.add (i32.const 40) (i32.load (i32.const 68)))))
;;;     (core instance $m (instantiate $M
;;;       (with "" (instance (export "f" (func $f')))) (with "libc" (instance $libc))))
;;;     (func (export "run") (result u32) (canon lift (core func $m "run"))))
;;;   (instance $c (instantiate $C))
;;;   (instance $d (instantiate $D (with "f" (func $c "f"))))
;;;   (func (export "run") (alias export $d "run")))

(module $adapters-0
  (type $i32_i32_i32-> (func (param i32 i32 i32)))
  (type $i32_i32_i32_i32->i32 (func (param i32 i32 i32 i32) (result i32)))
  (type $->i32 (func (result i32)))
  (type $i32_i32_i32_i32-> (func (param i32 i32 i32 i32)))
  (type $i32_i32->i32 (func (param i32 i32) (result i32)))
  (type $i32_i32->i32_i32 (func (param i32 i32) (result i32 i32)))
  (type $i32-> (func (param i32)))
  (type $-> (func))
  (type $->i32_i32 (func (result i32 i32)))
  (import "context" "memory" (memory $context 0))
  (import "caller" "instance[2] memory mem" (memory $memory<0> 0))
  (import "caller" "instance[0] memory mem" (memory $memory<1> 0))
  (import "context" "frames" (global $context.frames i32))
  (import "context" "vmctx" (global $context.vmctx i32))
  (import "caller" "instance[2] func realloc" (func $caller.instance_2__func_realloc (type $i32_i32_i32_i32->i32)))
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
  (func $callee.utf8_decode (type $i32_i32->i32) (param $address i32) (param $left i32) (result i32)
    (local $lead i32) (local $next i32) (local $scalar i32)
    (local.set $lead
      (i32.load8_u $memory<1>
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
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (if $I2
      (i32.le_u
        (local.get $left)
        (i32.const 1))
      (then
        (call $trap.incomplete-utf8
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (local.set $next
      (i32.load8_u $memory<1> offset=1
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
          (i32.const 1)
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
              (i32.const 1)
              (i32.const 0))
            (unreachable)))
        (if $I7
          (i32.le_u
            (local.get $left)
            (i32.const 2))
          (then
            (call $trap.incomplete-utf8
              (global.get $context.vmctx)
              (i32.const 1)
              (i32.const 0))
            (unreachable)))
        (local.set $next
          (i32.load8_u $memory<1> offset=2
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
              (i32.const 1)
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
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (if $I10
      (i32.le_u
        (local.get $left)
        (i32.const 2))
      (then
        (call $trap.incomplete-utf8
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (local.set $next
      (i32.load8_u $memory<1> offset=2
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
          (i32.const 1)
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
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (local.set $next
      (i32.load8_u $memory<1> offset=3
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
          (i32.const 1)
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
  (func $callee.utf8_to_latin1_or_utf16 (type $i32_i32->i32_i32) (param $pointer i32) (param $length i32) (result i32 i32)
    (local $units i32) (local $left i32) (local $target i32) (local $out i32) (local $scalar i32) (local $packed i32) (local $read i32) (local $todo i32) (local $scalar.1 i32) (local $packed.1 i32) (local $block v128) (local $block.1 v128)
    (if $I0
      (i32.gt_u
        (local.get $length)
        (i32.const 268435455))
      (then
        (call $trap.string-too-long
          (global.get $context.vmctx)
          (i32.const 1)
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
            (memory.size $memory<1>))
          (i64.const 16)))
      (then
        (call $trap.string-content-out-of-bounds
          (global.get $context.vmctx)
          (i32.const 1)
          (i32.const 0))
        (unreachable)))
    (local.set $units
      (local.get $length))
    (local.set $left
      (local.get $units))
    (i32.store offset=48
      (global.get $context.vmctx)
      (i32.and
        (i32.load offset=48
          (global.get $context.vmctx))
        (i32.const -2)))
    (local.set $target
      (call $caller.instance_2__func_realloc
        (i32.const 0)
        (i32.const 0)
        (i32.const 2)
        (local.get $units)))
    (i32.store offset=48
      (global.get $context.vmctx)
      (i32.or
        (i32.load offset=48
          (global.get $context.vmctx))
        (i32.const 1)))
    (if $I2
      (i32.ne
        (i32.and
          (local.get $target)
          (i32.const 1))
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
            (local.get $target))
          (i64.extend_i32_u
            (local.get $units)))
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
    (local.set $out
      (local.get $target))
    (block $B4
      (loop $L5
        (block $B6
          (br_if $B6
            (i32.lt_u
              (local.get $left)
              (i32.const 16)))
          (br_if $B6
            (i8x16.bitmask
              (local.tee $block
                (v128.load $memory<1> align=1
                  (local.get $pointer)))))
          (v128.store $memory<0> align=1
            (local.get $out)
            (local.get $block))
          (local.set $pointer
            (i32.add
              (local.get $pointer)
              (i32.const 16)))
          (local.set $out
            (i32.add
              (local.get $out)
              (i32.const 16)))
          (local.set $left
            (i32.sub
              (local.get $left)
              (i32.const 16)))
          (br $L5))
        (if $I7
          (local.get $left)
          (then
            (local.set $packed
              (call $callee.utf8_decode
                (local.get $pointer)
                (local.get $left)))
            (local.set $scalar
              (i32.and
                (local.get $packed)
                (i32.const 16777215)))
            (br_if $B4
              (i32.ge_u
                (local.get $scalar)
                (i32.const 256)))
            (local.set $packed
              (i32.shr_u
                (local.get $packed)
                (i32.const 24)))
            (local.set $pointer
              (i32.add
                (local.get $pointer)
                (local.get $packed)))
            (local.set $left
              (i32.sub
                (local.get $left)
                (local.get $packed)))
            (i32.store8 $memory<0>
              (local.get $out)
              (local.get $scalar))
            (local.set $out
              (i32.add
                (local.get $out)
                (i32.const 1)))
            (br $L5))))
      (local.set $out
        (i32.sub
          (local.get $out)
          (local.get $target)))
      (if $I8
        (i32.lt_u
          (local.get $out)
          (local.get $units))
        (then
          (i32.store offset=48
            (global.get $context.vmctx)
            (i32.and
              (i32.load offset=48
                (global.get $context.vmctx))
              (i32.const -2)))
          (local.set $target
            (call $caller.instance_2__func_realloc
              (local.get $target)
              (local.get $units)
              (i32.const 2)
              (local.get $out)))
          (i32.store offset=48
            (global.get $context.vmctx)
            (i32.or
              (i32.load offset=48
                (global.get $context.vmctx))
              (i32.const 1)))
          (if $I9
            (i32.ne
              (i32.and
                (local.get $target)
                (i32.const 1))
              (i32.const 0))
            (then
              (call $trap.unaligned-pointer
                (global.get $context.vmctx)
                (i32.const 2)
                (i32.const 0))
              (unreachable)))
          (if $I10
            (i64.gt_u
              (i64.add
                (i64.extend_i32_u
                  (local.get $target))
                (i64.extend_i32_u
                  (local.get $out)))
              (i64.shl
                (i64.extend_i32_u
                  (memory.size $memory<0>))
                (i64.const 16)))
            (then
              (call $trap.string-content-out-of-bounds
                (global.get $context.vmctx)
                (i32.const 2)
                (i32.const 0))
              (unreachable)))))
      (return
        (local.get $target)
        (local.get $out)))
    (local.set $out
      (i32.sub
        (local.get $out)
        (local.get $target)))
    (i32.store offset=48
      (global.get $context.vmctx)
      (i32.and
        (i32.load offset=48
          (global.get $context.vmctx))
        (i32.const -2)))
    (local.set $target
      (call $caller.instance_2__func_realloc
        (local.get $target)
        (local.get $units)
        (i32.const 2)
        (i32.mul
          (local.get $units)
          (i32.const 2))))
    (i32.store offset=48
      (global.get $context.vmctx)
      (i32.or
        (i32.load offset=48
          (global.get $context.vmctx))
        (i32.const 1)))
    (if $I11
      (i32.ne
        (i32.and
          (local.get $target)
          (i32.const 1))
        (i32.const 0))
      (then
        (call $trap.unaligned-pointer
          (global.get $context.vmctx)
          (i32.const 2)
          (i32.const 0))
        (unreachable)))
    (if $I12
      (i64.gt_u
        (i64.add
          (i64.extend_i32_u
            (local.get $target))
          (i64.extend_i32_u
            (i32.mul
              (local.get $units)
              (i32.const 2))))
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
    (local.set $out
      (i32.add
        (local.get $out)
        (local.get $target)))
    (local.set $todo
      (i32.sub
        (local.get $out)
        (local.get $target)))
    (local.set $read
      (local.get $out))
    (local.set $out
      (i32.add
        (local.get $out)
        (i32.sub
          (local.get $out)
          (local.get $target))))
    (loop $L13
      (if $I14
        (i32.ge_u
          (local.get $todo)
          (i32.const 8))
        (then
          (local.set $read
            (i32.add
              (local.get $read)
              (i32.const -8)))
          (local.set $todo
            (i32.sub
              (local.get $todo)
              (i32.const 8)))
          (v128.store $memory<0> align=2
            (i32.add
              (local.get $read)
              (local.get $todo))
            (v128.load8x8_u $memory<0> align=1
              (local.get $read)))
          (br $L13)))
      (if $I15
        (local.get $todo)
        (then
          (local.set $read
            (i32.add
              (local.get $read)
              (i32.const -1)))
          (local.set $todo
            (i32.sub
              (local.get $todo)
              (i32.const 1)))
          (i32.store16 $memory<0>
            (i32.add
              (local.get $read)
              (local.get $todo))
            (i32.load8_u $memory<0>
              (local.get $read)))
          (br $L13))))
    (loop $L16
      (block $B17
        (br_if $B17
          (i32.lt_u
            (local.get $left)
            (i32.const 16)))
        (br_if $B17
          (i8x16.bitmask
            (local.tee $block.1
              (v128.load $memory<1> align=1
                (local.get $pointer)))))
        (v128.store $memory<0> align=2
          (local.get $out)
          (i16x8.extend_low_i8x16_u
            (local.get $block.1)))
        (v128.store $memory<0> offset=16 align=2
          (local.get $out)
          (i16x8.extend_high_i8x16_u
            (local.get $block.1)))
        (local.set $pointer
          (i32.add
            (local.get $pointer)
            (i32.const 16)))
        (local.set $out
          (i32.add
            (local.get $out)
            (i32.const 32)))
        (local.set $left
          (i32.sub
            (local.get $left)
            (i32.const 16)))
        (br $L16))
      (if $I18
        (local.get $left)
        (then
          (local.set $scalar.1
            (i32.load8_u $memory<1>
              (local.get $pointer)))
          (if $I19
            (i32.lt_u
              (local.get $scalar.1)
              (i32.const 128))
            (then
              (i32.store16 $memory<0>
                (local.get $out)
                (local.get $scalar.1))
              (local.set $out
                (i32.add
                  (local.get $out)
                  (i32.const 2)))
              (local.set $pointer
                (i32.add
                  (local.get $pointer)
                  (i32.const 1)))
              (local.set $left
                (i32.sub
                  (local.get $left)
                  (i32.const 1))))
            (else
              (local.set $packed.1
                (call $callee.utf8_decode
                  (local.get $pointer)
                  (local.get $left)))
              (local.set $scalar.1
                (i32.and
                  (local.get $packed.1)
                  (i32.const 16777215)))
              (local.set $packed.1
                (i32.shr_u
                  (local.get $packed.1)
                  (i32.const 24)))
              (local.set $pointer
                (i32.add
                  (local.get $pointer)
                  (local.get $packed.1)))
              (local.set $left
                (i32.sub
                  (local.get $left)
                  (local.get $packed.1)))
              (if $I20
                (i32.lt_u
                  (local.get $scalar.1)
                  (i32.const 65536))
                (then
                  (i32.store16 $memory<0>
                    (local.get $out)
                    (local.get $scalar.1))
                  (local.set $out
                    (i32.add
                      (local.get $out)
                      (i32.const 2))))
                (else
                  (i32.store $memory<0> align=2
                    (local.get $out)
                    (i32.or
                      (i32.add
                        (i32.shr_u
                          (local.get $scalar.1)
                          (i32.const 10))
                        (i32.const 55232))
                      (i32.shl
                        (i32.or
                          (i32.and
                            (local.get $scalar.1)
                            (i32.const 1023))
                          (i32.const 56320))
                        (i32.const 16))))
                  (local.set $out
                    (i32.add
                      (local.get $out)
                      (i32.const 4)))))))
          (br $L16))))
    (local.set $out
      (i32.sub
        (local.get $out)
        (local.get $target)))
    (if $I21
      (i32.lt_u
        (local.get $out)
        (i32.mul
          (local.get $units)
          (i32.const 2)))
      (then
        (i32.store offset=48
          (global.get $context.vmctx)
          (i32.and
            (i32.load offset=48
              (global.get $context.vmctx))
            (i32.const -2)))
        (local.set $target
          (call $caller.instance_2__func_realloc
            (local.get $target)
            (i32.mul
              (local.get $units)
              (i32.const 2))
            (i32.const 2)
            (local.get $out)))
        (i32.store offset=48
          (global.get $context.vmctx)
          (i32.or
            (i32.load offset=48
              (global.get $context.vmctx))
            (i32.const 1)))
        (if $I22
          (i32.ne
            (i32.and
              (local.get $target)
              (i32.const 1))
            (i32.const 0))
          (then
            (call $trap.unaligned-pointer
              (global.get $context.vmctx)
              (i32.const 2)
              (i32.const 0))
            (unreachable)))
        (if $I23
          (i64.gt_u
            (i64.add
              (i64.extend_i32_u
                (local.get $target))
              (i64.extend_i32_u
                (local.get $out)))
            (i64.shl
              (i64.extend_i32_u
                (memory.size $memory<0>))
              (i64.const 16)))
          (then
            (call $trap.string-content-out-of-bounds
              (global.get $context.vmctx)
              (i32.const 2)
              (i32.const 0))
            (unreachable)))))
    (return
      (local.get $target)
      (i32.or
        (i32.shr_u
          (local.get $out)
          (i32.const 1))
        (i32.const -2147483648))))
  (func $adapter<0>.f (type $i32->) (param $result i32)
    (local $store i32) (local $entered_flags i32) (local $outer_frame i32) (local $returned0 i32) (local $string_pointer i32) (local $string_length i32) (local $results i32) (local $l8 i32)
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
      (call $caller.instance_1__func_f))
    (if $I2
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
    (if $I3
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
    (if $I4
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
    (if $I5
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
    (call $callee.utf8_to_latin1_or_utf16
      (i32.load $memory<1>
        (local.get $returned0))
      (i32.load $memory<1> offset=4
        (local.get $returned0)))
    (local.set $l8)
    (local.set $results)
    (local.set $string_pointer
      (local.get $results))
    (local.set $string_length
      (local.get $l8))
    (i32.store $memory<0>
      (local.get $result)
      (local.get $string_pointer))
    (i32.store $memory<0> offset=4
      (local.get $result)
      (local.get $string_length))
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
