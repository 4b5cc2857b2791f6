;; A chain: each link's adapter needs the instance that the one before was made for, so each has a module. Two
;; functions of one link share theirs.
(component
  (component $Leaf
    (core module $M (func (export "f")) (func (export "g")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f")))
    (func (export "g") (canon lift (core func $m "g"))))
  (component $Link
    (import "next" (instance $next (export "f" (func)) (export "g" (func))))
    (core func $f (canon lower (func $next "f")))
    (core func $g (canon lower (func $next "g")))
    (core module $M
      (import "" "f" (func $f)) (import "" "g" (func $g))
      (func (export "f") (call $f)) (func (export "g") (call $g)))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f)) (export "g" (func $g))))))
    (func (export "f") (canon lift (core func $m "f")))
    (func (export "g") (canon lift (core func $m "g"))))
  (instance $a (instantiate $Leaf))
  (instance $b (instantiate $Link (with "next" (instance $a))))
  (instance $c (instantiate $Link (with "next" (instance $b))))
  ;; Depends on $a only, like $b: but what uses it comes later.
  (instance $d (instantiate $Link (with "next" (instance $a))))
  (export "c" (func $c "f"))
  (export "d" (func $d "f")))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x15..0x47 "M"
;;     module1 = 0x105..0x151 "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "a"
;;     instance2 in instance0 "b"
;;     instance3 in instance0 "c"
;;     instance4 in instance0 "d"
;;   options
;;     options0 = instance2 utf8
;;     options1 = instance1 utf8
;;     options2 = instance3 utf8
;;     options3 = instance4 utf8
;;   adapters
;;     adapter0 = "f" func()
;;       lower options0
;;       lift core0 func "f" options1
;;       enters instance1
;;     adapter1 = "g" func()
;;       lower options0
;;       lift core0 func "g" options1
;;       enters instance1
;;     adapter2 = "f" func()
;;       lower options2
;;       lift core1 func "f" options0
;;       enters instance2
;;     adapter3 = "g" func()
;;       lower options2
;;       lift core1 func "g" options0
;;       enters instance2
;;     adapter4 = "f" func()
;;       lower options3
;;       lift core0 func "f" options1
;;       enters instance1
;;     adapter5 = "g" func()
;;       lower options3
;;       lift core0 func "g" options1
;;       enters instance1
;;   initializers
;;     core0 = instantiate module0 in instance1
;;     instantiate adapters adapter0 adapter1
;;     core1 = instantiate module1 in instance2
;;       "" "f" adapter0
;;       "" "g" adapter1
;;     instantiate adapters adapter2 adapter3 adapter4 adapter5
;;     core2 = instantiate module1 in instance3
;;       "" "f" adapter2
;;       "" "g" adapter3
;;     core3 = instantiate module1 in instance4
;;       "" "f" adapter4
;;       "" "g" adapter5
;;   exports
;;     "c" = lift core2 func "f" options2 func()
;;     "d" = lift core3 func "f" options3 func()
;;   counts
;;     componentInstances 5
