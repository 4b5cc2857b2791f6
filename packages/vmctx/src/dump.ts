/**
 * A context as annotated hex. In: a view. Out: text, a line a part: offset, bytes as they lie in memory, name, value.
 * It reads bytes, not slots, so that it also shows what is poisoned or broken.
 */
import { FLAG_ENTERED, FLAG_MAY_LEAVE, type Layout, VMCTX_MAGIC, vmctxLayout } from '@gangway/offsets';
import { VmctxError } from './errors.ts';
import type { VMComponentContext } from './vm-component-context.ts';

const POISON_4 = 0xbeef_beefn;
const POISON_8 = 0xdead_dead_beef_beefn;

function hexBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function meaning(field: string, part: string, size: number, value: bigint): string {
  if (value === (size === 8 ? POISON_8 : POISON_4)) return 'poison: not set';
  if (field === 'magic') return Number(value) === VMCTX_MAGIC ? '"comp"' : 'not "comp"';
  if (field === 'flags' && part === 'bits') {
    const bits = Number(value);
    const names = [bits & FLAG_MAY_LEAVE ? 'may leave' : '', bits & FLAG_ENTERED ? 'entered' : ''];
    return names.filter((name) => name !== '').join(', ') || 'none';
  }
  const figure = value.toString();
  return value > 9n ? `${figure} (0x${value.toString(16)})` : figure;
}

/** Any block that a layout describes, at `address`. */
export function dumpBlock(layout: Layout, u8: Uint8Array, address: number): string {
  if (address + layout.size > u8.length) throw new VmctxError(`a ${layout.name} at ${address} is beyond the memory`);
  const digits = Math.max(4, layout.size.toString(16).length);
  const lines = [
    `${layout.name} at 0x${address.toString(16)}, ${layout.size} bytes, pointer size ${layout.pointerSize}`,
  ];
  let end = 0;
  const line = (offset: number, size: number, name: string, note: string): void => {
    // Runs of bytes that nobody uses may be long; show eight bytes a line, like every other line.
    for (let at = offset; at < offset + size; at += 8) {
      const bytes = u8.subarray(address + at, address + Math.min(at + 8, offset + size));
      const columns = [
        at.toString(16).padStart(digits, '0'),
        hexBytes(bytes).padEnd(23),
        at === offset ? name.padEnd(36) : '',
      ];
      lines.push(`${columns.join('  ')}  ${at === offset ? note : ''}`.trimEnd());
    }
  };
  for (const field of layout.fields) {
    for (let i = 0; i < field.count; i += 1) {
      for (const part of field.parts) {
        const offset = field.offset + i * field.stride + part.offset;
        if (offset > end) line(end, offset - end, 'padding', '');
        const value = littleEndian(u8.subarray(address + offset, address + offset + part.size));
        const own = field.parts.length === 1 ? '' : `.${part.name}`;
        const index = field.spec.count === 1 ? '' : `[${i}]`;
        const note = part.kind === 'spare' ? '' : meaning(field.name, part.name, part.size, value);
        line(offset, part.size, `${field.name}${index}${own}`, note);
        end = offset + part.size;
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

export function dumpContext(context: VMComponentContext): string {
  return dumpBlock(vmctxLayout(context.offsets), context.memory.u8, context.address);
}
