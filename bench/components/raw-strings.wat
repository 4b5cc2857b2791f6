;; The strings of "raw" glue: short ones between JavaScript and the guest's memory through the engine's js-string
;; builtins, by way of one WasmGC array of code units.
(module
  (type $units (array (mut i16)))
  (import "guest" "memory" (memory 0))
  (import "guest" "cabi_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (import "wasm:js-string" "intoCharCodeArray" (func $into (param externref (ref null $units) i32) (result i32)))
  (import "wasm:js-string" "fromCharCodeArray" (func $from (param (ref null $units) i32 i32) (result (ref extern))))

  (global $scratch (ref $units) (array.new_default $units (i32.const 256)))

  ;; Encodes a string of at most 256 code units; returns its address + 2^32 * its bytes.
  (func (export "encode") (param $text externref) (result f64)
    (local $units (ref null $units)) (local $n i32) (local $fours i32) (local $i i32) (local $all i32) (local $at i32)
    (local $address i32) (local $c i32) (local $size i32)
    (local.set $units (global.get $scratch))
    (local.set $n (call $into (local.get $text) (local.get $units) (i32.const 0)))
    (local.set $fours (i32.and (local.get $n) (i32.const -4)))
    (block $read
      (loop $again
        (br_if $read (i32.eq (local.get $i) (local.get $fours)))
        (local.set $all (i32.or (local.get $all) (i32.or
          (i32.or
            (array.get_u $units (local.get $units) (local.get $i))
            (array.get_u $units (local.get $units) (i32.add (local.get $i) (i32.const 1))))
          (i32.or
            (array.get_u $units (local.get $units) (i32.add (local.get $i) (i32.const 2)))
            (array.get_u $units (local.get $units) (i32.add (local.get $i) (i32.const 3)))))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br $again)))
    (block $rest
      (loop $again
        (br_if $rest (i32.eq (local.get $i) (local.get $n)))
        (local.set $all (i32.or (local.get $all) (array.get_u $units (local.get $units) (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $again)))
    (local.set $i (i32.const 0))
    (if (i32.lt_u (local.get $all) (i32.const 0x80))
      (then
        (local.set $address (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $n)))
        (block $written
          (loop $again
            (br_if $written (i32.eq (local.get $i) (local.get $fours)))
            (i32.store align=1 (i32.add (local.get $address) (local.get $i)) (i32.or
              (i32.or
                (array.get_u $units (local.get $units) (local.get $i))
                (i32.shl (array.get_u $units (local.get $units) (i32.add (local.get $i) (i32.const 1))) (i32.const 8)))
              (i32.or
                (i32.shl (array.get_u $units (local.get $units) (i32.add (local.get $i) (i32.const 2))) (i32.const 16))
                (i32.shl (array.get_u $units (local.get $units) (i32.add (local.get $i) (i32.const 3))) (i32.const 24)))))
            (local.set $i (i32.add (local.get $i) (i32.const 4)))
            (br $again)))
        (block $rest
          (loop $again
            (br_if $rest (i32.eq (local.get $i) (local.get $n)))
            (i32.store8 (i32.add (local.get $address) (local.get $i)) (array.get_u $units (local.get $units) (local.get $i)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $again)))
        (return (call $pair (local.get $address) (local.get $n)))))
    ;; Room for the longest encoding, then the exact size: what the specification allows a UTF-16 host to do.
    (local.set $address (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.mul (local.get $n) (i32.const 3))))
    (local.set $at (local.get $address))
    (block $written
      (loop $again
        (br_if $written (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $c (array.get_u $units (local.get $units) (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (if (i32.lt_u (local.get $c) (i32.const 0x80))
          (then
            (i32.store8 (local.get $at) (local.get $c))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $again)))
        (if (i32.lt_u (local.get $c) (i32.const 0x800))
          (then
            (i32.store16 align=1 (local.get $at) (i32.or (i32.const 0x80c0) (i32.or
              (i32.shr_u (local.get $c) (i32.const 6))
              (i32.shl (i32.and (local.get $c) (i32.const 0x3f)) (i32.const 8)))))
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (br $again)))
        (if (i32.eq (i32.and (local.get $c) (i32.const 0xf800)) (i32.const 0xd800))
          (then
            (if (i32.lt_u (local.get $c) (i32.const 0xdc00))
              (then (if (i32.lt_u (local.get $i) (local.get $n))
                (then
                  (local.set $all (array.get_u $units (local.get $units) (local.get $i)))
                  (if (i32.eq (i32.and (local.get $all) (i32.const 0xfc00)) (i32.const 0xdc00))
                    (then
                      (local.set $i (i32.add (local.get $i) (i32.const 1)))
                      ;; 0x10000 + (c - 0xd800) * 0x400 + (all - 0xdc00)
                      (local.set $c (i32.add (i32.shl (local.get $c) (i32.const 10)) (i32.sub (local.get $all) (i32.const 0x35fdc00))))
                      (i32.store8 (local.get $at) (i32.or (i32.const 0xf0) (i32.shr_u (local.get $c) (i32.const 18))))
                      (i32.store8 offset=1 (local.get $at) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 12)) (i32.const 0x3f))))
                      (i32.store8 offset=2 (local.get $at) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 0x3f))))
                      (i32.store8 offset=3 (local.get $at) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 0x3f))))
                      (local.set $at (i32.add (local.get $at) (i32.const 4)))
                      (br $again)))))))
            (local.set $c (i32.const 0xfffd))))
        (i32.store8 (local.get $at) (i32.or (i32.const 0xe0) (i32.shr_u (local.get $c) (i32.const 12))))
        (i32.store8 offset=1 (local.get $at) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 0x3f))))
        (i32.store8 offset=2 (local.get $at) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 0x3f))))
        (local.set $at (i32.add (local.get $at) (i32.const 3)))
        (br $again)))
    (local.set $size (i32.sub (local.get $at) (local.get $address)))
    (local.set $address (call $realloc (local.get $address) (i32.mul (local.get $n) (i32.const 3)) (i32.const 1) (local.get $size)))
    (call $pair (local.get $address) (local.get $size)))

  (func $pair (param $address i32) (param $size i32) (result f64)
    (f64.add
      (f64.convert_i32_u (local.get $address))
      (f64.mul (f64.convert_i32_u (local.get $size)) (f64.const 4294967296))))

  ;; Decodes at most 256 bytes of UTF-8; null when they are ill-formed.
  (func (export "decode") (param $at i32) (param $size i32) (result externref)
    (local $units (ref null $units)) (local $i i32) (local $fours i32) (local $four i32) (local $all i32)
    (local $end i32) (local $c i32) (local $d i32)
    (local.set $units (global.get $scratch))
    (local.set $fours (i32.and (local.get $size) (i32.const -4)))
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (block $other
      (block $read
        (loop $again
          (br_if $read (i32.eq (local.get $i) (local.get $fours)))
          (local.set $four (i32.load align=1 (local.get $at)))
          (br_if $other (i32.and (local.get $four) (i32.const 0x80808080)))
          (array.set $units (local.get $units) (local.get $i) (i32.and (local.get $four) (i32.const 0x7f)))
          (array.set $units (local.get $units) (i32.add (local.get $i) (i32.const 1))
            (i32.and (i32.shr_u (local.get $four) (i32.const 8)) (i32.const 0x7f)))
          (array.set $units (local.get $units) (i32.add (local.get $i) (i32.const 2))
            (i32.and (i32.shr_u (local.get $four) (i32.const 16)) (i32.const 0x7f)))
          (array.set $units (local.get $units) (i32.add (local.get $i) (i32.const 3))
            (i32.shr_u (local.get $four) (i32.const 24)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $i (i32.add (local.get $i) (i32.const 4)))
          (br $again))))
    (loop $again
      (if (i32.eq (local.get $at) (local.get $end))
        (then (return (call $from (local.get $units) (i32.const 0) (local.get $i)))))
      (local.set $c (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ge_u (local.get $c) (i32.const 0x80))
        (then
          (if (i32.lt_u (local.get $c) (i32.const 0xe0))
            (then
              (if (i32.or (i32.lt_u (local.get $c) (i32.const 0xc2)) (i32.eq (local.get $at) (local.get $end)))
                (then (return (ref.null extern))))
              (local.set $d (i32.xor (i32.load8_u (local.get $at)) (i32.const 0x80)))
              (if (i32.gt_u (local.get $d) (i32.const 0x3f)) (then (return (ref.null extern))))
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (local.set $c (i32.or (i32.shl (i32.and (local.get $c) (i32.const 0x1f)) (i32.const 6)) (local.get $d))))
            (else
              (if (i32.lt_u (local.get $c) (i32.const 0xf0))
                (then
                  (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 2)) (then (return (ref.null extern))))
                  (local.set $d (i32.xor (i32.load16_u align=1 (local.get $at)) (i32.const 0x8080)))
                  (if (i32.and (local.get $d) (i32.const 0xc0c0)) (then (return (ref.null extern))))
                  (local.set $c (i32.or
                    (i32.shl (i32.and (local.get $c) (i32.const 0xf)) (i32.const 12))
                    (i32.or (i32.shl (i32.and (local.get $d) (i32.const 0x3f)) (i32.const 6)) (i32.shr_u (local.get $d) (i32.const 8)))))
                  (if (i32.or
                      (i32.lt_u (local.get $c) (i32.const 0x800))
                      (i32.eq (i32.and (local.get $c) (i32.const 0xf800)) (i32.const 0xd800)))
                    (then (return (ref.null extern))))
                  (local.set $at (i32.add (local.get $at) (i32.const 2))))
                (else
                  (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 3)) (then (return (ref.null extern))))
                  (local.set $d (i32.xor
                    (i32.or (i32.load16_u align=1 (local.get $at)) (i32.shl (i32.load8_u offset=2 (local.get $at)) (i32.const 16)))
                    (i32.const 0x808080)))
                  (if (i32.and (local.get $d) (i32.const 0xc0c0c0)) (then (return (ref.null extern))))
                  (local.set $c (i32.or
                    (i32.or (i32.shl (i32.and (local.get $c) (i32.const 0xf)) (i32.const 18)) (i32.shl (i32.and (local.get $d) (i32.const 0x3f)) (i32.const 12)))
                    (i32.or (i32.and (i32.shr_u (local.get $d) (i32.const 2)) (i32.const 0xfc0)) (i32.shr_u (local.get $d) (i32.const 16)))))
                  (if (i32.ge_u (i32.sub (local.get $c) (i32.const 0x10000)) (i32.const 0x100000)) (then (return (ref.null extern))))
                  (local.set $at (i32.add (local.get $at) (i32.const 3)))
                  (array.set $units (local.get $units) (local.get $i) (i32.add (i32.const 0xd7c0) (i32.shr_u (local.get $c) (i32.const 10))))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (local.set $c (i32.or (i32.const 0xdc00) (i32.and (local.get $c) (i32.const 0x3ff))))))))))
      (array.set $units (local.get $units) (local.get $i) (local.get $c))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $again))
    (unreachable))
)
