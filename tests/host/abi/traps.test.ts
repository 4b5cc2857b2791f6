/**
 * Each thing in a guest's memory or core values that the specification traps on, and each realloc result: the right code,
 * in both forms, for both address types; and that JavaScript has seen nothing before.
 */
import type { PlanType, TypeIndex } from '@gangway/component/plan';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CoreValue } from '../../../packages/host/src/abi/joins.ts';
import { AbiTrap } from '../../../packages/host/src/call/abi-trap.ts';
import type { StringEncoding } from '../../../packages/host/src/call/guest-side.ts';
import { abis, FakeGuest, FakeTrap, makeCallee, makeExport, PAGE } from './fake-guest.ts';
import type { Evaluate } from './specialise.ts';

const t = (index: number): TypeIndex => index as TypeIndex;
const types: PlanType[] = [
  { kind: 'u8' },
  { kind: 'u32' },
  { kind: 'char' },
  { kind: 'string' },
  { kind: 'list', element: t(0), length: null },
  { kind: 'list', element: t(1), length: null },
  { kind: 'list', element: t(2), length: null },
  { kind: 'enum', names: ['a', 'b'] },
  { kind: 'option', type: t(2) },
  {
    kind: 'variant',
    cases: [
      { name: 'x', type: t(3) },
      { name: 'y', type: null },
    ],
  },
  { kind: 'tuple', types: [t(1), t(1)] },
  { kind: 'list', element: t(7), length: null },
  { kind: 'list', element: t(3), length: null },
  { kind: 'flags', names: Array.from({ length: 9 }, (_, i) => `f${i}`) },
  { kind: 'bool' },
  { kind: 's8' },
  { kind: 's16' },
  { kind: 'u16' },
  { kind: 'result', ok: t(1), err: t(1) },
];
const CHAR = 2;
const STRING = 3;
const BYTES = 4;
const WORDS = 5;
const CHARS = 6;
const ENUM = 7;
const OPTION = 8;
const VARIANT = 9;
const PAIR = 10;
const ENUMS = 11;
const STRINGS = 12;
const OUTCOME = 18;

const forms: readonly Evaluate[] = ['never', 'auto'];
/** Bytes of the fake guest's memory. */
const SIZE = 2 * PAGE;

interface Case {
  readonly name: string;
  readonly type: number;
  readonly encoding?: StringEncoding;
  /** Core values as numbers; addresses become bigints for a 64-bit memory. */
  readonly values: readonly number[];
  readonly prepare?: (guest: FakeGuest) => void;
  readonly code: string;
}

const bytes =
  (at: number, ...values: number[]) =>
  (guest: FakeGuest) =>
    guest.bytes.set(values, at);

