/**
 * The draft's API around values (JS-Reference.md, "Resource types" and "Instantiation"): classes in both directions, what an
 * imports object must have, what the exports object is, errors.
 */
import { allFeatures } from '@gangway/component/features';
import { Engine } from '@gangway/host';
import { installPolyfill } from '@gangway/host/install-polyfill';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type Dynamic } from '../../support/assemble.ts';

interface Instance {
  readonly exports: { readonly [name: string]: Dynamic };
}
interface Draft {
  Component: new (bytes: BufferSource, options?: object) => object;
  ComponentInstance: new (component: object, imports?: unknown) => Instance;
  ComponentError: new (message?: string, data?: unknown) => Error & { readonly data: unknown };
  instantiate(component: object, imports?: unknown): Promise<Instance>;
}
const namespace = WebAssembly as unknown as Draft;
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('dispose');

const libc = `(core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32) (param $size i32) (result i32)
      (global.set $next (i32.add (global.get $next) (i32.const 64)))
      (i32.sub (global.get $next) (i32.const 64))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))`;

/** Uses a class of the embedder: `thing`, with constructor, method and static. */
const userText = `(component
  (import "thing" (type $thing (sub resource)))
  (import "[constructor]thing" (func $new (param "label" string) (result (own $thing))))
  (import "[method]thing.get-label" (func $label (param "self" (borrow $thing)) (param "suffix" string) (result string)))
  (import "[static]thing.how-many" (func $count (result u32)))
  (import "other-thing" (type $other (sub resource)))
  ${libc}
  (core func $new (canon lower (func $new) (memory $memory)))
  (core func $label (canon lower (func $label) (memory $memory) (realloc $realloc)))
  (core func $count (canon lower (func $count)))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "label" (func $label (param i32 i32 i32 i32)))
    (import "" "count" (func $count (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "make") (param i32 i32) (result i32) (call $new (local.get 0) (local.get 1)))
    (func (export "describe") (param i32 i32 i32) (result i32)
      (call $label (local.get 0) (local.get 1) (local.get 2) (i32.const 16))
      (call $drop (local.get 0))
      (i32.const 16))
    (func (export "count") (result i32) (call $count))
    (func (export "take") (param i32) (call $drop (local.get 0)))
    (func (export "keep") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "label" (func $label)) (export "count" (func $count)) (export "drop" (func $drop))))))
  (func (export "make") (param "label" string) (result (own $thing))
    (canon lift (core func $i "make") (memory $memory) (realloc $realloc)))
  (func (export "describe") (param "it" (borrow $thing)) (param "suffix" string) (result string)
    (canon lift (core func $i "describe") (memory $memory) (realloc $realloc)))
  (func (export "how-many") (result u32) (canon lift (core func $i "count")))
  (func (export "take") (param "it" (own $thing)) (canon lift (core func $i "take")))
  (func (export "keep") (param "it" (own $thing)) (result (own $thing)) (canon lift (core func $i "keep")))
  (func (export "take-other") (param "it" (own $other)) (canon lift (core func $i "take")))
  (export "thing-again" (type $thing)))`;

/** Defines a class: `counter`, in an interface. Numbers are the representations. */
const counterText = `(component
  (import "peek" (func $peek))
  (component $inner
    (import "peek" (func $peek))
    (core module $state
      (global $dropped (export "dropped") (mut i32) (i32.const 0))
      (func (export "drop") (param i32) (global.set $dropped (i32.add (global.get $dropped) (i32.const 1)))))
    (core instance $state (instantiate $state))
    (type $counter (resource (rep i32) (dtor (core func $state "drop"))))
    (core func $new (canon resource.new $counter))
    (core func $rep (canon resource.rep $counter))
    (core func $peek (canon lower (func $peek)))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "rep" (func $rep (param i32) (result i32)))
      (import "" "peek" (func $peek))
      (import "state" "dropped" (global $dropped (mut i32)))
      (memory (export "memory") 1)
      (func (export "make") (param i32) (result i32)
        ;; result<own, u32>: starts above 100 are an error.
        (if (result i32) (i32.gt_u (local.get 0) (i32.const 100))
          (then (i32.store8 (i32.const 0) (i32.const 1)) (i32.store (i32.const 4) (local.get 0)) (i32.const 0))
          (else (i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (call $new (local.get 0))) (i32.const 0))))
      (func (export "value") (param i32) (result i32) (local.get 0))
      (func (export "look") (param i32) (result i32) (call $peek) (local.get 0))
      (func (export "twice") (param i32) (result i32) (call $new (i32.mul (local.get 0) (i32.const 2))))
      (func (export "consume") (param i32) (result i32) (call $rep (local.get 0)))
      (func (export "dropped") (result i32) (global.get $dropped))
      (func (export "fail") unreachable))
    (core instance $i (instantiate $m
      (with "" (instance (export "new" (func $new)) (export "rep" (func $rep)) (export "peek" (func $peek))))
      (with "state" (instance $state))))
    (export $c "counter" (type $counter))
    (func (export "[constructor]counter") (param "start" u32) (result (result (own $c) (error u32)))
      (canon lift (core func $i "make") (memory (core memory $i "memory"))))
    (func (export "[method]counter.get-value") (param "self" (borrow $c)) (result u32) (canon lift (core func $i "value")))
    (func (export "[method]counter.URL-look") (param "self" (borrow $c)) (result u32) (canon lift (core func $i "look")))
    (func (export "[method]counter.name") (param "self" (borrow $c)) (result u32) (canon lift (core func $i "value")))
    (func (export "[static]counter.twice") (param "of" (borrow $c)) (result (own $c)) (canon lift (core func $i "twice")))
    (func (export "consume") (param "it" (own $c)) (result u32) (canon lift (core func $i "consume")))
    (func (export "dropped") (result u32) (canon lift (core func $i "dropped")))
    (func (export "fail") (canon lift (core func $i "fail"))))
  (instance $inner (instantiate $inner (with "peek" (func $peek))))
  (core module $module (func (export "f")))
  (component $nested (core module $m (func (export "run") (result i32) (i32.const 9)))
    (core instance $i (instantiate $m))
    (func (export "run") (result u32) (canon lift (core func $i "run"))))
  (export "module-of-code" (core module $module))
  (export "nested" (component $nested))
  (export "test:pkg/api@1.2.3" (instance $inner)))`;

