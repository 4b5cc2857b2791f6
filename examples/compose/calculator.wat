;; sum: func(numbers: list<u32>) -> u32; it adds by its import docs:adder/add@0.1.0
(component
  (import "docs:adder/add@0.1.0" (instance $adder
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))))
  (core func $add (canon lower (func $adder "add")))
  (core module $main
    (import "adder" "add" (func $add (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    ;; One list at a time: always at the same place.
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (if (i32.gt_u (local.get $new) (i32.const 65536)) (then unreachable))
      (i32.const 0))
    (func (export "sum") (param $at i32) (param $count i32) (result i32)
      (local $sum i32)
      (block $done
        (loop $more
          (br_if $done (i32.eqz (local.get $count)))
          (local.set $sum (call $add (local.get $sum) (i32.load (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $more)))
      (local.get $sum)))
  (core instance $main (instantiate $main (with "adder" (instance (export "add" (func $add))))))
  (func (export "sum") (param "numbers" (list u32)) (result u32)
    (canon lift (core func $main "sum") (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
