/**
 * UTF-16, little-endian, with its validation: surrogates come in pairs, high before low. Counts are code units.
 */
import type { Expr, Func, FunctionBuilder, Local } from '../../builder.ts';
import { trap, trapIf } from '../checks.ts';
import { memoryOf } from '../memory.ts';
import type { Crossing } from '../side.ts';
import { anySurrogate, BLOCK, type Cursor, skip, take } from './cursor.ts';
import { UNITS_SHIFT } from './utf8.ts';

/** (high << 10) + low - this = the scalar value of a surrogate pair. */
const PAIR_BIAS = (0xd800 << 10) + 0xdc00 - 0x10000;

/**
 * `(address, left: i32) -> i32`: the scalar value at `address`, of which `left` > 0 code units follow; packed as
 * utf8.ts says. An unpaired surrogate is `invalid-utf16`.
 */
export function utf16Decode(cx: Crossing): Func {
  const { from } = cx;
  const memory = memoryOf(from);
  return cx.module.outlined(`utf16_decode ${from.key}`, () =>
    cx.module.func(
      `${from.role}.utf16_decode`,
      [
        ['address', memory.address],
        ['left', 'i32'],
      ],
      ['i32'],
      (f) => {
        const { i32 } = f;
        const [address, left] = f.params as [Local, Local];
        const unit = f.local('unit', 'i32');
        const low = f.local('low', 'i32');
        const invalid = (when: Expr): Expr => trapIf(f, cx, from, when, 'invalid-utf16');
        return [
          f.set(unit, i32.load16_u(memory, f.get(address))),
          f.if(i32.ne(i32.and(f.get(unit), i32.const(0xf800)), i32.const(0xd800)), [
            f.return(i32.or(f.get(unit), i32.const(1 << UNITS_SHIFT))),
          ]),
          invalid(i32.or(i32.ge_u(f.get(unit), i32.const(0xdc00)), i32.lt_u(f.get(left), i32.const(2)))),
          f.set(low, i32.load16_u(memory, f.get(address), 2)),
          invalid(i32.ne(i32.and(f.get(low), i32.const(0xfc00)), i32.const(0xdc00))),
          i32.or(
            i32.sub(i32.add(i32.shl(f.get(unit), i32.const(10)), f.get(low)), i32.const(PAIR_BIAS)),
            i32.const(2 << UNITS_SHIFT),
          ),
        ];
      },
    ),
  );
}

/** `(address, left: i32)`: traps unless the code units are UTF-16. */
export function utf16Validate(cx: Crossing): Func {
  const { from } = cx;
  const memory = memoryOf(from);
  return cx.module.outlined(`utf16_validate ${from.key}`, () =>
    cx.module.func(
      `${from.role}.utf16_validate`,
      [
        ['address', memory.address],
        ['left', 'i32'],
      ],
      [],
      (f) => {
        const { i32 } = f;
        const [address, left] = f.params as [Local, Local];
        const unit = f.local('unit', 'i32');
        const bad = trap(f, cx, from, 'invalid-utf16');
        return [
          f.block('invalid', (invalid) => [
            f.loop('next', (next) => [
              f.block('one', (one) => [
                f.br_if(one, i32.lt_u(f.get(left), i32.const(BLOCK / 2))),
                f.br_if(one, anySurrogate(f, f.v128.load(memory, f.get(address), 0, 2))),
                skip(f, address, BLOCK),
                take(f, left, BLOCK / 2),
                f.br(next),
              ]),
              f.if(i32.eqz(f.get(left)), [f.return()]),
              f.set(unit, i32.load16_u(memory, f.get(address))),
              skip(f, address, 2),
              take(f, left, 1),
              f.br_if(next, i32.ne(i32.and(f.get(unit), i32.const(0xf800)), i32.const(0xd800))),
              // A surrogate: a high one, and a low one after it.
              f.br_if(invalid, i32.or(i32.ge_u(f.get(unit), i32.const(0xdc00)), i32.eqz(f.get(left)))),
              f.set(unit, i32.load16_u(memory, f.get(address))),
              skip(f, address, 2),
              take(f, left, 1),
              f.br_if(next, i32.eq(i32.and(f.get(unit), i32.const(0xfc00)), i32.const(0xdc00))),
            ]),
          ]),
          bad,
        ];
      },
    ),
  );
}

/** Writes `scalar` as UTF-16 and moves the cursor. The room is the caller's duty. */
export function writeUtf16(f: FunctionBuilder, to: Cursor, scalar: Local): Expr {
  const { i32 } = f;
  const high = i32.add(i32.shr_u(f.get(scalar), i32.const(10)), i32.const(0xd800 - (0x10000 >> 10)));
  const low = i32.or(i32.and(f.get(scalar), i32.const(0x3ff)), i32.const(0xdc00));
  return f.if(
    i32.lt_u(f.get(scalar), i32.const(0x10000)),
    [i32.store16(to.memory, f.get(to.address), f.get(scalar)), skip(f, to.address, 2)],
    [i32.store(to.memory, f.get(to.address), i32.or(high, i32.shl(low, i32.const(16))), 0, 2), skip(f, to.address, 4)],
  );
}
