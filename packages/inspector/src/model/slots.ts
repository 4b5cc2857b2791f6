/**
 * The slots of a layout. In: a layout, or how many slots a handle table has. Out: every byte of the block, slot by slot: a
 * slot is one part of one element of one field; what no field claims is padding. None crosses a row of the map.
 */
import { handleSlotLayout, type Layout, spilledValueLayout } from '@gangway/offsets';

export interface Slot {
  /** Index of the field in the layout; -1: padding. */
  readonly field: number;
  /** Which element of the field. */
  readonly element: number;
  readonly part: string;
  /** `flags[0].bits`. */
  readonly name: string;
  /** In bytes, from the start of the block. */
  readonly offset: number;
  readonly size: number;
  readonly kind: 'pointer' | 'value' | 'spare' | 'padding';
}

/** What is shown as a map: a layout, repeated `times` times. */
export interface BlockLayout {
  readonly layout: Layout;
  readonly times: number;
}

export function blockSize({ layout, times }: BlockLayout): number {
  return layout.size * times;
}

/** A handle table of so many slots. */
export function handleTableLayout(capacity: number): BlockLayout {
  return { layout: handleSlotLayout, times: capacity };
}

/** The beginning of the spill stack: so many values. */
export function spillStackLayout(values: number): BlockLayout {
  return { layout: spilledValueLayout, times: values };
}

/** The slots that begin in `[from, to)`; both are multiples of `row`, the bytes in a row. */
export function slotsIn(block: BlockLayout, from: number, to: number, row: number): Slot[] {
  const slots: Slot[] = [];
  const put = (slot: Slot): void => {
    // Padding and spare bytes may be longer than a row.
    for (let at = slot.offset; at < slot.offset + slot.size; ) {
      const size = Math.min(slot.offset + slot.size - at, row - (at % row));
      if (at >= from && at < to) slots.push({ ...slot, offset: at, size });
      at += size;
    }
  };
  const { layout, times } = block;
  const first = Math.floor(from / Math.max(layout.size, 1));
  const last = Math.min(times, Math.ceil(to / Math.max(layout.size, 1)));
  for (let time = first; time < last; time++) {
    const base = time * layout.size;
    let at = Math.max(base, from);
    const pad = (end: number): void => {
      if (end <= at) return;
      put({ field: -1, element: 0, part: '', name: 'padding', offset: at, size: end - at, kind: 'padding' });
      at = end;
    };
    layout.fields.forEach((field, index) => {
      const begin = base + field.offset;
      for (let i = Math.max(0, Math.floor((at - begin) / field.stride)); i < field.count; i++) {
        if (begin + i * field.stride >= to) break;
        for (const { name: part, offset: inner, size, kind } of field.parts) {
          const offset = begin + i * field.stride + inner;
          if (offset + size <= at) continue;
          pad(offset);
          const name = slotName(block, time, index, i, part);
          put({ field: index, element: times > 1 ? time : i, part, name, offset, size, kind });
          at = offset + size;
        }
      }
    });
    pad(Math.min(base + layout.size, to));
  }
  return slots;
}

function slotName({ layout, times }: BlockLayout, time: number, field: number, i: number, part: string): string {
  const { name, spec, parts } = layout.fields[field]!;
  if (times > 1) return `${layout === handleSlotLayout ? 'handle' : 'spilled'} ${time}: ${name}`;
  const element = spec.count === 1 ? name : `${name}[${i}]`;
  return parts.length === 1 ? element : `${element}.${part}`;
}

/** The slot that holds an offset of a layout: `flags[1].bits`. */
export function slotAt(layout: Layout, offset: number): Slot | null {
  const field = layout.fields.findIndex((f) => offset >= f.offset && offset < f.offset + f.count * f.stride);
  const found = layout.fields[field];
  if (found === undefined) return null;
  const element = Math.floor((offset - found.offset) / found.stride);
  const inner = (offset - found.offset) % found.stride;
  const part = found.parts.find((one) => inner >= one.offset && inner < one.offset + one.size);
  if (part === undefined) return null;
  const at = found.offset + element * found.stride + part.offset;
  const name = slotName({ layout, times: 1 }, 0, field, element, part.name);
  return { field, element, part: part.name, name, offset: at, size: part.size, kind: part.kind };
}

/** Where a part of a field lies; null when the layout has no such element. */
export function slotOf(layout: Layout, field: string, element: number, part?: string): Slot | null {
  const found = layout.fields.find((one) => one.name === field);
  if (found === undefined || element >= found.count) return null;
  const inner = part === undefined ? found.parts[0] : found.parts.find((one) => one.name === part);
  return inner === undefined ? null : slotAt(layout, found.offset + element * found.stride + inner.offset);
}
