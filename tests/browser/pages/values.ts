/** Every kind of value through every form of the code that lifts and lowers, from the browser builds. */
import { compile, Engine, type EngineOptions, instantiate } from '@gangway/host';
import * as assert from 'uvu/assert';
import { camelCase } from '../../../packages/component/src/names/js-names.ts';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

const long = 'añ☃𝄞'.repeat(5000);
const wide = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, i * 1000]));

/** By type: values that come back as they are. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  bool: [true, false],
  s8: [-128, 127],
  u8: [0, 255],
  s16: [-32768, 32767],
  u16: [65535],
  s32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [2 ** 32 - 1],
  char: ['a', '☃', '𝄞'],
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [2n ** 64n - 1n],
  f32: [0.5, -0, Number.POSITIVE_INFINITY, Number.NaN],
  f64: [Math.PI, -0, Number.NEGATIVE_INFINITY, Number.NaN],
  string: ['', 'plain', 'añ☃𝄞', '\uFEFFmark', 'x'.repeat(100_000), long],
  bytes: [new Uint8Array(), new Uint8Array([1, 2, 255]), new Uint8Array(300_000).fill(7)],
  floats: [new Float64Array([0.1, -0, Number.POSITIVE_INFINITY])],
  longs: [new BigInt64Array([-1n, 2n ** 62n])],
  strings: [[], ['a', '', '☃']],
  bools: [[true, false, true]],
  pair: [[7, 'seven']],
  point: [{ x: 1.5, labelText: 'here', isSet: true }],
  points: [
    [
      { x: 0, labelText: 'zero', isSet: false },
      { x: -1, labelText: '☃', isSet: true },
    ],
  ],
  shape: [{ tag: 'empty' }, { tag: 'number', val: 7 }, { tag: 'text', val: 'ü' }, { tag: 'both-of', val: [0.25, -3] }],
  shapes: [[{ tag: 'both-of', val: [-0.5, 1] }, { tag: 'text', val: '' }, { tag: 'empty' }]],
  heading: ['north', 'south-east'],
  bits: [{ a: true, bC: false, d: true }],
  maybe: [undefined, 0, 5],
  'maybe-string': [undefined, '', 'some'],
  'maybe-maybe': [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 3 }],
  outcomes: [
    [
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'no' },
    ],
  ],
  wide: [wide],
};

/** By type: values that are refused, before the guest is entered. */
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  bool: [1, 'true', undefined],
  u8: [256, -1, 0.5, '1', 1n],
  u64: [1, -1n],
  f64: ['1'],
  char: ['', 'ab', 97],
  string: [1, null],
  strings: [['a', 1]],
  point: [{ x: 1 }, null],
  shape: [{ tag: 'other' }, 'empty'],
  heading: ['west'],
  pair: [[1]],
};

const variants: readonly EngineOptions[] = [
  {},
  { evaluate: 'never' },
  { multiMemory: 'never' },
  { lowering: 'spilled', debug: true },
  { pointerSize: 8, evaluate: 'never' },
];

type Echo = (value: unknown) => unknown;

const bytes = await (await fetch('/components/echo.wasm')).arrayBuffer();

for (const options of variants) {
  const seen: unknown[] = [];
  const component = await compile(bytes, { engine: new Engine(options) });
  const instance = await instantiate(component, {
    ...Object.fromEntries(
      [...Object.keys(values), 'outcome'].map((name) => [
        `host-${name}`,
        (value: unknown) => {
          seen.push(value);
          if (name !== 'outcome') return value;
          const outcome = value as { tag: string; val: unknown };
          if (outcome.tag === 'ok') return outcome.val;
          throw outcome.val;
        },
      ]),
    ),
  });
  const exports = instance.exports as unknown as Readonly<Record<string, Echo>>;
  const echo = (name: string): Echo => exports[camelCase(`echo-${name}`)] as Echo;
  const title = JSON.stringify(options);
  for (const [name, list] of Object.entries(values)) {
    test(`${title} ${name}`, () => {
      for (const value of list) {
        seen.length = 0;
        const back = echo(name)(value);
        assert.equal(back, value);
        assert.equal(seen, [value]);
        if (typeof value === 'number') assert.ok(Object.is(back, value));
      }
      for (const value of wrong[name] ?? []) {
        seen.length = 0;
        assert.throws(
          () => echo(name)(value),
          (error: unknown) => error instanceof TypeError,
        );
        assert.equal(seen, []);
      }
    });
  }
  test(`${title} outcome`, () => {
    assert.is(echo('outcome')({ tag: 'ok', val: 'fine' }), 'fine');
    try {
      echo('outcome')({ tag: 'err', val: 404 });
      assert.unreachable('it should have thrown');
    } catch (error) {
      assert.instance(error, Error);
      assert.is((error as Error & { payload: unknown }).payload, 404);
    }
  });
}

await report(() => runTests());
