;; An imported function and an imported instance, exported again under other names.
(component
  (import "f" (func $f (param "x" u8)))
  (import "a:b/c" (instance $c
    (type $point (record (field "x" s32) (field "y" s32)))
    (export "point" (type $point' (eq $point)))
    (export "r" (type $r (sub resource)))
    (export "g" (func (param "p" $point') (result (own $r))))))
  (export "g" (func $f))
  (export "a:b/d" (instance $c)))

;; ---- plan ----
;; component
;;   types
;;     type2 = record { x: s32, y: s32 }
;;   resources
;;     r/0 = import0
;;   component instances
;;     instance0
;;   imports
;;     "f" func(x: u8)
;;     "a:b/c" instance
;;       "point" type type2
;;       "r" resource r/0
;;       "g" func(p: type2) -> r/0
;;   runtime imports
;;     import0 = "a:b/c" "r" resource r/0
;;     import1 = "f" func(x: u8)
;;     import2 = "a:b/c" "g" func(p: type2) -> r/0
;;   exports
;;     "g" = import1 func(x: u8)
;;     "a:b/d" instance
;;       "point" type type2
;;       "r" resource r/0
;;       "g" = import2 func(p: type2) -> r/0
;;   counts
;;     componentInstances 1, resources 1
