/**
 * Intrinsics: core functions on the bytes of the context memory that the store shares with its components. In: which one.
 * Out: a function of the trampoline module that checks its address and loads or stores. Address and length of the data
 * are imported globals, because they never change.
 *
 * There is no may-leave check: the functions leave nothing, and wasmtime makes none.
 */
import { type Intrinsic, intrinsicCoreType } from '@gangway/component/intrinsics';
import type { Expr, Func, FunctionBuilder, Global, ModuleBuilder, NamedParam } from './builder.ts';
import type { ImportSource } from './emitted.ts';
import type { TrampolineModule } from './trampolines.ts';
import { trapIf } from './trap.ts';

export function emitIntrinsic(t: TrampolineModule, intrinsic: Intrinsic): Func {
  const { module } = t;
  const { params, results } = intrinsicCoreType(intrinsic);
  const names = ['address', 'value'];
  const named = params.map((type, i): NamedParam => [names[i] as string, type]);
  const { access, name } = intrinsic;
  return module.func(name, named, results, (f) => {
    if (access === null) return [f.i64.extend_i32_u(f.global(data(module, 'address')))];
    return [...checkAddress(f, t, intrinsic), access === 'load' ? load(f, t, intrinsic) : store(f, t, intrinsic)];
  });
}

function data(module: ModuleBuilder, part: 'address' | 'length'): Global {
  const base = `data_${part}`;
  const source: ImportSource = { kind: 'store-data', part };
  return module.importGlobal({ name: base, module: 'context', base, source }, 'i32');
}

/** Traps unless all bytes of the access are the store's data. */
function checkAddress(f: FunctionBuilder, t: TrampolineModule, { bytes }: Intrinsic): Expr[] {
  const { i32, i64 } = f;
  const offset = f.local('offset', 'i64');
  const base = i64.extend_i32_u(f.global(data(f.module, 'address')));
  const length = (): Expr => i64.extend_i32_u(f.global(data(f.module, 'length')));
  const starts = i64.ge_u(f.get(offset), length());
  // An offset below the length has 32 bits, so that the sum does not overflow.
  const ends = (): Expr => i64.gt_u(i64.add(f.get(offset), i64.const(bytes)), length());
  const outside = bytes === 1 ? starts : i32.or(starts, ends());
  return [
    f.set(offset, i64.sub(f.get(f.params[0]!), base)),
    trapIf(f, outside, { ...t.instance(0), code: 'data-out-of-bounds' }),
  ];
}

/** The address fits into a u32 now. */
function address(f: FunctionBuilder): Expr {
  return f.i32.wrap_i64(f.get(f.params[0]!));
}

function load(f: FunctionBuilder, { context }: TrampolineModule, { bytes }: Intrinsic): Expr {
  switch (bytes) {
    case 1:
      return f.i32.load8_u(context, address(f));
    case 2:
      return f.i32.load16_u(context, address(f));
    case 4:
      return f.i32.load(context, address(f));
    case 8:
      return f.i64.load(context, address(f));
  }
}

/** A narrow store ignores excess bits, as lifting does. */
function store(f: FunctionBuilder, { context }: TrampolineModule, { bytes }: Intrinsic): Expr {
  const value = f.get(f.params[1]!);
  switch (bytes) {
    case 1:
      return f.i32.store8(context, address(f), value);
    case 2:
      return f.i32.store16(context, address(f), value);
    case 4:
      return f.i32.store(context, address(f), value);
    case 8:
      return f.i64.store(context, address(f), value);
  }
}