const cases: readonly Case[] = [
  { name: 'char too large', type: CHAR, values: [0x110000], code: 'invalid-char' },
  { name: 'char -1', type: CHAR, values: [-1], code: 'invalid-char' },
  { name: 'first surrogate', type: CHAR, values: [0xd800], code: 'invalid-char' },
  { name: 'last surrogate', type: CHAR, values: [0xdfff], code: 'invalid-char' },
  { name: 'enum', type: ENUM, values: [2], code: 'invalid-discriminant' },
  { name: 'enum -1', type: ENUM, values: [-1], code: 'invalid-discriminant' },
  { name: 'option', type: OPTION, values: [2, 65], code: 'invalid-discriminant' },
  { name: 'payload of an option', type: OPTION, values: [1, 0xd800], code: 'invalid-char' },
  { name: 'string out of bounds', type: STRING, values: [SIZE - 3, 4], code: 'string-out-of-bounds' },
  { name: 'string at -1', type: STRING, values: [-1, 1], code: 'string-out-of-bounds' },
  { name: 'empty string out of bounds', type: STRING, values: [SIZE + 1, 0], code: 'string-out-of-bounds' },
  { name: 'string too long', type: STRING, values: [0, 2 ** 28], code: 'string-too-long' },
  { name: 'utf-16 too long', type: STRING, encoding: 'utf16', values: [0, 2 ** 27], code: 'string-too-long' },
  { name: 'utf-16 unaligned', type: STRING, encoding: 'utf16', values: [1, 1], code: 'unaligned-pointer' },
  {
    name: 'utf-16 out of bounds',
    type: STRING,
    encoding: 'utf16',
    values: [SIZE - 2, 2],
    code: 'string-out-of-bounds',
  },
  { name: 'latin1 unaligned', type: STRING, encoding: 'latin1+utf16', values: [1, 1], code: 'unaligned-pointer' },
  { name: 'invalid utf-8', type: STRING, values: [8, 3], prepare: bytes(8, 65, 0xff, 66), code: 'invalid-utf8' },
  { name: 'overlong utf-8', type: STRING, values: [8, 2], prepare: bytes(8, 0xc0, 0x80), code: 'invalid-utf8' },
  {
    name: 'surrogate in utf-8',
    type: STRING,
    values: [8, 3],
    prepare: bytes(8, 0xed, 0xa0, 0x80),
    code: 'invalid-utf8',
  },
  {
    name: 'start of a surrogate in utf-8',
    type: STRING,
    values: [8, 2],
    prepare: bytes(8, 0xed, 0xa0),
    code: 'invalid-utf8',
  },
  { name: 'continuation alone', type: STRING, values: [8, 2], prepare: bytes(8, 65, 0x80), code: 'invalid-utf8' },
  { name: 'cut off after 1 of 2', type: STRING, values: [8, 2], prepare: bytes(8, 65, 0xc3), code: 'incomplete-utf8' },
  {
    name: 'cut off after 2 of 3',
    type: STRING,
    values: [8, 2],
    prepare: bytes(8, 0xe2, 0x98),
    code: 'incomplete-utf8',
  },
  {
    name: 'cut off after 3 of 4',
    type: STRING,
    values: [8, 3],
    prepare: bytes(8, 0xf0, 0x9f, 0x8d),
    code: 'incomplete-utf8',
  },
  { name: 'invalid before a cut', type: STRING, values: [8, 2], prepare: bytes(8, 0xff, 0xc3), code: 'invalid-utf8' },
  {
    name: 'invalid utf-8 at the end of a long string',
    type: STRING,
    values: [8, 300],
    prepare: (guest) => guest.bytes.fill(65, 8, 307).fill(0xff, 307, 308),
    code: 'invalid-utf8',
  },
  {
    name: 'unpaired surrogate',
    type: STRING,
    encoding: 'utf16',
    values: [8, 1],
    prepare: bytes(8, 0, 0xd8),
    code: 'invalid-utf16',
  },
  {
    name: 'unpaired surrogate in a long string',
    type: STRING,
    encoding: 'utf16',
    values: [8, 300],
    prepare: (guest) => guest.bytes.fill(0, 8, 606).fill(0xdc, 607, 608),
    code: 'invalid-utf16',
  },
  { name: 'list out of bounds', type: BYTES, values: [SIZE - 3, 4], code: 'list-out-of-bounds' },
  { name: 'list at -4', type: WORDS, values: [-4, 2], code: 'list-out-of-bounds' },
  { name: 'empty list out of bounds', type: WORDS, values: [SIZE + 4, 0], code: 'list-out-of-bounds' },
  { name: 'list unaligned', type: WORDS, values: [2, 0], code: 'unaligned-pointer' },
  { name: 'list of strings unaligned', type: STRINGS, values: [2, 1], code: 'unaligned-pointer' },
  { name: 'list of strings out of bounds', type: STRINGS, values: [SIZE, 1], code: 'list-out-of-bounds' },
  { name: 'list too long', type: WORDS, values: [0, 2 ** 26], code: 'list-too-long' },
  { name: 'list of chars too long', type: CHARS, values: [0, 2 ** 26], code: 'list-too-long' },
  { name: 'element of a list', type: ENUMS, values: [8, 3], prepare: bytes(8, 0, 1, 7), code: 'invalid-discriminant' },
  {
    name: 'char of a list',
    type: CHARS,
    values: [8, 2],
    prepare: bytes(8, 65, 0, 0, 0, 0, 0, 0x11, 0),
    code: 'invalid-char',
  },
  { name: 'variant', type: VARIANT, values: [2, 0, 0], code: 'invalid-discriminant' },
  { name: 'string of a variant', type: VARIANT, values: [0, SIZE, 1], code: 'string-out-of-bounds' },
];

