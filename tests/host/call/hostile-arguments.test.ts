/**
 * Arguments and results that run code of the embedder while they are read: getters, iterators, proxies. That code drops what
 * else is passed, gives it away, calls the instance, disposes it or its store, makes it trap, shrinks buffers, makes the
 * guest's memory grow. Whatever it does, the call is made with what was read, or is refused: never with an internal error; a
 * store is locked by a trap only; no handle is lost or there twice.
 *
 * The functions take many orders of a few types; what the hooks do is a tape of numbers from fast-check.
 */
import {
  DisposedError,
  type EngineOptions,
  type Instance,
  InstancePre,
  instanceContext,
  Store,
  Trap,
} from '@gangway/host';
import { HANDLE_KIND_MASK, HANDLE_OWN, handleSlot, instanceCell } from '@gangway/offsets';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, type Dynamic, type DynamicExports, engineWith } from '../../support/assemble.ts';

/** Decides what happens next: a number below `limit`. When the tape is at its end, nothing happens any more. */
type Tape = (limit: number) => number;

/** What the values of one call are made of. */
interface Maker {
  readonly tape: Tape;
  /** One of the resources. */
  thing(): unknown;
  /** Code that runs while a value is read. */
  hook(): void;
  /** A buffer that hooks may take away. */
  buffer(): ArrayBuffer;
}

interface ParamType {
  /** As a component type. */
  readonly text: string;
  /** Core values, all i32. */
  readonly flat: number;
  readonly make: (maker: Maker) => unknown;
  /** Offset of a borrow among the core values; a function drops it where it is a handle. */
  readonly borrow?: number;
  /** The core values are address and length of a list of borrows. */
  readonly borrowList?: true;
}

/** An object whose getters run the hook. */
function hooked(maker: Maker, fields: Record<string, () => unknown>): object {
  const object = {};
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(object, name, {
      get() {
        if (maker.tape(2) === 0) maker.hook();
        const made = value();
        maker.hook();
        return made;
      },
    });
  }
  return maker.tape(4) === 1 ? new Proxy(object, {}) : object;
}

/** A list in one of the forms in which lists are taken. `lie`: a proxy that says another length each time. */
function items(maker: Maker, make: () => unknown): unknown {
  const made = Array.from({ length: maker.tape(4) }, make);
  switch (maker.tape(5)) {
    case 0:
      return made;
    case 1: {
      made.forEach((value, i) => {
        Object.defineProperty(made, i, {
          get() {
            maker.hook();
            return value;
          },
        });
      });
      return made;
    }
    case 2:
      return (function* () {
        for (const value of made) {
          maker.hook();
          yield value;
        }
        maker.hook();
      })();
    case 3:
      return new Proxy(made, {
        get(target, key) {
          maker.hook();
          return Reflect.get(target, key);
        },
      });
    default:
      return new Proxy(made, {
        get(target, key) {
          if (key !== 'length') return Reflect.get(target, key) ?? make();
          return [0, 1, 2, 3, -1, 1.5, '2', Number.NaN, new ArrayBuffer(3), { valueOf: () => maker.tape(5) }][
            maker.tape(10)
          ];
        },
      });
  }
}

const plainRecord = (maker: Maker): object => hooked(maker, { x: () => 5, s: () => 'text' });
const owner = (maker: Maker): object => hooked(maker, { h: () => maker.thing(), x: () => 6 });

