/**
 * What a call does to the bytes of a vmctx. In: its bytes before the call, whenever the host gets control during it, and
 * after it. Out: for each byte whether it is different now, or was different in between and is as before again.
 *
 * Most bytes that a call changes are put back before it ends (the "entered" bits, for one): comparing before and after
 * alone would show nothing.
 */

/** What happened to a byte. */
export type Change = 'none' | 'during' | 'after';

export class ContextWatch {
  #before: Uint8Array;
  #after: Uint8Array;
  /** The last value in between that was another than before; where `#seen` is set. */
  #between: Uint8Array;
  #seen: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#before = bytes;
    this.#after = bytes;
    this.#between = bytes.slice();
    this.#seen = new Uint8Array(bytes.length);
  }

  begin(bytes: Uint8Array): void {
    this.#before = bytes;
    this.#between = bytes.slice();
    this.#seen = new Uint8Array(bytes.length);
  }

  /** During the call. */
  observe(bytes: Uint8Array): void {
    this.#after = bytes;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === this.#before[i]) continue;
      this.#seen[i] = 1;
      this.#between[i] = bytes[i] as number;
    }
  }

  end(bytes: Uint8Array): void {
    this.#after = bytes;
  }

  /** The bytes as they were last seen. */
  get bytes(): Uint8Array {
    return this.#after;
  }

  change(offset: number): Change {
    if (this.#after[offset] !== this.#before[offset]) return 'after';
    return this.#seen[offset] === 1 ? 'during' : 'none';
  }

  /** Little-endian values of `size` bytes: before the call, in between, now. */
  values(offset: number, size: number): { readonly before: number; readonly between: number; readonly now: number } {
    const [before, between, now] = [this.#before, this.#between, this.#after].map((bytes) => word(bytes, offset, size));
    return { before: before!, between: between!, now: now! };
  }

  /** How many bytes the last call changed, and how many it changed and put back. */
  get counts(): { readonly after: number; readonly during: number } {
    const counts = { none: 0, during: 0, after: 0 };
    for (let i = 0; i < this.#after.length; i++) counts[this.change(i)]++;
    return { after: counts.after, during: counts.during };
  }
}

/** An unsigned number of up to 8 bytes; slots hold 32 bits at most. */
function word(bytes: Uint8Array, offset: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}
