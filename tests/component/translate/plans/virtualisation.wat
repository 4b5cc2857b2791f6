;; The child's filesystem is the parent's virtualised one, which is made of the host's.
(component
  (import "host:fs/files" (instance $real (export "read" (func (param "fd" u32) (result u32)))))
  (component $Virtual
    (import "host:fs/files" (instance $real (export "read" (func (param "fd" u32) (result u32)))))
    (core func $read (canon lower (func $real "read")))
    (core module $M
      (import "" "read" (func $read (param i32) (result i32)))
      (func (export "read") (param i32) (result i32) (call $read (i32.add (local.get 0) (i32.const 1)))))
    (core instance $m (instantiate $M (with "" (instance (export "read" (func $read))))))
    (func $read' (param "fd" u32) (result u32) (canon lift (core func $m "read")))
    (instance $files (export "read" (func $read')))
    (export "host:fs/files" (instance $files)))
  (component $Child
    (import "host:fs/files" (instance $fs (export "read" (func (param "fd" u32) (result u32)))))
    (core func $read (canon lower (func $fs "read")))
    (core module $M
      (import "" "read" (func $read (param i32) (result i32)))
      (func (export "run") (result i32) (call $read (i32.const 40))))
    (core instance $m (instantiate $M (with "" (instance (export "read" (func $read))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $virtual (instantiate $Virtual (with "host:fs/files" (instance $real))))
  (instance $child (instantiate $Child (with "host:fs/files" (instance $virtual "host:fs/files"))))
  (export "run" (func $child "run")))

;; ---- plan ----
;; component
;;   modules
;;     module0 = 0x7d..0xc7 "M"
;;     module1 = 0x1b6..0x200 "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "virtual"
;;     instance2 in instance0 "child"
;;   imports
;;     "host:fs/files" instance
;;       "read" func(fd: u32) -> u32
;;   runtime imports
;;     import0 = "host:fs/files" "read" func(fd: u32) -> u32
;;   options
;;     options0 = instance1 utf8
;;     options1 = instance2 utf8
;;   trampolines
;;     trampoline0 = lower import0 lowering0 options0 func(fd: u32) -> u32
;;   adapters
;;     adapter0 = "host:fs/files#read" func(fd: u32) -> u32
;;       lower options1
;;       lift core0 func "read" options0
;;       enters instance1
;;   initializers
;;     lowering0 = import0
;;     core0 = instantiate module0 in instance1
;;       "" "read" trampoline0
;;     instantiate adapters adapter0
;;     core1 = instantiate module1 in instance2
;;       "" "read" adapter0
;;   exports
;;     "run" = lift core1 func "run" options1 func() -> u32
;;   counts
;;     componentInstances 3, trampolines 1, lowerings 1
