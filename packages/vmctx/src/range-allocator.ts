/**
 * Hands out ranges of numbered units: bytes of the context memory, slots of the function table. In: sizes. Out: starts.
 * It holds nothing but numbers, so that it can be tested without any memory.
 *
 * First fit over the free ranges in ascending order; a freed range melts with its neighbours. What there is to hand out
 * comes from whoever is asked for more when nothing fits.
 *
 * Rejected: size classes. Contexts of one component are all of one size, and there are few others.
 */
import { VmctxError } from './errors.ts';

/** Consecutive units. */
export interface Range {
  readonly start: number;
  readonly size: number;
}

interface Free {
  start: number;
  size: number;
}

/** Asked for `size` units in a row, at a multiple of `align`, that it has not given before. Throws when there are none. */
export type MoreUnits = (size: number, align: number) => Range;

export class RangeAllocator {
  /** Ascending, never touching one another. */
  readonly #free: Free[] = [];
  /** Sizes of the ranges in use, by start. */
  readonly #used = new Map<number, number>();
  readonly #what: string;
  #usedUnits = 0;

  /** `what` is for messages. */
  constructor(what: string) {
    this.#what = what;
  }

  /** Units in use now. */
  get used(): number {
    return this.#usedUnits;
  }
  /** What is free now: ascending, never touching one another. */
  get free(): readonly Range[] {
    return this.#free;
  }

  /** A range of `size` units at a multiple of `align` (a power of two). Nothing changes when `more` throws. */
  allocate(size: number, align: number, more: MoreUnits): number {
    const start = this.tryAllocate(size, align);
    if (start !== null) return start;
    this.add(more(size, align));
    const found = this.tryAllocate(size, align);
    if (found === null) throw new VmctxError(`there are no ${size} ${this.#what} in what was added`);
    return found;
  }

  /** As {@link allocate}, from what is there; null when nothing fits. */
  tryAllocate(size: number, align: number): number | null {
    if (!Number.isSafeInteger(size) || size <= 0) throw new VmctxError(`cannot allocate ${size} ${this.#what}`);
    for (let i = 0; i < this.#free.length; i += 1) {
      const hole = this.#free[i] as Free;
      const start = Math.ceil(hole.start / align) * align;
      const end = hole.start + hole.size;
      if (start + size > end) continue;
      if (start > hole.start) {
        hole.size = start - hole.start;
        if (start + size < end) this.#free.splice(i + 1, 0, { start: start + size, size: end - start - size });
      } else if (start + size < end) {
        hole.start += size;
        hole.size -= size;
      } else {
        this.#free.splice(i, 1);
      }
      this.#used.set(start, size);
      this.#usedUnits += size;
      return start;
    }
    return null;
  }

  /** Gives a range back; returns its size. VmctxError when none in use starts there. */
  release(start: number): number {
    const size = this.#used.get(start);
    if (size === undefined) throw new VmctxError(`no ${this.#what} in use start at ${start}`);
    this.#used.delete(start);
    this.#usedUnits -= size;
    this.add({ start, size });
    return size;
  }

  /** Size of the range in use that starts at `start`; undefined when there is none. */
  sizeOf(start: number): number | undefined {
    return this.#used.get(start);
  }

  /** More units to hand out: none of them is free or in use. */
  add({ start, size }: Range): void {
    const at = this.#firstAfter(start);
    const before = this.#free[at - 1];
    const after = this.#free[at];
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsAfter = after !== undefined && start + size === after.start;
    if (joinsBefore && joinsAfter) {
      before.size += size + after.size;
      this.#free.splice(at, 1);
    } else if (joinsBefore) {
      before.size += size;
    } else if (joinsAfter) {
      after.start = start;
      after.size += size;
    } else {
      this.#free.splice(at, 0, { start, size });
    }
  }

  /** Index of the first free range that starts after `start`. */
  #firstAfter(start: number): number {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#free[middle] as Free).start > start) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
