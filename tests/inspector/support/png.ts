/** Screenshots as pixels. In: a PNG of 8 bits a channel, not interlaced, as browsers write them. Out: its colours. */
import { inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** One number a pixel: 0xRRGGBB. */
  readonly colours: Uint32Array;
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

export function decodePng(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, type, interlaced] = [png[24], png[25], png[28]];
  if (depth !== 8 || (type !== 2 && type !== 6) || interlaced !== 0)
    throw new Error(`PNG of type ${type}, ${depth} bits`);
  const pieces: Uint8Array[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === 'IDAT')
      pieces.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const bytes = inflateSync(Buffer.concat(pieces));
  const step = type === 2 ? 3 : 4;
  const stride = width * step;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * (stride + 1)];
    const line = Uint8Array.from(bytes.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let x = 0; x < stride; x++) {
      const left = x < step ? 0 : line[x - step]!;
      const up = above[x]!;
      const corner = x < step ? 0 : above[x - step]!;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter!]!;
      line[x] = line[x]! + guess;
    }
    for (let x = 0; x < width; x++) {
      const at = x * step;
      colours[y * width + x] = (line[at]! << 16) | (line[at + 1]! << 8) | line[at + 2]!;
    }
    above = line;
  }
  return { width, height, colours };
}

export interface Look {
  /** Different colours. */
  readonly variety: number;
  /** Share of the pixels that do not have the most frequent colour. */
  readonly content: number;
  /** Mean brightness, 0 to 1. */
  readonly brightness: number;
}

export function lookOf({ colours }: Pixels): Look {
  const counts = new Map<number, number>();
  let sum = 0;
  for (const colour of colours) {
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
    sum += ((colour >> 16) + ((colour >> 8) & 255) + (colour & 255)) / 765;
  }
  return {
    variety: counts.size,
    content: 1 - Math.max(...counts.values()) / colours.length,
    brightness: sum / colours.length,
  };
}
