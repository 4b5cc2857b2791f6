;; Strings between two children: options of both sides, realloc and post-return of each.
(component
  (component $Echo
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
      (func (export "echo") (param i32 i32) (result i32) unreachable)
      (func (export "after") (param i32)))
    (core instance $m (instantiate $M))
    (func (export "echo") (param "s" string) (result string) (canon lift (core func $m "echo") string-encoding=utf16
      (memory (core memory $m "memory")) (realloc (core func $m "realloc")) (post-return (core func $m "after")))))
  (component $Caller
    (import "echo" (func $echo (param "s" string) (result string)))
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $libc (instantiate $Libc))
    (core func $echo' (canon lower (func $echo)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $M (import "" "echo" (func (param i32 i32 i32))) (func (export "run")))
    (core instance $m (instantiate $M (with "" (instance (export "echo" (func $echo'))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $echo (instantiate $Echo))
  (instance $caller (instantiate $Caller (with "echo" (func $echo "echo"))))
  (export "run" (func $caller "run")))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x15..0x7b "M"
;;     module1 = 0x11d..0x164 "Libc"
;;     module2 = 0x191..0x1ce "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "echo"
;;     instance2 in instance0 "caller"
;;   options
;;     options0 = instance2 utf8 memory0 realloc0
;;     options1 = instance1 utf16 memory1 realloc1 post-return0
;;     options2 = instance2 utf8
;;   memory slots
;;     memory0 = core1 memory "memory"
;;     memory1 = core0 memory "memory"
;;   realloc slots
;;     realloc0 = core1 func "realloc"
;;     realloc1 = core0 func "realloc"
;;   post-return slots
;;     post-return0 = core0 func "after"
;;   adapters
;;     adapter0 = "echo" func(s: string) -> string
;;       lower options0
;;       lift core0 func "echo" options1
;;       enters instance1
;;   initializers
;;     core0 = instantiate module0 in instance1
;;     core1 = instantiate module1 in instance2
;;     extract memory0
;;     extract realloc0
;;     extract memory1
;;     extract realloc1
;;     extract post-return0
;;     instantiate adapters adapter0
;;     core2 = instantiate module2 in instance2
;;       "" "echo" adapter0
;;   exports
;;     "run" = lift core2 func "run" options2 func()
;;   counts
;;     componentInstances 3, memories 2, reallocs 2, postReturns 1
