;; A lowered import lifted again, called by a child through an adapter, and exported.
(component
  (import "f" (func $f (param "x" u32)))
  (core func $f' (canon lower (func $f)))
  (func $again (param "x" u32) (canon lift (core func $f')))
  (component $Wrap
    (import "f" (func $f (param "x" u32)))
    (core func $f' (canon lower (func $f)))
    (func (export "f") (param "x" u32) (canon lift (core func $f'))))
  (instance $wrap (instantiate $Wrap (with "f" (func $again))))
  (instance $twice (instantiate $Wrap (with "f" (func $wrap "f"))))
  (export "once" (func $again))
  (export "thrice" (func $twice "f")))

;; ---- plan ----
;; component
;;   component instances
;;     instance0
;;     instance1 in instance0 "wrap"
;;     instance2 in instance0 "twice"
;;   imports
;;     "f" func(x: u32)
;;   runtime imports
;;     import0 = "f" func(x: u32)
;;   options
;;     options0 = instance0 utf8
;;     options1 = instance2 utf8
;;     options2 = instance1 utf8
;;   trampolines
;;     trampoline0 = lower import0 lowering0 options0 func(x: u32)
;;   adapters
;;     adapter0 = "once" func(x: u32)
;;       lower options2
;;       lift trampoline0 options0
;;       always traps
;;     adapter1 = "f" func(x: u32)
;;       lower options1
;;       lift adapter0 options2
;;       enters instance1
;;   initializers
;;     lowering0 = import0
;;     instantiate adapters adapter0
;;     instantiate adapters adapter1
;;   exports
;;     "once" = lift trampoline0 options0 func(x: u32)
;;     "thrice" = lift adapter1 options1 func(x: u32)
;;   counts
;;     componentInstances 3, trampolines 1, lowerings 1
