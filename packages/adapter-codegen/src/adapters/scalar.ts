/**
 * Scalars and flags: one core value each. In: any bits. Out: the value that they stand for: small integers without
 * their excess bits, a bool that is 0 or 1, a char that is one, flags that exist. Floats keep their bits, which the
 * specification allows for NaNs too.
 */
import type { AbiFlags, AbiScalar } from '@gangway/component/abi';
import type { Expr, FunctionBuilder } from '../builder.ts';
import { trapIf } from './checks.ts';
import type { Crossing } from './side.ts';
import { readCore, type Source, type Target, writeCore } from './values.ts';

/** CanonicalABI.md#loading and CanonicalABI.md#flat-lifting, then CanonicalABI.md#storing and CanonicalABI.md#flat-lowering */
export function crossScalar(
  f: FunctionBuilder,
  cx: Crossing,
  type: AbiScalar,
  source: Source,
  target: Target,
): readonly Expr[] {
  const { i32, i64, f32, f64 } = f;
  const flat = source.kind === 'flat';
  const small = (load: typeof i32.load, normal: (value: Expr) => Expr): Expr => {
    const value = readCore(f, source, 0, 'i32', load);
    return flat ? normal(value) : value;
  };
  const put = (value: Expr, store: typeof i32.store): Expr[] => [writeCore(f, target, 0, 'i32', value, store)];
  switch (type.kind) {
    case 'bool':
      return put(i32.ne(readCore(f, source, 0, 'i32', i32.load8_u), i32.const(0)), i32.store8);
    case 'u8':
      return put(
        small(i32.load8_u, (value) => i32.and(value, i32.const(0xff))),
        i32.store8,
      );
    case 's8':
      return put(small(i32.load8_s, i32.extend8_s), i32.store8);
    case 'u16':
      return put(
        small(i32.load16_u, (value) => i32.and(value, i32.const(0xffff))),
        i32.store16,
      );
    case 's16':
      return put(small(i32.load16_s, i32.extend16_s), i32.store16);
    case 'u32':
    case 's32':
      return put(readCore(f, source, 0, 'i32', i32.load), i32.store);
    case 'u64':
    case 's64':
      return [writeCore(f, target, 0, 'i64', readCore(f, source, 0, 'i64', i64.load), i64.store)];
    case 'f32':
      return [writeCore(f, target, 0, 'f32', readCore(f, source, 0, 'f32', f32.load), f32.store)];
    case 'f64':
      return [writeCore(f, target, 0, 'f64', readCore(f, source, 0, 'f64', f64.load), f64.store)];
    case 'char': {
      const char = f.local('char', 'i32');
      // Surrogates, and everything beyond the last scalar value.
      const surrogate = i32.lt_u(i32.sub(f.get(char), i32.const(0xd800)), i32.const(0x800));
      const tooLarge = i32.ge_u(f.get(char), i32.const(0x110000));
      return [
        f.set(char, readCore(f, source, 0, 'i32', i32.load)),
        trapIf(f, cx, cx.from, i32.or(surrogate, tooLarge), 'invalid-char'),
        ...put(f.get(char), i32.store),
      ];
    }
    default:
      return type.kind satisfies never;
  }
}

/** Flags that do not exist are dropped. */
export function crossFlags(f: FunctionBuilder, type: AbiFlags, source: Source, target: Target): readonly Expr[] {
  const { i32 } = f;
  const [load, store] =
    type.size === 1 ? [i32.load8_u, i32.store8] : type.size === 2 ? [i32.load16_u, i32.store16] : [i32.load, i32.store];
  const bits = readCore(f, source, 0, 'i32', load);
  const count = type.names.length;
  const known = count === 32 ? bits : i32.and(bits, i32.const(2 ** count - 1));
  return [writeCore(f, target, 0, 'i32', known, store)];
}
