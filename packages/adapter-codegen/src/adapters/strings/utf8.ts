/**
 * UTF-8, one scalar value at a time, with the full validation of the Unicode standard: shortest form only, no
 * surrogates, nothing above U+10FFFF. Lengths are counts of what is left, not end addresses: a string may end at the
 * very end of a 4 GiB memory, where an end address is 0 again.
 *
 * Rejected: a table-driven automaton in the context memory. It needs a data segment and a load a byte.
 */
import type { Expr, Func, FunctionBuilder, Local } from '../../builder.ts';
import { trapIf } from '../checks.ts';
import { memoryOf } from '../memory.ts';
import type { Crossing } from '../side.ts';
import { advance, anyHighBit, BLOCK, type Cursor, skip, take } from './cursor.ts';

/** What decoders return: the scalar value in the low 24 bits, the number of code units that it took above them. */
export const UNITS_SHIFT = 24;
export const SCALAR_MASK = (1 << UNITS_SHIFT) - 1;

/**
 * `(address, left: i32) -> i32`: the scalar value at `address`, of which `left` > 0 bytes follow, packed as above.
 * A sequence that the end of the string cuts short is `incomplete-utf8`; any other fault is `invalid-utf8`.
 */
export function utf8Decode(cx: Crossing): Func {
  const { from } = cx;
  const memory = memoryOf(from);
  return cx.module.outlined(`utf8_decode ${from.key}`, () =>
    cx.module.func(
      `${from.role}.utf8_decode`,
      [
        ['address', memory.address],
        ['left', 'i32'],
      ],
      ['i32'],
      (f) => {
        const { i32 } = f;
        const [address, left] = f.params as [Local, Local];
        const lead = f.local('lead', 'i32');
        const next = f.local('next', 'i32');
        const scalar = f.local('scalar', 'i32');
        const invalid = (when: Expr): Expr => trapIf(f, cx, from, when, 'invalid-utf8');
        /** Reads the continuation byte `index` into `next`. */
        const continuation = (index: number): Expr[] => [
          trapIf(f, cx, from, i32.le_u(f.get(left), i32.const(index)), 'incomplete-utf8'),
          f.set(next, i32.load8_u(memory, f.get(address), index)),
          invalid(i32.ne(i32.and(f.get(next), i32.const(0xc0)), i32.const(0x80))),
        ];
        /** `high` with the six bits of `next` below it. */
        const append = (high: Expr): Expr => i32.or(i32.shl(high, i32.const(6)), i32.and(f.get(next), i32.const(0x3f)));
        const result = (units: number): Expr => f.return(i32.or(f.get(scalar), i32.const(units << UNITS_SHIFT)));
        const within = (low: number, count: number): Expr =>
          i32.lt_u(i32.sub(f.get(scalar), i32.const(low)), i32.const(count));
        return [
          f.set(lead, i32.load8_u(memory, f.get(address))),
          f.if(i32.lt_u(f.get(lead), i32.const(0x80)), [f.return(i32.or(f.get(lead), i32.const(1 << UNITS_SHIFT)))]),
          // 80..C1 start nothing, or a form that is too long; F5..FF are beyond U+10FFFF.
          invalid(i32.gt_u(i32.sub(f.get(lead), i32.const(0xc2)), i32.const(0xf4 - 0xc2))),
          ...continuation(1),
          f.if(i32.lt_u(f.get(lead), i32.const(0xe0)), [
            f.set(scalar, append(i32.and(f.get(lead), i32.const(0x1f)))),
            result(2),
          ]),
          f.if(i32.lt_u(f.get(lead), i32.const(0xf0)), [
            f.set(scalar, append(i32.and(f.get(lead), i32.const(0x0f)))),
            // The first ten bits tell: below U+0800 it is too long, from U+D800 to U+DFFF it is a surrogate.
            invalid(i32.or(within(0, 0x0800 >> 6), within(0xd800 >> 6, 0x0800 >> 6))),
            ...continuation(2),
            f.set(scalar, append(f.get(scalar))),
            result(3),
          ]),
          f.set(scalar, append(i32.and(f.get(lead), i32.const(0x07)))),
          invalid(i32.eqz(within(0x10000 >> 12, 0x100000 >> 12))),
          ...continuation(2),
          f.set(scalar, append(f.get(scalar))),
          ...continuation(3),
          f.set(scalar, append(f.get(scalar))),
          result(4),
        ];
      },
    ),
  );
}

