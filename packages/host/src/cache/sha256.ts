/**
 * SHA-256 (FIPS 180-4). In: bytes. Out: 32 bytes. Short inputs by a module of our own (adapter-codegen/src/sha256.ts says why),
 * long ones by the platform where it can: web crypto, or Node's. And, by the same module, a checksum of 4 bytes.
 */
import { builtin } from '../builtin.ts';
import { SHA256_MODULE } from './sha256-module.ts';

/** Bytes from which on the platform's is faster, loading included. */
const LONG = 1 << 20;

/** The platform's result is a promise. */
export function sha256(bytes: Uint8Array<ArrayBuffer>): Uint8Array | Promise<Uint8Array> {
  if (bytes.length < LONG) return hash(bytes);
  const crypto = builtin('node:crypto');
  if (crypto !== undefined) return crypto.createHash('sha256').update(bytes).digest();
  const subtle = globalThis.crypto?.subtle;
  return subtle === undefined ? hash(bytes) : subtle.digest('SHA-256', bytes).then((digest) => new Uint8Array(digest));
}

/** Byte offsets in the module's memory, and the page where they end: `sha256Layout`. */
const HASH = 256;
const BLOCKS = 768;
const END = 65536;
const BLOCK = 64;

interface Hasher {
  readonly memory: Uint8Array;
  readonly view: DataView;
  readonly initial: Uint8Array;
  readonly blocks: (at: number, end: number) => void;
  readonly sum: (value: number, at: number, end: number) => number;
}

let hasher: Hasher | undefined;

function makeHasher(): Hasher {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  // Loops, here and below: `Uint8Array.from` and `every` with a function took a cold process a millisecond each.
  const text = atob(SHA256_MODULE);
  const code = new Uint8Array(text.length);
  for (let i = 0; i < code.length; i++) code[i] = text.charCodeAt(i);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { host: { memory } });
  const view = new DataView(memory.buffer);
  // 32 bits of the fractional parts of the cube roots, and of the square roots, of the first primes.
  const fraction = (root: number): number => Math.floor((root % 1) * 2 ** 32);
  for (let n = 2, i = 0; i < 64; n++) {
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor <= n) continue;
    view.setUint32(4 * i, fraction(Math.cbrt(n)), true);
    if (i < 8) view.setUint32(HASH + 4 * i, fraction(Math.sqrt(n)), true);
    i++;
  }
  const bytes = new Uint8Array(memory.buffer);
  return {
    memory: bytes,
    view,
    initial: bytes.slice(HASH, HASH + 32),
    blocks: exports['blocks'] as Hasher['blocks'],
    sum: exports['sum'] as Hasher['sum'],
  };
}

/** A checksum against damage, a u32. The bytes are a multiple of 4. */
export function checksum(bytes: Uint8Array): number {
  const { memory, sum } = (hasher ??= makeHasher());
  let value = bytes.length;
  for (let at = 0; at < bytes.length; at += END - BLOCKS) {
    const piece = bytes.subarray(at, at + END - BLOCKS);
    memory.set(piece, BLOCKS);
    value = sum(value, BLOCKS, BLOCKS + piece.length);
  }
  return value >>> 0;
}

function hash(bytes: Uint8Array): Uint8Array {
  const { memory, view, initial, blocks } = (hasher ??= makeHasher());
  memory.set(initial, HASH);
  const whole = bytes.length - (bytes.length % BLOCK);
  for (let at = 0; at < whole; at += END - BLOCKS) {
    const piece = bytes.subarray(at, Math.min(whole, at + END - BLOCKS));
    memory.set(piece, BLOCKS);
    blocks(BLOCKS, BLOCKS + piece.length);
  }
  // What is left, a bit, zeros, and the number of bits in the last eight bytes: one block or two.
  const rest = bytes.length - whole;
  const end = BLOCKS + (rest < BLOCK - 8 ? BLOCK : 2 * BLOCK);
  memory.fill(0, BLOCKS, end);
  memory.set(bytes.subarray(whole), BLOCKS);
  view.setUint8(BLOCKS + rest, 0x80);
  view.setBigUint64(end - 8, BigInt(bytes.length) * 8n);
  blocks(BLOCKS, end);
  const result = new Uint8Array(32);
  const words = new DataView(result.buffer);
  for (let at = 0; at < 32; at += 4) words.setUint32(at, view.getUint32(HASH + at, true));
  return result;
}
