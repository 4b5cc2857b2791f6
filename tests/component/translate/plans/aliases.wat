;; Aliases of every kind: core exports, exports of component instances, outer ones.
(component $root
  (type $num u32)
  (core type $start (func))
  (core module $Leaf (func (export "f") (param i32) (result i32) local.get 0))
  (component $Inner
    (alias outer $root $num (type $num'))
    (alias outer $root $Leaf (core module $Leaf'))
    (alias outer $root $start (core type $start'))
    (core instance $leaf (instantiate $Leaf'))
    (func $id (param "x" $num') (result $num') (canon lift (core func $leaf "f")))
    (instance $made (export "id" (func $id)) (export "num" (type $num')))
    (export "made" (instance $made))
    (export "leaf" (core module $Leaf'))
    (export "num" (type $num'))
    (component $Empty)
    (export "empty" (component $Empty)))
  (component $Middle
    (alias outer $root $Inner (component $Inner'))
    (instance $inner (instantiate $Inner'))
    (export "inner" (instance $inner)))
  (instance $middle (instantiate $Middle))
  (alias export $middle "inner" (instance $inner))
  (alias export $inner "made" (instance $made))
  (alias export $made "id" (func $id))
  (alias export $inner "leaf" (core module $leaf))
  (alias export $inner "num" (type $num'))
  (alias export $inner "empty" (component $empty))
  (instance (instantiate $empty))
  (core instance (instantiate $leaf))
  (core module $All
    (table (export "t") 1 funcref)
    (memory (export "m") 1)
    (global (export "g") i32 (i32.const 0))
    (func (export "f")))
  (core instance $all (instantiate $All))
  (alias core export $all "t" (core table $t))
  (alias core export $all "m" (core memory $m))
  (alias core export $all "g" (core global $g))
  (alias core export $all "f" (core func $f))
  (core module $Needs
    (import "x" "t" (table 1 funcref))
    (import "x" "m" (memory 1))
    (import "x" "g" (global i32))
    (import "x" "f" (func)))
  (core instance (instantiate $Needs (with "x" (instance
    (export "f" (func $f)) (export "g" (global $g)) (export "m" (memory $m)) (export "t" (table $t))))))
  (export "id" (func $id))
  (export "leaf" (core module $leaf))
  (export "num" (type $num')))

;; ---- plan ----
;; component "root"
;;   modules
;;     module0 = 0x14..0x45 "Leaf"
;;     module1 = 0x1e2..0x22d "All"
;;     module2 = 0x250..0x28c "Needs"
;;   component instances
;;     instance0 "root"
;;     instance1 in instance0 "middle"
;;     instance2 in instance1 "inner"
;;     instance3 in instance0 "Empty"
;;   options
;;     options0 = instance2 utf8
;;   initializers
;;     core0 = instantiate module0 in instance2
;;     core1 = instantiate module0 in instance0
;;     core2 = instantiate module1 in instance0
;;     core3 = instantiate module2 in instance0
;;       "x" "t" core2 table "t"
;;       "x" "m" core2 memory "m"
;;       "x" "g" core2 global "g"
;;       "x" "f" core2 func "f"
;;   exports
;;     "id" = lift core0 func "f" options0 func(x: u32) -> u32
;;     "leaf" = module0
;;     "num" type u32
;;   counts
;;     componentInstances 4
