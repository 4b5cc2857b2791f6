/**
 * `AbiPlan`: a value type as the canonical ABI sees it, for one address type: sizes, alignments, offsets in bytes, flat
 * core types. A frozen graph, interned by type. Two consumers walk it: lift/lower in `host` and the fused adapters in
 * `adapter-codegen`. Nothing else knows the ABI.
 *
 * The specialised kinds (tuple, enum, option, result, map) stay visible, because their JavaScript values differ; what
 * the ABI makes of them is already in the fields (CanonicalABI.md#despecialization).
 */
import type { ResourceIndex, TypeIndex } from '../plan.ts';
import type { AddressType, FlatType } from './layout.ts';

export { FLAT_LIMIT } from './layout.ts';
export type { AddressType, FlatType };

interface Shape {
  /** The type's index in `ComponentPlan.types`; -1 for the tuple of spilled parameters and the pair of a map. */
  readonly type: TypeIndex;
  /** Bytes. */
  readonly size: number;
  /** Bytes; a power of two. */
  readonly align: 1 | 2 | 4 | 8;
  /** The core values it flattens to, cut off after `FLAT_LIMIT` (longer than any limit means: spilled). */
  readonly flat: readonly FlatType[];
  /**
   * Whether every bit pattern is valid, there is no padding and no pointer: such elements may be copied whole
   * between memories (integers and floats, and records, tuples and fixed-length lists of them).
   */
  readonly bulk: boolean;
  /** Whether a value holds an own or a borrow anywhere. */
  readonly handles: boolean;
  /** Whether a value holds a borrow anywhere. */
  readonly borrows: boolean;
  /** Whether a value holds a string or a list (other than fixed-length) anywhere, so that lowering it calls realloc. */
  readonly pointers: boolean;
}

export interface AbiField {
  readonly name: string;
  readonly type: AbiPlan;
  /** Byte offset in the record. */
  readonly offset: number;
}
export interface AbiCase {
  readonly name: string;
  readonly type: AbiPlan | null;
}

export type AbiScalarKind =
  | 'bool'
  | 's8'
  | 'u8'
  | 's16'
  | 'u16'
  | 's32'
  | 'u32'
  | 's64'
  | 'u64'
  | 'f32'
  | 'f64'
  | 'char';

export type AbiScalar = Shape & { readonly kind: AbiScalarKind };
export type AbiString = Shape & { readonly kind: 'string' };
/** `length` null: (pointer, length) in memory; otherwise the elements stand inline. */
export type AbiList = Shape & { readonly kind: 'list'; readonly element: AbiPlan; readonly length: number | null };
/** Despecialises to a list of tuples: `element` is that tuple. */
export type AbiMap = Shape & { readonly kind: 'map'; readonly element: AbiRecord; readonly length: null };
/** A tuple's field names are "0", "1", …. */
export type AbiRecord = Shape & { readonly kind: 'record' | 'tuple'; readonly fields: readonly AbiField[] };
/** Also enum (no payloads), option (cases none, some) and result (cases ok, error). */
export type AbiVariant = Shape & {
  readonly kind: 'variant' | 'enum' | 'option' | 'result';
  readonly cases: readonly AbiCase[];
  /** Bytes. */
  readonly discriminantSize: 1 | 2 | 4;
  /** Byte offset of every payload. */
  readonly payloadOffset: number;
};
export type AbiFlags = Shape & { readonly kind: 'flags'; readonly names: readonly string[] };
export type AbiHandle = Shape & { readonly kind: 'own' | 'borrow'; readonly resource: ResourceIndex };
/** Decoded and laid out; running them is the task layer's. */
export type AbiAsync = Shape & {
  readonly kind: 'stream' | 'future' | 'error-context';
  readonly element: AbiPlan | null;
};

export type AbiPlan =
  | AbiScalar
  | AbiString
  | AbiList
  | AbiMap
  | AbiRecord
  | AbiVariant
  | AbiFlags
  | AbiHandle
  | AbiAsync;

/** A function type as one side of a call sees it (CanonicalABI.md#flattening). */
export interface FuncAbi {
  readonly address: AddressType;
  readonly params: readonly AbiField[];
  /** Null for a function without result. */
  readonly result: AbiPlan | null;
  /** Set when the parameters do not fit into 16 flat values: the tuple that a single pointer parameter points to. */
  readonly spilledParams: AbiRecord | null;
  /** Whether the result does not fit into 1 flat value: lift returns a pointer to it, lower takes one as last parameter. */
  readonly spilledResult: boolean;
  /** The core function's type. */
  readonly flatParams: readonly FlatType[];
  readonly flatResults: readonly FlatType[];
}
