/**
 * The intrinsics: functions that read and write the bytes that a store shares with its components (`Store({ data })`). In:
 * nothing. Out: one table of names and types. The order is that of `intrinsic_func_refs` in the vmctx: new ones go last.
 *
 * Names and types are wasmtime's unsafe intrinsics. Addresses are of the store's context memory.
 *
 * NON-SPEC: the specification has no such imports. Only a component whose embedder asks for it gets them.
 */
import type { Id } from './ids.ts';

export type IntrinsicIndex = Id<'intrinsic'>;

type Unsigned = 'u8' | 'u16' | 'u32' | 'u64';

export interface Intrinsic {
  readonly name: string;
  /** What it does; null for the address of the data. */
  readonly access: 'load' | 'store' | null;
  /** Type of the value that is read or written, and its size in bytes. */
  readonly value: Unsigned;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Component-level type. */
  readonly params: readonly Unsigned[];
  readonly result: Unsigned | null;
}

const values = [
  ['u8', 1],
  ['u16', 2],
  ['u32', 4],
  ['u64', 8],
] as const;

/** By `IntrinsicIndex`. */
export const intrinsics: readonly Intrinsic[] = [
  { name: 'store-data-address', access: null, value: 'u64', bytes: 8, params: [], result: 'u64' },
  ...values.flatMap(([value, bytes]): Intrinsic[] => [
    { name: `${value}-native-load`, access: 'load', value, bytes, params: ['u64'], result: value },
    { name: `${value}-native-store`, access: 'store', value, bytes, params: ['u64', value], result: null },
  ]),
];

/** Undefined when there is no intrinsic of that name. */
export function intrinsicIndex(name: string): IntrinsicIndex | undefined {
  const index = intrinsics.findIndex((one) => one.name === name);
  return index < 0 ? undefined : (index as IntrinsicIndex);
}

/** The core type of an intrinsic. */
export function intrinsicCoreType({ params, result }: Intrinsic): {
  readonly params: readonly ('i32' | 'i64')[];
  readonly results: readonly ('i32' | 'i64')[];
} {
  return { params: params.map(flat), results: result === null ? [] : [flat(result)] };
}

function flat(type: Unsigned): 'i32' | 'i64' {
  return type === 'u64' ? 'i64' : 'i32';
}