const types: Readonly<Record<string, ParamType>> = {
  own: { text: '(own $t)', flat: 1, make: (maker) => maker.thing() },
  borrow: { text: '(borrow $t)', flat: 1, make: (maker) => maker.thing(), borrow: 0 },
  plain: { text: '$plain', flat: 3, make: plainRecord },
  owner: { text: '$owner', flat: 2, make: owner },
  borrower: { text: '$borrower', flat: 2, make: owner, borrow: 0 },
  owns: { text: '(list (own $t))', flat: 2, make: (maker) => items(maker, () => maker.thing()) },
  borrows: {
    text: '(list (borrow $t))',
    flat: 2,
    make: (maker) => items(maker, () => maker.thing()),
    borrowList: true,
  },
  owners: { text: '(list $owner)', flat: 2, make: (maker) => items(maker, () => owner(maker)) },
  pair: { text: '(tuple (own $t) (borrow $t))', flat: 2, make: (maker) => [maker.thing(), maker.thing()], borrow: 1 },
  option: { text: '(option (own $t))', flat: 2, make: (maker) => (maker.tape(3) === 0 ? undefined : maker.thing()) },
  bits: { text: '$bits', flat: 1, make: (maker) => hooked(maker, { a: () => true, b: () => undefined }) },
  choice: {
    text: '$choice',
    flat: 3,
    make: (maker) => {
      const tag = ['none', 'thing', 'number', 'text'][maker.tape(4)] as string;
      const val = { none: () => undefined, thing: () => maker.thing(), number: () => 7, text: () => 'text' }[
        tag
      ] as () => unknown;
      return hooked(maker, { tag: () => tag, val });
    },
  },
  strings: { text: '(list string)', flat: 2, make: (maker) => items(maker, () => 'one of them') },
  bytes: {
    text: '(list u8)',
    flat: 2,
    make: (maker) => (maker.tape(2) === 0 ? new Uint8Array(maker.buffer()) : items(maker, () => 8)),
  },
  two: { text: '(list u8 2)', flat: 2, make: (maker) => items(maker, () => 9) },
  twoStrings: { text: '(list string 2)', flat: 4, make: (maker) => items(maker, () => 'two') },
  number: { text: 'u32', flat: 1, make: () => 10 },
  text: { text: 'string', flat: 2, make: () => 'and a text' },
};
const names = Object.keys(types);

/** Repeatable numbers below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Of each function the types of its parameters. At most 16 core values, so that they are all parameters of the core function. */
const signatures: string[][] = [
  ...['own', 'borrow', 'owns', 'owner', 'pair'].map((name) => [name, 'plain']),
  ['bytes'],
  ['bytes', 'plain'],
  ['strings'],
];
{
  const next = numbers(7);
  while (signatures.length < 40) {
    const signature = Array.from({ length: 1 + next(4) }, () => names[next(names.length)] as string);
    if (signature.reduce((sum, name) => sum + types[name]!.flat, 0) <= 16) signatures.push(signature);
  }
}

/** Types that results have: no borrows. */
const results = ['own', 'plain', 'owner', 'owns', 'owners', 'option', 'choice', 'strings', 'bytes', 'two'];

const declared = `
  (type $plain' (record (field "x" u32) (field "s" string)))
  (export $plain "plain" (type $plain'))
  (type $owner' (record (field "h" (own $t)) (field "x" u32)))
  (export $owner "owner" (type $owner'))
  (type $borrower' (record (field "h" (borrow $t)) (field "x" u32)))
  (export $borrower "borrower" (type $borrower'))
  (type $bits' (flags "a" "b"))
  (export $bits "bits" (type $bits'))
  (type $choice' (variant (case "none") (case "thing" (own $t)) (case "number" u32) (case "text" string)))
  (export $choice "choice" (type $choice'))`;

/** `handles`: borrows are handles, which a function must drop. */
function coreFunction(signature: readonly string[], index: number, handles: boolean): string {
  let local = 0;
  let body = '';
  for (const name of signature) {
    const { flat, borrow, borrowList } = types[name]!;
    if (borrow !== undefined) body += `(call $drop (local.get ${local + borrow}))`;
    if (borrowList) body += `(call $drop-all (local.get ${local}) (local.get ${local + 1}))`;
    local += flat;
  }
  return `(func (export "f${index}") (param ${'i32 '.repeat(local)}) (result i32) ${handles ? body : ''} (i32.const 7))`;
}

const core = (handles: boolean): string => `
  (core module $m
    (import "" "drop" (func $drop (param i32)))
    ${handles ? results.map((name) => `(import "" "give-${name}" (func $give-${name} (${name === 'own' ? 'result' : 'param'} i32)))`).join('\n') : ''}
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (block $room
        (loop $more
          (br_if $room (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
          (br_if $room (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))
          (br $more)))
      (local.get $at))
    (func $drop-all (param $at i32) (param $n i32)
      (block $end
        (loop $more
          (br_if $end (i32.eqz (local.get $n)))
          (call $drop (i32.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $more))))
    (func (export "look") (param i32) ${handles ? '(call $drop (local.get 0))' : ''})
    (func (export "take") (param i32))
    (func (export "grow") (drop (memory.grow (i32.const 1))))
    (func (export "boom") unreachable)
    (func (export "spilled") (param i32) (result i32)
      ${handles ? '(call $drop (i32.load offset=64 (local.get 0)))' : ''} (i32.const 7))
    ${signatures.map((signature, i) => coreFunction(signature, i, handles)).join('\n')}
    ${handles ? results.map((name) => `(func (export "pull-${name}") ${name === 'own' ? '(drop (call $give-own))' : `(call $give-${name} (i32.const 1024))`})`).join('\n') : ''})`;

