/** Resources: a guest's in JavaScript's hands, the embedder's in a guest's hands, and those passed on. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type EngineOptions, InstancePre, ResourceHandle, Store, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, debugEngine, engineWith, instance } from '../support/assemble.ts';

/**
 * `thing`: a guest's resource whose representation is 100 + a count, with constructor, methods and statics. `dropped`
 * tells how many were dropped and `last` which representation went last.
 */
const guestText = `(component
  (core module $state
    (global $dropped (export "dropped") (mut i32) (i32.const 0))
    (global $last (export "last") (mut i32) (i32.const 0))
    (func (export "dtor") (param i32)
      (global.set $dropped (i32.add (global.get $dropped) (i32.const 1)))
      (global.set $last (local.get 0))))
  (core instance $state (instantiate $state))
  (type $thing (resource (rep i32) (dtor (core func $state "dtor"))))
  (core func $new (canon resource.new $thing))
  (core func $rep (canon resource.rep $thing))
  (core func $drop (canon resource.drop $thing))
  (import "visit" (func $visit (param "x" u32)))
  (core func $visit (canon lower (func $visit)))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "visit" (func $visit (param i32)))
    (import "state" "dropped" (global $dropped (mut i32)))
    (import "state" "last" (global $last (mut i32)))
    (global $made (mut i32) (i32.const 0))
    (func $make (export "make") (param i32) (result i32) (call $new (i32.add (local.get 0) (i32.const 100))))
    (func (export "get") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 100)))
    (func (export "sum") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "take") (param i32) (result i32) (local $rep i32)
      (local.set $rep (call $rep (local.get 0)))
      (call $drop (local.get 0))
      (local.get $rep))
    (func (export "visiting") (param i32) (call $visit (local.get 0)))
    (func (export "dropped") (result i32) (global.get $dropped))
    (func (export "last") (result i32) (global.get $last)))
  (core instance $i (instantiate $m
    (with "" (instance (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))
      (export "visit" (func $visit))))
    (with "state" (instance $state))))
  (export $t "thing" (type $thing))
  (func $make (param "n" u32) (result (own $t)) (canon lift (core func $i "make")))
  (func $get (param "self" (borrow $t)) (result u32) (canon lift (core func $i "get")))
  (func $sum (param "a" (borrow $t)) (param "b" (borrow $t)) (result u32) (canon lift (core func $i "sum")))
  (func $take (param "a" (own $t)) (result u32) (canon lift (core func $i "take")))
  (func $visiting (param "self" (borrow $t)) (canon lift (core func $i "visiting")))
  (export "[constructor]thing" (func $make))
  (export "[method]thing.get-value" (func $get))
  (export "[method]thing.visiting" (func $visiting))
  (export "[static]thing.sum" (func $sum))
  (export "take" (func $take))
  (export "make-thing" (func $make))
  (func (export "dropped") (result u32) (canon lift (core func $i "dropped")))
  (func (export "last") (result u32) (canon lift (core func $i "last"))))`;

async function guest(visit: (x: number) => void = () => undefined) {
  return instance(guestText, { visit });
}

test('a guest resource is a class: constructor, methods, statics, using', async () => {
  const { exports } = await guest();
  const { Thing } = exports;
  assert.is(Thing.name, 'Thing');
  {
    using thing = new Thing(5);
    assert.instance(thing, Thing);
    assert.instance(thing, ResourceHandle);
    assert.is(thing.getValue(), 5);
    using other = exports.makeThing(7);
    assert.instance(other, Thing);
    assert.is(Thing.sum(thing, other), 212);
    assert.is(exports.dropped(), 0);
  }
  assert.is(exports.dropped(), 2);
  assert.is(exports.last(), 105);
  assert.throws(() => Thing(1), TypeError);
  assert.throws(() => new ResourceHandle(), /no constructor/);
});

