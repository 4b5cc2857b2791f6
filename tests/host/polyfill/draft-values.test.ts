/**
 * The draft's value profile of the polyfill (JS-Reference.md, "Types and values"): each type, from JavaScript to the guest and
 * back, twice (as an argument of an export and the result of an import, and the other way round), in both forms of the code
 * that lifts and lowers. Expected values are those of the draft's text.
 */

import { allFeatures } from '@gangway/component/features';
import { Engine } from '@gangway/host';
import { installPolyfill } from '@gangway/host/install-polyfill';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type EchoType, echoComponent, echoTypes } from '../../browser/support/echo-component.ts';
import { assemble } from '../../support/assemble.ts';

const more: readonly EchoType[] = [
  { name: 'chars', type: '(list char)', flat: ['i32', 'i32'] },
  { name: 'shorts', type: '(list s16)', flat: ['i32', 'i32'] },
  { name: 'triple', type: '(list u8 3)', flat: ['i32', 'i32', 'i32'] },
  { name: 'duo', type: '(list string 2)', flat: ['i32', 'i32', 'i32', 'i32'] },
  { name: 'ages', type: '(map string u8)', flat: ['i32', 'i32'] },
  { name: 'names', type: '(map u8 (option string))', flat: ['i32', 'i32'] },
  {
    name: 'acronyms',
    type: '(record (field "URL" string) (field "XML-http-request" u8) (field "inner-HTML" (option u8)))',
    named: true,
    flat: ['i32', 'i32', 'i32', 'i32', 'i32'],
  },
  { name: 'capital-bits', type: '(flags "URL" "a-URL")', named: true, flat: ['i32'], result: 'i32' },
  {
    name: 'capital-shape',
    type: '(variant (case "URL" string) (case "no-URL"))',
    named: true,
    flat: ['i32', 'i32', 'i32'],
  },
  { name: 'three-options', type: '(option (option (option u8)))', flat: ['i32', 'i32', 'i32', 'i32'] },
  { name: 'maybe-bits', type: '(option $bits)', flat: ['i32', 'i32'] },
  {
    name: 'maybe-shape',
    type: '(option (tuple (option u8) $shape))',
    flat: ['i32', 'i32', 'i32', 'i32', 'i64', 'i32'],
  },
  { name: 'nothing-or', type: '(list (result (error string)))', flat: ['i32', 'i32'] },
];
const bytes = await assemble(echoComponent([...echoTypes, ...more]));

const plain = (fields: object): object => Object.assign(Object.create(null), fields);
const variant = (kind: string, ...value: unknown[]): object =>
  value.length === 0 ? plain({ kind }) : plain({ kind, value: value[0] });

/** Something that a conversion turns into `text` or `number`. */
const convertible = (value: unknown) => ({ [Symbol.toPrimitive]: () => value });
function* generate(...items: unknown[]): Generator<unknown> {
  yield* items;
}

/** By type: what is given, and what comes of it. */
type Case = readonly [given: unknown, value: unknown];
const same = (...values: unknown[]): Case[] => values.map((value) => [value, value]);

