/**
 * Hands out ranges of numbered units: bytes of the context memory, slots of the function table. In: sizes. Out: starts.
 * It holds nothing but numbers, so that it can be tested without any memory.
 *
 * First fit over the free ranges in ascending order; a freed range melts with its neighbours. What there is to hand out
 * comes from whoever is asked for more when nothing fits.
 *
 * Rejected: size classes (contexts of one component are all of one size, and there are few others), and a table of the
 * ranges in use: who has one knows its size, and for small contexts an entry was a tenth of what an instance takes.
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
      this.#usedUnits += size;
      return start;
    }
    return null;
  }

  /** Gives a range back. VmctxError when some of it is free. */
  release(start: number, size: number): void {
    this.add({ start, size });
    this.#usedUnits -= size;
  }

  /** More units to hand out: none of them is in use. VmctxError when some of them are free. */
  add({ start, size }: Range): void {
    const free = this.#free;
    const after = free.findIndex((one) => one.start > start);
    const at = after < 0 ? free.length : after;
    const end = (one: Range | undefined): number => (one === undefined ? 0 : one.start + one.size);
    if (end(free[at - 1]) > start || start + size > (free[at]?.start ?? Number.POSITIVE_INFINITY)) {
      throw new VmctxError(`${size} ${this.#what} at ${start} are not in use`);
    }
    free.splice(at, 0, { start, size });
    // With the one behind it, then with the one before it.
    for (const i of [at, at - 1]) {
      const one = free[i];
      if (one === undefined || end(one) !== free[i + 1]?.start) continue;
      one.size += free[i + 1]!.size;
      free.splice(i + 1, 1);
    }
  }
}