test('a subclass of a resource class keeps its own prototype', async () => {
  const { Thing } = (await guest()).exports;
  class Special extends (Thing as unknown as new (n: number) => { getValue(): number } & Disposable) {
    twice(): number {
      return 2 * this.getValue();
    }
  }
  using special = new Special(21);
  assert.instance(special, Special);
  assert.is(special.twice(), 42);
});

test('an own that is given away or dropped is of no use any more', async () => {
  const { exports } = await guest();
  const { Thing } = exports;
  const given = new Thing(1);
  assert.is(exports.take(given), 101);
  assert.is(exports.dropped(), 1);
  assert.throws(
    () => given.getValue(),
    (e: unknown) => e instanceof TypeError && /given away/.test(e.message),
  );
  assert.throws(
    () => exports.take(given),
    (e: unknown) => e instanceof TypeError && /given away/.test(e.message),
  );
  given[Symbol.dispose]();
  assert.is(exports.dropped(), 1);
  const dropped = new Thing(2);
  dropped[Symbol.dispose]();
  dropped[Symbol.dispose]();
  assert.is(exports.dropped(), 2);
  assert.throws(
    () => dropped.getValue(),
    (e: unknown) => e instanceof TypeError && /dropped/.test(e.message),
  );
  assert.throws(
    () => exports.take({}),
    (e: unknown) => e instanceof TypeError && /instance of Thing/i.test(e.message),
  );
  assert.is(new Thing(3).getValue(), 3);
});

test('a resource of one instance is none of another instance of the same component', async () => {
  const { component: compiled } = await guest();
  const pre = InstancePre.link(compiled, { visit: () => undefined });
  const store = new Store({ engine: debugEngine });
  const [a, b] = [pre.instantiateSync(store), pre.instantiateSync(store)];
  assert.is.not(a.exports.Thing, b.exports.Thing);
  const thing = new a.exports.Thing(1);
  assert.throws(
    () => b.exports.take(thing),
    (e: unknown) => e instanceof TypeError && /instance of/.test(e.message),
  );
  assert.is(a.exports.take(thing), 101);
});

test('what is lent to a call cannot be dropped or given away during it', async () => {
  let inside: () => void = () => undefined;
  const { exports } = await guest(() => inside());
  const thing = new exports.Thing(1);
  const seen: unknown[] = [];
  inside = () => {
    try {
      thing[Symbol.dispose]();
    } catch (error) {
      seen.push(error);
    }
  };
  thing.visiting();
  assert.is((seen[0] as Trap).code, 'owned-is-lent');
  assert.match((seen[0] as Trap).message, 'cannot remove owned resource while borrowed');
  inside = () => undefined;
  assert.is(thing.getValue(), 1);
  thing[Symbol.dispose]();
  assert.is(exports.dropped(), 1);
});