/** Made anew for each form: generators run once. */
const casesOf = (): Readonly<Record<string, readonly Case[]>> => ({
  bool: [...same(true, false), [0, false], ['', false], [undefined, false], [{}, true], ['false', true]],
  s8: [...same(-128, 127), ['-7', -7], [1.9, 1], [-1.9, -1], [-0.5, 0], [null, 0], [true, 1], [convertible(5), 5]],
  u8: [...same(0, 255), [255.9, 255], ['', 0], [[7], 7], [convertible('0x10'), 16]],
  s16: [...same(-32768, 32767), ['  12  ', 12]],
  u16: [...same(65535), [new Date(5), 5]],
  s32: [...same(-(2 ** 31), 2 ** 31 - 1)],
  u32: [...same(2 ** 32 - 1), [-0, 0], [false, 0]],
  s64: [...same(-(2n ** 63n), 2n ** 63n - 1n), [-5, -5n], ['12.5', 12n], [-(2 ** 63), -(2n ** 63n)]],
  u64: [...same(2n ** 64n - 1n), [2 ** 53, 2n ** 53n], [true, 1n]],
  f32: [
    ...same(0.5, -0, Number.POSITIVE_INFINITY, Number.NaN),
    [0.1, Math.fround(0.1)],
    ['1.5', 1.5],
    [undefined, Number.NaN],
  ],
  f64: [...same(Math.PI, -0, Number.NEGATIVE_INFINITY), ['x', Number.NaN], [null, 0]],
  char: [...same('a', '☃', '𝄞'), [7, '7'], [convertible('x'), 'x']],
  string: [
    ...same('', 'añ☃𝄞', '\uFEFFmark'),
    [42, '42'],
    [undefined, 'undefined'],
    [null, 'null'],
    [['a', 'b'], 'a,b'],
    [{}, '[object Object]'],
    ['a\uD800b\uDC00', 'a\uFFFDb\uFFFD'],
    [convertible('made'), 'made'],
  ],
  bytes: [
    ...same(new Uint8Array(), new Uint8Array([1, 2, 255])),
    [[1, '2', 3.7], new Uint8Array([1, 2, 3])],
    [new Float64Array([1, 254.5]), new Uint8Array([1, 254])],
    [new Set([4, 5]), new Uint8Array([4, 5])],
    [generate(true, 9n.toString()), new Uint8Array([1, 9])],
    [new Uint8Array(new Uint8Array([7, 8, 9]).buffer, 1), new Uint8Array([8, 9])],
  ],
  shorts: [...same(new Int16Array([-1, 2])), [['-3'], new Int16Array([-3])]],
  floats: [...same(new Float64Array([0.1, -0])), [['0.5', null], new Float64Array([0.5, 0])]],
  longs: [...same(new BigInt64Array([-1n, 2n ** 62n])), [[1n, 2, '3'], new BigInt64Array([1n, 2n, 3n])]],
  strings: [
    ...same([], ['a', '', '☃']),
    [
      [1, null],
      ['1', 'null'],
    ],
    [generate('x', {}), ['x', '[object Object]']],
  ],
  bools: [
    ...same([true, false]),
    [
      [1, '', 'x'],
      [true, false, true],
    ],
  ],
  chars: [...same(['a', '𝄞']), [new String('hi'), ['h', 'i']]],
  triple: [...same(new Uint8Array([1, 2, 3])), [['1', 2, 3], new Uint8Array([1, 2, 3])]],
  duo: [...same(['a', 'b']), [generate(1, 2), ['1', '2']]],
  pair: [...same([7, 'seven']), [generate('7', 7), [7, '7']]],
  point: [
    [{ x: '1.5', labelText: 3, isSet: 1, more: true }, plain({ x: 1.5, labelText: '3', isSet: true })],
    // Inherited properties count, and functions are objects.
    [Object.create({ x: 1, labelText: '', isSet: '' }), plain({ x: 1, labelText: '', isSet: false })],
    [Object.assign(() => 0, { x: 0, labelText: 'f', isSet: 0 }), plain({ x: 0, labelText: 'f', isSet: false })],
  ],
  points: [[[{ x: 0, labelText: 'zero', isSet: false }], [plain({ x: 0, labelText: 'zero', isSet: false })]]],
  acronyms: [
    [{ url: 'a', xmlHttpRequest: 1, innerHTML: 2 }, plain({ url: 'a', xmlHttpRequest: 1, innerHTML: 2 })],
    [{ url: 'a', xmlHttpRequest: 1 }, plain({ url: 'a', xmlHttpRequest: 1, innerHTML: undefined })],
    [{ url: 'a', xmlHttpRequest: 1, innerHTML: null }, plain({ url: 'a', xmlHttpRequest: 1, innerHTML: undefined })],
  ],
  shape: [
    ...same(variant('Empty'), variant('Number', 7), variant('Text', 'ü'), variant('BothOf', [0.25, -3])),
    [{ kind: 'Number', value: '8' }, variant('Number', 8)],
    [{ kind: 'Empty', value: 'ignored' }, variant('Empty')],
    [{ kind: convertible('Text') }, variant('Text', 'undefined')],
  ],
  shapes: [...same([variant('BothOf', [-0.5, 1]), variant('Empty')])],
  'capital-shape': [...same(variant('URL', 'u'), variant('NoURL'))],
  heading: [...same('north', 'south-east'), [convertible('north'), 'north'], [['north'], 'north']],
  bits: [
    ...same(plain({ a: true, bC: false, d: true })),
    [{}, plain({ a: false, bC: false, d: false })],
    [{ bC: 'yes', d: 0 }, plain({ a: false, bC: true, d: false })],
    [[], plain({ a: false, bC: false, d: false })],
  ],
  'capital-bits': [...same(plain({ url: true, aURL: false }))],
  maybe: [...same(undefined, 0, 5), [null, undefined], ['6', 6]],
  'maybe-string': [...same(undefined, '', 'some'), [null, undefined], [0, '0']],
  'maybe-maybe': [
    ...same(undefined, variant('None'), variant('Some', 3)),
    [null, undefined],
    [{ kind: 'Some', value: '4' }, variant('Some', 4)],
  ],
  'three-options': [
    ...same(undefined, variant('None'), variant('Some', variant('None')), variant('Some', variant('Some', 9))),
  ],
  'maybe-bits': [...same(undefined, plain({ a: true, bC: true, d: false })), [null, undefined]],
  'maybe-shape': [...same(undefined, [undefined, variant('Empty')], [1, variant('Number', 2)])],
  outcomes: [
    ...same([variant('Ok', 1), variant('Error', 'no')]),
    [[{ kind: 'Error', value: 5 }], [variant('Error', '5')]],
  ],
  'nothing-or': [...same([variant('Ok'), variant('Error', 'e')]), [[{ kind: 'Ok', value: 1 }], [variant('Ok')]]],
  ages: [
    ...same(new Map(), new Map([['a', 1]])),
    [
      { b: '2', a: 1 },
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ],
    [
      [
        ['x', 1],
        ['y', 2],
        ['x', 3],
      ],
      new Map([
        ['x', 3],
        ['y', 2],
      ]),
    ],
    [generate([1, '1']), new Map([['1', 1]])],
  ],
  names: [
    ...same(
      new Map([
        [1, 'one'],
        [2, undefined],
      ]),
    ),
    [[['3', null]], new Map([[3, undefined]])],
  ],
  wide: [
    [
      Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, String(i)])),
      plain(Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, i]))),
    ],
  ],
});

