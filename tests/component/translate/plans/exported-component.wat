;; A component as an export has a plan of its own, over the same bytes; it closes over a type, a core module and a component.
(component $root
  (type $pair (tuple u32 string))
  (core module $Leaf (func (export "f")))
  (component $Inner
    (alias outer $root $Leaf (core module $Leaf'))
    (core instance $leaf (instantiate $Leaf'))
    (func (export "f") (canon lift (core func $leaf "f"))))
  (component $Out
    (alias outer $root $pair (type $pair'))
    (alias outer $root $Inner (component $Inner'))
    (import "take" (func (param "p" $pair')))
    (instance $inner (instantiate $Inner'))
    (export "f" (func $inner "f")))
  (export "out" (component $Out)))

;; ---- plan ----
;; component "root"
;;   component instances
;;     instance0 "root"
;;   exports
;;     "out" component "Out"
;;         modules
;;           module0 = 0x11..0x3e "Leaf"
;;         component instances
;;           instance0 "Out"
;;           instance1 in instance0 "inner"
;;         imports
;;           "take" func(p: tuple<u32, string>)
;;         options
;;           options0 = instance1 utf8
;;         initializers
;;           core0 = instantiate module0 in instance1
;;         exports
;;           "f" = lift core0 func "f" options0 func()
;;         counts
;;           componentInstances 2
;;   counts
;;     componentInstances 1
