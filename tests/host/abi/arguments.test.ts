/**
 * What JavaScript may pass: each value that is refused, with the whole message; what is accepted beside the canonical
 * form; and that everything is read once, before anything happens in the guest. Both forms.
 */
import type { AbiPlan } from '@gangway/component/abi';
import type { PlanType, TypeIndex } from '@gangway/component/plan';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsFunction } from '../../../packages/host/src/call/requests.ts';
import { abiPlans, abis, FakeGuest, FakeResource, makeExport, PAGE } from './fake-guest.ts';
import type { Evaluate } from './specialise.ts';

const t = (index: number): TypeIndex => index as TypeIndex;

const types: PlanType[] = [
  { kind: 'bool' },
  { kind: 's8' },
  { kind: 'u8' },
  { kind: 's16' },
  { kind: 'u16' },
  { kind: 's32' },
  { kind: 'u32' },
  { kind: 's64' },
  { kind: 'u64' },
  { kind: 'f32' },
  { kind: 'f64' },
  { kind: 'char' },
  { kind: 'string' },
  // 13
  {
    kind: 'record',
    fields: [
      { name: 'x', type: t(10) },
      { name: 'long-label', type: t(12) },
    ],
  },
  { kind: 'list', element: t(13), length: null },
  { kind: 'list', element: t(2), length: null },
  { kind: 'list', element: t(6), length: 3 },
  { kind: 'tuple', types: [t(6), t(12)] },
  {
    kind: 'variant',
    cases: [
      { name: 'none', type: null },
      { name: 'some-list', type: t(14) },
    ],
  },
  { kind: 'enum', names: ['red', 'dark-blue'] },
  { kind: 'flags', names: ['read', 'to-string', 'write-all'] },
  // 21
  { kind: 'option', type: t(12) },
  { kind: 'option', type: t(21) },
  { kind: 'result', ok: t(6), err: t(12) },
  { kind: 'map', key: t(12), value: t(6) },
  { kind: 'list', element: t(12), length: 2 },
  {
    kind: 'record',
    fields: [
      { name: 'constructor', type: t(12) },
      { name: 'value-of', type: t(21) },
    ],
  },
  { kind: 'own', resource: 0 as never },
  { kind: 'borrow', resource: 0 as never },
  { kind: 'list', element: t(27), length: null },
  { kind: 'list', element: t(11), length: null },
];
const index = {
  bool: 0,
  s8: 1,
  u8: 2,
  s16: 3,
  u16: 4,
  s32: 5,
  u32: 6,
  s64: 7,
  u64: 8,
  f32: 9,
  f64: 10,
  char: 11,
  string: 12,
  point: 13,
  points: 14,
  bytes: 15,
  three: 16,
  pair: 17,
  choice: 18,
  color: 19,
  rights: 20,
  maybe: 21,
  nested: 22,
  outcome: 23,
  counts: 24,
  names: 25,
  odd: 26,
  own: 27,
  borrow: 28,
  owns: 29,
  chars: 30,
} as const; // prettier-ignore
type TypeName = keyof typeof index;

interface Called {
  readonly call: JsFunction;
  readonly guest: FakeGuest;
  /** How often the core function ran. */
  count: number;
}

/** A function without result that takes the types. */
function taking(evaluate: Evaluate, ...params: [name: string, type: TypeName][]): Called {
  const { lift } = abis(
    types,
    params.map(([name, type]) => [name, index[type]] as const),
    null,
  );
  const guest = new FakeGuest({ strings: evaluate === 'auto' });
  const called: Called = {
    guest,
    count: 0,
    call: makeExport(
      guest,
      lift,
      () => {
        called.count++;
        return undefined;
      },
      evaluate,
    ),
  };
  return called;
}

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