const user = await assemble(userText);
const counter = await assemble(counterText);

function thingClass() {
  const log: string[] = [];
  class Thing {
    readonly label: string;
    constructor(label: string, ...more: unknown[]) {
      log.push(`new ${label} ${more.length}`);
      this.label = label;
    }
    getLabel(suffix: string): string {
      return this.label + suffix;
    }
    static howMany(this: typeof Thing): number {
      // biome-ignore lint/complexity/noThisInStatic: that `this` is the class is what is tested.
      return this.count;
    }
    static readonly count = 7;
    [dispose](): void {
      log.push(`drop ${this.label}`);
    }
  }
  return { Thing, log };
}

for (const evaluate of ['auto', 'never'] as const) {
  /** A test with the polyfill in place. */
  const check = (name: string, body: () => unknown): void => {
    test(`${evaluate}: ${name}`, async () => {
      const engine = new Engine({ evaluate, debug: true, features: allFeatures });
      const uninstall = installPolyfill({ engine, values: 'draft', force: true });
      try {
        await body();
      } finally {
        uninstall();
      }
    });
  };
  const make = (bytes: Uint8Array<ArrayBuffer>, imports?: unknown, options?: object): Instance =>
    new namespace.ComponentInstance(new namespace.Component(bytes, options), imports);

  check('a class satisfies a resource type and its functions', () => {
    const { Thing, log } = thingClass();
    const { exports } = make(user, { Thing, OtherThing: Thing });
    const thing = new Thing('mine');
    assert.is(exports['describe']!(thing, '!') as unknown, 'mine!');
    assert.is(exports['howMany']!() as unknown, 7);
    const made = exports['make']!('theirs') as unknown;
    assert.instance(made, Thing);
    assert.is((made as { label: string }).label, 'theirs');
    // The very object, whatever the guest did with it.
    assert.is(exports['keep']!(thing) as unknown, thing);
    exports['take']!(thing);
    assert.equal(log, ['new mine 0', 'new theirs 0', 'drop mine']);
    // A subclass's object passes; its own method is not asked: functions were read from the prototype of the class.
    class Sub extends Thing {
      override getLabel(): string {
        return 'overridden';
      }
    }
    assert.is(exports['describe']!(new Sub('sub'), '?') as unknown, 'sub?');
    // Re-exported: the constructor that was given.
    assert.is(exports['ThingAgain'] as unknown, Thing);
    for (const wrong of [{}, { label: 'x' }, null, 'mine']) {
      assert.throws(
        () => exports['describe']!(wrong, ''),
        (error: unknown) => error instanceof TypeError && /it: expected an instance of Thing/.test(error.message),
      );
    }
  });

  check('two imported types with one constructor are two types', () => {
    const seen: unknown[] = [];
    class Any {
      static [Symbol.hasInstance](value: unknown): boolean {
        seen.push(value);
        return true;
      }
      static howMany(): number {
        return 0;
      }
      getLabel(this: unknown): string {
        return `got ${String(this)}`;
      }
    }
    const { exports } = make(user, { Thing: Any, OtherThing: Any });
    // What the class takes for its own may be no object at all.
    assert.is(exports['describe']!(5, '') as unknown, 'got 5');
    assert.is(exports['keep']!('text') as unknown, 'text');
    assert.equal(seen, [5, 'text']);
    // The guest drops it as a handle of the first type, which it is not.
    assert.throws(
      () => exports['takeOther']!(5),
      (error: unknown) => error instanceof WebAssembly.RuntimeError && /wrong type/.test(error.message),
    );
  });

  check('what the imports must have', () => {
    const { Thing } = thingClass();
    const link = (imports: unknown, text: RegExp): void => {
      assert.throws(
        () => make(user, imports),
        (error: unknown) => error instanceof WebAssembly.LinkError && text.test(error.message),
      );
    };
    for (const imports of [undefined, null, 5]) {
      assert.throws(
        () => make(user, imports),
        (error: unknown) => error instanceof TypeError,
      );
    }
    link({}, /"thing": expected a constructor/);
    link({ thing: Thing }, /"thing": expected a constructor/);
    link({ Thing: {} }, /"thing": expected a constructor/);
    link({ Thing: () => 0, OtherThing: Thing }, /"\[constructor\]thing": expected a constructor/);
    link({ Thing: class {}, OtherThing: Thing }, /"\[method\]thing.get-label": expected a function/);
    link({ Thing }, /"other-thing": expected a constructor/);
  });

  check('properties of the imports are read once each, in order', () => {
    const { Thing } = thingClass();
    const read: PropertyKey[] = [];
    const imports = new Proxy({ Thing, OtherThing: Thing } as object, {
      get: (target, key) => {
        read.push(key);
        return Reflect.get(target, key);
      },
    });
    make(user, imports);
    assert.equal(read, ['Thing', 'OtherThing']);
  });

  check("a component's class", async () => {
    const { exports } = await namespace.instantiate(new namespace.Component(counter), { peek: () => undefined });
    const api = exports['test:pkg/api@1.2.3']!;
    const Counter = api['Counter']!;
    assert.equal([Counter.name, Counter.length], ['Counter', 1]);
    const one = new Counter(5);
    assert.instance(one, Counter);
    assert.is(Object.prototype.toString.call(one), '[object Counter]');
    assert.is(one['getValue']!() as unknown, 5);
    assert.is(one['urlLook']!() as unknown, 5);
    assert.is((Counter['twice']!(one) as Dynamic)['getValue']!() as unknown, 10);
    // `name` is the class's own: the function stands beside it.
    assert.is((api as unknown as Record<string, Dynamic>)['name']!(one) as unknown, 5);
    assert.equal(Object.getOwnPropertyNames((Counter as unknown as { prototype: object }).prototype).sort(), [
      'constructor',
      'getValue',
      'urlLook',
    ]);
    assert.throws(
      () => new Counter(101),
      (error: unknown) => error instanceof namespace.ComponentError && error.data === 101,
    );
    for (const call of [() => Counter(1), () => Reflect.apply(one['getValue']!, {}, []), () => Counter['twice']!({})]) {
      assert.throws(call, (error: unknown) => error instanceof TypeError);
    }
    // A given object is given away, a dropped one is dropped, both once.
    assert.is(api['consume']!(one) as unknown, 5);
    assert.throws(
      () => one['getValue']!(),
      (error: unknown) => error instanceof TypeError,
    );
    one[dispose]();
    const two = new Counter(1);
    two[dispose]();
    two[dispose]();
    assert.is(api['dropped']!() as unknown, 1);
    assert.throws(
      () => api['consume']!(two),
      (error: unknown) => error instanceof TypeError,
    );
    // Classes are of one instance.
    const other = await namespace.instantiate(new namespace.Component(counter), { peek: () => undefined });
    assert.throws(
      () => other.exports['test:pkg/api@1.2.3']!['consume']!(new Counter(2)),
      (error: unknown) => error instanceof TypeError,
    );
    class Sub extends (Counter as unknown as new (start: number) => { getValue(): number }) {
      more(): number {
        return this.getValue() + 1;
      }
    }
    const sub = new Sub(41);
    assert.instance(sub, Sub);
    assert.is(sub.more(), 42);
  });

  check('what is lent is not dropped', () => {
    let during: (() => void) | undefined;
    const { exports } = make(counter, { peek: () => during?.() });
    const Counter = exports['test:pkg/api@1.2.3']!['Counter']!;
    const one = new Counter(3);
    let refused: unknown;
    during = () => {
      try {
        one[dispose]();
      } catch (error) {
        refused = error;
      }
    };
    assert.is(one['urlLook']!() as unknown, 3);
    assert.instance(refused, TypeError);
    assert.is(one['getValue']!() as unknown, 3);
  });

  check("one component's class satisfies another's import", () => {
    const { exports } = make(counter, { peek: () => undefined });
    const Counter = exports['test:pkg/api@1.2.3']!['Counter']!;
    const Thing = Object.assign(Counter as unknown as object, {
      howMany: () => 1,
    });
    Object.assign((Counter as unknown as { prototype: object }).prototype, {
      getLabel(this: { getValue(): number }, suffix: string) {
        return this.getValue() + suffix;
      },
    });
    const { exports: second } = make(user, { Thing, OtherThing: Thing });
    const one = new Counter(8);
    assert.is(second['describe']!(one, '!') as unknown, '8!');
    // The brand is in a slot: the prototype is not enough.
    assert.throws(
      () => second['describe']!(Object.create(one as object), '!'),
      (error: unknown) => error instanceof TypeError,
    );
    // Given away to the second, and dropped there.
    second['take']!(one);
    assert.is(exports['test:pkg/api@1.2.3']!['dropped']!() as unknown, 1);
  });

  check('the exports object', () => {
    const { exports } = make(counter, { peek: () => undefined });
    assert.is(Object.getPrototypeOf(exports), null);
    assert.ok(Object.isFrozen(exports));
    assert.equal(Object.keys(exports), ['moduleOfCode', 'nested', 'test:pkg/api@1.2.3']);
    assert.instance(exports['moduleOfCode'], WebAssembly.Module);
    assert.instance(exports['nested'], namespace.Component);
    assert.is(new namespace.ComponentInstance(exports['nested']!).exports['run']!() as unknown, 9);
    const api = exports['test:pkg/api@1.2.3']!;
    assert.ok(Object.isFrozen(api));
    assert.equal(Object.keys(api), ['Counter', 'name', 'consume', 'dropped', 'fail']);
    assert.throws(
      () => new api['dropped']!(),
      (error: unknown) => error instanceof TypeError,
    );
  });

  check('traps are RuntimeErrors, and lock the instance', () => {
    const { exports } = make(counter, {
      peek: () => {
        throw 'thrown';
      },
    });
    const api = exports['test:pkg/api@1.2.3']!;
    const one = new api['Counter']!(1);
    for (const call of [() => one['urlLook']!(), () => api['fail']!(), () => api['dropped']!()]) {
      assert.throws(call, (error: unknown) => error instanceof WebAssembly.RuntimeError);
    }
  });

  check('ComponentError', () => {
    const { ComponentError } = namespace;
    const error = new ComponentError('text', 5);
    assert.instance(error, Error);
    assert.equal([error.name, error.message, error.data, ComponentError.length], ['ComponentError', 'text', 5, 0]);
    assert.equal([new ComponentError().message, new ComponentError().data], ['', undefined]);
    assert.throws(() => (Object.create(ComponentError.prototype) as Error & { data: unknown }).data);
  });

  check('built-ins are those of the global object, when they are asked for', async () => {
    const bytes = await assemble(`(component
      (import "wasm:js/global" (instance $global
        (export "is-finite" (func (param "a" f64) (result bool)))
        (export "parse-float" (func (param "a" f64) (result f64)))))
      (core func $f (canon lower (func $global "is-finite")))
      (core func $g (canon lower (func $global "parse-float")))
      (core module $m (import "" "f" (func $f (param f64) (result i32))) (import "" "g" (func $g (param f64) (result f64)))
        (func (export "run") (param f64) (result i32) (call $f (call $g (local.get 0)))))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f)) (export "g" (func $g))))))
      (func (export "run") (param "a" f64) (result bool) (canon lift (core func $i "run"))))`);
    const { exports } = make(bytes, {}, { builtins: ['js/global'] });
    assert.equal([exports['run']!(1), exports['run']!(Number.POSITIVE_INFINITY)] as unknown[], [true, false]);
    assert.throws(
      () => make(bytes, {}),
      (error: unknown) => error instanceof WebAssembly.LinkError,
    );
    assert.throws(
      () => make(bytes, { 'wasm:js/global': {} }),
      (error: unknown) => error instanceof WebAssembly.LinkError,
    );
  });

  check('an external id is what an import is looked up by', async () => {
    const bytes = await assemble(`(component
      (import "a" (external-id "https://example.com/a") (func $f (result u32)))
      (core func $f (canon lower (func $f)))
      (core module $m (import "" "f" (func $f (result i32))) (func (export "run") (result i32) (call $f)))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "run") (result u32) (canon lift (core func $i "run"))))`);
    assert.is(make(bytes, { 'https://example.com/a': () => 4 }).exports['run']!() as unknown, 4);
    assert.throws(
      () => make(bytes, { a: () => 4 }),
      (error: unknown) => error instanceof WebAssembly.LinkError,
    );
  });
}

test('an option that is none is refused', () => {
  assert.throws(() => installPolyfill({ values: 'other' as 'draft' }), /'values' must be "host" or "draft"/);
});

test.run();