const lifts = `
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (func (export "look") (param "h" (borrow $t)) (canon lift (core func $i "look")))
  (func (export "take") (param "h" (own $t)) (canon lift (core func $i "take")))
  (func (export "grow") (canon lift (core func $i "grow")))
  (func (export "boom") (canon lift (core func $i "boom")))
  (func (export "spilled") (param "a" (own $t)) ${Array.from({ length: 5 }, (_, i) => `(param "p${i}" $plain)`).join(' ')}
    (param "b" (borrow $t)) (result u32) (canon lift (core func $i "spilled") (memory $memory) (realloc $realloc)))
  ${signatures
    .map(
      (signature, i) =>
        `(func (export "f${i}") ${signature.map((name, p) => `(param "p${p}" ${types[name]!.text})`).join(' ')} (result u32)
          (canon lift (core func $i "f${i}") (memory $memory) (realloc $realloc)))`,
    )
    .join('\n')}`;

/** Defines the resource: its borrows are representations. */
const definingText = `(component
  (core module $state
    (global $dropped (mut i32) (i32.const 0))
    (func (export "dtor") (param i32) (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core instance $state (instantiate $state))
  (type $thing (resource (rep i32) (dtor (core func $state "dtor"))))
  (export $t "thing" (type $thing))
  (core func $new (canon resource.new $thing))
  (core func $drop (canon resource.drop $thing))
  ${declared}
  ${core(false)}
  (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
  (core module $make
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (result i32) (call $new (i32.const 100))))
  (core instance $make (instantiate $make (with "" (instance (export "new" (func $new))))))
  (func (export "[constructor]thing") (result (own $t)) (canon lift (core func $make "make")))
  (func (export "dropped") (result u32) (canon lift (core func $state "dropped")))
  ${lifts})`;

/** Imports it: its borrows are handles. */
const importingText = `(component
  (import "thing" (type $t (sub resource)))
  ${declared
    .replaceAll('(export $', '(import $')
    .replaceAll(/\(import \$(\S+) "(\S+)" \(type (\S+)\)\)/g, '(import "$2" (type $$$1 (eq $3)))')}
  ${results.map((name) => `(import "give-${name}" (func $give-${name} (result ${types[name]!.text})))`).join('\n')}
  (core func $drop (canon resource.drop $t))
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $give-memory))
  (alias core export $libc "realloc" (core func $give-realloc))
  ${results
    .map(
      (name) =>
        `(core func $give-${name} (canon lower (func $give-${name}) (memory $give-memory) (realloc $give-realloc)))`,
    )
    .join('\n')}
  ${core(true)}
  (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))
    ${results.map((name) => `(export "give-${name}" (func $give-${name}))`).join('\n')}))))
  ${lifts}
  ${results.map((name) => `(func (export "pull-${name}") (canon lift (core func $i "pull-${name}")))`).join('\n')})`;

/** Handles in the tables of an instance with one component instance: how many are owned, how many borrowed. */
function handlesOf(instance: Instance<DynamicExports>): { own: number; borrow: number } {
  const { bytes } = instanceContext(instance);
  const cell = instance.component.offsets.flags(0);
  const view = new DataView(bytes.buffer);
  const capacity = view.getUint32(cell + instanceCell.capacity, true);
  const counts = { own: 0, borrow: 0 };
  if (capacity === 0) return counts;
  const table = instance.store.contextBytes(
    view.getUint32(cell + instanceCell.handles, true),
    capacity * handleSlot.size,
  );
  const slots = new DataView(table.buffer);
  for (let i = 1; i < capacity; i++) {
    const kind = slots.getUint32(i * handleSlot.size + handleSlot.type, true) & HANDLE_KIND_MASK;
    if (kind === HANDLE_OWN) counts.own++;
    else if (kind !== 0) counts.borrow++;
  }
  return counts;
}

/** What a hook throws. */
class Thrown extends Error {}

const wordings = /: expected |^expected |given away|has been dropped|is lent|was dropped|disposed during|was borrowed/;

