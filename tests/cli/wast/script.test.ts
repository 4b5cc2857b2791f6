import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Constant, printConstant, readConstant } from '../../../packages/cli/src/wast/constant.ts';
import { LineTable, readNodes, ScriptError } from '../../../packages/cli/src/wast/s-expression.ts';
import { type Command, readScript } from '../../../packages/cli/src/wast/script.ts';

const constant = (text: string): Constant => readConstant(readNodes(text)[0]!);

test('nodes know where they stand, comments are nothing', () => {
  const source = '(a ;; (not this\n  (; nor (; this ;) ) ;) "b\\"(" $c)d';
  const nodes = readNodes(source);
  assert.is(nodes.length, 2);
  const [list, atom] = nodes;
  assert.is(list?.kind, 'list');
  if (list?.kind !== 'list') return;
  assert.equal(
    list.items.map((item) => [item.kind, source.slice(item.start, item.end)]),
    [
      ['atom', 'a'],
      ['string', '"b\\"("'],
      ['atom', '$c'],
    ],
  );
  assert.is(source.slice(list.start, list.end), source.slice(0, -1));
  assert.equal(atom, { kind: 'atom', text: 'd', start: source.length - 1, end: source.length });
});

test('strings: every escape, and UTF-8', () => {
  const [node] = readNodes('"\\00\\ff\\t\\n\\r\\"\\\'\\\\\\u{e9}\\u{1F_370}é🍰"');
  assert.is(node?.kind, 'string');
  const utf8 = [0xc3, 0xa9, 0xf0, 0x9f, 0x8d, 0xb0];
  if (node?.kind === 'string') assert.equal([...node.bytes], [0, 255, 9, 10, 13, 34, 39, 92, ...utf8, ...utf8]);
});

test('what is no s-expression', () => {
  const cases: [string, number][] = [
    ['(a', 0],
    ['(a))', 3],
    ['"a', 0],
    ['(; (; ;)', 0],
    ['"\\zz"', 1],
    ['"\\u{d800}"', 1],
    ['a ; b', 2],
  ];
  for (const [text, position] of cases) {
    try {
      readNodes(text);
      assert.unreachable(text);
    } catch (error) {
      assert.instance(error, ScriptError);
      assert.is((error as ScriptError).position, position, text);
    }
  }
});

test('lines', () => {
  const lines = new LineTable('a\nbc\n\nd');
  assert.equal(
    [0, 1, 2, 3, 4, 5, 6].map((position) => lines.line(position)),
    [1, 1, 2, 2, 2, 3, 4],
  );
});

test('constants of every kind', () => {
  const cases: [string, Constant][] = [
    ['(bool.const true)', { kind: 'bool', value: true }],
    ['(u8.const 0xff)', { kind: 'u8', value: 255 }],
    ['(s16.const -32_768)', { kind: 's16', value: -32768 }],
    ['(i32.const 0xffff_ffff)', { kind: 'i32', value: 0xffffffff }],
    ['(u64.const 18446744073709551615)', { kind: 'u64', value: 2n ** 64n - 1n }],
    ['(f32.const 0.1)', { kind: 'f32', value: Math.fround(0.1) }],
    ['(f64.const -0x1.8p3)', { kind: 'f64', value: -12 }],
    ['(f64.const -0)', { kind: 'f64', value: -0 }],
    ['(f64.const -inf)', { kind: 'f64', value: Number.NEGATIVE_INFINITY }],
    ['(f32.const nan:canonical)', { kind: 'f32', value: 'nan:canonical' }],
    ['(f32.const -nan:0x123)', { kind: 'f32', value: { bits: 0xff80_0123n } }],
    ['(f64.const nan)', { kind: 'f64', value: { bits: 0x7ff8_0000_0000_0000n } }],
    ['(char.const "⛳")', { kind: 'char', value: '⛳' }],
    ['(str.const "a\\n")', { kind: 'string', value: 'a\n' }],
    ['(enum.const "e")', { kind: 'enum', value: 'e' }],
    ['(flags.const "a" "b")', { kind: 'flags', names: ['a', 'b'] }],
    ['(option.none)', { kind: 'option', payload: undefined }],
    ['(option.some (u8.const 1))', { kind: 'option', payload: { kind: 'u8', value: 1 } }],
    ['(result.err)', { kind: 'result', ok: false, payload: undefined }],
    ['(variant.const "v" (bool.const false))', { kind: 'variant', tag: 'v', payload: { kind: 'bool', value: false } }],
    ['(record.const (field "n" u32.const 7))', { kind: 'record', fields: [['n', { kind: 'u32', value: 7 }]] }],
    [
      '(record.const (field "l" list.const (u8.const 1)) (field "m" (tuple.const (s8.const -1))))',
      {
        kind: 'record',
        fields: [
          ['l', { kind: 'list', items: [{ kind: 'u8', value: 1 }] }],
          ['m', { kind: 'tuple', items: [{ kind: 's8', value: -1 }] }],
        ],
      },
    ],
    ['(ref.null func)', { kind: 'ref', type: 'func', value: null }],
    ['(ref.extern 3)', { kind: 'ref', type: 'extern', value: 3 }],
  ];
  for (const [text, expected] of cases) assert.equal(constant(text), expected, text);
  for (const text of [
    '(u8.const 256)',
    '(s8.const -129)',
    '(u32.const x)',
    '(nothing 1)',
    '(bool.const 1)',
    '(u8.const)',
    '1',
  ]) {
    assert.throws(
      () => constant(text),
      (error: unknown) => error instanceof ScriptError,
      text,
    );
  }
});

