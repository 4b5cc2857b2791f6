;; In WIT: world primes { export count: func(first: u32, end: u32) -> u32; }
(component
  (core module $Main
    (func $is-prime (param $n i32) (result i32) (local $divisor i32)
      (if (i32.lt_u (local.get $n) (i32.const 2)) (then (return (i32.const 0))))
      (local.set $divisor (i32.const 2))
      (loop $next
        (if (i32.gt_u (i32.mul (local.get $divisor) (local.get $divisor)) (local.get $n)) (then (return (i32.const 1))))
        (if (i32.eqz (i32.rem_u (local.get $n) (local.get $divisor))) (then (return (i32.const 0))))
        (local.set $divisor (i32.add (local.get $divisor) (i32.const 1)))
        (br $next))
      (unreachable))
    (func (export "count") (param $n i32) (param $end i32) (result i32) (local $found i32)
      (block $done
        (loop $next
          (br_if $done (i32.ge_u (local.get $n) (local.get $end)))
          (local.set $found (i32.add (local.get $found) (call $is-prime (local.get $n))))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br $next)))
      (local.get $found)))
  (core instance $main (instantiate $Main))
  (func (export "count") (param "first" u32) (param "end" u32) (result u32) (canon lift (core func $main "count"))))