/** `(address, scalar: i32) -> i32`: writes a scalar value; the number of bytes written. The room is the caller's duty. */
export function utf8Encode(cx: Crossing): Func {
  const { to } = cx;
  const memory = memoryOf(to);
  return cx.module.outlined(`utf8_encode ${to.key}`, () =>
    cx.module.func(
      `${to.role}.utf8_encode`,
      [
        ['address', memory.address],
        ['scalar', 'i32'],
      ],
      ['i32'],
      (f) => {
        const { i32 } = f;
        const [address, scalar] = f.params as [Local, Local];
        /** The byte with `bits` of the scalar from bit `from` on, below the marker. */
        const part = (marker: number, shift: number, mask: number): Expr =>
          i32.or(i32.and(i32.shr_u(f.get(scalar), i32.const(shift)), i32.const(mask)), i32.const(marker));
        const at = (byte: Expr, index: number): Expr => (index === 0 ? byte : i32.shl(byte, i32.const(8 * index)));
        return [
          f.if(i32.lt_u(f.get(scalar), i32.const(0x80)), [
            i32.store8(memory, f.get(address), f.get(scalar)),
            f.return(i32.const(1)),
          ]),
          f.if(i32.lt_u(f.get(scalar), i32.const(0x800)), [
            i32.store16(memory, f.get(address), i32.or(part(0xc0, 6, 0x1f), at(part(0x80, 0, 0x3f), 1)), 0, 1),
            f.return(i32.const(2)),
          ]),
          f.if(i32.lt_u(f.get(scalar), i32.const(0x10000)), [
            i32.store16(memory, f.get(address), i32.or(part(0xe0, 12, 0x0f), at(part(0x80, 6, 0x3f), 1)), 0, 1),
            i32.store8(memory, f.get(address), part(0x80, 0, 0x3f), 2),
            f.return(i32.const(3)),
          ]),
          i32.store(
            memory,
            f.get(address),
            i32.or(
              i32.or(part(0xf0, 18, 0x07), at(part(0x80, 12, 0x3f), 1)),
              i32.or(at(part(0x80, 6, 0x3f), 2), at(part(0x80, 0, 0x3f), 3)),
            ),
            0,
            1,
          ),
          i32.const(4),
        ];
      },
    ),
  );
}

/** Moves over whole blocks of ASCII. */
export function skipAsciiBlocks(f: FunctionBuilder, from: Cursor & { readonly left: Local }): Expr {
  return f.loop('ascii', (ascii) => [
    f.block('other', (other) => [
      f.br_if(other, f.i32.lt_u(f.get(from.left), f.i32.const(BLOCK))),
      f.br_if(other, anyHighBit(f, f.v128.load(from.memory, f.get(from.address), 0, 1))),
      skip(f, from.address, BLOCK),
      take(f, from.left, BLOCK),
      f.br(ascii),
    ]),
  ]);
}

/** `(address, left: i32)`: traps unless the bytes are UTF-8. */
export function utf8Validate(cx: Crossing): Func {
  const { from } = cx;
  const memory = memoryOf(from);
  return cx.module.outlined(`utf8_validate ${from.key}`, () => {
    const decode = utf8Decode(cx);
    return cx.module.func(
      `${from.role}.utf8_validate`,
      [
        ['address', memory.address],
        ['left', 'i32'],
      ],
      [],
      (f) => {
        const { i32, i64 } = f;
        const [address, left] = f.params as [Local, Local];
        const units = f.local('units', 'i32');
        const ASCII_8 = 0x8080808080808080n;
        return [
          f.loop('next', (next) => [
            f.block('short', (short) => [
              f.br_if(short, i32.lt_u(f.get(left), i32.const(BLOCK))),
              f.br_if(short, anyHighBit(f, f.v128.load(memory, f.get(address), 0, 1))),
              skip(f, address, BLOCK),
              take(f, left, BLOCK),
              f.br(next),
            ]),
            f.if(i32.eqz(f.get(left)), [f.return()]),
            f.block('slow', (slow) => [
              f.br_if(slow, i32.lt_u(f.get(left), i32.const(8))),
              f.br_if(slow, i64.ne(i64.and(i64.load(memory, f.get(address), 0, 1), i64.const(ASCII_8)), i64.const(0))),
              skip(f, address, 8),
              take(f, left, 8),
              f.br(next),
            ]),
            f.if(
              i32.lt_u(i32.load8_u(memory, f.get(address)), i32.const(0x80)),
              [f.set(units, i32.const(1))],
              [f.set(units, i32.shr_u(f.call(decode, [f.get(address), f.get(left)]), i32.const(UNITS_SHIFT)))],
            ),
            advance(f, address, f.get(units)),
            f.set(left, i32.sub(f.get(left), f.get(units))),
            f.br(next),
          ]),
          f.unreachable(),
        ];
      },
    );
  });
}