for (const evaluate of ['auto', 'never'] as const) {
  test(`loans are counted for each object, and end with their call (evaluate: ${evaluate})`, async () => {
    let inside: () => void = () => undefined;
    const text = `(component
      (type $thing (resource (rep i32)))
      (import "visit" (func $visit (param "x" u32)))
      (core func $visit (canon lower (func $visit)))
      (core func $new (canon resource.new $thing))
      (core module $m
        (import "" "visit" (func $visit (param i32)))
        (import "" "new" (func $new (param i32) (result i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
        (func (export "visiting") (param i32) (call $visit (local.get 0)))
        (func (export "both") (param i32 i32) (call $visit (i32.add (local.get 0) (local.get 1))))
        (func (export "with-flags") (param i32 i32) (result i32) (local.get 0)))
      (core instance $i (instantiate $m (with "" (instance (export "visit" (func $visit)) (export "new" (func $new))))))
      (export $t "thing" (type $thing))
      (type $bits (flags "a" "b"))
      (export $b "bits" (type $bits))
      (func (export "[constructor]thing") (param "rep" u32) (result (own $t)) (canon lift (core func $i "make")))
      (func (export "[method]thing.visiting") (param "self" (borrow $t)) (canon lift (core func $i "visiting")))
      (func (export "[method]thing.both") (param "self" (borrow $t)) (param "o" (borrow $t))
        (canon lift (core func $i "both")))
      (func (export "[method]thing.with-flags") (param "self" (borrow $t)) (param "bits" $b) (result u32)
        (canon lift (core func $i "with-flags"))))`;
    const made = await instance(text, { visit: () => inside() }, engineWith({ evaluate }));
    const { Thing } = made.exports;
    const thrown = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error;
      }
    };
    // There is no destructor that could not be entered: only the loan is in the way.
    for (const method of ['visiting', 'both'] as const) {
      const [thing, other, third] = [new Thing(1), new Thing(0xffffffff), new Thing(3)];
      const seen: unknown[] = [];
      inside = () => {
        for (const one of [thing, other, third]) seen.push((thrown(() => one[Symbol.dispose]()) as Trap)?.code);
      };
      thing[method](...(method === 'both' ? [other] : []));
      assert.equal(seen, ['owned-is-lent', method === 'both' ? 'owned-is-lent' : undefined, undefined]);
      assert.throws(() => third.visiting(), /self: this thing has been dropped/i);
      inside = () => undefined;
      thing.both(thing);
      thing[Symbol.dispose]();
      assert.throws(() => thing.visiting(), /self: this thing has been dropped/i);
    }
    assert.throws(() => Thing.prototype.visiting.call({}), /self: expected an instance of thing/i);
    assert.throws(() => Thing.prototype.visiting.call(undefined), /self: expected an instance of thing/i);
    assert.throws(() => new Thing(), /expected 1 argument, got 0/);
    assert.is(new Thing(0xfffffffe, 'more').withFlags({ a: true }), 0xfffffffe);

    // Reading the second argument drops the first.
    const thing = new Thing(7);
    const bits = {
      get a(): boolean {
        thing[Symbol.dispose]();
        return true;
      },
    };
    assert.match((thrown(() => thing.withFlags(bits)) as TypeError).message, /dropped .* while the other arguments/);
    assert.is(new Thing(8).withFlags({}), 8);
  });
}

test('a destructor cannot run while its instance is in a call', async () => {
  let inside: () => void = () => undefined;
  const { exports } = await guest(() => inside());
  const [thing, other] = [new exports.Thing(1), new exports.Thing(2)];
  let seen: unknown;
  inside = () => {
    try {
      other[Symbol.dispose]();
    } catch (error) {
      seen = error;
    }
  };
  thing.visiting();
  assert.is((seen as Trap).code, 'cannot-enter');
  other[Symbol.dispose]();
  assert.is(exports.last(), 102);
});

test('a destructor that traps locks the store', async () => {
  const { exports, store } = await instance(`(component
    (core module $m (func (export "dtor") (param i32) unreachable))
    (core instance $m (instantiate $m))
    (type $t (resource (rep i32) (dtor (core func $m "dtor"))))
    (core func $new (canon resource.new $t))
    (core module $n (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 1))))
    (core instance $n (instantiate $n (with "" (instance (export "new" (func $new))))))
    (export $e "t" (type $t))
    (func (export "make") (result (own $e)) (canon lift (core func $n "make"))))`);
  const [a, b] = [exports.make(), exports.make()];
  assert.throws(
    () => a[Symbol.dispose](),
    (e: unknown) => e instanceof Trap && e.code === 'unreachable',
  );
  assert.is(store.trap?.code, 'unreachable');
  b[Symbol.dispose]();
  assert.throws(() => exports.make(), /cannot enter component instance/);
});

