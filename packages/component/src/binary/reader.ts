/**
 * The cursor over one range of a component binary. In: bytes and a range of them. Out: integers, names, vectors.
 * Every offset is absolute, and no read goes past `end`: that is what makes section sizes exact.
 *
 * Rejected: a cursor over a subarray (offsets would be relative), `DataView` (nothing here is fixed-width but floats that the
 * decoder does not look into).
 */

import { malformed } from '../fail.ts';
import { defaultFeatures, type Feature, type Features, requireFeature } from '../features.ts';

let decoder: TextDecoder | undefined;

/** Made when a name is not ASCII: that takes engines longer than decoding a small component. */
function utf8(): TextDecoder {
  return (decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }));
}

/** Code units that are put together one by one. */
const SHORT_NAME = 256;

/** Components and types may be nested so deep; deeper ones are refused before any recursion gets there. */
export const nestingLimit = 100;

export class BinaryReader {
  readonly bytes: Uint8Array;
  readonly features: Features;
  /** Absolute byte offset of the end of the range, exclusive. */
  readonly end: number;
  /** Absolute byte offset of the next byte. */
  position: number;
  /** How deep the types that are being read are nested. */
  depth: number;

  constructor(bytes: Uint8Array, start: number, end: number, features: Features = defaultFeatures, depth = 0) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.features = features;
    this.depth = depth;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  atEnd(): boolean {
    return this.position >= this.end;
  }

  /** The next byte, without taking it. `what` names the thing in the error. */
  peek(what: string): number {
    if (this.position >= this.end) malformed(this.position, 'unexpected-end', { what });
    return this.bytes[this.position] as number;
  }

  byte(what: string): number {
    if (this.position >= this.end) malformed(this.position, 'unexpected-end', { what });
    return this.bytes[this.position++] as number;
  }

  /** An unsigned LEB128 of at most 32 bits. In errors it is `prefix` and `what`: put together for them alone. */
  u32(what: string, prefix = ''): number {
    const start = this.position;
    if (start < this.end) {
      const byte = this.bytes[start] as number;
      if (byte < 0x80) {
        this.position++;
        return byte;
      }
    }
    return this.#longU32(prefix + what);
  }

  #longU32(what: string): number {
    const start = this.position;
    let value = 0;
    let byte: number;
    for (let shift = 0; shift < 28; shift += 7) {
      byte = this.byte(what);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    byte = this.byte(what);
    if (byte >= 0x80) malformed(start, 'leb-too-long', { what });
    if (byte > 0x0f) malformed(start, 'leb-too-large', { what });
    return (value | (byte << 28)) >>> 0;
  }

  /** An unsigned LEB128 of at most 64 bits. */
  u64(what: string): bigint {
    const start = this.position;
    let value = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.byte(what);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const last = this.byte(what);
    if (last >= 0x80) malformed(start, 'leb-too-long', { what });
    if (last > 1) malformed(start, 'leb-too-large', { what });
    return value | (BigInt(last) << 63n);
  }

  /** A signed LEB128 of at most 33 bits, which must not be negative: an index where type opcodes are negative numbers. */
  typeIndex(what: string): number {
    const start = this.position;
    const value = this.u32(what);
    // The sign is bit 6 of the last byte; only of a fifth one it is among the bits that are no u32's.
    const last = this.position - 1;
    if (last - start < 4 && (this.bytes[last] as number) & 0x40) {
      malformed(start, 'leading-byte', { byte: this.bytes[start] as number, what });
    }
    return value;
  }

  /** The count of a `vec`; every element takes at least one byte, so a count above the rest of the range is refused. */
  count(what: string): number {
    const start = this.position;
    const count = this.u32(what, 'the number of ');
    if (count > this.remaining) malformed(start, 'vec-too-long', { what, count, left: this.remaining });
    return count;
  }

  /** A `vec`: a count and then so many elements. */
  vec<T>(what: string, element: (reader: this) => T): T[] {
    const items: T[] = [];
    for (let left = this.count(what); left > 0; left--) items.push(element(this));
    return items;
  }

  /** `core:name`: a length in bytes and valid UTF-8. */
  name(what: string): string {
    const start = this.position;
    const length = this.u32(what, 'the length of ');
    if (length > this.remaining) malformed(start, 'unexpected-end', { what });
    const from = this.position;
    const to = from + length;
    this.position = to;
    const bytes = this.bytes;
    if (length <= SHORT_NAME) {
      let text = '';
      let i = from;
      for (; i < to; i++) {
        const byte = bytes[i] as number;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (i === to) return text;
    }
    try {
      return utf8().decode(bytes.subarray(from, to));
    } catch {
      malformed(from, 'bad-utf8', { what });
    }
  }

  /** `async?`, `cancel?`, `sh?`: one byte, 0 or 1. */
  flag(what: string): boolean {
    const byte = this.byte(what);
    if (byte > 1) malformed(this.position - 1, 'boolean', { byte, what });
    return byte === 1;
  }

  /** One byte that must be `expected`. */
  expect(expected: number, what: string): void {
    const byte = this.byte(what);
    if (byte !== expected) this.badByte(byte, what);
  }

  /** Refuses the byte just read. */
  badByte(byte: number, what: string): never {
    malformed(this.position - 1, 'leading-byte', { byte, what });
  }

  /** Refuses `what`, which starts at `offset`, when its gate is closed. */
  require(feature: Feature, offset: number, what: string): void {
    requireFeature(this.features, feature, offset, what);
  }
}
