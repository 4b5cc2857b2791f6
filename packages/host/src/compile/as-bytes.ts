/** The bytes of a component, as embedders give them. In: a buffer, or a view of one. Out: a view of the same bytes. */

/** The bytes of a component. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** A view on the same bytes. */
export function asBytes(bytes: Bytes): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array) return bytes as Uint8Array<ArrayBuffer>;
  if (ArrayBuffer.isView(bytes)) {
    return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  }
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw new TypeError('expected the bytes of a component: an ArrayBuffer or a view of one');
}
