;; Strings and lists: they lie in the memory of the core module, in room that its realloc has made.
(component $strings
  (import "say" (func $say (param "text" string) (result u32)))
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    ;; Room is taken one after the other, and all of it is given back when the call is over.
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and
        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $at) (local.get $new)))
      (if (i32.gt_u (global.get $next) (i32.const 65536)) (then unreachable))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at))
    (func (export "free") (param i32) (global.set $next (i32.const 1024))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $say (canon lower (func $say) (memory $memory)))
  (core module $text
    (import "libc" "memory" (memory 1))
    (import "host" "say" (func $say (param i32 i32) (result i32)))
    ;; Capital letters, where they are ASCII. The result (address, length) stands at 16.
    (func (export "shout") (param $at i32) (param $length i32) (result i32) (local $i i32) (local $c i32)
      (block $done
        (loop $more
          (br_if $done (i32.ge_u (local.get $i) (local.get $length)))
          (local.set $c (i32.load8_u (i32.add (local.get $at) (local.get $i))))
          (if (i32.lt_u (i32.sub (local.get $c) (i32.const 97)) (i32.const 26))
            (then (i32.store8 (i32.add (local.get $at) (local.get $i)) (i32.sub (local.get $c) (i32.const 32)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $more)))
      (drop (call $say (local.get $at) (local.get $length)))
      (i32.store (i32.const 16) (local.get $at))
      (i32.store (i32.const 20) (local.get $length))
      (i32.const 16))
    ;; The lengths take the place of the (address, length) pairs, four bytes for each eight.
    (func (export "lengths") (param $at i32) (param $count i32) (result i32) (local $i i32)
      (block $done
        (loop $more
          (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
          (i32.store
            (i32.add (local.get $at) (i32.mul (local.get $i) (i32.const 4)))
            (i32.load offset=4 (i32.add (local.get $at) (i32.mul (local.get $i) (i32.const 8)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $more)))
      (i32.store (i32.const 16) (local.get $at))
      (i32.store (i32.const 20) (local.get $count))
      (i32.const 16)))
  (core instance $text (instantiate $text
    (with "libc" (instance $libc)) (with "host" (instance (export "say" (func $say))))))
  (func (export "shout") (param "text" string) (result string)
    (canon lift (core func $text "shout") (memory $memory) (realloc $realloc) (post-return (core func $libc "free"))))
  (func (export "lengths") (param "words" (list string)) (result (list u32))
    (canon lift (core func $text "lengths") (memory $memory) (realloc $realloc) (post-return (core func $libc "free")))))