/** Imports a resource `blob` of the embedder; keeps one handle in a global. */
const hostText = `(component
  (import "a:b/blobs@1.2.0" (instance $blobs
    (export "blob" (type $blob (sub resource)))
    (export "[constructor]blob" (func (param "size" u32) (result (own $blob))))
    (export "[method]blob.size-of" (func (param "self" (borrow $blob)) (param "scale" u32) (result u32)))
    (export "[static]blob.count" (func (result u32)))
    (export "share" (func (param "b" (own $blob)) (result (own $blob))))))
  (alias export $blobs "blob" (type $blob))
  (core func $new (canon lower (func $blobs "[constructor]blob")))
  (core func $size (canon lower (func $blobs "[method]blob.size-of")))
  (core func $count (canon lower (func $blobs "[static]blob.count")))
  (core func $share (canon lower (func $blobs "share")))
  (core func $drop (canon resource.drop $blob))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "size" (func $size (param i32 i32) (result i32)))
    (import "" "count" (func $count (result i32)))
    (import "" "share" (func $share (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $kept (mut i32) (i32.const 0))
    (func (export "make") (param i32) (result i32) (global.set $kept (call $new (local.get 0))) (global.get $kept))
    (func (export "size") (param i32) (result i32) (call $size (global.get $kept) (local.get 0)))
    (func (export "size-at") (param i32) (result i32) (call $size (local.get 0) (i32.const 1)))
    (func (export "count") (result i32) (call $count))
    (func (export "share") (result i32) (global.set $kept (call $share (global.get $kept))) (global.get $kept))
    (func (export "drop") (call $drop (global.get $kept)))
    (func (export "give") (result i32) (global.get $kept))
    (func (export "take") (param i32) (global.set $kept (local.get 0)))
    (func (export "keep-borrow") (param i32) (global.set $kept (local.get 0)))
    (func (export "use-borrow") (param i32) (result i32) (local $n i32)
      (local.set $n (call $size (local.get 0) (i32.const 1)))
      (call $drop (local.get 0))
      (local.get $n)))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "size" (func $size)) (export "count" (func $count))
    (export "share" (func $share)) (export "drop" (func $drop))))))
  (func (export "make") (param "size" u32) (result u32) (canon lift (core func $i "make")))
  (func (export "size") (param "scale" u32) (result u32) (canon lift (core func $i "size")))
  (func (export "size-at") (param "handle" u32) (result u32) (canon lift (core func $i "size-at")))
  (func (export "count") (result u32) (canon lift (core func $i "count")))
  (func (export "share") (result u32) (canon lift (core func $i "share")))
  (func (export "drop") (canon lift (core func $i "drop")))
  (func (export "give") (result (own $blob)) (canon lift (core func $i "give")))
  (func (export "take") (param "b" (own $blob)) (canon lift (core func $i "take")))
  (func (export "keep-borrow") (param "b" (borrow $blob)) (canon lift (core func $i "keep-borrow")))
  (func (export "use-borrow") (param "b" (borrow $blob)) (result u32) (canon lift (core func $i "use-borrow"))))`;

class Blob {
  static live = 0;
  static all: Blob[] = [];
  readonly bytes: number;
  disposed = 0;
  constructor(bytes: number) {
    this.bytes = bytes;
    Blob.all.push(this);
  }
  sizeOf(scale: number): number {
    return this.bytes * scale;
  }
  static count(): number {
    return Blob.all.length;
  }
  [Symbol.dispose](): void {
    this.disposed += 1;
  }
}

const blobs = { 'a:b/blobs': { Blob, share: (blob: Blob) => blob } };

for (const lowering of ['typed', 'spilled'] as const) {
  test(`the embedder's resource is an object of his class (${lowering})`, async () => {
    Blob.all = [];
    const { exports } = await instance(hostText, blobs, engineWith({ lowering }));
    assert.is(exports.make(10), 1);
    assert.is(exports.count(), 1);
    assert.is(exports.size(3), 30);
    assert.is(exports.share(), 1);
    const given = exports.give();
    assert.is(given, Blob.all[0]);
    assert.is(given.disposed, 0);
    exports.take(given);
    exports.drop();
    assert.is(given.disposed, 1);
    class Larger extends Blob {
      override sizeOf(scale: number): number {
        return super.sizeOf(scale) + 1;
      }
    }
    assert.is(exports.useBorrow(new Larger(4)), 5);
    assert.throws(
      () => exports.useBorrow({ bytes: 4 }),
      (e: unknown) => e instanceof TypeError && /b: expected an instance of Blob/.test(e.message),
    );
  });
}

