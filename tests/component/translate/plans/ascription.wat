;; An instance seen through a type that has fewer exports: the others are out of reach.
(component
  (core module $M (func (export "f")) (func (export "g")))
  (core instance $m (instantiate $M))
  (func $f (canon lift (core func $m "f")))
  (func $g (canon lift (core func $m "g")))
  (instance $both (export "f" (func $f)) (export "g" (func $g)))
  (export "seen" (instance $both) (instance (export "f" (func))))
  (component $Pass
    (import "i" (instance $i (export "g" (func))))
    (export "o" (instance $i)))
  (instance $pass (instantiate $Pass (with "i" (instance $both))))
  (export "passed" (instance $pass "o")))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0xa..0x3c "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "pass"
;;   options
;;     options0 = instance0 utf8
;;   initializers
;;     core0 = instantiate module0 in instance0
;;   exports
;;     "seen" instance
;;       "f" = lift core0 func "f" options0 func()
;;     "passed" instance
;;       "g" = lift core0 func "g" options0 func()
;;   counts
;;     componentInstances 2