/** Whether an error is one that a call may end with. */
function isProper(error: unknown, world: World): boolean {
  if (error instanceof Thrown) return true;
  if (error instanceof DisposedError) return world.disposed;
  if (error instanceof Trap) return world.trapped || (world.inside && error.code === 'cannot-enter');
  return error instanceof TypeError && wordings.test(error.message);
}

/** One store with its instances. */
class World {
  readonly store: Store;
  readonly defining: Instance<DynamicExports>;
  /** The instance that is called. */
  readonly called: Instance<DynamicExports>;
  readonly things: Dynamic[] = [];
  disposed = false;
  trapped = false;
  /** Whether the values are results: the call is inside the instance. */
  inside = false;
  gives: (name: string) => unknown = () => undefined;

  constructor(defining: InstancePre, importing: Parts['importing'] | null, engine: ReturnType<typeof engineWith>) {
    this.store = new Store({ engine });
    this.defining = defining.instantiateSync(this.store) as never;
    this.called = this.defining;
    if (importing !== null) {
      const imports: Record<string, unknown> = { thing: this.defining.exports['Thing'] };
      for (const name of results) imports[`give-${name}`] = () => this.gives(name);
      this.called = importing(imports).instantiateSync(this.store) as never;
    }
  }

  /** `hostile`: what the hooks of the values do is on the tape. */
  maker(tape: Tape): Maker {
    const buffers: ArrayBuffer[] = [];
    const maker: Maker = {
      tape,
      thing: () => {
        if (this.things.length < 3 || tape(3) === 0) {
          if (this.disposed || this.trapped) return {};
          const made = new (this.defining.exports['Thing'] as Dynamic)();
          this.things.push(made);
          return made;
        }
        return this.things[tape(this.things.length)];
      },
      hook: () => this.#act(tape, buffers),
      buffer: () => {
        const buffer = new ArrayBuffer(20, { maxByteLength: 64 });
        buffers.push(buffer);
        return buffer;
      },
    };
    return maker;
  }

  #act(tape: Tape, buffers: readonly ArrayBuffer[]): void {
    const { exports } = this.called;
    const thing = (): Dynamic => this.things[tape(this.things.length)]!;
    const attempt = (run: () => unknown): void => {
      try {
        run();
      } catch (error) {
        assert.ok(isProper(error, this), `in a hook: ${String(error)}`);
      }
    };
    switch (tape(26)) {
      case 1:
      case 2:
      case 3:
      case 4:
        if (this.things.length > 0) attempt(() => thing()[Symbol.dispose]());
        return;
      case 5:
      case 6:
      case 7:
        if (this.things.length > 0) attempt(() => exports['take']!(thing()));
        return;
      case 8:
        if (this.things.length > 0) attempt(() => exports['look']!(thing()));
        return;
      case 9:
      case 10:
      case 11: {
        const index = tape(signatures.length);
        const quiet = { ...this.maker(numbers(tape(1000))), hook: () => undefined };
        attempt(() => exports[`f${index}`]!(...signatures[index]!.map((name) => types[name]!.make(quiet))));
        return;
      }
      case 12:
        attempt(() => exports['grow']!());
        return;
      case 13:
        for (const buffer of buffers) if (!buffer.detached) buffer.resize(tape(65));
        return;
      case 14:
        for (const buffer of buffers) if (!buffer.detached) structuredClone(buffer, { transfer: [buffer] });
        return;
      case 15:
        throw new Thrown();
      case 16:
        attempt(() => {
          this.called.dispose();
          this.disposed = true;
        });
        return;
      case 17:
        attempt(() => {
          this.defining.dispose();
          this.disposed = true;
        });
        return;
      case 18:
        attempt(() => {
          this.store.dispose();
          this.disposed = true;
        });
        return;
      case 19: {
        const before = this.trapped;
        this.trapped = true;
        attempt(() => exports['boom']!());
        this.trapped = before || this.store.trap !== null;
        return;
      }
      default:
    }
  }

  /** Objects and handles agree; the store can be used. */
  check(): void {
    if (this.disposed || this.trapped) return;
    assert.is(this.store.trap, null);
    let alive = 0;
    let given = 0;
    let dropped = 0;
    for (const thing of new Set(this.things)) {
      try {
        this.called.exports['look']!(thing);
        alive++;
        // It is not on loan any more: it can be given away.
        this.called.exports['take']!(thing);
      } catch (error) {
        const { message } = error as Error;
        if (/given away/.test(message)) given++;
        else if (/has been dropped/.test(message)) dropped++;
        else throw error;
      }
    }
    assert.equal(handlesOf(this.called), { own: alive + given, borrow: 0 });
    assert.is(this.defining.exports['dropped']!() as unknown, dropped);
  }
}

