;; A trap two components deep: `shop` asks `bank` for money, and the bank refuses for good when there is too little.
(component $overdrawn
  (component $bank
    (core module $bank
      (global $balance (mut i32) (i32.const 100))
      (func (export "pay") (param $amount i32) (result i32)
        (if (i32.gt_u (local.get $amount) (global.get $balance)) (then unreachable))
        (global.set $balance (i32.sub (global.get $balance) (local.get $amount)))
        (global.get $balance)))
    (core instance $bank (instantiate $bank))
    (func (export "pay") (param "amount" u32) (result u32) (canon lift (core func $bank "pay"))))
  (component $shop
    (import "pay" (func $pay (param "amount" u32) (result u32)))
    (core func $pay (canon lower (func $pay)))
    (core module $shop
      (import "bank" "pay" (func $pay (param i32) (result i32)))
      (func (export "withdraw") (param i32) (result i32) (call $pay (local.get 0))))
    (core instance $shop (instantiate $shop (with "bank" (instance (export "pay" (func $pay))))))
    (func (export "withdraw") (param "amount" u32) (result u32) (canon lift (core func $shop "withdraw"))))
  (instance $bank (instantiate $bank))
  (instance $shop (instantiate $shop (with "pay" (func $bank "pay"))))
  (export "withdraw" (func $shop "withdraw")))
