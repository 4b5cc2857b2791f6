/**
 * Arguments and results that run code of the embedder while they are read (`hostile/values.ts`). That code drops what
 * else is passed, gives it away, calls the instance, disposes it or its store, makes it trap, shrinks buffers, makes the
 * guest's memory grow. Whatever it does, the call is made with what was read, or is refused: never with an internal error; a
 * store is locked by a trap only; no handle is lost or there twice.
 *
 * What the hooks do is a tape of numbers from fast-check; `HOSTILE_RUNS` sets how many tapes.
 */
import { DisposedError, type EngineOptions, type Instance, InstancePre, Store, Trap } from '@gangway/host';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, type Dynamic, type DynamicExports, engineWith } from '../../support/assemble.ts';
import { definingText, importingText } from './hostile/components.ts';
import { results, signatures, type Tape, types } from './hostile/values.ts';
import { handlesOf, type Importing, isProper, Thrown, World } from './hostile/world.ts';

interface Parts {
  readonly defining: InstancePre;
  readonly importing: Importing;
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
      let [made, refused, checked] = [0, 0, 0];
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
              made++;
            } catch (error) {
              assert.ok(isProper(error, world), `${signature}: ${String((error as Error).stack)}`);
              refused++;
            }
          }
          if (world.check()) checked++;
          if (!world.disposed) world.store.dispose();
        }),
        { numRuns, includeErrorInReport: true },
      );
      assert.ok(
        made > numRuns / 2 && refused > numRuns / 5 && checked > numRuns / 2,
        `${made} calls made, ${refused} refused; ${checked} of ${numRuns} worlds checked`,
      );
    });
  }

  test(`results that do as they like (${form})`, async () => {
    const { defining, importing } = await parts();
    let [taken, refused, checked] = [0, 0, 0];
    fc.assert(
      fc.property(fc.constantFrom(...results), tapes, (name, values) => {
        const world = new World(defining, importing, engine);
        const maker = world.maker(tapeOf(values));
        world.gives = () => types[name]!.make(maker);
        world.inside = true;
        try {
          world.called.getFunc(`pull-${name}`)!();
          taken++;
        } catch (error) {
          assert.instance(error, Trap, String((error as Error).stack));
          assert.ok(world.store.trap !== null);
          const { code, cause } = error as Trap;
          if (code === 'host-error') assert.ok(isProper(cause, world) || cause instanceof Trap, String(cause));
          else assert.ok(world.trapped, String(error));
          world.trapped = true;
          refused++;
        }
        world.inside = false;
        if (world.check()) checked++;
        world.store.dispose();
      }),
      { numRuns, includeErrorInReport: true },
    );
    assert.ok(
      taken > numRuns / 2 && refused > 0 && checked > numRuns / 2,
      `${taken} results taken, ${refused} refused; ${checked} of ${numRuns} worlds checked`,
    );
  });
}

test.run();
