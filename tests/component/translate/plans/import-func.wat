;; A lowered import and a lifted export; both need the memory, the export the realloc as well.
(component
  (import "log" (func $log (param "text" string)))
  (import "unused" (func (param "x" u32)))
  (core module $Libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $Libc))
  (core func $log' (canon lower (func $log) (memory (core memory $libc "memory"))))
  ;; The same lowering again: one trampoline serves both.
  (core func $log2 (canon lower (func $log) (memory (core memory $libc "memory"))))
  (core module $Main
    (import "" "log" (func (param i32 i32)))
    (import "" "log2" (func (param i32 i32)))
    (func (export "greet") (param i32 i32) (result i32) unreachable)
    (func (export "after") (param i32)))
  (core instance $main (instantiate $Main
    (with "" (instance (export "log" (func $log')) (export "log2" (func $log2))))))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $main "greet")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))
      (post-return (core func $main "after")))))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x38..0x7f "Libc"
;;     module1 = 0xb5..0x111 "Main"
;;   component instances
;;     instance0
;;   imports
;;     "log" func(text: string)
;;     "unused" func(x: u32)
;;   runtime imports
;;     import0 = "log" func(text: string)
;;   options
;;     options0 = instance0 utf8 memory0
;;     options1 = instance0 utf8 memory0 realloc0 post-return0
;;   memory slots
;;     memory0 = core0 memory "memory"
;;   realloc slots
;;     realloc0 = core0 func "realloc"
;;   post-return slots
;;     post-return0 = core1 func "after"
;;   trampolines
;;     trampoline0 = lower import0 lowering0 options0 func(text: string)
;;   initializers
;;     core0 = instantiate module0 in instance0
;;     extract memory0
;;     lowering0 = import0
;;     core1 = instantiate module1 in instance0
;;       "" "log" trampoline0
;;       "" "log2" trampoline0
;;     extract realloc0
;;     extract post-return0
;;   exports
;;     "greet" = lift core1 func "greet" options1 func(name: string) -> string
;;   counts
;;     componentInstances 1, trampolines 1, lowerings 1, memories 1, reallocs 1, postReturns 1