/** By type: what is refused with a `TypeError` before the guest is entered. */
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  bool: [],
  s8: [128, -129, 'x', Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n, Symbol('s'), {}],
  u8: [256, -1, '256'],
  u16: [65536],
  s32: [2 ** 31],
  u32: [2 ** 32],
  s64: [2n ** 63n, 2 ** 63, Number.NaN, 'x', undefined],
  u64: [-1n, -1, 2 ** 64, Number.POSITIVE_INFINITY],
  f64: [1n, Symbol('s')],
  char: ['', 'ab', '\uD800', '𝄞x', 10],
  string: [Symbol('s'), Object.create(null)],
  bytes: ['text', 7, null, undefined, {}, [256], [1n], new BigInt64Array([1n]), { [Symbol.iterator]: 1 }],
  strings: ['text', { length: 0 }, [Symbol('s')]],
  chars: ['text'],
  triple: [[1, 2], new Uint8Array(4), [1, 2, 3, 4]],
  pair: [[1], [1, 'a', 2], { 0: 1, 1: 'a' }, null],
  point: [null, undefined, 5, {}, { x: 1, labelText: 'a' }, { x: 1, labelText: undefined, isSet: true }],
  acronyms: [{ URL: 'a', xmlHttpRequest: 1 }],
  shape: ['Empty', null, {}, { kind: 'empty' }, { kind: 'Number' }, { kind: 'BothOf', value: [1] }],
  heading: ['North', 'west', undefined],
  bits: [true, 'a', null, undefined],
  'maybe-maybe': [3, { kind: 'some', value: 1 }, variant('Some')],
  outcomes: [[{ kind: 'ok', value: 1 }], [{ tag: 'ok', val: 1 }]],
  ages: ['text', null, [['a']], [['a', 1, 2]], [1], { a: 256 }],
  names: [{ 1: 'one' }],
};

/** Own properties, prototypes and types alike. */
function alike(got: unknown, wanted: unknown, path = 'value'): void {
  if (typeof wanted !== 'object' || wanted === null) {
    assert.ok(Object.is(got, wanted), `${path}: ${String(got)} is not ${String(wanted)}`);
    return;
  }
  assert.ok(typeof got === 'object' && got !== null, `${path} is no object`);
  assert.is(Object.getPrototypeOf(got), Object.getPrototypeOf(wanted), `${path}: another prototype`);
  if (wanted instanceof Map) {
    alike([...(got as Map<unknown, unknown>)], [...wanted], path);
    return;
  }
  assert.equal(Reflect.ownKeys(got as object), Reflect.ownKeys(wanted), path);
  for (const key of Reflect.ownKeys(wanted)) {
    const read = (from: unknown): unknown => (from as Record<PropertyKey, unknown>)[key];
    alike(read(got), read(wanted), `${path}.${String(key)}`);
  }
}

const inspect = (value: unknown): string => {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
};

type Echo = (value?: unknown) => unknown;
interface Draft {
  ComponentError: new (message?: string, data?: unknown) => Error & { readonly data: unknown };
  instantiate(
    bytes: BufferSource,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Record<string, Echo> } }>;
}
const draft = WebAssembly as unknown as Draft;
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

