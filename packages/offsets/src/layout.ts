/**
 * The arithmetic of layouts. In: a table of fields, a pointer size, counts. Out: where every field and every part of it
 * lies, and the total size. Nothing here knows which fields there are: those are the tables in `tables.ts`.
 *
 * Rejected: a builder with one call a field. As data, the same table also feeds the printers, the poison, the dump and
 * the documentation.
 */

/** Bytes of a pointer slot. The context memory is 32-bit either way: an 8-byte slot holds a zero-extended u32. */
export type PointerSize = 4 | 8;

/** `P` is the pointer size; a number is bytes. */
export type Size = 'P' | number;

export interface PartSpec {
  readonly name: string;
  readonly size: Size;
  /** `pointer`: an address or an index. `value`: anything else. `spare`: not used. */
  readonly kind: 'pointer' | 'value' | 'spare';
}

export interface FieldSpec<Count extends string = string> {
  readonly name: string;
  /** How many elements: a count of the component, by name, or a constant. */
  readonly count: Count | number;
  /** One element, from its first byte on; a part is aligned to its own size unless it is spare. */
  readonly parts: readonly PartSpec[];
  readonly align: Size;
}

export interface LayoutTable<Count extends string = string> {
  readonly name: string;
  readonly fields: readonly FieldSpec<Count>[];
}

/** A part of one element. `offset` is in bytes from the element's start. */
export interface PartLayout {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly kind: PartSpec['kind'];
}

/** A field in its place. All figures are bytes but `count`. Element `i` lies at `offset + i * stride`. */
export interface FieldLayout {
  readonly name: string;
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
  readonly align: number;
  readonly parts: readonly PartLayout[];
  readonly spec: FieldSpec;
}

export interface Layout {
  readonly name: string;
  readonly pointerSize: PointerSize;
  readonly fields: readonly FieldLayout[];
  /** Bytes, to the end of the last field. */
  readonly size: number;
}

/** The largest offset and size: everything has to fit into a u32. */
export const MAX_U32 = 0xffff_ffff;

/** Sum of two byte figures; RangeError when it does not fit into a u32. */
function add(what: string, a: number, b: number): number {
  const sum = a + b;
  if (sum > MAX_U32) throw new RangeError(`${what} does not fit into 32-bit addresses (${sum} bytes)`);
  return sum;
}

function alignTo(what: string, offset: number, align: number): number {
  const rest = offset % align;
  return rest === 0 ? offset : add(what, offset, align - rest);
}

export function checkPointerSize(pointerSize: number): void {
  if (pointerSize !== 4 && pointerSize !== 8) throw new RangeError(`pointer size must be 4 or 8, not ${pointerSize}`);
}

export function checkCount(name: string, count: unknown): number {
  // `>>> 0` leaves exactly the integers from 0 to 2^32-1 unchanged.
  if ((count as number) >>> 0 !== count) {
    throw new RangeError(`count of ${name} must be an integer from 0 to ${MAX_U32}, not ${String(count)}`);
  }
  return count;
}

/** Lays out a table. RangeError for a bad pointer size, a bad count, or a block that 32 bits cannot address. */
export function layOut<Count extends string>(
  table: LayoutTable<Count>,
  pointerSize: PointerSize,
  counts: Readonly<Record<Count, number>>,
): Layout {
  checkPointerSize(pointerSize);
  const bytes = (size: Size): number => (size === 'P' ? pointerSize : size);
  let cursor = 0;
  const fields = table.fields.map((spec): FieldLayout => {
    const what = `${table.name}.${spec.name}`;
    const count = checkCount(spec.name, typeof spec.count === 'number' ? spec.count : counts[spec.count]);
    const align = bytes(spec.align);
    let end = 0;
    const parts = spec.parts.map((part): PartLayout => {
      const size = bytes(part.size);
      const offset = part.kind === 'spare' ? end : alignTo(what, end, size);
      end = offset + size;
      return { name: part.name, offset, size, kind: part.kind };
    });
    const stride = alignTo(what, end, align);
    const offset = alignTo(what, cursor, align);
    // Both factors are below 2^32, so the product may be inexact but never wrongly small.
    cursor = add(what, offset, count * stride);
    return Object.freeze({ name: spec.name, offset, stride, count, align, parts: Object.freeze(parts), spec });
  });
  return Object.freeze({ name: table.name, pointerSize, fields: Object.freeze(fields), size: cursor });
}