const points = [{ x: 1, longLabel: 'a' }];
/** Type, value, message without the parameter's name. */
const refused: [TypeName, unknown, string][] = [
  ['bool', 1, ': expected a boolean, got 1'],
  ['s8', 128, ': expected an integer from -128 to 127, got 128'],
  ['s8', -129, ': expected an integer from -128 to 127, got -129'],
  ['u8', 256, ': expected an integer from 0 to 255, got 256'],
  ['u8', '1', ': expected an integer from 0 to 255, got "1"'],
  ['u8', true, ': expected an integer from 0 to 255, got true'],
  ['s16', 32768, ': expected an integer from -32768 to 32767, got 32768'],
  ['u16', -1, ': expected an integer from 0 to 65535, got -1'],
  ['s32', 2147483648, ': expected an integer from -2147483648 to 2147483647, got 2147483648'],
  ['s32', 1.5, ': expected an integer from -2147483648 to 2147483647, got 1.5'],
  ['u32', NaN, ': expected an integer from 0 to 4294967295, got NaN'],
  ['u32', Infinity, ': expected an integer from 0 to 4294967295, got Infinity'],
  ['u32', 4294967296, ': expected an integer from 0 to 4294967295, got 4294967296'],
  ['u32', 1n, ': expected an integer from 0 to 4294967295, got 1n'],
  ['u32', undefined, ': expected an integer from 0 to 4294967295, got undefined'],
  ['s64', 1, ': expected a bigint from -9223372036854775808 to 9223372036854775807, got 1'],
  ['s64', 2n ** 63n, ': expected a bigint from -9223372036854775808 to 9223372036854775807, got 9223372036854775808n'],
  ['u64', -1n, ': expected a bigint from 0 to 18446744073709551615, got -1n'],
  ['u64', 2n ** 64n, ': expected a bigint from 0 to 18446744073709551615, got 18446744073709551616n'],
  ['f32', '1', ': expected a number, got "1"'],
  ['f64', 1n, ': expected a number, got 1n'],
  ['char', 'ab', ': expected a string of one character, got "ab"'],
  ['char', '', ': expected a string of one character, got ""'],
  ['char', 65, ': expected a string of one character, got 65'],
  ['string', Symbol('s'), ': expected a string, got a symbol'],
  ['string', new String('s'), ': expected a string, got an object'],
  ['string', ['a'], ': expected a string, got an array'],
  ['string', null, ': expected a string, got null'],
  ['point', 'p', ': expected an object, got "p"'],
  ['point', null, ': expected an object, got null'],
  ['point', { x: 1 }, '.longLabel: expected a string, got undefined'],
  ['point', { longLabel: '' }, '.x: expected a number, got undefined'],
  ['points', { length: 1 }, ': expected a list, got an object'],
  ['points', 'abc', ': expected a list, got "abc"'],
  ['points', [...points, { x: 2, longLabel: 3 }], '[1].longLabel: expected a string, got 3'],
  ['points', new Set([...points, 7]), '[1]: expected an object, got 7'],
  ['points', new Array(1), '[0]: expected an object, got undefined'],
  ['bytes', [1, 2, 256], '[2]: expected an integer from 0 to 255, got 256'],
  ['bytes', new Uint16Array([1, 300]), '[1]: expected an integer from 0 to 255, got 300'],
  ['bytes', new Uint8Array(4).buffer, ': expected a list, got an object'],
  ['bytes', 5, ': expected a list, got 5'],
  ['chars', ['a', 'bc'], '[1]: expected a string of one character, got "bc"'],
  ['three', [1, 2], ': expected a list of 3 elements, got 2'],
  ['three', new Uint32Array(4), ': expected a list of 3 elements, got 4'],
  ['names', ['a'], ': expected a list of 2 elements, got 1'],
  ['names', ['a', 'b', 'c', 'd', 'e'], ': expected a list of 2 elements, got 5'],
  ['names', new Set(['a', 'b', 'c']), ': expected a list of 2 elements, got 3'],
  ['names', ['a', 1], '[1]: expected a string, got 1'],
  ['pair', [1], ': expected a tuple of 2 values, got 1'],
  ['pair', [1, 'a', 2], ': expected a tuple of 2 values, got 3'],
  ['pair', [1, 2], '[1]: expected a string, got 2'],
  ['pair', { 0: 1, 1: 'a' }, ': expected a tuple of 2 values, got an object'],
  ['choice', 'none', ': expected an object with tag and val, got "none"'],
  ['choice', { tag: 'other' }, '.tag: expected one of "none", "some-list", got "other"'],
  ['choice', {}, '.tag: expected one of "none", "some-list", got undefined'],
  ['choice', { tag: 'some-list' }, '.val: expected a list, got undefined'],
  ['choice', { tag: 'some-list', val: [{ x: 'y' }] }, '.val[0].x: expected a number, got "y"'],
  ['color', 'blue', ': expected one of "red", "dark-blue", got "blue"'],
  ['color', 0, ': expected one of "red", "dark-blue", got 0'],
  ['rights', ['read'], ': expected an object of booleans, got an array'],
  ['rights', 'read', ': expected an object of booleans, got "read"'],
  ['rights', { read: 1 }, '.read: expected a boolean, got 1'],
  ['rights', { writeAll: null }, '.writeAll: expected a boolean, got null'],
  ['maybe', 5, ': expected a string, got 5'],
  ['nested', undefined, ': expected an object with tag and val, got undefined'],
  ['nested', 'a', ': expected an object with tag and val, got "a"'],
  ['nested', { tag: 'some', val: 1 }, '.val: expected a string, got 1'],
  ['outcome', { tag: 'error', val: 'x' }, '.tag: expected one of "ok", "err", got "error"'],
  ['outcome', { tag: 'ok', val: 'x' }, '.val: expected an integer from 0 to 4294967295, got "x"'],
  ['counts', { a: 1 }, ': expected a Map, got an object'],
  ['counts', new Map([['a', 'b']]), '[0][1]: expected an integer from 0 to 4294967295, got "b"'],
  ['odd', {}, '.constructor: expected a string, got undefined'],
  ['odd', { constructor: '', valueOf: 1 }, '.valueOf: expected a string, got 1'],
  ['own', {}, ': expected an instance of FakeResource'],
  ['borrow', 3, ': expected an instance of FakeResource'],
];

