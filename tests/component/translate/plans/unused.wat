;; What no core module and no export reaches is not in the plan; core modules always are.
(component
  (import "used" (func $used))
  (import "unused" (func $unused))
  (core func $used' (canon lower (func $used)))
  (core func $unused' (canon lower (func $unused)))
  (type $r (resource (rep i32)))
  (core func (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $Never (import "" "nothing" (func)))
  (core module $M (import "" "f" (func)) (import "" "drop" (func (param i32))))
  (core instance (instantiate $M (with "" (instance
    (export "f" (func $used'))
    (export "drop" (func $drop))
    (export "g" (func $unused'))))))
  (core module $Quiet)
  (core instance (instantiate $Quiet)))

;; ---- plan ----
;; component
;;   resources
;;     resource/0 = defined by instance0, dtor none
;;   modules
;;     module0 = 0x75..0xa2 "M"
;;     module1 = 0xbe..0xd5 "Quiet"
;;   component instances
;;     instance0
;;   imports
;;     "used" func()
;;     "unused" func()
;;   runtime imports
;;     import0 = "used" func()
;;   options
;;     options0 = instance0 utf8
;;   trampolines
;;     trampoline0 = lower import0 lowering0 options0 func()
;;     trampoline1 = resource.drop resource/0 in instance0
;;   initializers
;;     define resource/0
;;     lowering0 = import0
;;     core0 = instantiate module0 in instance0
;;       "" "f" trampoline0
;;       "" "drop" trampoline1
;;     core1 = instantiate module1 in instance0
;;   counts
;;     componentInstances 1, trampolines 2, lowerings 1, resources 1