test('each wrong use of a handle is its own trap', async () => {
  const cases: readonly (readonly [
    Trap['code'],
    RegExp,
    (exports: Record<string, (...args: unknown[]) => unknown>) => unknown,
  ])[] = [
    ['unknown-handle', /unknown handle index 77/, (e) => e['sizeAt']!(77)],
    ['unknown-handle', /unknown handle index 1/, (e) => [e['make']!(1), e['drop']!(), e['size']!(1)]],
    ['unknown-handle', /unknown handle index 0/, (e) => e['give']!()],
    ['borrow-remains', /borrow handles still remain at the end of the call/, (e) => e['keepBorrow']!(new Blob(1))],
  ];
  for (const [code, message, run] of cases) {
    const { exports } = await instance(hostText, blobs);
    assert.throws(
      () => run(exports),
      (e: unknown) => e instanceof Trap && e.code === code && message.test(e.message),
    );
    assert.throws(() => exports.count(), /cannot enter/);
  }
});

test('a disposer that throws is a trap with the error as its cause', async () => {
  const reason = new Error('busy');
  class Stubborn extends Blob {
    override [Symbol.dispose](): void {
      throw reason;
    }
  }
  const { exports } = await instance(hostText, { 'a:b/blobs': { Blob: Stubborn, share: (b: unknown) => b } });
  exports.make(1);
  assert.throws(
    () => exports.drop(),
    (e: unknown) => e instanceof Trap && e.code === 'host-error' && e.cause === reason,
  );
});

test('a destructor of another instance: not entered during a call of it, and its trap ends both', async () => {
  const eater = await component(`(component
    (import "thing" (type $thing (sub resource)))
    (core func $drop (canon resource.drop $thing))
    (core module $m (import "" "drop" (func $drop (param i32)))
      (func (export "eat") (param i32) (call $drop (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
    (func (export "eat") (param "t" (own $thing)) (canon lift (core func $i "eat"))))`);
  let inside: () => void = () => undefined;
  const provider = await guest(() => inside());
  const { Thing } = provider.exports;
  const made = await InstancePre.link(eater, { Thing }).instantiate(provider.store);
  const [thing, eaten] = [new Thing(1), new Thing(2)];
  let seen: unknown;
  inside = () => {
    try {
      made.exports['eat']!(eaten);
    } catch (error) {
      seen = error;
    }
  };
  // The host swallows the trap of the inner call; the outer guest cannot go on all the same.
  assert.throws(() => thing.visiting(), /cannot enter component instance/);
  assert.is((seen as Trap).code, 'cannot-enter');
  assert.is(provider.store.trap, seen);
});