/** Whether values at position `i` of the type are addresses or lengths. */
const pointers: Readonly<Record<number, readonly boolean[]>> = {
  [STRING]: [true, true],
  [BYTES]: [true, true],
  [WORDS]: [true, true],
  [CHARS]: [true, true],
  [ENUMS]: [true, true],
  [STRINGS]: [true, true],
  [VARIANT]: [false, true, true],
};

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof AbiTrap || error instanceof FakeTrap ? error.code : undefined;
}

for (const evaluate of forms) {
  for (const address of ['i32', 'i64'] as const) {
    test(`parameters of imports: ${evaluate}, ${address}`, () => {
      for (const item of cases) {
        const { lower } = abis(
          types,
          [
            ['good', STRING],
            ['bad', item.type],
          ],
          null,
          address,
        );
        const guest = new FakeGuest({ strings: evaluate === 'auto', address, encoding: item.encoding ?? 'utf8' });
        item.prepare?.(guest);
        let calls = 0;
        const callee = makeCallee(
          guest,
          lower,
          () => {
            calls++;
          },
          evaluate,
        );
        const wide = (value: number): CoreValue => (address === 'i32' ? value : BigInt(value));
        const flags = pointers[item.type] ?? [];
        callee.typed(wide(0), wide(0), ...item.values.map((value, i) => (flags[i] ? wide(value) : value)));
        assert.is(codeOf(guest.recorded[0]?.error), item.code, item.name);
        assert.is(guest.recorded[0]?.origin, 'guest');
        assert.is(guest.recorded.length, 1);
        assert.is(calls, 0, `${item.name}: nothing is visible to JS before`);
      }
    });

    test(`results of exports: ${evaluate}, ${address}`, () => {
      for (const item of cases) {
        const { lift } = abis(types, [], item.type, address);
        const guest = new FakeGuest({ strings: evaluate === 'auto', address, encoding: item.encoding ?? 'utf8' });
        item.prepare?.(guest);
        const flags = pointers[item.type] ?? [];
        const f = makeExport(
          guest,
          lift,
          () => {
            if (!lift.spilledResult) return item.values[0];
            // The result in memory: each core value in its place.
            let at = 1024;
            const width = address === 'i32' ? 4 : 8;
            item.values.forEach((value, i) => {
              if (flags[i] && address === 'i64') {
                at = Math.ceil(at / width) * width;
                guest.view.setBigInt64(at, BigInt(value), true);
                at += width;
              } else {
                guest.view.setInt32(at, value, true);
                at += 4;
              }
            });
            return address === 'i32' ? 1024 : 1024n;
          },
          evaluate,
        );
        assert.is(codeOf(thrown(() => f())), item.code, item.name);
        assert.is(guest.words[4], 1, 'the store is locked');
        assert.is(codeOf(thrown(() => f())), 'cannot-enter');
      }
    });

    test(`pointers to spilled values: ${evaluate}, ${address}`, () => {
      const wide = (value: number): CoreValue => (address === 'i32' ? value : BigInt(value));
      // The first call finds views of no memory yet, the second one those of the first.
      for (const type of [PAIR, OUTCOME]) {
        for (const before of [[], [8]]) {
          const result = (value: number): unknown => {
            const { lift } = abis(types, [], type, address);
            assert.ok(lift.spilledResult);
            const guest = new FakeGuest({ strings: evaluate === 'auto', address });
            let pointer = 0;
            const f = makeExport(guest, lift, () => wide(pointer), evaluate);
            for (pointer of before) f();
            pointer = value;
            return codeOf(thrown(() => f()));
          };
          assert.is(result(2), 'unaligned-pointer');
          assert.is(result(SIZE - 4), 'pointer-out-of-bounds');
          assert.is(result(-8), 'pointer-out-of-bounds');
          assert.is(result(SIZE), 'pointer-out-of-bounds');
          assert.is(result(SIZE - 8), undefined);
        }
      }

      for (const before of [[], [8]]) {
        const returned = (value: number): unknown => {
          const { lower } = abis(types, [], PAIR, address);
          const guest = new FakeGuest({ strings: evaluate === 'auto', address });
          const callee = makeCallee(guest, lower, () => [1, 2], evaluate);
          for (const pointer of [...before, value]) callee.typed(wide(pointer));
          return codeOf(guest.recorded[0]?.error);
        };
        assert.is(returned(2), 'unaligned-pointer');
        assert.is(returned(SIZE - 4), 'pointer-out-of-bounds');
        assert.is(returned(SIZE - 8), undefined);
      }

      const many = Array.from({ length: 17 }, (_, i) => [`p${i}`, 1] as const);
      for (const before of [[], [8]]) {
        const params = (value: number): unknown => {
          const { lower } = abis(types, many, null, address);
          const guest = new FakeGuest({ strings: evaluate === 'auto', address });
          const callee = makeCallee(guest, lower, (...args) => assert.is(args.length, 17), evaluate);
          for (const pointer of [...before, value]) callee.typed(wide(pointer));
          return codeOf(guest.recorded[0]?.error);
        };
        assert.is(params(1), 'unaligned-pointer');
        assert.is(params(SIZE - 64), 'pointer-out-of-bounds');
        assert.is(params(SIZE - 68), undefined);
      }
    });

    test(`what realloc returns: ${evaluate}, ${address}`, () => {
      const lowered = (type: number, value: unknown, returned: number, encoding: StringEncoding = 'utf8'): unknown => {
        const { lift } = abis(types, [['a', type]], null, address);
        const guest = new FakeGuest({ strings: evaluate === 'auto', address, encoding, realloc: () => returned });
        let ran = false;
        const f = makeExport(
          guest,
          lift,
          () => {
            ran = true;
            return undefined;
          },
          evaluate,
        );
        const code = codeOf(thrown(() => f(value)));
        assert.is(ran, code === undefined);
        if (code !== undefined) assert.is(guest.words[4], 1, 'the store is locked');
        return code;
      };
      assert.is(lowered(WORDS, [1, 2], -4), 'realloc-out-of-bounds');
      assert.is(lowered(WORDS, [], SIZE + 4), 'realloc-out-of-bounds');
      assert.is(lowered(WORDS, [], SIZE), undefined, 'the end of memory has room for nothing');
      assert.is(lowered(WORDS, [1, 2], address === 'i32' ? -1 : 7), 'realloc-unaligned');
      assert.is(lowered(WORDS, [1], SIZE - 2), 'realloc-unaligned', 'alignment is checked before bounds');
      assert.is(lowered(BYTES, [1, 2], SIZE - 1), 'realloc-out-of-bounds');
      assert.is(lowered(STRING, 'ab', SIZE - 1), 'realloc-out-of-bounds');
      assert.is(lowered(STRING, 'ab', SIZE - 2), undefined);
      assert.is(lowered(STRING, 'é', SIZE - 1), 'realloc-out-of-bounds');
      assert.is(lowered(STRING, 'ab', 1, 'utf16'), 'realloc-unaligned');
      assert.is(lowered(STRING, 'ab', SIZE - 2, 'utf16'), 'realloc-out-of-bounds');
      assert.is(lowered(STRING, 'ab', 1, 'latin1+utf16'), 'realloc-unaligned');
      assert.is(lowered(STRINGS, ['ab'], 4 + SIZE), address === 'i32' ? 'realloc-out-of-bounds' : 'realloc-unaligned');
      const many = Array.from({ length: 17 }, (_, i) => [`p${i}`, 1] as const);
      const { lift } = abis(types, many, null, address);
      const guest = new FakeGuest({ strings: evaluate === 'auto', address, realloc: () => SIZE - 4 });
      const f = makeExport(guest, lift, () => undefined, evaluate);
      assert.is(codeOf(thrown(() => f(...many.map((_, i) => i)))), 'realloc-out-of-bounds');
    });
  }

  test(`excess bits are masked: ${evaluate}`, () => {
    const lifted = (type: number, value: number): unknown => {
      const { lift } = abis(types, [], type);
      return makeExport(new FakeGuest({ strings: evaluate === 'auto' }), lift, () => value, evaluate)();
    };
    assert.is(lifted(0, 0xf01), 1);
    assert.is(lifted(1, -1), 0xffffffff);
    assert.is(lifted(15, 0xff), -1);
    assert.is(lifted(15, 0x17f), 0x7f);
    assert.is(lifted(16, 0x8000), -0x8000);
    assert.is(lifted(17, -1), 0xffff);
    assert.is(lifted(14, 2), true);
    assert.is(lifted(14, -1), true);
    assert.is(lifted(14, 0), false);
    const flags = lifted(13, 0xffffff00) as Record<string, boolean>;
    assert.equal(
      Object.keys(flags),
      Array.from({ length: 9 }, (_, i) => `f${i}`),
    );
    assert.is(flags.f7, false);
    assert.is(flags.f8, true);
  });

  test(`calls of realloc: ${evaluate}`, () => {
    const calls = (type: number, value: unknown, encoding: StringEncoding): number[][] => {
      const { lift } = abis(types, [['a', type]], null);
      const guest = new FakeGuest({ strings: evaluate === 'auto', encoding });
      makeExport(guest, lift, () => undefined, evaluate)(value);
      return guest.reallocs.map(([old, ...rest]) => [old === 0 ? 0 : 1, ...rest]);
    };
    assert.equal(calls(BYTES, [], 'utf8'), [[0, 0, 1, 0]]);
    assert.equal(calls(STRING, '', 'utf8'), [[0, 0, 1, 0]]);
    assert.equal(calls(STRING, '', 'utf16'), [[0, 0, 2, 0]]);
    assert.equal(calls(STRING, 'ab', 'utf8'), [[0, 0, 1, 2]]);
    assert.equal(calls(STRING, 'aé☃🍰', 'utf8'), [[0, 0, 1, 10]]);
    assert.equal(calls(STRING, 'a🍰', 'utf16'), [[0, 0, 2, 6]]);
    assert.equal(calls(STRING, 'aé', 'latin1+utf16'), [[0, 0, 2, 2]]);
    assert.equal(calls(STRING, 'a☃', 'latin1+utf16'), [[0, 0, 2, 4]]);
    assert.equal(calls(STRING, 'x'.repeat(500), 'utf8'), [[0, 0, 1, 500]]);
    // Presented as UTF-16: a guess, the worst case, and what it was.
    assert.equal(calls(STRING, `${'x'.repeat(499)}é`, 'utf8'), [
      [0, 0, 1, 500],
      [1, 500, 1, 1500],
      [1, 1500, 1, 501],
    ]);
    assert.equal(calls(STRINGS, ['a', 'bc'], 'utf8'), [
      [0, 0, 4, 16],
      [0, 0, 1, 1],
      [0, 0, 1, 2],
    ]);
  });
}

test.run();
