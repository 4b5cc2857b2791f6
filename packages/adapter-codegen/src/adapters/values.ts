/**
 * Where a value is read and where it is written: core values (slots) or bytes in memory. In: slots or an address.
 * Out: core expressions of the type that the value needs, coerced where a variant has joined slots of several types
 * (CanonicalABI.md#flat-lifting, CanonicalABI.md#flat-lowering).
 *
 * Rejected: four generators, one for each combination. Between two synchronous sides a value crosses from slots to
 * slots or from memory to memory, but the combinations cost nothing here and mixed ones exist with asynchronous sides.
 */
import type { FlatType } from '@gangway/component/abi';
import { InternalError } from '@gangway/component/errors';
import type { Expr, FunctionBuilder, Local, Memory } from '../builder.ts';
import type { Place } from './memory.ts';

export interface SourceSlot {
  /** Reads the slot as `want`. */
  readonly read: (f: FunctionBuilder, want: FlatType) => Expr;
}
export interface TargetSlot {
  /** Writes a value of type `have` to the slot. */
  readonly write: (f: FunctionBuilder, value: Expr, have: FlatType) => Expr;
}

export type Source =
  | { readonly kind: 'flat'; readonly slots: readonly SourceSlot[] }
  | ({ readonly kind: 'memory' } & Place);
export type Target =
  | { readonly kind: 'flat'; readonly slots: readonly TargetSlot[] }
  | ({ readonly kind: 'memory' } & Place);

/** The variables that hold lifted core values. */
export function sourceSlots(locals: readonly Local[]): Source {
  const slots = locals.map((local) => ({
    read: (f: FunctionBuilder, want: FlatType) => lowerBits(f, f.get(local), flat(local), want),
  }));
  return { kind: 'flat', slots };
}

/** The variables that lowered core values are put into. A slot that a case of a variant leaves alone stays zero. */
export function targetSlots(locals: readonly Local[]): Target {
  const slots = locals.map((local) => ({
    write: (f: FunctionBuilder, value: Expr, have: FlatType) => f.set(local, extendBits(f, value, have, flat(local))),
  }));
  return { kind: 'flat', slots };
}

function flat({ type }: Local): FlatType {
  if (type === 'i32' || type === 'i64' || type === 'f32' || type === 'f64') return type;
  throw new InternalError(`${type} is no flat type`);
}

/** A slot of a variant's joined type read as the type of one case: `lift_flat_variant`. */
function lowerBits(f: FunctionBuilder, value: Expr, have: FlatType, want: FlatType): Expr {
  if (have === want) return value;
  if (have === 'i32' && want === 'f32') return f.f32.reinterpret_i32(value);
  if (have === 'i64' && want === 'i32') return f.i32.wrap_i64(value);
  if (have === 'i64' && want === 'f32') return f.f32.reinterpret_i32(f.i32.wrap_i64(value));
  if (have === 'i64' && want === 'f64') return f.f64.reinterpret_i64(value);
  throw new InternalError(`a slot of type ${have} cannot be read as ${want}`);
}

/** A value of one case as the variant's joined type: `lower_flat_variant`. */
function extendBits(f: FunctionBuilder, value: Expr, have: FlatType, want: FlatType): Expr {
  if (have === want) return value;
  if (have === 'f32' && want === 'i32') return f.i32.reinterpret_f32(value);
  if (have === 'i32' && want === 'i64') return f.i64.extend_i32_u(value);
  if (have === 'f32' && want === 'i64') return f.i64.extend_i32_u(f.i32.reinterpret_f32(value));
  if (have === 'f64' && want === 'i64') return f.i64.reinterpret_f64(value);
  throw new InternalError(`a value of type ${have} does not fit into a slot of type ${want}`);
}

/** Part of a value: `count` slots from `first` on, or what stands `offset` bytes on. */
export function sourcePart(source: Source, first: number, count: number, offset: number): Source {
  if (source.kind === 'flat') return { kind: 'flat', slots: source.slots.slice(first, first + count) };
  return { ...source, offset: source.offset + offset };
}
export function targetPart(target: Target, first: number, count: number, offset: number): Target {
  if (target.kind === 'flat') return { kind: 'flat', slots: target.slots.slice(first, first + count) };
  return { ...target, offset: target.offset + offset };
}

/** Reads the core value `index` of a value: the slot, or `load` at `offset` bytes. */
export function readCore(
  f: FunctionBuilder,
  source: Source,
  index: number,
  type: FlatType,
  load: (memory: Memory, address: Expr, offset: number) => Expr,
  offset = 0,
): Expr {
  if (source.kind === 'memory') return load(source.memory, f.get(source.base), source.offset + offset);
  const slot = source.slots[index];
  if (slot === undefined) throw new InternalError('a flat value has too few slots');
  return slot.read(f, type);
}

/** Writes the core value `index` of a value. */
export function writeCore(
  f: FunctionBuilder,
  target: Target,
  index: number,
  type: FlatType,
  value: Expr,
  store: (memory: Memory, address: Expr, value: Expr, offset: number) => Expr,
  offset = 0,
): Expr {
  if (target.kind === 'memory') return store(target.memory, f.get(target.base), value, target.offset + offset);
  const slot = target.slots[index];
  if (slot === undefined) throw new InternalError('a flat value has too few slots');
  return slot.write(f, value, type);
}
