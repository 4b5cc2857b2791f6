;; An imported component that nobody has given: only types are known.
(component
  (import "c" (component $c
    (import "log" (func (param "s" string)))
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))))
  (import "log" (func $log (param "s" string)))
  (instance $i (instantiate $c (with "log" (func $log))))
  (core func $make (canon lower (func $i "make")))
  (core module $M (import "" "make" (func (result i32))))
  (core instance (instantiate $M (with "" (instance (export "make" (func $make))))))
  (export "c2" (component $c))
  (export "made" (instance $i)))

;; ---- plan ----
;; component
;;   resources
;;     r/0 = abstract
;;     r/1 = abstract
;;   unlinked components
;;     "c"
;;   component instances
;;     instance0
;;   imports
;;     "c" component
;;       imports
;;         "log" func(s: string)
;;       exports
;;         "r" resource r/0
;;         "make" func() -> r/0
;;     "log" func(s: string)
;;   runtime imports
;;     import0 = "c" component
;;   exports
;;     "c2" = import0
;;     "made" instance
;;       "r" resource r/1
;;       "make" = lift core0 func "" options0 func() -> r/1
;;   counts
;;     componentInstances 1
