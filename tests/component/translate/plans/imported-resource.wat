;; A resource that the embedder supplies, used by the root and a nested component; and one import that uses another's.
(component
  (import "a:b/things" (instance $things
    (export "thing" (type $thing (sub resource)))
    (export "[method]thing.weight" (func (param "self" (borrow $thing)) (result f64)))))
  (alias export $things "thing" (type $thing))
  (import "a:b/use" (instance $use
    (alias outer 1 $thing (type $t))
    (export "thing" (type $t' (eq $t)))
    (export "heaviest" (func (param "all" (list (own $t'))) (result (option (own $t')))))))
  (core module $Libc (memory (export "memory") 1) (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $Libc))
  (core func $heaviest (canon lower (func $use "heaviest")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $drop (canon resource.drop $thing))
  (core module $M (import "" "heaviest" (func (param i32 i32 i32))) (import "" "drop" (func (param i32))))
  (core instance (instantiate $M (with "" (instance (export "heaviest" (func $heaviest)) (export "drop" (func $drop)))))))

;; ---- plan ----
;; component
;;   resources
;;     thing/0 = import0
;;   modules
;;     module0 = 0xa3..0xea "Libc"
;;     module1 = 0x125..0x15c "M"
;;   component instances
;;     instance0
;;   imports
;;     "a:b/things" instance
;;       "thing" resource thing/0
;;       "[method]thing.weight" func(self: borrow<thing/0>) -> f64
;;     "a:b/use" instance
;;       "thing" resource thing/0
;;       "heaviest" func(all: list<thing/0>) -> option<thing/0>
;;   runtime imports
;;     import0 = "a:b/things" "thing" resource thing/0
;;     import1 = "a:b/use" "heaviest" func(all: list<thing/0>) -> option<thing/0>
;;   options
;;     options0 = instance0 utf8 memory0 realloc0
;;   memory slots
;;     memory0 = core0 memory "memory"
;;   realloc slots
;;     realloc0 = core0 func "realloc"
;;   trampolines
;;     trampoline0 = lower import1 lowering0 options0 func(all: list<thing/0>) -> option<thing/0>
;;     trampoline1 = resource.drop thing/0 in instance0
;;   initializers
;;     core0 = instantiate module0 in instance0
;;     extract memory0
;;     extract realloc0
;;     lowering0 = import1
;;     core1 = instantiate module1 in instance0
;;       "" "heaviest" trampoline0
;;       "" "drop" trampoline1
;;   counts
;;     componentInstances 1, trampolines 2, lowerings 1, memories 1, reallocs 1, resources 1
