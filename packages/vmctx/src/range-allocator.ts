/**
 * Hands out ranges of a line of units: bytes of the context memory, slots of the function table. In: sizes. Out: starts.
 * It holds nothing but numbers, so that it can be tested without any memory.
 *
 * First fit over the free ranges in ascending order; a freed range melts with its neighbours, and a free range at the
 * end is given back to the line's unused rest. So freeing everything leaves it as it was, in whatever order.
 *
 * Rejected: size classes. Contexts of one component are all of one size, and there are few others.
 */
import { VmctxError } from './errors.ts';

interface Free {
  start: number;
  size: number;
}

export class RangeAllocator {
  /** Ascending, never touching one another or the end of what was handed out. */
  readonly #free: Free[] = [];
  /** Sizes of the ranges in use, by start. */
  readonly #used = new Map<number, number>();
  readonly #what: string;
  /** Everything from here on has never been handed out, or was given back. */
  #end: number;
  #usedUnits = 0;

  /** `start`: the first unit that may be handed out. `what` is for messages. */
  constructor(what: string, start: number) {
    this.#what = what;
    this.#end = start;
  }

  /** Units in use now. */
  get used(): number {
    return this.#usedUnits;
  }
  /** One past the last unit that is or was in use. */
  get end(): number {
    return this.#end;
  }

  /**
   * A range of `size` units at a multiple of `align` (a power of two). `reserve` is asked for room up to a new end
   * before anything changes; it throws when there is none.
   */
  allocate(size: number, align: number, reserve: (end: number) => void): number {
    if (!Number.isSafeInteger(size) || size <= 0) throw new VmctxError(`cannot allocate ${size} ${this.#what}`);
    for (let i = 0; i < this.#free.length; i += 1) {
      const hole = this.#free[i] as Free;
      const start = Math.ceil(hole.start / align) * align;
      const rest = hole.start + hole.size - (start + size);
      if (rest < 0) continue;
      const pieces: Free[] = [];
      if (start > hole.start) pieces.push({ start: hole.start, size: start - hole.start });
      if (rest > 0) pieces.push({ start: start + size, size: rest });
      this.#free.splice(i, 1, ...pieces);
      return this.#take(start, size);
    }
    const start = Math.ceil(this.#end / align) * align;
    reserve(start + size);
    if (start > this.#end) this.#free.push({ start: this.#end, size: start - this.#end });
    this.#end = start + size;
    return this.#take(start, size);
  }

  #take(start: number, size: number): number {
    this.#used.set(start, size);
    this.#usedUnits += size;
    return start;
  }

  /** Size of the range in use that starts at `start`; undefined when there is none. */
  sizeOf(start: number): number | undefined {
    return this.#used.get(start);
  }

  /** Gives a range back; returns its size. VmctxError when none in use starts there. */
  free(start: number): number {
    const size = this.#used.get(start);
    if (size === undefined) throw new VmctxError(`no ${this.#what} in use start at ${start}`);
    this.#used.delete(start);
    this.#usedUnits -= size;
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
    const last = this.#free.at(-1);
    if (last && last.start + last.size === this.#end) {
      this.#end = last.start;
      this.#free.pop();
    }
    return size;
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
