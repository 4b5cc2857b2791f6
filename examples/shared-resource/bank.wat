;; resource account { deposit: func(amount: u32); balance: func() -> u32; }                 the host's
;; resource teller { constructor(fee: u32); pay-in: func(to: borrow<account>, amount: u32) -> u32; }   its own
(component
  (import "account" (type $account (sub resource)))
  (import "[method]account.deposit" (func $deposit (param "self" (borrow $account)) (param "amount" u32)))
  (import "[method]account.balance" (func $balance (param "self" (borrow $account)) (result u32)))
  (core func $deposit (canon lower (func $deposit)))
  (core func $balance (canon lower (func $balance)))
  (core func $drop-account (canon resource.drop $account))
  ;; What stands for a teller is the fee that it takes.
  (type $teller' (resource (rep i32)))
  (core func $new-teller (canon resource.new $teller'))
  (core module $main
    (import "" "deposit" (func $deposit (param i32 i32)))
    (import "" "balance" (func $balance (param i32) (result i32)))
    (import "" "drop-account" (func $drop-account (param i32)))
    (import "" "new-teller" (func $new-teller (param i32) (result i32)))
    (func (export "new") (param $fee i32) (result i32) (call $new-teller (local.get $fee)))
    (func (export "pay-in") (param $fee i32) (param $account i32) (param $amount i32) (result i32)
      (local $balance i32)
      (call $deposit (local.get $account) (i32.sub (local.get $amount) (local.get $fee)))
      (local.set $balance (call $balance (local.get $account)))
      ;; A borrow must be given back before the call ends.
      (call $drop-account (local.get $account))
      (local.get $balance)))
  (core instance $main (instantiate $main (with "" (instance
    (export "deposit" (func $deposit))
    (export "balance" (func $balance))
    (export "drop-account" (func $drop-account))
    (export "new-teller" (func $new-teller))))))
  (export $teller "teller" (type $teller'))
  (func $new (param "fee" u32) (result (own $teller)) (canon lift (core func $main "new")))
  (func $pay-in (param "self" (borrow $teller)) (param "to" (borrow $account)) (param "amount" u32) (result u32)
    (canon lift (core func $main "pay-in")))
  (export "[constructor]teller" (func $new))
  (export "[method]teller.pay-in" (func $pay-in)))
