/**
 * What every emitted module has in common: the imports of the context memory, the function table and the vmctx address,
 * and the code that finds the store context.
 *
 * The address of a vmctx is a global in trampolines and adapters, and a parameter in outlined helpers that serve both
 * sides of a call. Pointer slots are 4 or 8 bytes wide, but every address fits into a u32: loads read the low word.
 */
import { StoreContextOffsets, type VmctxOffsets } from '@gangway/offsets';
import type { Expr, FunctionBuilder, Global, ImportDecl, Local, Memory, ModuleBuilder } from './builder.ts';
import type { Side } from './emitted.ts';

/** The store's memory, as a memory of a `ModuleSpec`. In the module it is `memory('context')`. */
export const contextMemory: ImportDecl = {
  name: 'context',
  module: 'context',
  base: 'memory',
  source: { kind: 'context-memory' },
};

/** The store's funcref table, as a table of a `ModuleSpec`. In the module it is `table('functions')`. */
export const functionTable: ImportDecl = {
  name: 'functions',
  module: 'context',
  base: 'functions',
  source: { kind: 'function-table' },
};

/** Byte address of the vmctx; the callee's is another one only where two components are linked at run time. */
export function importVmctx(module: ModuleBuilder, side: Side = 'caller'): Global {
  const base = side === 'caller' ? 'vmctx' : 'callee_vmctx';
  return module.importGlobal({ name: base, module: 'context', base, source: { kind: 'vmctx', side } }, 'i32');
}

/** First of the function-table slots that the module fills. */
export function importTableBase(module: ModuleBuilder): Global {
  const decl = { name: 'table_base', module: 'context', base: 'table_base', source: { kind: 'table-base' } } as const;
  return module.importGlobal(decl, 'i32');
}

/** Where code that belongs to a component instance finds it. */
export interface InstanceRef {
  readonly context: Memory;
  /** Byte address of the vmctx. */
  readonly vmctx: Global | Local;
  readonly offsets: Pick<VmctxOffsets, 'pointerSize' | 'vmStoreContext' | 'flags'>;
  /** Component instance index. */
  readonly instance: number;
}

/** Where something happens: as {@link InstanceRef}, but the instance may be known at run time only. */
export interface Site extends Omit<InstanceRef, 'instance'> {
  /** Component instance index, or the variable that holds it. */
  readonly instance: number | Local;
}

/** The value of a global or a local. */
export function getVariable(f: FunctionBuilder, variable: Global | Local): Expr {
  return 'index' in variable ? f.get(variable) : f.global(variable);
}

const storeOffsets: { 4?: StoreContextOffsets; 8?: StoreContextOffsets } = {};

/** Offsets in the store context for the pointer size of a vmctx. */
export function storeContextOffsets(offsets: Pick<VmctxOffsets, 'pointerSize'>): StoreContextOffsets {
  return (storeOffsets[offsets.pointerSize] ??= new StoreContextOffsets(offsets.pointerSize));
}

/** Byte address of the store context. */
export function storeContext(f: FunctionBuilder, at: Omit<Site, 'instance'>): Expr {
  return f.i32.load(at.context, getVariable(f, at.vmctx), at.offsets.vmStoreContext);
}

/** Writes an address or an index, a u32, into a pointer slot. */
export function storePointer(
  f: FunctionBuilder,
  at: Pick<Site, 'context' | 'offsets'>,
  address: Expr,
  value: Expr,
  offset: number,
): Expr {
  return at.offsets.pointerSize === 4
    ? f.i32.store(at.context, address, value, offset)
    : f.i64.store(at.context, address, f.i64.extend_i32_u(value), offset);
}