test('constants print as scripts write them', () => {
  for (const text of [
    '(record.const (field "a" (list.const (u8.const 1) (u8.const 2))))',
    '(variant.const "v" (option.some (str.const "x\\n")))',
    '(result.ok (tuple.const (s64.const -1) (bool.const true)))',
    '(flags.const "a" "b")',
    '(option.none)',
    '(f64.const -0)',
  ]) {
    assert.is(printConstant(constant(text)), text);
  }
});

test('commands with their lines', () => {
  const script = `(component $A (core module))
(component definition $B (import "a" (func)))
(component $C definition binary "\\00asm" "\\0d\\00\\01\\00")
(component instance $i $B)
(register "name" $i)
(assert_return (invoke $i "f" (u8.const 1)) (u8.const 2))
(assert_trap (invoke "f") "unreachable") (assert_trap (component) "in start")
(assert_invalid (component quote "(import" " \\"a\\")") "message")
(assert_malformed (component binary "\\00") "")
(assert_exhaustion (invoke "f") "call stack exhausted")
(assert_unlinkable (module (import "a" "b" (func))) "unknown import")
(invoke "f") (get "g")
(frobnicate 1)
(assert_return (invoke "f") (u8.const 999))`;
  const commands = readScript(script);
  assert.equal(
    commands.map(({ line, command, kind }) => `${line} ${command} ${kind}`),
    [
      '1 component form',
      '2 component definition form',
      '3 component definition form',
      '4 component instance instance',
      '5 register register',
      '6 assert_return return',
      '7 assert_trap trap',
      '7 assert_trap trap',
      '8 assert_invalid refusal',
      '9 assert_malformed refusal',
      '10 assert_exhaustion exhaustion',
      '11 assert_unlinkable refusal',
      '12 invoke action',
      '12 get action',
      '13 frobnicate unknown',
      '14 assert_return unknown',
    ],
  );
  const form = (index: number): unknown => {
    const command = commands[index] as Command;
    return command.kind === 'form' || command.kind === 'refusal' ? command.form : undefined;
  };
  assert.equal(form(0), {
    sort: 'component',
    name: '$A',
    definition: false,
    source: { kind: 'text', text: '(component $A (core module))' },
  });
  assert.equal(form(1), {
    sort: 'component',
    name: '$B',
    definition: true,
    source: { kind: 'text', text: '(component  $B (import "a" (func)))' },
  });
  const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 13, 0, 1, 0]);
  assert.equal(form(2), { sort: 'component', name: '$C', definition: true, source: { kind: 'binary', bytes } });
  assert.equal(form(8), {
    sort: 'component',
    name: undefined,
    definition: false,
    source: { kind: 'quote', text: '(component (import\n "a"))' },
  });
  const last = commands.at(-1) as Command;
  assert.is(last.kind === 'unknown' && last.reason, 'line 14: 999 is no u8');
});

test.run();
