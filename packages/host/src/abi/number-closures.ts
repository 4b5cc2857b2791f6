/**
 * Lists of numbers as closures. In: the element type. Out: what the closures of lift and lower do with such lists.
 *
 * Each element type has its own accesses to typed arrays: an access that sees all of them costs as much as copying 100 bytes.
 */
import type { GuestMemory } from '../call/guest-memory.ts';
import type { GuestSide } from '../call/guest-side.ts';
import { checkList, MAX_LIST_BYTE_LENGTH } from './limits.ts';
import { lengthOf, type NumberArray, type NumberKind, numberLists, offsetOf, readNumbers } from './number-lists.ts';

interface Access {
  /** Whether a value is a typed array of this type. */
  readonly is: (value: unknown) => boolean;
  /** Copies a typed array to `start` (in elements). */
  readonly put: (memory: GuestMemory, source: never, start: number) => void;
  /** A copy of the elements from `start` to `end`. */
  readonly take: (memory: GuestMemory, start: number, end: number) => NumberArray;
}

const { isView } = ArrayBuffer;

const accesses: Readonly<Record<NumberKind, Access>> = {
  u8: {
    is: (value) => isView(value) && value instanceof Uint8Array,
    put: (memory, source, start) => memory.u8.set(source, start),
    take: (memory, start, end) => memory.u8.slice(start, end),
  },
  s8: {
    is: (value) => isView(value) && value instanceof Int8Array,
    put: (memory, source, start) => memory.i8.set(source, start),
    take: (memory, start, end) => memory.i8.slice(start, end),
  },
  u16: {
    is: (value) => isView(value) && value instanceof Uint16Array,
    put: (memory, source, start) => memory.u16.set(source, start),
    take: (memory, start, end) => memory.u16.slice(start, end),
  },
  s16: {
    is: (value) => isView(value) && value instanceof Int16Array,
    put: (memory, source, start) => memory.i16.set(source, start),
    take: (memory, start, end) => memory.i16.slice(start, end),
  },
  u32: {
    is: (value) => isView(value) && value instanceof Uint32Array,
    put: (memory, source, start) => memory.u32.set(source, start),
    take: (memory, start, end) => memory.u32.slice(start, end),
  },
  s32: {
    is: (value) => isView(value) && value instanceof Int32Array,
    put: (memory, source, start) => memory.i32.set(source, start),
    take: (memory, start, end) => memory.i32.slice(start, end),
  },
  u64: {
    is: (value) => isView(value) && value instanceof BigUint64Array,
    put: (memory, source, start) => memory.u64.set(source, start),
    take: (memory, start, end) => memory.u64.slice(start, end),
  },
  s64: {
    is: (value) => isView(value) && value instanceof BigInt64Array,
    put: (memory, source, start) => memory.i64.set(source, start),
    take: (memory, start, end) => memory.i64.slice(start, end),
  },
  f32: {
    is: (value) => isView(value) && value instanceof Float32Array,
    put: (memory, source, start) => memory.f32.set(source, start),
    take: (memory, start, end) => memory.f32.slice(start, end),
  },
  f64: {
    is: (value) => isView(value) && value instanceof Float64Array,
    put: (memory, source, start) => memory.f64.set(source, start),
    take: (memory, start, end) => memory.f64.slice(start, end),
  },
};

export interface NumberList {
  /** JS → snapshot; `keep` as in readNumbers. */
  readonly read: (value: unknown, keep: boolean) => NumberArray;
  /** Allocates and copies; returns the address, the number of elements is in `side.length`. */
  readonly store: (side: GuestSide, source: NumberArray) => number;
  /** Copies to byte address `at`. */
  readonly put: (memory: GuestMemory, source: NumberArray, at: number) => void;
  /** With the checks of CanonicalABI.md#loading: `load_list_from_range`. `length` in elements. */
  readonly load: (memory: GuestMemory, address: number, length: number) => NumberArray;
  /** Without. */
  readonly take: (memory: GuestMemory, address: number, length: number) => NumberArray;
}

export function numberList(kind: NumberKind): NumberList {
  const { is, put, take } = accesses[kind];
  const { size } = numberLists[kind];
  const limit = MAX_LIST_BYTE_LENGTH / size;
  return {
    read: (value, keep) =>
      keep && is(value) && lengthOf(value as NumberArray) <= limit
        ? (value as NumberArray)
        : readNumbers(kind, value, keep),
    store: (side, source) => {
      const { memory } = side;
      const { u8 } = memory;
      const length = lengthOf(source);
      const offset = offsetOf(source);
      const address = side.reallocate(0, 0, size, length * size);
      if (memory.u8 === u8 || lengthOf(source) === length) {
        // `set` refuses one whose buffer has been detached: it is empty.
        if (length > 0) put(memory, source as never, address / size);
      } else {
        // The source was a view of this very memory, and growing it detached the view. Its bytes are where they were.
        memory.u8.copyWithin(address, offset, offset + length * size);
      }
      side.length = length;
      side.tagged = false;
      return address;
    },
    put: (memory, source, at) => put(memory, source as never, at / size),
    load: (memory, address, length) => {
      checkList(address, length, size, size, memory.u8.length);
      return take(memory, address / size, address / size + length);
    },
    take: (memory, address, length) => take(memory, address / size, address / size + length),
  };
}
