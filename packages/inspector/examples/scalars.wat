;; Numbers in, numbers out: no memory, no strings, and nothing that Gangway has to write.
(component $scalars
  (core module $scalars
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "hypotenuse") (param f64 f64) (result f64)
      (f64.sqrt (f64.add (f64.mul (local.get 0) (local.get 0)) (f64.mul (local.get 1) (local.get 1)))))
    (func (export "is-even") (param i64) (result i32) (i64.eqz (i64.and (local.get 0) (i64.const 1))))
    (func (export "next") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
  (core instance $scalars (instantiate $scalars))
  (func (export "add") (param "a" u8) (param "b" u8) (result u8) (canon lift (core func $scalars "add")))
  (func (export "hypotenuse") (param "a" f64) (param "b" f64) (result f64) (canon lift (core func $scalars "hypotenuse")))
  (func (export "is-even") (param "n" u64) (result bool) (canon lift (core func $scalars "is-even")))
  (func (export "next") (param "c" char) (result char) (canon lift (core func $scalars "next"))))
