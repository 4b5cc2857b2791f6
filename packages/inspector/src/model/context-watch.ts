/**
 * What a call does to the bytes of a block. In: its bytes before the call, whenever the host gets control during it, and
 * after it. Out: for each byte whether it is different now, or was different in between and is as before again; as plain
 * data, which a worker can send.
 *
 * Most bytes that a call changes are put back before it ends (the "entered" bits, for one): comparing before and after
 * alone would show nothing. A block may grow (a handle table): what was not there before counts as 0.
 */

/** What happened to a byte. */
export type Change = 'none' | 'during' | 'after';

/** The bytes of a block; all of one length but `before`. */
export interface Watched {
  readonly before: Uint8Array;
  /** As they were last seen. */
  readonly now: Uint8Array;
  /** The last value in between that was another than before; where `seen` is 1. */
  readonly between: Uint8Array;
  readonly seen: Uint8Array;
}

export class ContextWatch {
  #before: Uint8Array;
  #now: Uint8Array;
  #between: Uint8Array;
  #seen: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#before = bytes;
    this.#now = bytes;
    this.#between = bytes.slice();
    this.#seen = new Uint8Array(bytes.length);
  }

  begin(bytes: Uint8Array): void {
    this.#before = bytes;
    this.#now = bytes;
    this.#between = bytes.slice();
    this.#seen = new Uint8Array(bytes.length);
  }

  /** During the call. */
  observe(bytes: Uint8Array): void {
    this.#take(bytes);
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === (this.#before[i] ?? 0)) continue;
      this.#seen[i] = 1;
      this.#between[i] = bytes[i] as number;
    }
  }

  end(bytes: Uint8Array): void {
    this.#take(bytes);
  }

  #take(bytes: Uint8Array): void {
    this.#now = bytes;
    if (bytes.length === this.#seen.length) return;
    const [between, seen] = [new Uint8Array(bytes.length), new Uint8Array(bytes.length)];
    between.set(this.#between.subarray(0, bytes.length));
    seen.set(this.#seen.subarray(0, bytes.length));
    [this.#between, this.#seen] = [between, seen];
  }

  /** Copies: they stay as they are. */
  get watched(): Watched {
    return { before: this.#before, now: this.#now, between: this.#between.slice(), seen: this.#seen.slice() };
  }
}

export function changeAt({ before, now, seen }: Watched, offset: number): Change {
  if (now[offset] !== (before[offset] ?? 0)) return 'after';
  return seen[offset] === 1 ? 'during' : 'none';
}

/** Little-endian values of `size` bytes: before the call, in between, now. */
export function valuesAt(
  { before, between, now }: Watched,
  offset: number,
  size: number,
): { readonly before: number; readonly between: number; readonly now: number } {
  return { before: word(before, offset, size), between: word(between, offset, size), now: word(now, offset, size) };
}

/** How many bytes the last call changed, and how many it changed and put back. */
export function countChanges(watched: Watched): { readonly after: number; readonly during: number } {
  const counts = { none: 0, during: 0, after: 0 };
  for (let i = 0; i < watched.now.length; i++) counts[changeAt(watched, i)]++;
  return { after: counts.after, during: counts.during };
}

/** An unsigned number of up to 8 bytes; slots hold 32 bits at most. */
function word(bytes: Uint8Array, offset: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}
