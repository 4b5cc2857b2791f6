;; Two dynamic libraries that share the memory and table of a third module.
(component
  (import "libc" (core module $Libc
    (export "memory" (memory 1))
    (export "malloc" (func (param i32) (result i32)))))
  (import "libzip" (core module $Libzip
    (import "libc" "memory" (memory 1))
    (import "libc" "malloc" (func (param i32) (result i32)))
    (export "zip" (func (param i32 i32 i32) (result i32)))))
  (core module $Main
    (import "libc" "memory" (memory 1))
    (import "libc" "malloc" (func (param i32) (result i32)))
    (import "libzip" "zip" (func (param i32 i32 i32) (result i32)))
    (func (export "zip") (param i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $Libc))
  (core instance $libzip (instantiate $Libzip (with "libc" (instance $libc))))
  (core instance $main (instantiate $Main (with "libc" (instance $libc)) (with "libzip" (instance $libzip))))
  (core module $Realloc (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $realloc (instantiate $Realloc))
  (func (export "zip") (param "in" (list u8)) (result (list u8)) (canon lift (core func $main "zip")
    (memory (core memory $libc "memory")) (realloc (core func $realloc "realloc")))))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x7d..0xe9 "Main"
;;     module1 = 0x10e..0x14a "Realloc"
;;   component instances
;;     instance0
;;   imports
;;     "libc" core module
;;       export "memory" memory 1
;;       export "malloc" func(i32) -> i32
;;     "libzip" core module
;;       import "libc" "memory" memory 1
;;       import "libc" "malloc" func(i32) -> i32
;;       export "zip" func(i32 i32 i32) -> i32
;;   runtime imports
;;     import0 = "libc" core-module
;;     import1 = "libzip" core-module
;;   options
;;     options0 = instance0 utf8 memory0 realloc0
;;   memory slots
;;     memory0 = core0 memory "memory"
;;   realloc slots
;;     realloc0 = core3 func "realloc"
;;   initializers
;;     core0 = instantiate import0 in instance0
;;     core1 = instantiate import1 in instance0
;;       "libc" "memory" core0 memory "memory"
;;       "libc" "malloc" core0 func "malloc"
;;     core2 = instantiate module0 in instance0
;;       "libc" "memory" core0 memory "memory"
;;       "libc" "malloc" core0 func "malloc"
;;       "libzip" "zip" core1 func "zip"
;;     core3 = instantiate module1 in instance0
;;     extract memory0
;;     extract realloc0
;;   exports
;;     "zip" = lift core2 func "zip" options0 func(in: list<u8>) -> list<u8>
;;   counts
;;     componentInstances 1, memories 1, reallocs 1
;;   may throw
