/**
 * The arithmetic of the canonical ABI: sizes, alignments and flat core types, computed from the layouts of the parts.
 * In: the layouts of a type's elements and the address type. Out: the layout of the type. Pure functions over numbers,
 * so that translation, validation and tests can each bring their own representation of types.
 *
 * Rejected: functions over `PlanType`. The validator has no plan yet when it needs the core signature of a lift.
 */

/** CanonicalABI.md#flattening */
export type FlatType = 'i32' | 'i64' | 'f32' | 'f64';
/** The address type of a memory. */
export type AddressType = 'i32' | 'i64';
/** Byte alignment. */
export type Align = 1 | 2 | 4 | 8;

/** More flat values than this are not listed: beyond every limit of the ABI. */
export const FLAT_LIMIT = 17;

/** CanonicalABI.md#flattening: how many flat values a call passes in core parameters and results. */
export const MAX_FLAT_PARAMS = 16;
export const MAX_FLAT_ASYNC_PARAMS = 4;
export const MAX_FLAT_RESULTS = 1;

export interface Layout {
  /** Bytes. */
  readonly size: number;
  /** Bytes. */
  readonly align: Align;
  /** Cut off after {@link FLAT_LIMIT} entries. */
  readonly flat: readonly FlatType[];
}

/** A layout with the byte offset of each field. */
export interface RecordLayout extends Layout {
  readonly offsets: readonly number[];
}

export interface VariantLayout extends Layout {
  /** Bytes. */
  readonly discriminantSize: 1 | 2 | 4;
  /** Byte offset of every payload. */
  readonly payloadOffset: number;
}

/** Bytes in memory of the primitive types of one flat value; they are their own alignment. */
const scalarSizes = {
  bool: 1,
  s8: 1,
  u8: 1,
  s16: 2,
  u16: 2,
  s32: 4,
  u32: 4,
  s64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
  char: 4,
} as const;

export type ScalarKind = keyof typeof scalarSizes;

/** Whether `kind` names a type of {@link scalarLayout}. */
export function isScalar(kind: string): kind is ScalarKind {
  return Object.hasOwn(scalarSizes, kind);
}

/** `value` rounded up to a multiple of `align` (CanonicalABI.md#element-size). */
export function alignTo(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}

export function scalarLayout(kind: ScalarKind): Layout {
  const size = scalarSizes[kind];
  const flat = kind === 'f32' || kind === 'f64' ? kind : size === 8 ? 'i64' : 'i32';
  return { size, align: size, flat: [flat] };
}

/** An own, borrow, stream, future or error-context: an index into a handle table. */
export const handleLayout: Layout = scalarLayout('u32');

/** A string, or a list without fixed length: pointer and length. */
export function pairLayout(address: AddressType): Layout {
  const align = address === 'i32' ? 4 : 8;
  return { size: 2 * align, align, flat: [address, address] };
}

/** A list of fixed length: its elements, inline. */
export function fixedListLayout(element: Layout, length: number): Layout {
  const listed = Array.from({ length: Math.min(length, FLAT_LIMIT) }, () => element);
  return { size: element.size * length, align: element.align, flat: flatten(listed) };
}

/** A record or tuple. */
export function recordLayout(fields: readonly Layout[]): RecordLayout {
  const offsets: number[] = [];
  let size = 0;
  let align: Align = 1;
  for (const field of fields) {
    size = alignTo(size, field.align);
    offsets.push(size);
    size += field.size;
    align = wider(align, field.align);
  }
  return { size: alignTo(size, align), align, flat: flatten(fields), offsets };
}

/** A variant, enum, option or result; `null` for a case without payload. */
export function variantLayout(cases: readonly (Layout | null)[]): VariantLayout {
  const discriminant = discriminantSize(cases.length);
  let payloadAlign: Align = 1;
  let payloadSize = 0;
  const payload: FlatType[] = [];
  for (const item of cases) {
    if (item === null) continue;
    payloadAlign = wider(payloadAlign, item.align);
    payloadSize = Math.max(payloadSize, item.size);
    item.flat.forEach((type, i) => {
      const before = payload[i];
      payload[i] = before === undefined ? type : joinFlat(before, type);
    });
  }
  const flat: FlatType[] = ['i32', ...payload.slice(0, FLAT_LIMIT - 1)];
  const align = wider(discriminant, payloadAlign);
  const payloadOffset = alignTo(discriminant, payloadAlign);
  return {
    size: alignTo(payloadOffset + payloadSize, align),
    align,
    flat,
    discriminantSize: discriminant,
    payloadOffset,
  };
}

/** Flags, packed into the least of 1, 2 or 4 bytes. */
export function flagsLayout(count: number): Layout {
  return scalarLayout(count <= 8 ? 'u8' : count <= 16 ? 'u16' : 'u32');
}

/** CanonicalABI.md#alignment: bytes of the discriminant of `count` cases. */
export function discriminantSize(count: number): 1 | 2 | 4 {
  return count <= 0x100 ? 1 : count <= 0x1_0000 ? 2 : 4;
}

/** CanonicalABI.md#flattening: the core type that can carry either of two. */
export function joinFlat(a: FlatType, b: FlatType): FlatType {
  if (a === b) return a;
  if ((a === 'i32' && b === 'f32') || (a === 'f32' && b === 'i32')) return 'i32';
  return 'i64';
}

/** How a function is lifted or lowered, as far as its core type depends on it. */
export interface FlattenOptions {
  readonly address: AddressType;
  readonly async?: boolean;
  /** Whether a callback is given; matters to an async lift only. */
  readonly callback?: boolean;
}

/** The core function type of a lift or lower. */
export interface FlatSignature {
  readonly params: readonly FlatType[];
  readonly results: readonly FlatType[];
  /** Whether one pointer stands for all parameters. */
  readonly spilledParams: boolean;
  /** Whether the result is passed through memory. */
  readonly spilledResult: boolean;
}

/** CanonicalABI.md#flattening: `flatten_functype`. */
export function flattenFunc(
  params: readonly Layout[],
  result: Layout | null,
  { address, async = false, callback = false }: FlattenOptions,
  direction: 'lift' | 'lower',
): FlatSignature {
  const isLower = direction === 'lower';
  const flat = flatten(params);
  const spilledParams = flat.length > (async && isLower ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS);
  const flatParams = spilledParams ? [address] : flat;
  const flatResult = result?.flat ?? [];
  // An async lift passes its result to task.return, as a parameter of that.
  const maxResults = !async ? MAX_FLAT_RESULTS : isLower ? 0 : MAX_FLAT_PARAMS;
  const spilledResult = flatResult.length > maxResults;
  if (isLower && spilledResult) flatParams.push(address);
  const spilled: FlatType[] = isLower ? [] : [address];
  const status: FlatType[] = isLower || callback ? ['i32'] : [];
  const results = async ? status : spilledResult ? spilled : flatResult;
  return { params: flatParams, results, spilledParams, spilledResult };
}

/** The flat core types of `parts`, one after the other. */
function flatten(parts: readonly Layout[]): FlatType[] {
  const flat: FlatType[] = [];
  for (const part of parts) for (const type of part.flat) if (flat.length < FLAT_LIMIT) flat.push(type);
  return flat;
}

function wider(a: Align, b: Align): Align {
  return a >= b ? a : b;
}
