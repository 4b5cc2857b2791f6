;; interface add { add: func(a: u32, b: u32) -> u32; }, exported as docs:adder/add@0.1.0
(component
  (core module $main
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $main (instantiate $main))
  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "add")))
  (instance $face (export "add" (func $add)))
  (export "docs:adder/add@0.1.0" (instance $face)))
