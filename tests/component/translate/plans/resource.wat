;; A resource with a destructor, exported with a constructor, a method and a static function.
(component
  (core module $Dtor (func (export "dtor") (param i32)))
  (core instance $dtor (instantiate $Dtor))
  (type $r (resource (rep i32) (dtor (core func $dtor "dtor"))))
  (core func $new (canon resource.new $r))
  (core func $rep (canon resource.rep $r))
  (core func $drop (canon resource.drop $r))
  (core module $M
    (import "" "new" (func (param i32) (result i32)))
    (import "" "rep" (func (param i32) (result i32)))
    (import "" "drop" (func (param i32)))
    (func (export "ctor") (param i32) (result i32) unreachable)
    (func (export "get") (param i32) (result i32) unreachable)
    (func (export "count") (result i32) unreachable))
  (core instance $m (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
  (func $ctor (param "start" u32) (result (own $r)) (canon lift (core func $m "ctor")))
  (func $get (param "self" (borrow $r)) (result u32) (canon lift (core func $m "get")))
  (func $count (result u32) (canon lift (core func $m "count")))
  (component $Iface
    (import "r" (type $r (sub resource)))
    (import "ctor" (func $ctor (param "start" u32) (result (own $r))))
    (import "get" (func $get (param "self" (borrow $r)) (result u32)))
    (import "count" (func $count (result u32)))
    (export $r' "counter" (type $r))
    (export "[constructor]counter" (func $ctor) (func (param "start" u32) (result (own $r'))))
    (export "[method]counter.get" (func $get) (func (param "self" (borrow $r')) (result u32)))
    (export "[static]counter.count" (func $count)))
  (instance $iface (instantiate $Iface
    (with "r" (type $r)) (with "ctor" (func $ctor)) (with "get" (func $get)) (with "count" (func $count))))
  (export "test:counters/counters@1.0.0" (instance $iface)))

;; ---- plan ----
;; component
;;   resources
;;     counter/0 = defined by instance0, dtor core0 func "dtor"
;;   modules
;;     module0 = 0xa..0x3b "Dtor"
;;     module1 = 0x5f..0xc8 "M"
;;   component instances
;;     instance0
;;     instance1 in instance0 "iface"
;;   options
;;     options0 = instance0 utf8
;;   trampolines
;;     trampoline0 = resource.new counter/0 in instance0
;;     trampoline1 = resource.rep counter/0 in instance0
;;     trampoline2 = resource.drop counter/0 in instance0
;;   initializers
;;     core0 = instantiate module0 in instance0
;;     define counter/0
;;     core1 = instantiate module1 in instance0
;;       "" "new" trampoline0
;;       "" "rep" trampoline1
;;       "" "drop" trampoline2
;;   exports
;;     "test:counters/counters@1.0.0" instance
;;       "counter" resource counter/0
;;       "[constructor]counter" = lift core1 func "ctor" options0 func(start: u32) -> counter/0
;;       "[method]counter.get" = lift core1 func "get" options0 func(self: borrow<counter/0>) -> u32
;;       "[static]counter.count" = lift core1 func "count" options0 func() -> u32
;;   counts
;;     componentInstances 2, trampolines 3, resources 1
