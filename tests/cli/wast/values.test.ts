import type { ValueInfo } from '@gangway/host/runtime';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConstant } from '../../../packages/cli/src/wast/constant.ts';
import { readNodes } from '../../../packages/cli/src/wast/s-expression.ts';
import { ConstantMismatch, coreMatches, coreToJs, matches, toJs } from '../../../packages/cli/src/wast/values.ts';

const constant = (text: string) => readConstant(readNodes(text)[0]!);
const prim = (kind: 'u8' | 'string' | 'f32' | 'bool' | 's64') => ({ kind }) as ValueInfo;
const u8 = prim('u8');
const option = (type: ValueInfo): ValueInfo => ({ kind: 'option', type });
const list = (element: ValueInfo): ValueInfo => ({ kind: 'list', element, length: null });

/** The constant, its type, the JavaScript value of both directions, and values that are another. */
const cases: readonly (readonly [string, ValueInfo, unknown, readonly unknown[]])[] = [
  ['(u8.const 7)', u8, 7, [8, '7', 7n]],
  ['(s64.const -7)', prim('s64'), -7n, [-7, 7n]],
  ['(bool.const true)', prim('bool'), true, [1, false]],
  ['(str.const "x")', prim('string'), 'x', ['y', undefined]],
  ['(f32.const -0)', prim('f32'), -0, [0, Number.NaN]],
  ['(f32.const nan:canonical)', prim('f32'), Number.NaN, [0]],
  ['(f32.const nan:0x200000)', prim('f32'), Number.NaN, [0]],
  ['(list.const (u8.const 1) (u8.const 2))', list(u8), [1, 2], [[1], [1, 3], '12']],
  [
    '(tuple.const (u8.const 1) (bool.const false))',
    { kind: 'tuple', types: [u8, prim('bool')] },
    [1, false],
    [[1], [1, true]],
  ],
  [
    '(record.const (field "a-b" (u8.const 1)))',
    { kind: 'record', fields: [{ name: 'a-b', type: u8 }] },
    { aB: 1 },
    [{ 'a-b': 1 }, { aB: 2 }, { aB: 1, c: 1 }, null],
  ],
  [
    '(variant.const "some-case" (u8.const 1))',
    { kind: 'variant', cases: [{ name: 'some-case', type: u8 }] },
    { tag: 'some-case', val: 1 },
    [{ tag: 'some-case', val: 2 }, { tag: 'other', val: 1 }, 1],
  ],
  ['(enum.const "e-f")', { kind: 'enum', names: ['e-f'] }, 'e-f', ['eF', { tag: 'e-f' }]],
  ['(option.none)', option(u8), undefined, [0, { tag: 'none' }]],
  ['(option.some (u8.const 1))', option(u8), 1, [undefined, { tag: 'some', val: 1 }]],
  ['(option.none)', option(option(u8)), { tag: 'none' }, [undefined, { tag: 'some', val: undefined }]],
  ['(option.some (option.none))', option(option(u8)), { tag: 'some', val: undefined }, [undefined, { tag: 'none' }]],
  ['(result.ok)', { kind: 'result', ok: null, err: u8 }, { tag: 'ok' }, [{ tag: 'err', val: 1 }, undefined]],
  [
    '(result.err (u8.const 1))',
    { kind: 'result', ok: null, err: u8 },
    { tag: 'err', val: 1 },
    [{ tag: 'ok' }, { tag: 'err', val: 2 }],
  ],
  [
    '(list.const (tuple.const (str.const "k") (u8.const 1)))',
    { kind: 'map', key: prim('string'), value: u8 },
    new Map([['k', 1]]),
    [new Map([['k', 2]]), new Map(), [['k', 1]]],
  ],
];

test('constants become arguments and match results', () => {
  for (const [text, type, value, others] of cases) {
    assert.equal(toJs(constant(text), type), value, text);
    assert.ok(matches(constant(text), value, type), text);
    for (const other of others) assert.not.ok(matches(constant(text), other, type), `${text} is not ${String(other)}`);
  }
});

test('typed arrays are lists, absent flags are false', () => {
  assert.ok(matches(constant('(list.const (u8.const 1))'), Uint8Array.of(1), list(u8)));
  const flags: ValueInfo = { kind: 'flags', names: ['a-b', 'c'] };
  assert.equal(toJs(constant('(flags.const "a-b")'), flags), { aB: true });
  assert.ok(matches(constant('(flags.const "a-b")'), { aB: true, c: false }, flags));
  assert.not.ok(matches(constant('(flags.const "a-b")'), { aB: true, c: true }, flags));
  assert.not.ok(matches(constant('(flags.const "a-b")'), { aB: true }, flags));
});

test('a constant of another type is an error of the script', () => {
  for (const [text, type] of [
    ['(u8.const 1)', prim('string')],
    ['(tuple.const (u8.const 1))', { kind: 'tuple', types: [] }],
    ['(variant.const "x")', { kind: 'variant', cases: [] }],
    ['(result.ok (u8.const 1))', { kind: 'result', ok: null, err: null }],
    ['(record.const (field "b" (u8.const 1)))', { kind: 'record', fields: [] }],
    ['(ref.null func)', u8],
  ] as const) {
    assert.throws(
      () => toJs(constant(text), type as ValueInfo),
      (error: unknown) => error instanceof ConstantMismatch,
      text,
    );
  }
});

test('values of core modules', () => {
  assert.is(coreToJs(constant('(i32.const 0xffffffff)')), -1);
  assert.is(coreToJs(constant('(i64.const 0xffffffffffffffff)')), -1n);
  assert.ok(coreMatches(constant('(i32.const 0xffffffff)'), -1));
  assert.ok(coreMatches(constant('(i64.const -1)'), -1n));
  assert.ok(coreMatches(constant('(f64.const nan:arithmetic)'), Number.NaN));
  assert.ok(coreMatches(constant('(ref.null extern)'), null));
  assert.ok(coreMatches(constant('(either (i32.const 1) (i32.const 2))'), 2));
  assert.not.ok(coreMatches(constant('(i32.const 1)'), 2));
  assert.throws(
    () => coreMatches(constant('(u8.const 1)'), 1),
    (error: unknown) => error instanceof ConstantMismatch,
  );
});

test.run();
