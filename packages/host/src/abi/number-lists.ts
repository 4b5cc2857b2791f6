/**
 * Lists of numbers, which are typed arrays in JavaScript: one copy each way.
 *
 * Reading (JS → snapshot) takes the typed array of the element type as it is, and makes one from any other iterable.
 * Rejected: taking typed arrays of other element types by their bytes (a `Uint8ClampedArray` is an iterable of numbers, and
 * a `Float64Array` holds no integers).
 */
import type { AbiScalarKind } from '@gangway/component/abi';
import type { GuestMemory } from '../call/guest-memory.ts';
import type { GuestSide } from '../call/guest-side.ts';
import { located } from './argument-error.ts';
import { countItems, listItems, tooLong } from './iterables.ts';
import { checkList, MAX_LIST_BYTE_LENGTH } from './limits.ts';
import { scalarChecks } from './scalar-checks.ts';

export type NumberKind = Exclude<AbiScalarKind, 'bool' | 'char'>;
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

export type ViewName = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'f64' | 'u64' | 'i64';

export interface NumberListKind {
  /** The view of GuestMemory with elements of this type. */
  readonly view: ViewName;
  /** Bytes of an element. */
  readonly size: 1 | 2 | 4 | 8;
  readonly array: new (length: number) => NumberArray;
}

export const numberLists: Readonly<Record<NumberKind, NumberListKind>> = {
  u8: { view: 'u8', size: 1, array: Uint8Array },
  s8: { view: 'i8', size: 1, array: Int8Array },
  u16: { view: 'u16', size: 2, array: Uint16Array },
  s16: { view: 'i16', size: 2, array: Int16Array },
  u32: { view: 'u32', size: 4, array: Uint32Array },
  s32: { view: 'i32', size: 4, array: Int32Array },
  u64: { view: 'u64', size: 8, array: BigUint64Array },
  s64: { view: 'i64', size: 8, array: BigInt64Array },
  f32: { view: 'f32', size: 4, array: Float32Array },
  f64: { view: 'f64', size: 8, array: Float64Array },
};

export function isNumberKind(kind: string): kind is NumberKind {
  return Object.hasOwn(numberLists, kind);
}

// The intrinsic getters: what an object says of itself under these names may be code of the embedder.
const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
const getter = (name: string): ((this: unknown) => number) =>
  Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: unknown) => number;
const intrinsicLength = getter('length');
const intrinsicOffset = getter('byteOffset');

/** Elements of a typed array. */
export function lengthOf(array: NumberArray): number {
  return intrinsicLength.call(array);
}

/** Bytes from the start of its buffer. */
export function offsetOf(array: NumberArray): number {
  return intrinsicOffset.call(array);
}

/**
 * A snapshot of a list of `kind`. `keep`: no code of the embedder runs between here and the write, so that the array
 * itself can stand for its contents.
 */
export function readNumbers(kind: NumberKind, value: unknown, keep: boolean): NumberArray {
  const { array, size } = numberLists[kind];
  if (ArrayBuffer.isView(value) && value instanceof array) {
    const length = lengthOf(value);
    if (length * size > MAX_LIST_BYTE_LENGTH) tooLong();
    if (keep) return value;
    const copy = new array(length);
    // `set` refuses one whose buffer has been detached: it is empty.
    if (length > 0) copy.set(value as never);
    return copy;
  }
  return readIterable(kind, value);
}

function readIterable(kind: NumberKind, value: unknown): NumberArray {
  const { array, size } = numberLists[kind];
  const check = scalarChecks[kind];
  const limit = Math.floor(MAX_LIST_BYTE_LENGTH / size);
  const items = listItems(value, limit, 'a list');
  const copy = new array(countItems(items, limit));
  let index = 0;
  try {
    for (; index < copy.length; index++) copy[index] = check(items[index]) as never;
  } catch (error) {
    throw located(error, `[${index}]`);
  }
  return copy;
}

/** Allocates and copies; returns the address, the number of elements is in `side.length`. */
export function storeNumbers(side: GuestSide, kind: NumberKind, source: NumberArray): number {
  const { view, size } = numberLists[kind];
  const length = lengthOf(source);
  const offset = offsetOf(source);
  const address = side.reallocate(0, 0, size, length * size);
  if (lengthOf(source) === length) {
    writeNumbers(side.memory, view, address / size, source, length);
  } else {
    // The source was a view of this very memory, and growing it detached the view. Its bytes are where they were.
    side.memory.u8.copyWithin(address, offset, offset + length * size);
  }
  side.length = length;
  return address;
}

/** Below this many elements a loop is faster than `set`. */
const SHORT = 16;

/** `start` in elements. */
export function writeNumbers(
  memory: GuestMemory,
  view: ViewName,
  start: number,
  source: NumberArray,
  length: number,
): void {
  const target = memory[view] as Uint8Array;
  const from = source as Uint8Array;
  if (length > SHORT) target.set(from, start);
  else for (let i = 0; i < length; i++) target[start + i] = from[i]!;
}

/** CanonicalABI.md#loading: `load_list_from_range`. `length` in elements. */
export function loadNumbers(memory: GuestMemory, kind: NumberKind, address: number, length: number): NumberArray {
  const { view, size } = numberLists[kind];
  checkList(address, length, size, size, memory.u8.length);
  return sliceNumbers(memory, view, address / size, length);
}

/** A copy of a range that has been checked. `start` in elements. */
export function sliceNumbers(memory: GuestMemory, view: ViewName, start: number, length: number): NumberArray {
  return memory[view].slice(start, start + length);
}