test('a class of one instance is the import of another: identity is kept in one store, not across stores', async () => {
  const provider = await guest();
  // Imports the resource and its functions from the first, and hands things through.
  const consumer = await component(`(component
    (import "thing" (type $thing (sub resource)))
    (import "[method]thing.get-value" (func $get (param "self" (borrow $thing)) (result u32)))
    (core func $get (canon lower (func $get)))
    (core func $drop (canon resource.drop $thing))
    (core module $m
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "eat") (param i32) (result i32) (local $n i32)
        (local.set $n (call $get (local.get 0)))
        (call $drop (local.get 0))
        (local.get $n))
      (func (export "pass") (param i32) (result i32) (local.get 0)))
    (core instance $i (instantiate $m (with "" (instance (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "eat") (param "t" (own $thing)) (result u32) (canon lift (core func $i "eat")))
    (func (export "pass") (param "t" (own $thing)) (result (own $thing)) (canon lift (core func $i "pass"))))`);
  const pre = InstancePre.link(consumer, provider.exports);
  const near = await pre.instantiate(provider.store);
  const { Thing } = provider.exports;
  assert.is(near.exports.eat(new Thing(9)), 9);
  assert.is(provider.exports.last(), 109);
  const thing = new Thing(10);
  const passed = near.exports.pass(thing);
  assert.instance(passed, Thing);
  assert.is.not(passed, thing);
  assert.is(provider.exports.take(passed), 110);

  const far = await pre.instantiate();
  assert.is(far.exports.eat(new Thing(11)), 11);
  assert.is(provider.exports.last(), 111);
  const kept = new Thing(12);
  assert.is(far.exports.pass(kept), kept);
  assert.is(kept.getValue(), 12);
});

test('a borrow that a guest lends to the host is dead after the call; the lender cannot give it away meanwhile', async () => {
  const provider = await guest();
  const consumer = await component(`(component
    (import "thing" (type $thing (sub resource)))
    (import "look" (func $look (param "t" (borrow $thing)) (result u32)))
    (import "both" (func $both (param "b" (borrow $thing)) (param "o" (own $thing))))
    (core func $look (canon lower (func $look)))
    (core func $both (canon lower (func $both)))
    (core func $drop (canon resource.drop $thing))
    (core module $m
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "both" (func $both (param i32 i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "show") (param i32) (result i32) (local $n i32)
        (local.set $n (call $look (local.get 0)))
        (call $drop (local.get 0))
        (local.get $n))
      (func (export "lend-and-give") (param i32) (call $both (local.get 0) (local.get 0)))
      (func (export "give-borrow") (param i32) (call $both (local.get 0) (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance
      (export "look" (func $look)) (export "both" (func $both)) (export "drop" (func $drop))))))
    (func (export "show") (param "t" (own $thing)) (result u32) (canon lift (core func $i "show")))
    (func (export "lend-and-give") (param "t" (own $thing)) (canon lift (core func $i "lend-and-give"))))`);
  const { Thing } = provider.exports;
  let borrowed = new Thing(0);
  let called = false;
  const imports = {
    Thing,
    look: (thing: typeof borrowed) => {
      borrowed = thing;
      assert.instance(thing, Thing);
      assert.throws(() => provider.exports.take(thing), /borrowed and cannot be given away/);
      return thing.getValue();
    },
    both: () => {
      called = true;
    },
  };
  const made = await InstancePre.link(consumer, imports).instantiate(provider.store);
  assert.is(made.exports.show(new Thing(31)), 31);
  assert.throws(() => borrowed.getValue(), /was borrowed for a call that has returned/);
  borrowed[Symbol.dispose]();
  assert.is(provider.exports.dropped(), 1);
  assert.throws(
    () => made.exports.lendAndGive(new Thing(32)),
    (e: unknown) =>
      e instanceof Trap && e.code === 'owned-is-lent' && /cannot remove owned resource while/.test(e.message),
  );
  assert.not.ok(called);
});

