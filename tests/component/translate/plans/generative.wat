;; Each instance of a component that defines a resource has its own; a third component passes one of them on.
(component
  (component $Def
    (type $r (resource (rep i32)))
    (export $r' "r" (type $r))
    (core func $new (canon resource.new $r))
    (core module $M (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 7))))
    (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
    (func (export "make") (result (own $r')) (canon lift (core func $m "make"))))
  (instance $a (instantiate $Def))
  (instance $b (instantiate $Def))
  (component $User
    (import "def" (instance $def (export "r" (type $r (sub resource))) (export "make" (func (result (own $r))))))
    (alias export $def "r" (type $r))
    (core func $make (canon lower (func $def "make")))
    (core func $drop (canon resource.drop $r))
    (core module $M
      (import "" "make" (func $make (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (call $drop (call $make))))
    (core instance $m (instantiate $M (with "" (instance (export "make" (func $make)) (export "drop" (func $drop))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $ua (instantiate $User (with "def" (instance $a))))
  (instance $ub (instantiate $User (with "def" (instance $b))))
  (export "run-a" (func $ua "run"))
  (export "run-b" (func $ub "run")))

;; ---- plan ----
;; component
;;   resources
;;     r/0 = defined by instance1, dtor none
;;     r/1 = defined by instance2, dtor none
;;   modules
;;     module0 = 0x29..0x72 "M"
;;     module1 = 0x13d..0x197 "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "a"
;;     instance2 in instance0 "b"
;;     instance3 in instance0 "ua"
;;     instance4 in instance0 "ub"
;;   options
;;     options0 = instance3 utf8
;;     options1 = instance1 utf8
;;     options2 = instance4 utf8
;;     options3 = instance2 utf8
;;   trampolines
;;     trampoline0 = resource.new r/0 in instance1
;;     trampoline1 = resource.new r/1 in instance2
;;     trampoline2 = resource.drop r/0 in instance3
;;     trampoline3 = resource.drop r/1 in instance4
;;   adapters
;;     adapter0 = "make" func() -> r/0
;;       lower options0
;;       lift core0 func "make" options1
;;       enters instance1
;;     adapter1 = "make" func() -> r/1
;;       lower options2
;;       lift core1 func "make" options3
;;       enters instance2
;;   initializers
;;     define r/0
;;     core0 = instantiate module0 in instance1
;;       "" "new" trampoline0
;;     define r/1
;;     core1 = instantiate module0 in instance2
;;       "" "new" trampoline1
;;     instantiate adapters adapter0 adapter1
;;     core2 = instantiate module1 in instance3
;;       "" "make" adapter0
;;       "" "drop" trampoline2
;;     core3 = instantiate module1 in instance4
;;       "" "make" adapter1
;;       "" "drop" trampoline3
;;   exports
;;     "run-a" = lift core2 func "run" options0 func()
;;     "run-b" = lift core3 func "run" options2 func()
;;   counts
;;     componentInstances 5, trampolines 4, resources 2
