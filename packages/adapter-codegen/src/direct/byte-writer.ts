/**
 * Bytes of the binary format, written one after the other. In: integers, floats, names, other writers' bytes. Out: one
 * array of bytes.
 *
 * Sections and function bodies begin with their length: each is written into a writer of its own and then appended.
 * Rejected: leaving room for the longest LEB128 and going back, which makes every function four bytes longer.
 */

export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** `capacity`: bytes, doubled whenever they don't suffice. */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written; the room stays. */
  clear(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** Unsigned LEB128; `value` is an integer below 2^53. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed LEB128 of an integer modulo 2^64; a number below 2^31 in magnitude takes no bigints. */
  signed(value: bigint | number): void {
    if (typeof value === 'number' && value === (value | 0)) {
      let rest = value;
      for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
      this.byte(rest & 0x7f);
      return;
    }
    let rest = BigInt.asIntN(64, BigInt(value));
    for (; rest < -0x40n || rest > 0x3fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    this.byte(Number(rest & 0x7fn));
  }

  /** The length in bytes, then UTF-8. */
  name(text: string): void {
    const start = this.#length;
    this.unsigned(text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) {
        // Not ASCII after all: once more, and the length is another one.
        this.#length = start;
        const encoded = new TextEncoder().encode(text);
        this.unsigned(encoded.length);
        this.bytes(encoded);
        return;
      }
      this.byte(unit);
    }
  }

  /** What another writer wrote, preceded by its length in bytes. */
  sized(contents: ByteWriter): void {
    this.unsigned(contents.length);
    this.append(contents);
  }

  append(contents: ByteWriter): void {
    this.bytes(contents.#bytes.subarray(0, contents.#length));
  }
}