test('a handle of another type, and a borrow where an own is due', async () => {
  const text = (run: string) => `(component
    (import "a" (type $a (sub resource)))
    (import "b" (type $b (sub resource)))
    (import "new-a" (func $new-a (result (own $a))))
    (import "eat-a" (func $eat-a (param "x" (own $a))))
    (import "eat-b" (func $eat-b (param "x" (own $b))))
    (core func $new-a (canon lower (func $new-a)))
    (core func $eat-a (canon lower (func $eat-a)))
    (core func $eat-b (canon lower (func $eat-b)))
    (core func $drop-b (canon resource.drop $b))
    (core module $m
      (import "" "new-a" (func $new-a (result i32)))
      (import "" "eat-a" (func $eat-a (param i32)))
      (import "" "eat-b" (func $eat-b (param i32)))
      (import "" "drop-b" (func $drop-b (param i32)))
      (func (export "run") (param i32) ${run}))
    (core instance $i (instantiate $m (with "" (instance
      (export "new-a" (func $new-a)) (export "eat-a" (func $eat-a)) (export "eat-b" (func $eat-b))
      (export "drop-b" (func $drop-b))))))
    (func (export "run") (param "x" (borrow $a)) (canon lift (core func $i "run"))))`;
  class A {}
  class B {}
  const seen: unknown[] = [];
  const imports = { A, B, newA: () => new A(), eatA: (x: unknown) => seen.push(x), eatB: (x: unknown) => seen.push(x) };
  const cases = [
    ['(call $eat-b (call $new-a))', 'wrong-handle-type', 'used with the wrong type'],
    ['(call $drop-b (call $new-a))', 'wrong-handle-type', 'used with the wrong type'],
    ['(call $eat-a (local.get 0))', 'not-owned', 'is a borrow, not an owned resource'],
    ['(call $eat-a (i32.const -1))', 'unknown-handle', 'unknown handle index 4294967295'],
  ] as const;
  for (const [run, code, message] of cases) {
    const { exports } = await instance(text(run), imports);
    assert.throws(
      () => exports.run(new A()),
      (e: unknown) => e instanceof Trap && e.code === code && e.message.includes(message),
      `${run}`,
    );
  }
  assert.equal(seen, []);
});

test('every engine option gives the same', async () => {
  const variants: readonly EngineOptions[] = [
    { lowering: 'spilled' },
    { pointerSize: 8 },
    { evaluate: 'never' },
    { lowering: 'spilled', pointerSize: 8, evaluate: 'never', debug: false },
  ];
  for (const options of variants) {
    const engine = engineWith(options);
    const visited: number[] = [];
    const { exports } = await instance(guestText, { visit: (x: number) => visited.push(x) }, engine);
    const thing = new exports.Thing(5);
    thing.visiting();
    assert.equal(visited, [105]);
    assert.is(exports.Thing.sum(thing, exports.makeThing(6)), 211);
    thing[Symbol.dispose]();
    assert.is(exports.last(), 105);
    assert.is(exports.take(exports.makeThing(8)), 108);
    const host = await instance(hostText, blobs, engine);
    assert.is(host.exports.make(10), 1);
    assert.is(host.exports.size(4), 40);
    assert.is(host.exports.useBorrow(new Blob(9)), 9);
    assert.throws(
      () => host.exports.keepBorrow(new Blob(1)),
      (e: unknown) => e instanceof Trap && e.code === 'borrow-remains',
    );
  }
});

test('handles that nobody holds are dropped by the finalizer, but not during a call', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { exports } = await guest();
  (() => {
    new exports.Thing(1);
    using dropped = new exports.Thing(2);
    assert.is(dropped.getValue(), 2);
  })();
  for (let i = 0; i < 50 && Number(exports.dropped()) < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  assert.is(exports.dropped(), 2);
  assert.is(exports.last(), 101);
});

test('a finalizer drops what was not dropped, once, in whatever order others were', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { exports } = await guest();
  const kept = (() => {
    const things = Array.from({ length: 3000 }, (_, i) => new exports.Thing(i));
    // The last one first, then from the beginning, then every third of the rest: 1 + 1000 + 666 are dropped.
    things.pop()?.[Symbol.dispose]();
    for (const thing of things.slice(0, 1000)) thing[Symbol.dispose]();
    for (let i = 1001; i < 2999; i += 3) things[i]?.[Symbol.dispose]();
    assert.is(exports.dropped(), 1 + 1000 + 666);
    return things[1000]!;
  })();
  for (let i = 0; i < 100 && Number(exports.dropped()) < 2999; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  assert.is(exports.dropped(), 2999);
  assert.is(kept.getValue(), 1000);
});

test.run();
