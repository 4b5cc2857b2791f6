/** Scripts on their way to a page: JSON that keeps what JSON loses. */
import type { Command } from '../../../packages/cli/src/wast/script.ts';

export interface ConvertedScript {
  /** Path below the folder of the reference tests. */
  readonly file: string;
  /** Forms are binaries, but for those that the assembler refuses. */
  readonly commands: readonly Command[];
}

export function toWire(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return { $bigint: String(item) };
    if (item instanceof Uint8Array)
      return { $bytes: btoa(Array.from(item, (byte) => String.fromCharCode(byte)).join('')) };
    if (typeof item === 'number' && (!Number.isFinite(item) || Object.is(item, -0))) {
      return { $number: Object.is(item, -0) ? '-0' : String(item) };
    }
    return item;
  });
}

export function fromWire(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if ('$bigint' in item) return BigInt(item.$bigint as string);
    if ('$number' in item) return Number(item.$number);
    if ('$bytes' in item) return Uint8Array.from(atob(item.$bytes as string), (char) => char.charCodeAt(0));
    return item;
  });
}
