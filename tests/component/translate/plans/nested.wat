;; A nested component that lowers what the root imports, instantiated twice.
(component
  (import "host" (instance $host (export "add" (func (param "a" u32) (param "b" u32) (result u32)))))
  (component $Adder
    (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
    (core func $add' (canon lower (func $add)))
    (core module $M
      (import "" "add" (func $add (param i32 i32) (result i32)))
      (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))
    (core instance $m (instantiate $M (with "" (instance (export "add" (func $add'))))))
    (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $m "twice"))))
  (instance $one (instantiate $Adder (with "add" (func $host "add"))))
  (instance $two (instantiate $Adder (with "add" (func $host "add"))))
  (export "one" (func $one "twice"))
  (export "two" (func $two "twice")))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x56..0xa4 "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "one"
;;     instance2 in instance0 "two"
;;   imports
;;     "host" instance
;;       "add" func(a: u32, b: u32) -> u32
;;   runtime imports
;;     import0 = "host" "add" func(a: u32, b: u32) -> u32
;;   options
;;     options0 = instance1 utf8
;;     options1 = instance2 utf8
;;   trampolines
;;     trampoline0 = lower import0 lowering0 options0 func(a: u32, b: u32) -> u32
;;     trampoline1 = lower import0 lowering1 options1 func(a: u32, b: u32) -> u32
;;   initializers
;;     lowering0 = import0
;;     core0 = instantiate module0 in instance1
;;       "" "add" trampoline0
;;     lowering1 = import0
;;     core1 = instantiate module0 in instance2
;;       "" "add" trampoline1
;;   exports
;;     "one" = lift core0 func "twice" options0 func(x: u32) -> u32
;;     "two" = lift core1 func "twice" options1 func(x: u32) -> u32
;;   counts
;;     componentInstances 3, trampolines 2, lowerings 2
