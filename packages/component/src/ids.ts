/** Branded indices and the typed index spaces that hand them out. */

declare const kind: unique symbol;

/** An index into the index space `K`. It is a plain integer at run time. */
export type Id<K extends string> = number & { readonly [kind]: K };

/** A list that grows at its end and whose indices have their own type. */
export class IndexSpace<K extends string, T> implements Iterable<T> {
  readonly #items: T[] = [];
  push(item: T): Id<K> {
    return (this.#items.push(item) - 1) as Id<K>;
  }
  get(id: Id<K>): T {
    return this.#items[id] as T;
  }
  get length(): number {
    return this.#items.length;
  }
  /** The items, by index. */
  toArray(): T[] {
    return [...this.#items];
  }
  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }
}
