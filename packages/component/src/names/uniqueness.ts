/**
 * Strong uniqueness (Explainer.md#name-uniqueness). In: names of one scope, one after the other. Out: the earlier name that
 * a new one conflicts with.
 */

export class UniqueNames {
  readonly #names = new Map<string, string>();

  /** Adds `name` under its canonical `key`; returns the name that was there before, if any. */
  add(key: string, name: string): string | null {
    const previous = this.#names.get(key);
    if (previous !== undefined) return previous;
    this.#names.set(key, name);
    return null;
  }
}
