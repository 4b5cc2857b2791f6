;; Calls between two components of one binary: $Caller loops over imports that are $Callee's exports. The core modules
;; are those of the files `fused-*.wat`; `fused.ts` puts them in, and calls the same two modules
;; through hand-written glue.
(component
  (component $Callee
    CALLEE
    (core instance $main (instantiate $Main))
    (alias core export $main "memory" (core memory $mem))
    (alias core export $main "realloc" (core func $realloc))
    (type $point' (record (field "x" f64) (field "y" f64) (field "label" string)))
    (export $point "point" (type $point'))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "add")))
    (func (export "echo") (param "text" string) (result string)
      (canon lift (core func $main "echo") (memory $mem) (realloc $realloc) (post-return (core func $main "done"))))
    (func (export "sum") (param "list" (list u32)) (result u32)
      (canon lift (core func $main "sum") (memory $mem) (realloc $realloc)))
    (func (export "points") (param "points" (list $point)) (result u32)
      (canon lift (core func $main "points") (memory $mem) (realloc $realloc)))
  )
  (component $Caller
    (type $point' (record (field "x" f64) (field "y" f64) (field "label" string)))
    (import "point" (type $point (eq $point')))
    (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
    (import "echo" (func $echo (param "text" string) (result string)))
    (import "sum" (func $sum (param "list" (list u32)) (result u32)))
    (import "points" (func $points (param "points" (list $point)) (result u32)))
    LIBC
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "memory" (core memory $mem))
    (alias core export $libc "realloc" (core func $realloc))
    CALLER
    (core func $add' (canon lower (func $add)))
    (core func $echo' (canon lower (func $echo) (memory $mem) (realloc $realloc)))
    (core func $sum' (canon lower (func $sum) (memory $mem)))
    (core func $points' (canon lower (func $points) (memory $mem)))
    (core instance $main (instantiate $Main
      (with "libc" (instance $libc))
      (with "callee" (instance
        (export "add" (func $add')) (export "echo" (func $echo')) (export "sum" (func $sum')) (export "points" (func $points'))))))
    (func (export "run-add") (param "n" u32) (result u32) (canon lift (core func $main "run-add")))
    (func (export "run-echo") (param "n" u32) (result u32) (canon lift (core func $main "run-echo")))
    (func (export "run-sum") (param "n" u32) (result u32) (canon lift (core func $main "run-sum")))
    (func (export "run-points") (param "n" u32) (result u32) (canon lift (core func $main "run-points")))
  )
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "point" (type $callee "point"))
    (with "add" (func $callee "add")) (with "echo" (func $callee "echo"))
    (with "sum" (func $callee "sum")) (with "points" (func $callee "points"))))
  (func (export "run-add") (alias export $caller "run-add"))
  (func (export "run-echo") (alias export $caller "run-echo"))
  (func (export "run-sum") (alias export $caller "run-sum"))
  (func (export "run-points") (alias export $caller "run-points"))
)
