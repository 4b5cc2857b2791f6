;; The options of a lowering into a 64-bit memory.
(component
  (import "log" (func $log (param "text" string)))
  (core module $Libc (memory (export "memory") i64 1))
  (core instance $libc (instantiate $Libc))
  (core func $log' (canon lower (func $log) (memory (core memory $libc "memory")) string-encoding=latin1+utf16))
  (core module $M (import "" "log" (func (param i64 i64))))
  (core instance (instantiate $M (with "" (instance (export "log" (func $log')))))))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x21..0x48 "Libc"
;;     module1 = 0x68..0x8d "M"
;;   component instances
;;     instance0
;;   imports
;;     "log" func(text: string)
;;   runtime imports
;;     import0 = "log" func(text: string)
;;   options
;;     options0 = instance0 latin1+utf16 memory0 i64
;;   memory slots
;;     memory0 = core0 memory "memory"
;;   trampolines
;;     trampoline0 = lower import0 lowering0 options0 func(text: string)
;;   initializers
;;     core0 = instantiate module0 in instance0
;;     extract memory0
;;     lowering0 = import0
;;     core1 = instantiate module1 in instance0
;;       "" "log" trampoline0
;;   counts
;;     componentInstances 1, trampolines 1, lowerings 1, memories 1