interface Parts {
  readonly defining: InstancePre;
  readonly importing: (imports: Record<string, unknown>) => InstancePre;
}

/** A tape of fast-check's numbers. */
function tapeOf(values: readonly number[]): Tape {
  let at = 0;
  return (limit) => (at < values.length ? (values[at++] as number) % limit : 0);
}

const tapes = fc.array(fc.nat(), { maxLength: 60 });
const numRuns = Number(process.env['HOSTILE_RUNS'] ?? 100);

const forms: Record<string, EngineOptions> = {
  generated: {},
  closures: { evaluate: 'never' },
  'closures, spilled, wide': { evaluate: 'never', lowering: 'spilled', pointerSize: 8 },
};

for (const [form, options] of Object.entries(forms)) {
  const engine = engineWith(options);
  const parts = async (): Promise<Parts> => {
    const [defining, importing] = await Promise.all([
      component(definingText, engine),
      component(importingText, engine),
    ]);
    const pre = InstancePre.link(defining, {});
    await pre.instantiate();
    return { defining: pre, importing: (imports) => InstancePre.link(importing, imports as never) };
  };

  test(`what is dropped while the other arguments are read is refused (${form})`, async () => {
    const { defining, importing } = await parts();
    for (const given of [null, importing]) {
      const world = new World(defining, given, engine);
      const { exports } = world.called;
      const Thing = world.defining.exports['Thing'] as Dynamic;
      for (const [i, name] of ['own', 'borrow', 'owns', 'owner', 'pair'].entries()) {
        const index = signatures.findIndex(([first, second]) => first === name && second === 'plain');
        assert.is(index, i, 'they come first');
        for (const end of [(thing: Dynamic) => thing[Symbol.dispose](), (thing: Dynamic) => exports['take']!(thing)]) {
          const [thing, other] = [new Thing(), new Thing()];
          const value = { own: thing, borrow: thing, owns: [thing], owner: { h: thing, x: 1 }, pair: [other, thing] }[
            name
          ];
          const plain = {
            x: 1,
            get s() {
              end(thing);
              return '';
            },
          };
          assert.throws(
            () => exports[`f${index}`]!(value, plain),
            (e: unknown) => e instanceof TypeError && /was dropped or given away while/.test(e.message),
            name,
          );
          assert.is(exports['look']!(other), undefined, 'it is still there');
        }
      }
      assert.is(world.store.trap, null);
      world.store.dispose();
    }
  });

  test(`a list whose buffer is gone is empty (${form})`, async () => {
    const { defining } = await parts();
    const { exports, store } = new World(defining, null, engine).called;
    const gone = new Uint8Array(100);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const at = (signature: string): string => `f${signatures.findIndex((names) => names.join() === signature)}`;
    assert.is(exports[at('bytes')]!(gone), 7);
    assert.is(exports[at('bytes,plain')]!(gone, { x: 1, s: '' }), 7);
    assert.is(store.trap, null);
  });

  test(`the length of a list is asked once (${form})`, async () => {
    const { defining } = await parts();
    const { exports, store } = new World(defining, null, engine).called;
    for (const lengths of [
      [0, 2, 1],
      [2, 0, 5],
      [-1],
      [Number.NaN],
      ['1'],
      [1.5],
      [new ArrayBuffer(2)],
      [2 ** 32 - 1],
    ]) {
      let asked = 0;
      const liar = new Proxy(['a', 'b'], {
        get: (target, key) => (key === 'length' ? lengths[asked++ % lengths.length] : Reflect.get(target, key)),
      });
      const index = signatures.findIndex(([first, second]) => first === 'strings' && second === undefined);
      try {
        assert.is(exports[`f${index}`]!(liar), 7);
      } catch (error) {
        assert.instance(error, TypeError);
        assert.match((error as Error).message, /^p0: expected a list of at most|^p0\[\d\]: expected a string/);
      }
      assert.is(asked, 1);
      assert.is(store.trap, null);
    }
  });

  test(`a class that runs code when it is asked for its instances (${form})`, async () => {
    const { importing } = await parts();
    const gives = Object.fromEntries(results.map((name) => [`give-${name}`, () => undefined]));
    const acts: Record<string, (instance: Instance<DynamicExports>) => void> = {
      calls: ({ exports }) => exports['grow']!(),
      throws: () => {
        throw new Thrown();
      },
      'disposes the instance': (called) => called.dispose(),
      'disposes the store': ({ store }) => store.dispose(),
      traps: ({ exports }) =>
        assert.throws(
          () => exports['boom']!(),
          (e: unknown) => e instanceof Trap,
        ),
    };
    for (const [what, act] of Object.entries(acts)) {
      for (const [i, first] of ['own', 'borrow', 'owns', 'owner', 'pair'].entries()) {
        let called: Instance<DynamicExports> | null = null;
        // biome-ignore lint/complexity/noStaticOnlyClass: a class is what is imported.
        class Thing {
          static [Symbol.hasInstance](): boolean {
            if (called !== null) act(called);
            return true;
          }
        }
        const store = new Store({ engine });
        const made = importing({ thing: Thing, ...gives }).instantiateSync(store) as never as Instance<DynamicExports>;
        const { exports } = made;
        const run = exports[`f${i}`]!;
        void [exports['grow'], exports['boom']];
        called = made;
        const value = { own: {}, borrow: {}, owns: [{}, {}], owner: { h: {}, x: 1 }, pair: [{}, {}] }[first];
        try {
          assert.is(run(value, { x: 1, s: '' }), 7);
          assert.is(what, 'calls');
        } catch (error) {
          if (what === 'throws') assert.instance(error, Thrown);
          else if (what === 'traps') assert.is((error as Trap).code, 'cannot-enter');
          else assert.instance(error, DisposedError, `${what}: ${String((error as Error).stack)}`);
        }
        assert.is(store.trap === null, what !== 'traps');
        if (what === 'calls') assert.is(handlesOf(made).borrow, 0);
        store.dispose();
      }
    }
  });

  test(`functions that a disposed instance has not made yet (${form})`, async () => {
    const { defining } = await parts();
    const { called } = new World(defining, null, engine);
    called.dispose();
    assert.throws(
      () => called.exports['f3'],
      (e: unknown) => e instanceof DisposedError,
    );
  });

  for (const kind of ['representations', 'handles'] as const) {
    test(`arguments that do as they like (${form}, ${kind})`, async () => {
      const { defining, importing } = await parts();
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(signatures.length), tapes), { minLength: 1, maxLength: 3 }), (calls) => {
          const world = new World(defining, kind === 'handles' ? importing : null, engine);
          for (const [index, values] of calls) {
            const maker = world.maker(tapeOf(values));
            const signature = signatures[index] ?? ['own', 'plain', 'plain', 'plain', 'plain', 'plain', 'borrow'];
            let args: unknown[];
            try {
              args = signature.map((name) => types[name]!.make(maker));
            } catch (error) {
              assert.ok(isProper(error, world), String(error));
              continue;
            }
            try {
              const result: unknown = world.called.exports[index < signatures.length ? `f${index}` : 'spilled']!(
                ...args,
              );
              assert.is(result, 7);
            } catch (error) {
              assert.ok(isProper(error, world), `${signature}: ${String((error as Error).stack)}`);
            }
          }
          world.check();
          if (!world.disposed) world.store.dispose();
        }),
        { numRuns, includeErrorInReport: true },
      );
    });
  }

  test(`results that do as they like (${form})`, async () => {
    const { defining, importing } = await parts();
    fc.assert(
      fc.property(fc.constantFrom(...results), tapes, (name, values) => {
        const world = new World(defining, importing, engine);
        const maker = world.maker(tapeOf(values));
        world.gives = () => types[name]!.make(maker);
        world.inside = true;
        try {
          world.called.getFunc(`pull-${name}`)!();
        } catch (error) {
          assert.instance(error, Trap, String((error as Error).stack));
          assert.ok(world.store.trap !== null);
          const { code, cause } = error as Trap;
          if (code === 'host-error') assert.ok(isProper(cause, world) || cause instanceof Trap, String(cause));
          else assert.ok(world.trapped, String(error));
          world.trapped = true;
        }
        world.inside = false;
        world.check();
        world.store.dispose();
      }),
      { numRuns, includeErrorInReport: true },
    );
  });
}

test.run();
