/** WAVE: the forms of the encoding, what it refuses and where, and that everything printed reads back equal. */
import { parseArguments, parseValue, printValue, WaveError } from '@gangway/cli';
import type { FuncInfo, ValueInfo } from '@gangway/host';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { character, unicodeText } from '../support/unicode.ts';

const bool: ValueInfo = { kind: 'bool' };
const u8: ValueInfo = { kind: 'u8' };
const u32: ValueInfo = { kind: 'u32' };
const s64: ValueInfo = { kind: 's64' };
const f32: ValueInfo = { kind: 'f32' };
const f64: ValueInfo = { kind: 'f64' };
const char: ValueInfo = { kind: 'char' };
const string: ValueInfo = { kind: 'string' };
const option = (type: ValueInfo): ValueInfo => ({ kind: 'option', type });
const list = (element: ValueInfo): ValueInfo => ({ kind: 'list', element, length: null });
const result = (ok: ValueInfo | null, err: ValueInfo | null): ValueInfo => ({ kind: 'result', ok, err });
const record = (fields: Record<string, ValueInfo>): ValueInfo => ({
  kind: 'record',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

function fails(type: ValueInfo, text: string, offset: number, message: RegExp): void {
  try {
    parseValue(type, text);
  } catch (error) {
    assert.instance(error, WaveError);
    assert.match((error as WaveError).detail, message);
    assert.is((error as WaveError).offset, offset, text);
    return;
  }
  assert.unreachable(`${text} was accepted`);
}

test('every form, with space and comments', () => {
  const cases: [ValueInfo, string, unknown][] = [
    [bool, 'true', true],
    [bool, ' false // no', false],
    [u8, '255', 255],
    [s64, '-9223372036854775808', -9223372036854775808n],
    [f64, '-1.5e3', -1500],
    [f64, '7', 7],
    [f64, '-0', -0],
    [f64, '-inf', Number.NEGATIVE_INFINITY],
    [f32, '0.1', Math.fround(0.1)],
    [char, "'☃'", '☃'],
    [char, "'\\u{1F600}'", '😀'],
    [char, "'\\''", "'"],
    [char, "'\"'", '"'],
    [string, '"tab\\tquote\\" \\u{41}"', 'tab\tquote" A'],
    [string, '""', ''],
    [string, '"""\n  one\n    two\n\n  """', 'one\n  two\n'],
    [string, '"""\n  a\\nb "" c\n  """', 'a\nb "" c'],
    [string, '"""\n"""', ''],
    [list(u8), '[1, 2, 3,]', Uint8Array.of(1, 2, 3)],
    [list(string), '[]', []],
    [list(s64), '[-1]', BigInt64Array.of(-1n)],
    [{ kind: 'tuple', types: [u32, string] }, '(1, "x")', [1, 'x']],
    [record({ x: u32, 'long-name': bool }), '{long-name: true, x: 1}', { x: 1, longName: true }],
    [record({ x: option(u32), y: u32 }), '{y: 1}', { x: undefined, y: 1 }],
    [record({ x: option(u32) }), '{:}', { x: undefined }],
    [{ kind: 'flags', names: ['read', 'write-all'] }, '{write-all}', { read: false, writeAll: true }],
    [{ kind: 'flags', names: ['read'] }, '{}', { read: false }],
    [{ kind: 'enum', names: ['hot', 'true'] }, '%true', 'true'],
    [
      {
        kind: 'variant',
        cases: [
          { name: 'none', type: null },
          { name: 'some', type: u8 },
        ],
      },
      '%some(1)',
      { tag: 'some', val: 1 },
    ],
    [option(u32), '5', 5],
    [option(u32), 'some(5)', 5],
    [option(u32), 'none', undefined],
    [option(option(u32)), 'some(none)', { tag: 'some', val: undefined }],
    [option(option(u32)), 'none', { tag: 'none' }],
    [option(option(option(u32))), 'some(some(1))', { tag: 'some', val: { tag: 'some', val: 1 } }],
    [result(u32, string), '5', { tag: 'ok', val: 5 }],
    [result(u32, string), 'err("no")', { tag: 'err', val: 'no' }],
    [result(null, null), 'ok', { tag: 'ok' }],
    [result(null, u32), 'err(1)', { tag: 'err', val: 1 }],
    [{ kind: 'map', key: string, value: u32 }, '[("a", 1)]', new Map([['a', 1]])],
    [{ kind: 'list', element: u8, length: 2 }, '[1, 2]', Uint8Array.of(1, 2)],
    [list(u8), '[ // first\n1, // second\n 2 ]', Uint8Array.of(1, 2)],
  ];
  for (const [type, text, value] of cases) assert.equal(parseValue(type, text), value, text);
  assert.ok(Object.is(parseValue(f64, '-0'), -0));
  assert.ok(Number.isNaN(parseValue(f32, 'nan')));
});

test('names of a component are plain properties', () => {
  const type = record({ constructor: u32, 'to-string': option(u32) });
  const value = parseValue(type, '{constructor: 1}') as object;
  assert.equal(Object.keys(value), ['constructor', 'toString']);
  assert.is(printValue(type, value), '{constructor: 1, to-string: none}');
  assert.is(printValue(type, { constructor: 1 }), '{constructor: 1, to-string: none}', 'nothing is inherited');
  // Fields that would be one in camelCase keep their own names.
  const twins = record({ 'a1-2b': u32, a12b: u32 });
  assert.equal(parseValue(twins, '{a1-2b: 1, a12b: 2}'), { 'a1-2b': 1, a12b: 2 });
});

test('what is wrong is said with its place', () => {
  fails(u8, '256', 0, /256 is out of the range of u8/);
  fails(u8, '-1', 0, /out of the range/);
  fails(u8, '1.5', 0, /expected an integer/);
  fails(u8, '01', 0, /expected a number/);
  fails(u8, '1 2', 2, /expected the end, found '2'/);
  fails(bool, 'maybe', 0, /expected true or false, found 'maybe'/);
  fails(char, "'ab'", 0, /one Unicode scalar value/);
  fails(char, "''", 0, /no character/);
  fails(string, '"abc', 4, /expected " to end/);
  fails(string, '"\\q"', 1, /no escape \\q/);
  fails(string, '"\\u{d800}"', 1, /scalar value/);
  fails(string, '"\ud800"', 1, /lone surrogate/);
  fails(list(u8), '[1 2]', 3, /expected ',' or ']'/);
  fails(list(u8), '[1, x]', 4, /\[1\]: expected a number/);
  fails({ kind: 'list', element: u8, length: 2 }, '[1]', 0, /expected 2 elements, found 1/);
  fails({ kind: 'tuple', types: [u8, u8] }, '(1)', 0, /expected 2 values, found 1/);
  fails(record({ x: u8 }), '{y: 1}', 1, /expected a field \(x\), found 'y'/);
  fails(record({ x: u8 }), '{x: 1, x: 2}', 7, /stands here twice/);
  fails(record({ x: u8 }), '{:}', 0, /the field x is missing/);
  fails(
    record({ x: list(record({ y: u8 })) }),
    '{x: [{y: 1}, {y: 300}]}',
    17,
    /\.x: \[1\]: \.y: 300 is out of the range/,
  );
  fails({ kind: 'flags', names: ['a'] }, '{a, a}', 4, /twice/);
  fails({ kind: 'enum', names: ['hot', 'cold'] }, 'warm', 0, /expected hot or cold, found 'warm'/);
  fails({ kind: 'variant', cases: [{ name: 'a', type: u8 }] }, 'a', 1, /expected '\('/);
  fails(option(option(u8)), '1', 0, /expected some\(…\) or none/);
  fails(result(null, null), '1', 0, /expected ok or err/);
  fails({ kind: 'own', resource: { name: 'file', origin: 'imported' } }, 'x', 0, /cannot be written/);
  fails({ kind: 'tuple', types: [f64] }, '(- inf)', 1, /expected a number/);
});

test('calls: arguments by position, options at the end may be left out', () => {
  const type: FuncInfo = {
    async: false,
    params: [
      { name: 'a', type: u32 },
      { name: 'b', type: option(string) },
    ],
    result: null,
  };
  assert.equal(parseArguments(type, 'f(1, "x")'), [1, 'x']);
  assert.equal(parseArguments(type, 'f(1)'), [1, undefined]);
  assert.throws(() => parseArguments(type, 'f()'), /argument 1, "a", is missing/);
  assert.throws(() => parseArguments(type, 'f(1, 2)'), /b: expected a string/);
  assert.throws(() => parseArguments(type, 'f(1, "x", 3)'), /expected 2 arguments and '\)'/);
  assert.throws(
    () => parseArguments(type, 'f(1'),
    (e: unknown) => e instanceof WaveError && e.offset === 3,
  );
  assert.equal(parseArguments({ async: false, params: [], result: null }, 'f'), []);
});

test('resources have no text, but can be shown', () => {
  assert.is(printValue({ kind: 'own', resource: { name: 'file', origin: 'imported' } }, {}), '<own file>');
});

// --- everything that is printed reads back -----------------------------------------------------------------------------

const label = fc.constantFrom(
  'a',
  'b-c',
  'HTTP',
  'x1',
  'some',
  'none',
  'ok',
  'err',
  'true',
  'inf',
  'nan',
  'a-B2',
  'constructor',
);
const labels = (min: number) => fc.uniqueArray(label, { minLength: min, maxLength: 4 });

/** A type with values of it. */
interface Typed {
  readonly type: ValueInfo;
  readonly value: fc.Arbitrary<unknown>;
}

const int = (kind: string, value: fc.Arbitrary<unknown>): Typed => ({ type: { kind } as ValueInfo, value });
const scalars: Typed[] = [
  int('bool', fc.boolean()),
  int('u8', fc.nat(255)),
  int('s8', fc.integer({ min: -128, max: 127 })),
  int('u16', fc.nat(65_535)),
  int('s16', fc.integer({ min: -32_768, max: 32_767 })),
  int('u32', fc.nat(4_294_967_295)),
  int('s32', fc.integer()),
  int('u64', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  int('s64', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  int('f32', fc.float()),
  int('f64', fc.double()),
  int('char', character),
  int('string', unicodeText()),
];

const arrays: Record<string, (values: never[]) => unknown> = {
  u8: (v) => Uint8Array.from(v),
  s8: (v) => Int8Array.from(v),
  u16: (v) => Uint16Array.from(v),
  s16: (v) => Int16Array.from(v),
  u32: (v) => Uint32Array.from(v),
  s32: (v) => Int32Array.from(v),
  u64: (v) => BigUint64Array.from(v),
  s64: (v) => BigInt64Array.from(v),
  f32: (v) => Float32Array.from(v),
  f64: (v) => Float64Array.from(v),
};

const camel = new Map([
  ['b-c', 'bC'],
  ['a-B2', 'aB2'],
]);
const key = (name: string): string => camel.get(name) ?? name;

const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(...scalars),
    tie('typed').map(({ type, value }) => ({
      type: list(type),
      value: fc.array(value, { maxLength: 4 }).map((v) => arrays[type.kind]?.(v as never[]) ?? v),
    })),
    fc.array(tie('typed'), { minLength: 1, maxLength: 3 }).map((parts) => ({
      type: { kind: 'tuple' as const, types: parts.map((p) => p.type) },
      value: fc.tuple(...parts.map((p) => p.value)),
    })),
    fc.tuple(labels(1), fc.array(tie('typed'), { minLength: 4, maxLength: 4 })).map(([names, parts]) => ({
      type: { kind: 'record' as const, fields: names.map((name, i) => ({ name, type: (parts[i] as Typed).type })) },
      value: fc
        .tuple(...names.map((_, i) => (parts[i] as Typed).value))
        .map((values) => Object.fromEntries(names.map((name, i) => [key(name), values[i]]))),
    })),
    fc.tuple(labels(1), fc.array(fc.option(tie('typed')), { minLength: 4, maxLength: 4 })).map(([names, parts]) => ({
      type: { kind: 'variant' as const, cases: names.map((name, i) => ({ name, type: parts[i]?.type ?? null })) },
      value: fc.oneof(
        ...names.map((tag, i) => {
          const part = parts[i];
          return part ? part.value.map((val) => ({ tag, val })) : fc.constant({ tag });
        }),
      ),
    })),
    labels(1).map((names) => ({ type: { kind: 'enum' as const, names }, value: fc.constantFrom(...names) })),
    labels(1).map((names) => ({
      type: { kind: 'flags' as const, names },
      value: fc
        .tuple(...names.map(() => fc.boolean()))
        .map((bits) => Object.fromEntries(names.map((name, i) => [key(name), bits[i]]))),
    })),
    tie('typed').map(({ type, value }) => ({
      type: option(type),
      value:
        type.kind === 'option'
          ? fc.option(
              value.map((val) => ({ tag: 'some', val })),
              { nil: { tag: 'none' } },
            )
          : fc.option(value, { nil: undefined }),
    })),
    fc.tuple(fc.option(tie('typed')), fc.option(tie('typed'))).map(([ok, err]) => ({
      type: result(ok?.type ?? null, err?.type ?? null),
      value: fc.oneof(
        ok ? ok.value.map((val) => ({ tag: 'ok', val })) : fc.constant({ tag: 'ok' }),
        err ? err.value.map((val) => ({ tag: 'err', val })) : fc.constant({ tag: 'err' }),
      ),
    })),
    fc.tuple(fc.constantFrom(...scalars), tie('typed')).map(([k, v]) => ({
      type: { kind: 'map' as const, key: k.type, value: v.type },
      value: fc.array(fc.tuple(k.value, v.value), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    })),
  ),
}));

const typedValue = typed.chain(({ type, value }) => value.map((v) => ({ type, value: v })));

test('property: what is printed reads back equal', () => {
  fc.assert(
    fc.property(typedValue, ({ type, value }) => {
      const text = printValue(type, value);
      assert.not(text.includes('\n'), 'one line');
      // Strict comparison, so that -0 and NaN count.
      const back = parseValue(type, text);
      assert.is(printValue(type, back), text);
      assert.equal(fc.stringify(back), fc.stringify(value), text);
    }),
    { numRuns: 1500 },
  );
});

test('property: damaged text is refused with a WaveError or read as something else, never otherwise', () => {
  fc.assert(
    fc.property(
      typedValue,
      fc.nat(),
      fc.constantFrom('', '(', '"', "'", '{', '%', '\\', ',', '9', '-'),
      ({ type, value }, at, insert) => {
        const text = printValue(type, value);
        const cut = at % (text.length + 1);
        const damaged = text.slice(0, cut) + insert + text.slice(cut + 1);
        try {
          parseValue(type, damaged);
        } catch (error) {
          assert.instance(error, WaveError);
          const { offset } = error as WaveError;
          assert.ok(offset >= 0 && offset <= damaged.length);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test.run();
