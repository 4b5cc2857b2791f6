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

/** The primitive types of one flat value, and their bytes in memory. */
const scalars = {
  bool: { size: 1, align: 1, flat: ['i32'] },
  s8: { size: 1, align: 1, flat: ['i32'] },
  u8: { size: 1, align: 1, flat: ['i32'] },
  s16: { size: 2, align: 2, flat: ['i32'] },
  u16: { size: 2, align: 2, flat: ['i32'] },
  s32: { size: 4, align: 4, flat: ['i32'] },
  u32: { size: 4, align: 4, flat: ['i32'] },
  s64: { size: 8, align: 8, flat: ['i64'] },
  u64: { size: 8, align: 8, flat: ['i64'] },
  f32: { size: 4, align: 4, flat: ['f32'] },
  f64: { size: 8, align: 8, flat: ['f64'] },
  char: { size: 4, align: 4, flat: ['i32'] },
} as const satisfies Record<string, Layout>;

export type ScalarKind = keyof typeof scalars;

/** Whether `kind` names a type of {@link scalarLayout}. */
export function isScalar(kind: string): kind is ScalarKind {
  return Object.hasOwn(scalars, kind);
}

/** `value` rounded up to a multiple of `align` (CanonicalABI.md#element-size). */
export function alignTo(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}

export function scalarLayout(kind: ScalarKind): Layout {
  return scalars[kind];
}

/** An own, borrow, stream, future or error-context: an index into a handle table. */
export const handleLayout: Layout = scalars.u32;

/** A string, or a list without fixed length: pointer and length. */
export function pairLayout(address: AddressType): Layout {
  return pairs[address];
}

const pairs: Readonly<Record<AddressType, Layout>> = {
  i32: { size: 8, align: 4, flat: ['i32', 'i32'] },
  i64: { size: 16, align: 8, flat: ['i64', 'i64'] },
};

/** A list of fixed length: its elements, inline. */
export function fixedListLayout(element: Layout, length: number): Layout {
  const flat: FlatType[] = [];
  for (let i = 0; i < length && flat.length < FLAT_LIMIT && element.flat.length > 0; i++) append(flat, element.flat);
  return { size: element.size * length, align: element.align, flat };
}

/** A record or tuple. */
export function recordLayout(fields: readonly Layout[]): RecordLayout {
  const offsets: number[] = [];
  const flat: FlatType[] = [];
  let size = 0;
  let align: Align = 1;
  for (const field of fields) {
    size = alignTo(size, field.align);
    offsets.push(size);
    size += field.size;
    align = wider(align, field.align);
    append(flat, field.flat);
  }
  return { size: alignTo(size, align), align, flat, offsets };
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
  const flat: FlatType[] = ['i32'];
  append(flat, payload);
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
  if (count <= 8) return scalars.u8;
  if (count <= 16) return scalars.u16;
  return scalars.u32;
}

/** CanonicalABI.md#alignment: bytes of the discriminant of `count` cases. */
export function discriminantSize(count: number): 1 | 2 | 4 {
  if (count <= 0x100) return 1;
  if (count <= 0x1_0000) return 2;
  return 4;
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
  options: FlattenOptions,
  direction: 'lift' | 'lower',
): FlatSignature {
  const isAsync = options.async ?? false;
  const maxParams = isAsync && direction === 'lower' ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
  let flatParams: FlatType[] = [];
  for (const param of params) append(flatParams, param.flat);
  const spilledParams = flatParams.length > maxParams;
  if (spilledParams) flatParams = [options.address];
  const flatResult = result?.flat ?? [];
  if (direction === 'lift') {
    if (isAsync) {
      const results: FlatType[] = options.callback ? ['i32'] : [];
      return { params: flatParams, results, spilledParams, spilledResult: flatResult.length > MAX_FLAT_PARAMS };
    }
    const spilledResult = flatResult.length > MAX_FLAT_RESULTS;
    return {
      params: flatParams,
      results: spilledResult ? [options.address] : flatResult,
      spilledParams,
      spilledResult,
    };
  }
  const spilledResult = flatResult.length > (isAsync ? 0 : MAX_FLAT_RESULTS);
  if (spilledResult) flatParams.push(options.address);
  const results: readonly FlatType[] = isAsync ? ['i32'] : spilledResult ? [] : flatResult;
  return { params: flatParams, results, spilledParams, spilledResult };
}

function append(flat: FlatType[], more: readonly FlatType[]): void {
  for (let i = 0; i < more.length && flat.length < FLAT_LIMIT; i++) flat.push(more[i] as FlatType);
}

function wider(a: Align, b: Align): Align {
  return a >= b ? a : b;
}
