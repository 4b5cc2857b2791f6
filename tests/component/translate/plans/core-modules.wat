;; Core modules imported, exported, and passed to a nested component. One that has a tag: calls into it may throw.
(component
  (import "m" (core module $m (import "" "f" (func)) (export "g" (func (param i32) (result i64)))))
  (core module $Own
    (type $t (func (param i32)))
    (tag (type $t))
    (import "a" "b" (func $b (result f32)))
    (func (export "run") (drop (call $b))))
  (component $C
    (import "own" (core module $own (import "a" "b" (func (result f32))) (export "run" (func))))
    (core module $B (func (export "b") (result f32) f32.const 0))
    (core instance $b (instantiate $B))
    (core instance $own' (instantiate $own (with "a" (instance $b))))
    (func (export "run") (canon lift (core func $own' "run"))))
  (instance $c (instantiate $C (with "own" (core module $Own))))
  (core module $F (func (export "f")))
  (core instance $f (instantiate $F))
  (core instance (instantiate $m (with "" (instance $f))))
  (export "m2" (core module $m))
  (export "own" (core module $Own))
  (export "run" (func $c "run")))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0xb4..0xe4 "B"
;;     module1 = 0x2d..0x80 "Own"
;;     module2 = 0x155..0x17f "F"
;;   component instances
;;     instance0
;;     instance1 in instance0 "c"
;;   imports
;;     "m" core module
;;       import "" "f" func()
;;       export "g" func(i32) -> i64
;;   runtime imports
;;     import0 = "m" core-module
;;   options
;;     options0 = instance1 utf8
;;   initializers
;;     core0 = instantiate module0 in instance1
;;     core1 = instantiate module1 in instance1
;;       "a" "b" core0 func "b"
;;     core2 = instantiate module2 in instance0
;;     core3 = instantiate import0 in instance0
;;       "" "f" core2 func "f"
;;   exports
;;     "m2" = import0
;;     "own" = module1
;;     "run" = lift core1 func "run" options0 func()
;;   counts
;;     componentInstances 2
;;   may throw
