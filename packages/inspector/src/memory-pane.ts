/**
 * The vmctx as a memory map. In: its layout, and a watch on its bytes. Out: rows of 16 bytes, to scale; a slot is one
 * part of one field. One slot is in the Tab order; arrow keys move among the others. What a slot means stands beside.
 */
import { type Layout, meaningOf } from '@gangway/offsets';
import type { ContextWatch } from './context-watch.ts';
import { html } from './dom.ts';
import { count } from './structure.ts';

const ROW = 16;
/** Rows that are drawn unasked; a vmctx may have millions. */
const MAX_ROWS = 256;

interface Slot {
  readonly field: number;
  /** `flags[0].bits`. */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly kind: 'pointer' | 'value' | 'spare' | 'padding';
}

/** Every byte of the layout, slot by slot; what no field claims is padding. None crosses a row. */
function slotsOf(layout: Layout, limit: number): Slot[] {
  const slots: Slot[] = [];
  let at = 0;
  const pad = (to: number): void => {
    while (at < to) {
      const size = Math.min(to - at, ROW - (at % ROW));
      slots.push({ field: -1, name: 'padding', offset: at, size, kind: 'padding' });
      at += size;
    }
  };
  layout.fields.forEach((field, index) => {
    for (let i = 0; i < field.count && at < limit; i++) {
      for (const part of field.parts) {
        const offset = field.offset + i * field.stride + part.offset;
        pad(offset);
        const element = field.spec.count === 1 ? field.name : `${field.name}[${i}]`;
        const name = field.parts.length === 1 ? element : `${element}.${part.name}`;
        slots.push({ field: index, name, offset, size: part.size, kind: part.kind });
        at = offset + part.size;
      }
    }
  });
  if (at < limit) pad(layout.size);
  return slots;
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

export interface MemoryPane {
  readonly element: HTMLElement;
  /** Shows the bytes as they are now; null: there is no instance. */
  update(watch: ContextWatch | null, address: number): void;
  /** Marks the slots that code touches, by offset, and brings the first into view. */
  mark(offsets: readonly { readonly offset: number; readonly bytes: number }[], why: string): void;
}

/** `usedBy` names the code that touches bytes; `openCode` shows it. */
export function memoryPane(
  layout: Layout,
  usedBy: (offset: number, size: number) => readonly string[],
  openCode: (name: string) => void,
): MemoryPane {
  let watch: ContextWatch | null = null;
  const slots = slotsOf(layout, MAX_ROWS * ROW);
  const details = html('div', { class: 'details', 'aria-live': 'polite' });
  const summary = html(
    'p',
    { class: 'summary' },
    'No instance yet: every byte is shown as it would lie. Call something.',
  );
  const marked = html('p', { class: 'marked' });

  function cellsOf(slot: Slot): HTMLElement[] {
    return Array.from({ length: slot.size }, () => html('span', { class: 'byte' }, '··'));
  }
  const buttons = slots.map((slot, i) => {
    const colour = slot.field < 0 ? 'none' : String(slot.field % 8);
    const button = html(
      'button',
      {
        class: `slot c${colour} ${slot.kind}`,
        type: 'button',
        tabindex: i === 0 ? 0 : -1,
        'data-offset': slot.offset,
        'aria-label': `${slot.name}, offset ${slot.offset}, ${slot.size} bytes`,
        style: `grid-column: ${(slot.offset % ROW) + 2} / span ${Math.min(slot.size, ROW - (slot.offset % ROW))}`,
        focus: () => show(i),
        mouseenter: () => show(i),
      },
      ...cellsOf(slot),
    );
    return button;
  });

  const rows = new Map<number, HTMLElement>();
  slots.forEach((slot, i) => {
    const row = Math.floor(slot.offset / ROW);
    let line = rows.get(row);
    if (line === undefined) {
      line = html('div', { class: 'row' }, html('span', { class: 'offset' }, hex(row * ROW, 3)));
      rows.set(row, line);
    }
    line.append(buttons[i]!);
  });

  function focusSlot(i: number): void {
    for (const button of buttons) button.tabIndex = -1;
    const button = buttons[i]!;
    button.tabIndex = 0;
    button.focus();
  }
  function move(event: Event): void {
    const { key } = event as KeyboardEvent;
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    const { offset } = slots[at]!;
    const holding = (byte: number): number => slots.findIndex((s) => byte >= s.offset && byte < s.offset + s.size);
    const moves: Readonly<Record<string, () => number>> = {
      ArrowRight: () => Math.min(at + 1, slots.length - 1),
      ArrowLeft: () => Math.max(at - 1, 0),
      ArrowDown: () => holding(offset + ROW),
      ArrowUp: () => holding(offset - ROW),
      Home: () => 0,
      End: () => slots.length - 1,
    };
    if (!Object.hasOwn(moves, key)) return;
    event.preventDefault();
    const to = moves[key]!();
    if (to >= 0) focusSlot(to);
  }

  let current = 0;
  function show(i: number): void {
    current = i;
    const slot = slots[i]!;
    const field = layout.fields[slot.field];
    const lines: (readonly [string, string])[] = [
      ['offset', `${slot.offset} (0x${hex(slot.offset, 1)}), ${slot.size} bytes`],
    ];
    if (field !== undefined) {
      const { text, writer, reader } = meaningOf(layout, field);
      lines.push(['holds', text], ['written by', writer], ['read by', reader]);
    } else lines.push(['holds', 'nothing: it aligns what follows']);
    if (watch !== null && slot.kind !== 'padding' && slot.kind !== 'spare') {
      const { before, between, now } = watch.values(slot.offset, slot.size);
      const parts = [`${now} (0x${hex(now, 1)})`];
      if (between !== now && between !== before) parts.push(`${between} during the call`);
      if (before !== now) parts.push(`${before} before the last call`);
      lines.push(['value', parts.join('; ')]);
    }
    const users = slot.field < 0 ? [] : usedBy(slot.offset, slot.size);
    details.replaceChildren(
      html('h3', {}, slot.name),
      html('dl', {}, ...lines.flatMap(([name, text]) => [html('dt', {}, name), html('dd', {}, text)])),
      users.length === 0 ? '' : html('p', {}, 'Code that touches it:'),
      html(
        'ul',
        { class: 'chips' },
        ...users
          .slice(0, 12)
          .map((name) => html('li', {}, html('button', { type: 'button', click: () => openCode(name) }, name))),
      ),
    );
  }

  function update(next: ContextWatch | null, address: number): void {
    watch = next;
    slots.forEach((slot, i) => {
      const button = buttons[i]!;
      [...button.children].forEach((cell, k) => {
        const byte = next?.bytes[slot.offset + k];
        cell.textContent = byte === undefined ? '··' : hex(byte, 2);
        const change = next?.change(slot.offset + k) ?? 'none';
        cell.className = change === 'none' ? 'byte' : `byte changed-${change}`;
      });
    });
    show(current);
    if (next === null) {
      summary.textContent =
        'There is no instance yet: what you see is where everything will lie. Call something to see its bytes.';
      return;
    }
    const { after, during } = next.counts;
    summary.replaceChildren(
      `At address 0x${hex(address, 1)} of the store's memory. The last call left `,
      html('span', { class: 'byte changed-after' }, `${count(after, 'byte')} different`),
      ' and changed ',
      html('span', { class: 'byte changed-during' }, `${count(during, 'byte')} in between`),
      ', putting them back.',
    );
  }

  function mark(touched: readonly { readonly offset: number; readonly bytes: number }[], why: string): void {
    let first = -1;
    slots.forEach((slot, i) => {
      const hit = touched.some((one) => one.offset < slot.offset + slot.size && slot.offset < one.offset + one.bytes);
      buttons[i]!.classList.toggle('touched', hit);
      if (hit && first < 0) first = i;
    });
    marked.textContent = why === '' ? '' : `Outlined: what ${why} reads and writes.`;
    if (first >= 0) {
      show(first);
      buttons[first]!.scrollIntoView({ block: 'nearest' });
    }
  }

  const shown = slots.at(-1);
  const hidden = shown === undefined ? 0 : layout.size - shown.offset - shown.size;
  const fields = layout.fields.map((field, i) => {
    const where = field.count === 0 ? 'none' : `${field.offset}, ${field.count} × ${field.stride} bytes`;
    return html(
      'tr',
      {},
      html('th', { scope: 'row' }, html('span', { class: `swatch c${i % 8}` }), field.name),
      html('td', {}, where),
      html('td', {}, meaningOf(layout, field).text),
    );
  });
  const element = html(
    'div',
    { class: 'memory' },
    html(
      'p',
      { class: 'hint' },
      'The vmctx (“virtual machine context”) is the one block of memory that Gangway keeps for an instance of a component: ',
      `${layout.size} bytes here, where the code that it writes finds everything else: which host function to call, whether `,
      'an instance may be entered, where its resources are. Every square is a byte. ',
      'Point at one, or move with the arrow keys, to see what it is for.',
    ),
    summary,
    marked,
    html(
      'div',
      { class: 'map-and-details' },
      html(
        'div',
        { class: 'map', role: 'group', 'aria-label': 'Memory map', keydown: move },
        ...rows.values(),
        hidden > 0 ? html('p', {}, `… and ${hidden} bytes more, of the same kinds`) : null,
      ),
      details,
    ),
    html('h2', {}, 'Fields'),
    html(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Fields' },
      html(
        'table',
        {},
        html('thead', {}, html('tr', {}, html('th', {}, 'field'), html('th', {}, 'offset'), html('th', {}, 'meaning'))),
        html('tbody', {}, ...fields),
      ),
    ),
  );
  return { element, update, mark };
}
