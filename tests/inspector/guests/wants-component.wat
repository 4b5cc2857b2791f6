;; Imports a whole component, makes an instance of it, and gives its function to a component of its own.
(component $wants-component
  (import "part" (component $part (export "seven" (func (result u32)))))
  (instance $seven (instantiate $part))
  (component $six
    (import "seven" (func $seven (result u32)))
    (core func $low (canon lower (func $seven)))
    (core module $m
      (import "" "seven" (func $seven (result i32)))
      (func (export "six-times-seven") (result i32) (i32.mul (call $seven) (i32.const 6))))
    (core instance $i (instantiate $m (with "" (instance (export "seven" (func $low))))))
    (func (export "six-times-seven") (result u32) (canon lift (core func $i "six-times-seven"))))
  (instance $six (instantiate $six (with "seven" (func $seven "seven"))))
  (export "six-times-seven" (func $six "six-times-seven")))
