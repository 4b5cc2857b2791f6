/** Whether bytes begin as a component does (Binary.md#component-definitions): core modules have the same magic, and layer 0. */
export function isComponent(bytes: Uint8Array): boolean {
  const [a, b, c, d, , , layer, zero] = bytes;
  return a === 0x00 && b === 0x61 && c === 0x73 && d === 0x6d && layer === 1 && zero === 0;
}
