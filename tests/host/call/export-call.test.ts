/** A lifted export as a JavaScript function: flags, order of steps, errors, scopes. Both forms. */
import type { PlanType, TypeIndex } from '@gangway/component/plan';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ComponentError } from '../../../packages/host/src/abi/result-error.ts';
import { GuestSide } from '../../../packages/host/src/call/guest-side.ts';
import { abis, FakeGuest, FakeResource, type FakeTrap, makeExport, ROOT_FLAGS } from '../abi/fake-guest.ts';
import { exportCall } from '../abi/specialise.ts';

const t = (index: number): TypeIndex => index as TypeIndex;
const types: PlanType[] = [
  { kind: 'u32' },
  { kind: 'string' },
  { kind: 'result', ok: t(0), err: t(1) },
  { kind: 'result', ok: null, err: null },
  { kind: 'borrow', resource: 0 as never },
  { kind: 'own', resource: 0 as never },
  { kind: 'f64' },
  { kind: 'u64' },
];

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

for (const evaluate of ['never', 'auto'] as const) {
  test(`flags during a call: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [['a', 1]], 1);
    const seen: number[] = [];
    const realloc = guest.side_.realloc!;
    const side = new GuestSide({
      ...guest.side_,
      runtime: guest,
      // The root, an ancestor, the instance itself.
      flags: [ROOT_FLAGS, 20, 24],
      realloc: (...args) => {
        seen.push(guest.words[ROOT_FLAGS]!, guest.words[20]!, guest.words[24]!);
        return realloc(...args);
      },
    });
    guest.side_.context.share();
    guest.words[20] = 1;
    guest.words[24] = 1;
    const f = exportCall({ name: 'f', abi: lift, evaluate })(
      side,
      (pointer, length) => {
        seen.push(guest.words[ROOT_FLAGS]!, guest.words[20]!, guest.words[24]!);
        guest.view.setInt32(64, pointer as number, true);
        guest.view.setInt32(68, length as number, true);
        return 64;
      },
      (pointer) => {
        assert.is(pointer, 64, 'post-return gets the core result');
        seen.push(guest.words[ROOT_FLAGS]!, guest.words[20]!, guest.words[24]!);
        return undefined;
      },
    );
    assert.is(f('text'), 'text');
    // Bit 0: may leave, bit 1: entered.
    assert.equal(seen, [3, 3, 2, 3, 3, 3, 3, 3, 2]);
    assert.equal([guest.words[ROOT_FLAGS], guest.words[20], guest.words[24]], [1, 1, 1]);
  });

  test(`no entry while entered, or when locked: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [['a', 0]], 0);
    let inner: unknown;
    const f = makeExport(
      guest,
      lift,
      (a) => {
        inner = thrown(() => f(1));
        return a;
      },
      evaluate,
    );
    assert.is(f(7), 7);
    assert.is((inner as FakeTrap).code, 'cannot-enter');
    assert.is(f(8), 8, 'the refused call changed nothing');
    guest.lock();
    assert.is((thrown(() => f(9)) as FakeTrap).code, 'cannot-enter');
  });

  test(`the words say it as soon as somebody else looks at them: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { context } = guest.side_;
    const { lift } = abis(types, [['a', 0]], 0);
    let share = false;
    const seen: unknown[] = [];
    const core = (a: unknown): number => {
      seen.push(context.entered, guest.words[ROOT_FLAGS]);
      // A link to the instance is made during a call into it.
      if (share) context.share();
      seen.push(context.entered, guest.words[ROOT_FLAGS]);
      return a as number;
    };
    const f = makeExport(guest, lift, core, evaluate);
    assert.is(f(7), 7);
    assert.equal(seen.splice(0), [true, 1, true, 1]);
    assert.not(context.entered);
    share = true;
    assert.is(f(8), 8);
    assert.equal(seen.splice(0), [true, 1, true, 3]);
    assert.equal([context.entered, guest.words[ROOT_FLAGS]], [false, 1]);
    assert.is(f(9), 9);
    assert.equal(seen.splice(0), [true, 3, true, 3]);
    assert.equal([context.entered, guest.words[ROOT_FLAGS]], [false, 1]);
    // Entered by an adapter of another instance.
    guest.words[ROOT_FLAGS]! |= 2;
    assert.is((thrown(() => f(9)) as FakeTrap).code, 'cannot-enter');
    assert.is(guest.words[ROOT_FLAGS], 3);
  });

  test(`flags that are not the usual ones: ${evaluate}`, () => {
    const guest = new FakeGuest();
    guest.side_.context.share();
    const { lift } = abis(types, [['a', 0]], 0);
    const f = makeExport(guest, lift, (a) => a, evaluate);
    guest.words[ROOT_FLAGS] = 1 | 4;
    assert.is(f(7), 7);
    assert.is(guest.words[ROOT_FLAGS], 1 | 4, 'other bits stay');
    // Gone: what a disposed instance leaves behind is a short array that says locked.
    guest.side_.context.i32 = new Int32Array(ROOT_FLAGS);
    guest.side_.context.i32[4] = 1;
    assert.is((thrown(() => f(7)) as FakeTrap).code, 'cannot-enter');
  });

  test(`a getter may call the same export before it is entered: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis([...types, { kind: 'record', fields: [{ name: 'x', type: t(0) }] }], [['a', 8]], 0);
    const f = makeExport(guest, lift, (x) => (x as number) + 1, evaluate);
    const value = {
      get x(): unknown {
        return f({ x: 1 });
      },
    };
    assert.is(f(value), 3);
  });

  test(`what the guest throws goes through the runtime: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [], null);
    const boom = new Error('boom');
    const f = makeExport(
      guest,
      lift,
      () => {
        throw boom;
      },
      evaluate,
    );
    assert.is(
      thrown(() => f()),
      boom,
    );
    assert.is(guest.words[4], 1, 'translate locks');
  });

  test(`a failing post-return is the guest's failure: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [], 0);
    const boom = new Error('boom');
    const postReturn = (): undefined => {
      throw boom;
    };
    const f = makeExport(guest, lift, () => 1, evaluate, postReturn);
    assert.is(
      thrown(() => f()),
      boom,
    );
    assert.is(guest.words[4], 1);
  });

  test(`result at the level of the function: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [['ok', 0]], 2);
    guest.bytes.set(new TextEncoder().encode('broken'), 200);
    const f = makeExport(
      guest,
      lift,
      (ok) => {
        guest.bytes[64] = ok === 0 ? 1 : 0;
        guest.view.setInt32(68, ok === 0 ? 200 : 42, true);
        guest.view.setInt32(72, 6, true);
        return 64;
      },
      evaluate,
    );
    assert.is(f(1), 42);
    const error = thrown(() => f(0)) as ComponentError;
    assert.instance(error, ComponentError);
    assert.instance(error, Error);
    assert.is(error.payload, 'broken');
    assert.is(error.message, 'broken');
    assert.is(error.name, 'ComponentError');
    error.message = 'said otherwise';
    assert.is(error.message, 'said otherwise');
    assert.not.match(error.stack ?? '', /\n\s+at /, 'no stack is captured');
    assert.ok(new Error('x').stack?.includes('\n'), 'other errors have one');
    assert.is(f(1), 42, 'an error case is no trap');
    let discriminant = 0;
    const empty = makeExport(guest, abis(types, [], 3).lift, () => discriminant, evaluate);
    assert.is(empty(), undefined);
    discriminant = 1;
    const nothing = thrown(() => empty());
    assert.instance(nothing, ComponentError);
    assert.is((nothing as ComponentError).payload, undefined);
    assert.is(guest.words[4], 0, 'not locked');
    for (discriminant of [2, 256, -1]) {
      const other = new FakeGuest();
      const f = makeExport(other, abis(types, [], 3).lift, () => discriminant, evaluate);
      assert.is((thrown(() => f()) as FakeTrap).code, 'invalid-discriminant');
      assert.is(other.words[4], 1, 'locked');
    }
  });

  test(`stacks on request: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [], 3);
    const f = exportCall({ name: 'f', abi: lift, evaluate, errorStacks: true })(guest.side_, () => 1, null);
    assert.match((thrown(() => f()) as Error).stack ?? '', /\n\s+at |@/);
  });

  test(`borrows: a frame around the call, checked after it: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [['b', 4]], 0);
    const f = makeExport(guest, lift, (handle) => handle, evaluate);
    const object = new FakeResource(3);
    assert.is((thrown(() => f(object)) as FakeTrap).code, 'borrow-remains');
    assert.equal(guest.handles.log, ['open export', 'close export']);
    assert.ok(object.alive);
  });

  test(`borrows of the instance's own resources are representations: ${evaluate}`, () => {
    const guest = new FakeGuest();
    guest.handles.own = true;
    const object = new FakeResource(77);
    const { lift } = abis(
      types,
      [
        ['self', 4],
        ['n', 0],
      ],
      0,
    );
    const seen: unknown[] = [];
    const f = makeExport(
      guest,
      lift,
      (handle, n) => {
        seen.push(object.lends);
        return (handle as number) + (n as number);
      },
      evaluate,
    );
    if (evaluate === 'auto') {
      assert.is(f(object, 1), 78);
      assert.equal(seen, [1]);
      assert.is(object.lends, 0);
      assert.equal(guest.handles.log, [], 'no call frame');
    }
    assert.is((thrown(() => f({}, 1)) as Error).message, 'self: expected an instance of FakeResource');
    object.alive = false;
    assert.is((thrown(() => f(object, 1)) as Error).message, 'self: this FakeResource has been given away');
    const both = makeExport(guest, abis(types, [['a', 5], ['b', 4]], null).lift, () => undefined, evaluate); // biome-ignore format: one line
    object.alive = true;
    assert.is(
      (thrown(() => both(object, object)) as Error).message,
      'b: this object is lent and given away in one call',
    );
  });

  test(`owns move in and out: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [['o', 5]], 5);
    const f = makeExport(guest, lift, (handle) => handle, evaluate);
    const object = new FakeResource(3);
    assert.is(f(object), object);
    assert.ok(object.alive);
    assert.equal(guest.handles.log, [], 'no scope without borrows');
  });

  test(`names that are no identifiers: ${evaluate}`, () => {
    const guest = new FakeGuest();
    for (const name of [
      'a"]}; throw 1; //',
      '__proto__',
      'constructor',
      '$' + '{1}',
      '`',
      'a\u2028b',
      '[method]r.m',
      '',
    ]) {
      const { lift } = abis(
        [...types, { kind: 'record', fields: [{ name, type: t(0) }] }, { kind: 'enum', names: [name, 'b'] }],
        [
          [name, 8],
          ['e', 9],
        ],
        8,
      );
      const f = exportCall({ name, abi: lift, evaluate })(guest.side_, (x) => x as number, null);
      const argument = Object.defineProperty({}, Object.keys(fieldOf(name))[0] as string, {
        value: 5,
        enumerable: true,
      });
      const result = f(argument, name) as object;
      assert.is(Object.getPrototypeOf(result), Object.prototype);
      assert.equal(Object.entries(result), [[Object.keys(fieldOf(name))[0], 5]]);
      assert.is(f.name, name);
    }
  });

  test(`scalars of every arity: ${evaluate}`, () => {
    for (let count = 0; count <= 6; count++) {
      const guest = new FakeGuest();
      const params = Array.from({ length: count }, (_, i) => [`p${i}`, 0] as const);
      const { lift } = abis(types, params, 0);
      let posted: unknown = 'not called';
      const sum = makeExport(
        guest,
        lift,
        (...values) => values.reduce<number>((total, value) => total + Number(value), count),
        evaluate,
        (result) => {
          posted = result;
          return undefined;
        },
      );
      const args = params.map((_, i) => 10 ** i);
      const wanted = args.reduce((total, value) => total + value, count);
      assert.is(sum(...args), wanted);
      assert.is(posted, wanted);
      assert.is(sum.length, count);
      assert.is(guest.words[ROOT_FLAGS], 1);
      if (count === 0) continue;
      const bad = [...args.slice(0, -1), 'x'];
      assert.match((thrown(() => sum(...bad)) as Error).message, new RegExp(`^p${count - 1}: expected an integer`));
      assert.match((thrown(() => sum(...args.slice(1))) as Error).message, /^expected \d arguments?, got \d$/);
    }
  });

  test(`floats and 64-bit integers: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const add = makeExport(
      guest,
      abis(
        types,
        [
          ['a', 7],
          ['b', 7],
        ],
        7,
      ).lift,
      (a, b) => BigInt.asIntN(64, (a as bigint) + (b as bigint)),
      evaluate,
    );
    assert.is(add(2n ** 63n, 5n), 2n ** 63n + 5n);
    const negate = makeExport(guest, abis(types, [['a', 6]], 6).lift, (a) => -(a as number), evaluate);
    assert.ok(Object.is(negate(0), -0));
    assert.ok(Number.isNaN(negate(Number.NaN)));
  });

  test(`the context memory may grow under a call: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lift } = abis(types, [['a', 1]], 0);
    const f = makeExport(
      guest,
      lift,
      () => {
        guest.contextMemory.grow(1);
        return 1;
      },
      evaluate,
      () => {
        guest.contextMemory.grow(1);
        return undefined;
      },
    );
    assert.is(f('a'), 1);
    assert.is(guest.words[ROOT_FLAGS], 1);
    assert.is(f('a'), 1);
  });
}

/** An object with the property that a field name becomes. */
function fieldOf(name: string): object {
  const [first = '', ...rest] = name.match(/[^-]+/g) ?? [];
  const property = first + rest.join('');
  return Object.defineProperty({}, property, { value: 0, enumerable: true });
}

test.run();
