/**
 * `CodeCache`: where an engine keeps what it has made of components: plans and emitted modules. In: a key, the bytes of
 * an entry. Out: the same bytes, or nothing. A cache may forget, fail or return nonsense: entries carry a checksum, and
 * what cannot be used is made again and put once more.
 *
 * The checksum is against damage, not against an adversary: whoever can write into a cache decides what runs in the
 * sandbox of the components that are taken from it.
 */

/** All methods may be called at any time, for the same key from several processes. */
export interface CodeCache {
  /** `key` is made of letters, digits and `-`. Undefined when there is no such entry. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keeps an entry, in place of an earlier one. Another reader sees all of it or nothing. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}
