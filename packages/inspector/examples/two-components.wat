;; Two components inside a third: `shouter` calls `letters` through an adapter, and the import `log` through a trampoline.
(component $two-components
  (import "log" (func $log (param "text" string)))
  (component $letters
    (core module $letters
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256))
      (func (export "twice") (param i32 i32) (result i32) (i32.mul (local.get 1) (i32.const 2))))
    (core instance $i (instantiate $letters))
    (func (export "twice-the-length") (param "text" string) (result u32)
      (canon lift (core func $i "twice") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $shouter
    (import "log" (func $log (param "text" string)))
    (import "twice-the-length" (func $twice (param "text" string) (result u32)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (core func $log (canon lower (func $log) (memory $memory)))
    (core func $twice (canon lower (func $twice) (memory $memory)))
    (core module $shouter
      (import "host" "log" (func $log (param i32 i32)))
      (import "letters" "twice" (func $twice (param i32 i32) (result i32)))
      (func (export "measure") (param i32 i32) (result i32)
        (call $log (local.get 0) (local.get 1))
        (call $twice (local.get 0) (local.get 1))))
    (core instance $i (instantiate $shouter
      (with "host" (instance (export "log" (func $log))))
      (with "letters" (instance (export "twice" (func $twice))))))
    (func (export "measure") (param "text" string) (result u32)
      (canon lift (core func $i "measure") (memory $memory) (realloc $realloc))))
  (instance $letters (instantiate $letters))
  (instance $shouter (instantiate $shouter
    (with "log" (func $log)) (with "twice-the-length" (func $letters "twice-the-length"))))
  (export "measure" (func $shouter "measure")))