for (const evaluate of ['auto', 'never'] as const) {
  const values = casesOf();
  /** What an import saw, and what it answers with. */
  let seen: unknown[] = [];
  let answer: ((value: unknown) => unknown) | null = null;
  const uninstall = installPolyfill({
    engine: new Engine({ evaluate, debug: true, features: allFeatures }),
    values: 'draft',
    force: true,
  });
  const { ComponentError } = draft;
  const instantiated = await draft
    .instantiate(
      bytes,
      Object.fromEntries(
        [...echoTypes, ...more].map(({ name }) => [
          camel(`host-${name}`),
          (...args: unknown[]) => {
            seen.push(...args);
            return answer === null ? args[0] : answer(args[0]);
          },
        ]),
      ),
    )
    .finally(uninstall);
  const { exports } = instantiated.instance;
  const echo = (name: string): Echo => exports[camel(`echo-${name}`)] as Echo;

  /** A test that begins with nothing seen, and with the identity for the imports. */
  const check = (name: string, body: () => void): void => {
    test(`${evaluate}: ${name}`, () => {
      seen = [];
      answer = null;
      body();
    });
  };

  check('every type has cases', () => {
    for (const { name } of [...echoTypes, ...more]) if (name !== 'outcome') assert.ok(values[name], name);
  });

  for (const [name, cases] of Object.entries(values)) {
    check(name, () => {
      for (const [given, value] of cases) {
        // Iterators are used up by one call.
        const once = typeof given === 'object' && given !== null && 'next' in given;
        seen = [];
        answer = null;
        alike(echo(name)(given), value);
        assert.is(seen.length, 1);
        alike(seen[0], value, 'seen');
        if (once) continue;
        // The other way: what an imported function returns is converted alike.
        answer = () => given;
        alike(echo(name)(value), value, 'returned');
      }
      for (const value of wrong[name] ?? []) {
        seen = [];
        assert.throws(
          () => echo(name)(value),
          (error: unknown) => error instanceof TypeError,
          `${inspect(value)} is accepted`,
        );
        assert.equal(seen, []);
      }
    });
  }

  check('a result is returned or thrown', () => {
    const results = echo('outcome');
    answer = (value) => {
      const { kind, value: payload } = value as { kind: string; value: unknown };
      if (kind === 'Error') throw payload;
      return payload;
    };
    assert.is(results({ kind: 'Ok', value: 7 }), '7');
    alike(seen, [variant('Ok', '7')]);
    assert.throws(
      () => results({ kind: 'Error', value: '404' }),
      (error: unknown) => error instanceof ComponentError && error.data === 404 && !Object.hasOwn(error, 'payload'),
    );
    // Whatever is thrown is converted, errors too.
    answer = () => {
      throw { valueOf: () => 5 };
    };
    assert.throws(
      () => results({ kind: 'Ok', value: '' }),
      (error: unknown) => error instanceof ComponentError && error.data === 5,
    );
  });

  check('an argument that is missing is undefined, others are ignored', () => {
    assert.is(echo('string')(), 'undefined');
    assert.is(echo('maybe')(), undefined);
    assert.throws(
      () => echo('u8')(),
      (error: unknown) => error instanceof TypeError && error.message.startsWith('a: '),
    );
    assert.is((echo('u8') as (...args: unknown[]) => unknown)(1, 2), 1);
    assert.is(echo('u8').length, 1);
    assert.is(echo('u8').name, 'echoU8');
  });

  check("errors of the embedder's own conversions come through, and the guest can still be called", () => {
    const thrown = new Error('from valueOf');
    const value = {
      valueOf() {
        throw thrown;
      },
    };
    assert.throws(
      () => echo('u8')(value),
      (error: unknown) => error === thrown,
    );
    assert.is(echo('u8')(1), 1);
  });

  check('the elements of an iterable are read before any is converted', () => {
    const order: string[] = [];
    const element = (name: string) => ({
      [Symbol.toPrimitive]() {
        order.push(`convert ${name}`);
        return name;
      },
    });
    const list = {
      *[Symbol.iterator]() {
        order.push('first');
        yield element('1');
        order.push('second');
        yield element('2');
      },
    };
    alike(echo('bytes')(list), new Uint8Array([1, 2]));
    assert.equal(order, ['first', 'second', 'convert 1', 'convert 2']);
  });

  check('a typed array that is detached is refused', () => {
    const array = new Uint8Array(4);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    assert.throws(
      () => echo('bytes')(array),
      (error: unknown) => error instanceof TypeError,
    );
  });
}

test.run();
