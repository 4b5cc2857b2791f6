/** The lowering callee: both forms of call, errors of the host and of the guest, scopes. Closures and generated code. */
import type { PlanType, TypeIndex } from '@gangway/component/plan';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AbiTrap } from '../../../packages/host/src/call/abi-trap.ts';
import { abis, FakeGuest, FakeResource, makeCallee, TRAP_CODE, VMCTX } from '../abi/fake-guest.ts';

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
  { kind: 'f32' },
  { kind: 's32' },
  { kind: 'record', fields: [{ name: 'a', type: t(0) }, { name: 'b', type: t(1) }] }, // biome-ignore format: one line
];

for (const evaluate of ['never', 'auto'] as const) {
  test(`scalars: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lower } = abis(
      types,
      [
        ['a', 0],
        ['b', 7],
        ['c', 6],
        ['d', 8],
        ['e', 9],
      ],
      7,
    );
    const seen: unknown[] = [];
    const callee = makeCallee(
      guest,
      lower,
      (...args) => {
        seen.push(...args);
        return 2n ** 64n - 1n;
      },
      evaluate,
    );
    assert.is(callee.typed(-1, -1n, 0.5, 0.25, -1), -1n);
    assert.equal(seen, [0xffffffff, 2n ** 64n - 1n, 0.5, 0.25, -1]);
    assert.equal(guest.recorded, []);
  });

  test(`the spilled form: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lower } = abis(
      types,
      [
        ['a', 0],
        ['b', 7],
        ['c', 6],
        ['d', 8],
      ],
      6,
    );
    const seen: unknown[] = [];
    const callee = makeCallee(
      guest,
      lower,
      (...args) => {
        seen.push(...args);
        if (args[0] === 0) throw new Error('no');
        return 1.5;
      },
      evaluate,
    );
    const view = new DataView(guest.contextMemory.buffer);
    const slots = 4096;
    view.setInt32(slots, -2, true);
    view.setBigInt64(slots + 16, -3n, true);
    view.setFloat64(slots + 32, 0.1, true);
    view.setFloat32(slots + 48, 0.5, true);
    assert.is(callee.spilled(VMCTX, 0, 0, 0, slots, 4), 1);
    assert.equal(seen, [0xfffffffe, 2n ** 64n - 3n, 0.1, 0.5]);
    assert.is(view.getFloat64(slots, true), 1.5);
    view.setInt32(slots, 0, true);
    assert.is(callee.spilled(VMCTX, 0, 0, 0, slots, 4), 0);
    assert.is((guest.recorded[0]!.error as Error).message, 'no');

    // Another lowering's data, another host function: the same callee serves all instances of a store.
    guest.words[TRAP_CODE] = 0;
    const data = guest.hostObjects.push(() => 2.5) - 1;
    assert.is(callee.spilled(VMCTX, data, 0, 0, slots, 4), 1);
    assert.is(view.getFloat64(slots, true), 2.5);
    assert.is(seen.length, 8);
  });

  test(`the host function has no this: ${evaluate}`, () => {
    const guest = new FakeGuest();
    let self: unknown = 'not called';
    const host = function (this: unknown): void {
      self = this;
    };
    makeCallee(guest, abis(types, [], null).lower, host, evaluate).typed();
    assert.is(self, undefined);
  });

  test(`what the host throws: ${evaluate}`, () => {
    const boom = new Error('boom');
    for (const [type, wanted] of [
      [0, 0],
      [7, 0n],
      [6, 0],
      [null, undefined],
    ] as const) {
      const guest = new FakeGuest();
      const callee = makeCallee(
        guest,
        abis(types, [], type).lower,
        () => {
          throw boom;
        },
        evaluate,
      );
      assert.is(callee.typed(), wanted, 'returns normally, with a zero');
      assert.equal(guest.recorded, [{ error: boom, origin: 'host' }]);
      assert.is(guest.words[TRAP_CODE], 1);
    }
  });

  test(`the error case: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lower } = abis(types, [], 2);
    const result = (host: () => unknown): unknown => {
      guest.recorded.length = 0;
      guest.view.setInt32(64, 0xaaaa, true);
      makeCallee(guest, lower, host, evaluate).typed(64);
      if (guest.recorded.length > 0) return guest.recorded[0];
      if (guest.bytes[64] === 0) return { ok: guest.view.getUint32(68, true) };
      const start = guest.view.getUint32(68, true);
      return { err: new TextDecoder().decode(guest.bytes.slice(start, start + guest.view.getUint32(72, true))) };
    };
    const raise = (value: unknown) => (): never => {
      throw value;
    };
    assert.equal(
      result(() => 7),
      { ok: 7 },
    );
    assert.equal(result(raise('plain')), { err: 'plain' });
    assert.equal(result(raise({ payload: 'in an object' })), { err: 'in an object' });
    assert.equal(result(raise(Object.assign(new Error('e'), { payload: 'in an error' }))), { err: 'in an error' });
    const plain = new TypeError('mine');
    assert.equal(result(raise(plain)), { error: plain, origin: 'host' });
    const inherited = Object.create(Object.assign(new Error('e'), { payload: 'not own' })) as object;
    assert.is((result(raise(inherited)) as { error: unknown }).error, inherited);
    const wrong = result(raise(5)) as { error: TypeError; origin: string };
    assert.instance(wrong.error, TypeError);
    assert.is(wrong.error.message, 'error: expected a string, got 5');
    assert.is(wrong.origin, 'host');
    const wrongOk = result(() => 'text') as { error: TypeError };
    assert.is(wrongOk.error.message, 'result: expected an integer from 0 to 4294967295, got "text"');
  });

  test(`an error case without payload: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lower } = abis(types, [], 3);
    let raise: unknown = null;
    const callee = makeCallee(
      guest,
      lower,
      () => {
        if (raise !== null) throw raise;
      },
      evaluate,
    );
    assert.is(callee.typed(), 0);
    raise = 'anything';
    assert.is(callee.typed(), 1);
    raise = new Error('a failure');
    assert.is(callee.typed(), 0);
    assert.equal(guest.recorded, [{ error: raise, origin: 'host' }]);
  });

  test(`a wrong result is the host's failure, with its path: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const { lower } = abis(types, [], 10);
    makeCallee(guest, lower, () => ({ a: 1 }), evaluate).typed(64);
    const { error, origin } = guest.recorded[0]!;
    assert.instance(error, TypeError);
    assert.is((error as Error).message, 'result.b: expected a string, got undefined');
    assert.is(origin, 'host');
    assert.equal(guest.reallocs, [], 'nothing was allocated');
  });

  test(`a Promise is refused, and its rejection handled: ${evaluate}`, async () => {
    for (const type of [null, 0, 1, 2, 3, 10]) {
      const guest = new FakeGuest();
      const { lower } = abis(types, [], type);
      const callee = makeCallee(guest, lower, () => Promise.reject(new Error('never seen')), evaluate);
      if (lower.spilledResult) callee.typed(64);
      else callee.typed();
      const { error, origin } = guest.recorded[0]!;
      assert.instance(error, TypeError);
      assert.is((error as Error).message, 'g returned a Promise, but the imported function is not async');
      assert.is(origin, 'host');
    }
    await new Promise((resolve) => setTimeout(resolve));
  });

  test(`a failing realloc is the guest's: ${evaluate}`, () => {
    const boom = new WebAssembly.RuntimeError('unreachable');
    const guest = new FakeGuest({
      realloc: () => {
        throw boom;
      },
    });
    makeCallee(guest, abis(types, [], 1).lower, () => 'text', evaluate).typed(64);
    assert.equal(guest.recorded, [{ error: boom, origin: 'guest' }]);
  });

  test(`a borrow comes as its representation, and dies after the call, also when it fails: ${evaluate}`, () => {
    for (const fail of [false, true]) {
      const guest = new FakeGuest();
      let seen: FakeResource | undefined;
      const callee = makeCallee(
        guest,
        abis(types, [['self', 4]], 0).lower,
        (self) => {
          seen = self as FakeResource;
          assert.ok(seen.alive);
          assert.is(seen.rep, 9);
          if (fail) throw new Error('no');
          return 3;
        },
        evaluate,
      );
      assert.is(callee.typed(9), fail ? 0 : 3);
      assert.not.ok(seen?.alive);
      assert.equal(guest.handles.log, ['lent', 'end lent']);
      assert.is(guest.recorded.length, fail ? 1 : 0);
    }
  });

  test(`a borrow of a resource of the host is its own object, before and after: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const objects = [new FakeResource(0), new FakeResource(1)];
    guest.handles.objects = objects;
    for (const result of [0, null]) {
      const seen: unknown[] = [];
      const host = (...args: unknown[]): unknown => {
        seen.push(...args);
        return result === null ? undefined : 3;
      };
      const { lower } = abis(
        types,
        [
          ['self', 4],
          ['n', 0],
        ],
        result,
      );
      const callee = makeCallee(guest, lower, host, evaluate);
      assert.is(callee.typed(1, 5), result === null ? undefined : 3);
      assert.ok(seen[0] === objects[1] && objects[1]?.alive);
      assert.is(seen[1], 5);
    }
    assert.equal(guest.recorded, []);
  });

  test(`borrows inside other values, and beside each other: ${evaluate}`, () => {
    const guest = new FakeGuest();
    guest.handles.table.push({ own: true, object: new FakeResource(8) }, { own: true, object: new FakeResource(9) });
    const more: PlanType[] = [...types, { kind: 'tuple', types: [t(4), t(4)] }];
    let seen: FakeResource[] = [];
    const host = (...args: unknown[]): void => {
      seen = args.flat() as FakeResource[];
      assert.equal(
        seen.map(({ rep, alive }) => [rep, alive]),
        [
          [8, true],
          [9, true],
        ],
      );
    };
    const inTuple = makeCallee(guest, abis(more, [['pair', more.length - 1]], null).lower, host, evaluate);
    inTuple.typed(1, 2);
    assert.not.ok(seen.some((object) => object.alive));
    assert.equal(guest.handles.log, ['open import', 'close import']);
    const beside = makeCallee(
      guest,
      abis(
        types,
        [
          ['a', 4],
          ['b', 4],
        ],
        null,
      ).lower,
      host,
      evaluate,
    );
    guest.handles.log.length = 0;
    beside.typed(8, 9);
    assert.is(seen.length, 2);
    assert.not.ok(seen.some((object) => object.alive));
    assert.equal(guest.handles.log, ['lent', 'lent', 'end lent', 'end lent']);
    assert.equal(guest.recorded, []);
    // An invalid handle inside another value is the callee's to find.
    inTuple.typed(1, 7);
    assert.is((guest.recorded[0]!.error as AbiTrap).code, 'unknown-handle');
  });

  test(`scalars of every arity: ${evaluate}`, () => {
    for (let count = 0; count <= 6; count++) {
      const guest = new FakeGuest();
      const params = Array.from({ length: count }, (_, i) => [`p${i}`, 0] as const);
      const host = (...args: unknown[]): unknown => args.reduce<number>((total, value) => total + Number(value), count);
      const callee = makeCallee(guest, abis(types, params, 0).lower, host, evaluate);
      const args = params.map((_, i) => 10 ** i);
      const wanted = args.reduce((total, value) => total + value, count);
      assert.is(callee.typed(...args), wanted);
      assert.equal(guest.recorded, []);
      const wrong = makeCallee(guest, abis(types, params, 0).lower, () => -1, evaluate);
      assert.is(wrong.typed(...args), 0);
      assert.is(
        (guest.recorded[0]!.error as Error).message,
        'result: expected an integer from 0 to 4294967295, got -1',
      );
    }
  });

  test(`owns move: ${evaluate}`, () => {
    const guest = new FakeGuest();
    const object = new FakeResource(9);
    guest.handles.table.push({ own: true, object });
    const callee = makeCallee(guest, abis(types, [['a', 5]], 5).lower, (a) => a, evaluate);
    const index = callee.typed(1) as number;
    assert.is(guest.handles.table[1], undefined);
    assert.is(guest.handles.table[index]?.object, object);
  });

  for (const strings of [false, true]) {
    test(`strings of a memory that has grown: ${evaluate}, ${strings ? 'strings module' : 'loops'}`, () => {
      const guest = new FakeGuest({ strings });
      const callee = makeCallee(guest, abis(types, [['a', 1], ['b', 10]], 1).lower, (a, b) => `${a}${(b as { b: string }).b}`, evaluate); // biome-ignore format: one line
      for (const text of ['short', 'ein Täg☃', 'long '.repeat(30)]) {
        const bytes = new TextEncoder().encode(text);
        // Beyond what the views reach that were taken before.
        const at = guest.memory.buffer.byteLength;
        guest.memory.grow(1);
        new Uint8Array(guest.memory.buffer, at).set(bytes);
        callee.typed(at, bytes.length, 7, at, bytes.length, 64);
        assert.equal(guest.recorded, []);
        const [start, length] = new Uint32Array(guest.memory.buffer, 64, 2) as unknown as [number, number];
        assert.is(new TextDecoder().decode(new Uint8Array(guest.memory.buffer, start, length)), text + text);
      }
    });
  }

  test(`the instance is looked up with the first call: ${evaluate}`, () => {
    const guest = new FakeGuest();
    let lookups = 0;
    const side = guest.side.bind(guest);
    guest.side = (vmctx) => {
      lookups++;
      return side(vmctx);
    };
    const callee = makeCallee(guest, abis(types, [['a', 1]], 0).lower, (a) => (a as string).length, evaluate);
    assert.is(lookups, 0, 'not when it is bound: the slots of the vmctx are not set yet');
    assert.is(callee.typed(0, 1), 1);
    assert.is(callee.typed(0, 2), 2);
    assert.is(lookups, 1);
  });
}

test.run();