/** What is accepted although it is not what lifting makes. */
const accepted: [TypeName, unknown][] = [
  ['u32', -0],
  ['f32', 1],
  ['f64', NaN],
  ['char', '\ud800'],
  ['char', '🍰'],
  ['points', new Set(points)],
  ['bytes', [1, 2, 255]],
  ['bytes', new Set([1, 2])],
  ['bytes', new Uint8ClampedArray([1, 2])],
  // A subclass where there is one: Node's `Buffer`.
  ['bytes', (globalThis.Buffer ?? Uint8Array).from([1, 2])],
  ['three', [1, 2, 3]],
  ['pair', new Set([1, 'a'])],
  ['rights', {}],
  ['rights', new (class { get read() { return true; } })()], // biome-ignore format: one line
  ['maybe', null],
  ['maybe', undefined],
  ['nested', { tag: 'none' }],
  ['nested', { tag: 'some', val: null }],
  ['choice', { tag: 'none', val: 'ignored' }],
  ['counts', [['a', 1]]],
  ['odd', { constructor: '' }],
  ['point', Object.assign(() => undefined, { x: 1, longLabel: '' })],
];

for (const evaluate of ['never', 'auto'] as const) {
  test(`refused values: ${evaluate}`, () => {
    for (const [type, value, message] of refused) {
      const f = taking(evaluate, ['first', 'u32'], ['my-param', type]);
      const error = thrown(() => f.call(1, value));
      assert.instance(error, TypeError, `${type}${message}`);
      assert.is((error as TypeError).message, `myParam${message}`);
      assert.is(f.count, 0, 'the core function must not run');
      assert.equal(f.guest.reallocs, [], 'nothing is allocated');
      assert.is(f.guest.words[8], 1, 'flags as before');
    }
  });

  test(`accepted values: ${evaluate}`, () => {
    for (const [type, value] of accepted) {
      const f = taking(evaluate, ['p', type]);
      assert.is(
        thrown(() => f.call(value)),
        undefined,
        type,
      );
      assert.is(f.count, 1);
    }
  });

  test(`too few arguments: ${evaluate}`, () => {
    const f = taking(evaluate, ['a', 'u32'], ['b', 'maybe']);
    const one = thrown(() => f.call(1));
    assert.instance(one, TypeError);
    assert.is((one as TypeError).message, 'expected 2 arguments, got 1');
    assert.is(f.count, 0);
    f.call(1, undefined, 'more is ignored');
    assert.is(f.count, 1);
    assert.is(f.call.length, 2);
    assert.is(f.call.name, 'f');
  });

  test(`a refused argument after a good one leaves no trace: ${evaluate}`, () => {
    const f = taking(evaluate, ['a', 'string'], ['o', 'own'], ['b', 'points'], ['c', 'u8']);
    const resource = new FakeResource(5);
    const error = thrown(() => f.call('text', resource, points, -1));
    assert.is((error as TypeError).message, 'c: expected an integer from 0 to 255, got -1');
    assert.equal(f.guest.reallocs, []);
    assert.ok(resource.alive);
    f.call('text', resource, points, 1);
    assert.not.ok(resource.alive);
    const again = thrown(() => f.call('text', resource, points, 1));
    assert.is((again as TypeError).message, 'o: this FakeResource has been given away');
  });

  test(`an object is given away once in a call: ${evaluate}`, () => {
    const a = new FakeResource(1);
    const twice = taking(evaluate, ['a', 'own'], ['b', 'own']);
    assert.is((thrown(() => twice.call(a, a)) as Error).message, 'b: this object is given away twice');
    const lent = taking(evaluate, ['a', 'own'], ['b', 'borrow']);
    assert.is((thrown(() => lent.call(a, a)) as Error).message, 'b: this object is lent and given away in one call');
    const list = taking(evaluate, ['a', 'owns']);
    assert.is((thrown(() => list.call([a, a])) as Error).message, 'a[1]: this object is given away twice');
    const borrows = taking(evaluate, ['a', 'borrow'], ['b', 'borrow']);
    assert.ok(a.alive);
    assert.is((thrown(() => borrows.call(a, a)) as { code: string }).code, 'borrow-remains');
  });

  test(`getters, iterators and elements are read once, before the guest runs: ${evaluate}`, () => {
    const f = taking(evaluate, ['a', 'points'], ['b', 'choice'], ['c', 'rights'], ['d', 'pair']);
    const log: string[] = [];
    const note = <T>(name: string, value: T): T => {
      assert.equal(f.guest.reallocs, [], 'read before the first realloc');
      log.push(name);
      return value;
    };
    function* items(): Generator<unknown> {
      yield {
        get x() { return note('x', 1); },
        get longLabel() { return note('label', 'l'); },
      }; // biome-ignore format: short
    }
    f.call(
      { [Symbol.iterator]: () => note('iterator', items()) },
      { get tag() { return note('tag', 'some-list'); }, get val() { return note('val', points); } },
      { get read() { return note('read', true); }, get toString() { return note('toString', false); }, get writeAll() { return note('write', undefined); } },
      new Proxy([1, 'a'], { get: (target, key, receiver) => (typeof key === 'string' && key !== 'length' ? note(`[${key}]`, Reflect.get(target, key, receiver)) : Reflect.get(target, key, receiver)) }),
    ); // biome-ignore format: short
    assert.equal(log, ['iterator', 'x', 'label', 'tag', 'val', 'read', 'toString', 'write', '[0]', '[1]']);
    assert.is(f.count, 1);
  });

  test(`what a getter throws passes as it is: ${evaluate}`, () => {
    const f = taking(evaluate, ['a', 'points']);
    const own = new RangeError('mine');
    const item = { get x(): number { throw own; } }; // biome-ignore format: short
    assert.is(
      thrown(() => f.call([item])),
      own,
    );
    assert.equal(f.guest.reallocs, []);
    assert.is(f.guest.words[8], 1);
  });

  test(`a typed array is a snapshot when a getter runs after it: ${evaluate}`, () => {
    const { lift } = abis(
      types,
      [
        ['a', index.bytes],
        ['b', index.point],
      ],
      null,
    );
    const guest = new FakeGuest({ strings: evaluate === 'auto' });
    let seen: number[] = [];
    const f = makeExport(
      guest,
      lift,
      (pointer, length) => {
        seen = [...guest.bytes.subarray(pointer as number, (pointer as number) + (length as number))];
        return undefined;
      },
      evaluate,
    );
    const bytes = new Uint8Array([1, 2, 3]);
    f(bytes, { get x() { bytes.fill(9); return 0; }, longLabel: '' }); // biome-ignore format: short
    assert.equal(seen, [1, 2, 3]);
  });

  test(`a view of the guest's own memory survives its growth: ${evaluate}`, () => {
    const { lift } = abis(types, [['a', index.bytes]], null);
    const guest = new FakeGuest({
      realloc: () => {
        guest.memory.grow(1);
        return 2 * PAGE;
      },
    });
    let seen: number[] = [];
    const f = makeExport(
      guest,
      lift,
      (pointer, length) => {
        seen = [...guest.bytes.subarray(pointer as number, (pointer as number) + (length as number))];
        return undefined;
      },
      evaluate,
    );
    guest.bytes.set([4, 5, 6], 100);
    f(guest.bytes.subarray(100, 103));
    assert.equal(seen, [4, 5, 6]);
  });

  test(`unpaired surrogates become U+FFFD in every encoding: ${evaluate}`, () => {
    for (const encoding of ['utf8', 'utf16', 'latin1+utf16'] as const) {
      for (const filler of ['', 'x'.repeat(200)]) {
        const plan = { lift: abis(types, [['a', index.maybe]], index.maybe) };
        const guest = new FakeGuest({ strings: evaluate === 'auto', encoding });
        const echo = makeExport(
          guest,
          plan.lift.lift,
          (some, pointer, length) => {
            const at = guest.side_.reallocate(0, 0, 4, 12);
            guest.view.setInt32(at, some as number, true);
            guest.view.setInt32(at + 4, pointer as number, true);
            guest.view.setInt32(at + 8, length as number, true);
            return at;
          },
          evaluate,
        );
        assert.is(echo(`${filler}a\ud800b\udc00\ud83c\udf70`), `${filler}a\ufffdb\ufffd\ud83c\udf70`);
        assert.is(echo(`${filler}\ud83c`), `${filler}\ufffd`);
        assert.is(echo(`\ufeff${filler}`), `\ufeff${filler}`);
      }
    }
  });
}

test('plans used here are what they are said to be', () => {
  const plans = abiPlans(types, 'i32') as readonly AbiPlan[];
  assert.is(plans[index.chars]?.kind, 'list');
  assert.is(plans[index.odd]?.kind, 'record');
});

test.run();
