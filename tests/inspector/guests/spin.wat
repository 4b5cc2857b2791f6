;; A component that never comes back from `spin`, and calls out for ever in `chat`.
(component $spin
  (import "tick" (func $tick (param "n" u32)))
  (core func $tick (canon lower (func $tick)))
  (core module $spin
    (import "" "tick" (func $tick (param i32)))
    (func (export "spin") (loop $more (br $more)))
    (func (export "chat") (local $n i32)
      (loop $more
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (call $tick (local.get $n))
        (br $more)))
    (func (export "answer") (result i32) (i32.const 42)))
  (core instance $spin (instantiate $spin (with "" (instance (export "tick" (func $tick))))))
  (func (export "spin") (canon lift (core func $spin "spin")))
  (func (export "chat") (canon lift (core func $spin "chat")))
  (func (export "answer") (result u32) (canon lift (core func $spin "answer"))))
