/**
 * The store's array of host objects: what a vmctx names by an index because it has no pointers: bound host functions,
 * memories, tables. In: an object. Out: its index; an index that was released is used again.
 */
export class HostObjects {
  /** By index. The array is handed to the call path as it is. */
  readonly array: unknown[] = [];
  #free: number[] | null = null;

  add(object: unknown): number {
    const index = this.#free?.pop();
    if (index === undefined) return this.array.push(object) - 1;
    this.array[index] = object;
    return index;
  }

  remove(index: number): void {
    this.array[index] = undefined;
    this.#free ??= [];
    this.#free.push(index);
  }

  /** How many are in use. */
  get size(): number {
    return this.array.length - (this.#free?.length ?? 0);
  }
}
