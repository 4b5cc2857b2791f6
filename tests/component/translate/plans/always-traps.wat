;; Calls within one instance, from parent to child and from child to parent: all of them always trap.
(component
  (core module $M (func (export "f")))
  (core instance $m (instantiate $M))
  (func $f (canon lift (core func $m "f")))
  (core func $self (canon lower (func $f)))
  (component $Child
    (import "f" (func $f))
    (core func $f' (canon lower (func $f)))
    (core module $M (import "" "f" (func $f)) (func (export "g") (call $f)))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f'))))))
    (func (export "g") (canon lift (core func $m "g"))))
  (instance $child (instantiate $Child (with "f" (func $f))))
  (core func $child' (canon lower (func $child "g")))
  (core module $Main (import "" "self" (func)) (import "" "child" (func)))
  (core instance (instantiate $Main (with "" (instance (export "self" (func $self)) (export "child" (func $child')))))))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0xa..0x34 "M"
;;     module1 = 0x79..0xb3 "M"
;;     module2 = 0x137..0x167 "Main"
;;   component instances
;;     instance0
;;     instance1 in instance0 "child"
;;   options
;;     options0 = instance1 utf8
;;     options1 = instance0 utf8
;;   adapters
;;     adapter0 = "f" func()
;;       lower options0
;;       lift core0 func "f" options1
;;       always traps
;;     adapter1 = "f" func()
;;       lower options1
;;       lift core0 func "f" options1
;;       always traps
;;     adapter2 = "g" func()
;;       lower options1
;;       lift core1 func "g" options0
;;       always traps
;;   initializers
;;     core0 = instantiate module0 in instance0
;;     instantiate adapters adapter0 adapter1
;;     core1 = instantiate module1 in instance1
;;       "" "f" adapter0
;;     instantiate adapters adapter2
;;     core2 = instantiate module2 in instance0
;;       "" "self" adapter1
;;       "" "child" adapter2
;;   counts
;;     componentInstances 2
