/**
 * The instructions of ops.ts over binaryen. In: a module of binaryen's. Out: functions by mnemonic that make expressions in it.
 */
import { InternalError } from '@gangway/component/errors';
import type binaryen from 'binaryen';
import type { FunctionBuilder, IntOps, Memory } from '../builder.ts';
import { loads, ops, stores } from '../ops.ts';
import type { Ref } from './load.ts';

export interface Instructions extends Pick<FunctionBuilder, keyof typeof ops> {
  readonly ints: { readonly i32: IntOps; readonly i64: IntOps };
}

const cache = new WeakMap<binaryen.Module, Instructions>();

/** The instruction namespaces of a module, from the tables of ops.ts. */
export function instructions(m: binaryen.Module): Instructions {
  const known = cache.get(m);
  if (known !== undefined) return known;
  const groups: Record<string, Record<string, unknown>> = {};
  const group = (name: string): Record<string, unknown> => (groups[name] ??= {});

  for (const [name, table] of Object.entries(ops)) {
    for (const mnemonic of Object.keys(table)) group(name)[mnemonic] = builderOf(m, name, mnemonic);
  }
  for (const [name, table] of Object.entries(loads)) {
    for (const [mnemonic, natural] of Object.entries(table)) {
      const build = method<(offset: number, align: number, address: Ref, memory: string) => Ref>(m, [name, mnemonic]);
      group(name)[mnemonic] = (memory: Memory, address: Ref, offset = 0, align: number = natural): Ref =>
        build(offset, align, address, memory.name);
    }
  }
  for (const [name, table] of Object.entries(stores)) {
    for (const [mnemonic, natural] of Object.entries(table)) {
      const build = method<(offset: number, align: number, address: Ref, value: Ref, memory: string) => Ref>(m, [
        name,
        mnemonic,
      ]);
      group(name)[mnemonic] = (memory: Memory, address: Ref, value: Ref, offset = 0, align: number = natural): Ref =>
        build(offset, align, address, value, memory.name);
    }
  }
  group('i32')['const'] = (value: number): Ref => m.i32.const(value | 0);
  group('i64')['const'] = (value: bigint | number): Ref => m.i64.const(BigInt.asIntN(64, BigInt(value)));
  group('f32')['const'] = (value: number): Ref => m.f32.const(value);
  group('f64')['const'] = (value: number): Ref => m.f64.const(value);
  group('v128')['const'] = (bytes: readonly number[]): Ref => m.v128.const(bytes);
  group('i8x16')['shuffle'] = (lanes: readonly number[], a: Ref, b: Ref): Ref => m.i8x16.shuffle(a, b, lanes);

  const narrow = {
    type: 'i32',
    fromU32: (value: Ref): Ref => value,
    toI32: (value: Ref): Ref => value,
  };
  const wide = {
    type: 'i64',
    fromU32: (value: Ref): Ref => m.i64.extend_u(value),
    toI32: (value: Ref): Ref => m.i32.wrap(value),
  };
  // The tables and the types of builder.ts are made from the same data; the compiler cannot follow that.
  const made = {
    ...groups,
    ints: { i32: { ...group('i32'), ...narrow }, i64: { ...group('i64'), ...wide } },
  } as unknown as Instructions;
  cache.set(m, made);
  return made;
}

function builderOf(m: binaryen.Module, group: string, mnemonic: string): (...operands: number[]) => Ref {
  return method(m, [group, ...binaryenPath(mnemonic)]);
}

/** Where binaryen keeps an instruction: most under its own mnemonic, conversions apart. */
function binaryenPath(mnemonic: string): string[] {
  const convert = /^convert_([if]\d\d)_([su])$/.exec(mnemonic);
  if (convert !== null) return [`convert_${convert[2]}`, convert[1] as string];
  const extend = /^extend_i32_([su])$/.exec(mnemonic);
  if (extend !== null) return [`extend_${extend[1]}`];
  const plain = /^(wrap|reinterpret)_[if]\d\d$/.exec(mnemonic);
  return [plain?.[1] ?? mnemonic];
}

function method<F>(m: binaryen.Module, path: readonly string[]): F {
  let at: unknown = m;
  for (const key of path) at = (at as Record<string, unknown>)[key];
  if (typeof at !== 'function') throw new InternalError(`binaryen has no ${path.join('.')}`);
  return at as F;
}
