/**
 * `GuestMemory`: one guest linear memory as the typed arrays that lift and lower read and write. One object a core
 * memory, shared by every {@link GuestSide} that names it, so that a growth refreshes the views once.
 *
 * All views cover the whole memory from address 0. They are stale when the memory grew: then their length is 0
 * (growth detaches the old buffer), which costs a load and a compare to notice; asking `memory.buffer` costs a call into
 * the engine. So the rule is: after anything that runs guest code, `if (m.u8.length === 0) m.refresh()`. A memory of zero
 * pages refreshes every time, which is right and rare.
 *
 * Rejected: `DataView` (slower, and the ABI never reads unaligned), and resizable buffers (not in every engine).
 */

const nothing = new ArrayBuffer(0);

/** The views of no memory. All guests share them until their first use. */
const none = {
  u8: new Uint8Array(nothing),
  i8: new Int8Array(nothing),
  u16: new Uint16Array(nothing),
  i16: new Int16Array(nothing),
  u32: new Uint32Array(nothing),
  i32: new Int32Array(nothing),
  f32: new Float32Array(nothing),
  f64: new Float64Array(nothing),
  u64: new BigUint64Array(nothing),
  i64: new BigInt64Array(nothing),
};

export class GuestMemory {
  /** Null for canonical options without a memory: all reads and writes are then out of bounds. */
  readonly memory: { readonly buffer: ArrayBufferLike } | null;
  /** Indices are byte addresses divided by the element size. */
  u8: Uint8Array<ArrayBuffer> = none.u8;
  i8: Int8Array<ArrayBuffer> = none.i8;
  u16: Uint16Array<ArrayBuffer> = none.u16;
  i16: Int16Array<ArrayBuffer> = none.i16;
  u32: Uint32Array<ArrayBuffer> = none.u32;
  i32: Int32Array<ArrayBuffer> = none.i32;
  f32: Float32Array<ArrayBuffer> = none.f32;
  f64: Float64Array<ArrayBuffer> = none.f64;
  u64: BigUint64Array<ArrayBuffer> = none.u64;
  i64: BigInt64Array<ArrayBuffer> = none.i64;

  constructor(memory: { readonly buffer: ArrayBufferLike } | null) {
    this.memory = memory;
  }

  /** Makes the views cover the memory as it is now. */
  refresh(): void {
    if (this.memory === null) return;
    const buffer = this.memory.buffer as ArrayBuffer;
    this.u8 = new Uint8Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i16 = new Int16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.i64 = new BigInt64Array(buffer);
  }
}
