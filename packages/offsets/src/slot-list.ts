/**
 * A list of a block: equal elements in a row. In: where it begins and how wide an element is. Out: byte offsets, each with its index
 * checked.
 *
 * Rejected: a function for each part of each list. A component that starts needs a few of them, and making two dozen closures
 * took longer than all else that it does with its vmctx.
 */
export class SlotList {
  /** Its name in `tables.ts`. */
  readonly field: string;
  /** How many elements there are. */
  readonly count: number;
  readonly #base: number;
  readonly #width: number;
  readonly #unit: number;

  /** `base`: byte offset of element 0. An element has `width` parts of `unit` bytes. */
  constructor(field: string, base: number, count: number, width: number, unit: number) {
    this.field = field;
    this.count = count;
    this.#base = base;
    this.#width = width;
    this.#unit = unit;
  }

  /** Byte offset of part `part` of element `i`. RangeError when there is no such element. */
  at(i: number, part = 0): number {
    // `>>> 0` leaves exactly the integers from 0 to 2^32-1 unchanged.
    if (i >>> 0 !== i || i >= this.count) {
      throw new RangeError(`${this.field}[${i}] is out of range: there are ${this.count}`);
    }
    return this.#base + (i * this.#width + part) * this.#unit;
  }
}
