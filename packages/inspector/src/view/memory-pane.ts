/**
 * The context memory as a map. In: the blocks of a store with what a call changed in them; before there is an instance, the
 * layout of the vmctx. Out: pages of rows, to scale; what the last call changed, as a list; what a slot means stands beside.
 * One slot is in the Tab order; arrow keys move among the others, and on to the next page.
 */
import { type Layout, meaningOf } from '@gangway/offsets';
import type { Block } from '../model/blocks.ts';
import { changeAt, countChanges, valuesAt } from '../model/context-watch.ts';
import type { Links } from '../model/links.ts';
import type { Range } from '../model/place.ts';
import { valueInWords } from '../model/slot-value.ts';
import { type BlockLayout, blockSize, type Slot, slotAt, slotsIn } from '../model/slots.ts';
import { count } from '../model/structure.ts';
import type { CodeUsers } from './code-pane.ts';
import { describe, type Go, linkList } from './details.ts';
import { html, newId } from './dom.ts';

/** Bytes on a page of the map. */
const PAGE = 1024;
/** Changed slots that are listed. */
const MAX_CHANGES = 40;
/** Below this width of the window, rows are half as long. Must agree with the style sheet. */
const NARROW = '(max-width: 560px)';

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

export interface MemoryPane {
  readonly element: HTMLElement;
  /** Shows the bytes as they are now; empty: there is no instance. */
  update(blocks: readonly Block[], running: boolean): void;
  /** Outlines bytes of the vmctx and brings the first into view. */
  select(ranges: readonly Range[]): void;
  /** Shows the chosen slot anew: more is known of who touches it. */
  refresh(): void;
}

/** What is shown as long as there is no instance. */
function emptyBlock(layout: Layout): Block {
  const none = new Uint8Array(0);
  const watched = { before: none, now: none, between: none, seen: none };
  return {
    key: 'vmctx 0',
    title: 'vmctx',
    kind: 'vmctx',
    main: true,
    address: 0,
    shape: { layout, times: 1 },
    watched,
    hidden: 0,
  };
}

const about: Readonly<Record<Block['kind'], string>> = {
  vmctx:
    'The vmctx (“virtual machine context”) is the block of memory that Gangway keeps for an instance of a component. Here the code that it writes finds everything else: which host function to call, whether an instance may be entered, where its resources are.',
  handles:
    'A handle table: core code knows a resource by a small number, the index of a slot here. A slot says what stands behind the number, whether it is owned or borrowed, and how often it is lent.',
  store:
    'The store context, one for all instances that trap together: emitted code and host meet here on everything that is not one instance’s.',
  spill:
    'The spill stack: what emitted code and host pass to each other in memory. It grows towards higher addresses, and what has been on it stays there until something else is. Its beginning is shown.',
  frame:
    'A call frame: says who calls whom, for the component stack of a trap, and counts the borrowed handles that the callee still has. The store context begins the chain of the calls under way; each names the one outside of it. An adapter uses one and the same record for all its calls; those of the host’s calls lie on the spill stack.',
};

export function memoryPane(links: Links, users: CodeUsers, go: Go): MemoryPane {
  const { layout } = links;
  let blocks: readonly Block[] = [emptyBlock(layout)];
  let block: Block = blocks[0]!;
  let live = false;
  let running = false;
  let page = 0;
  let slots: readonly Slot[] = [];
  let buttons: HTMLButtonElement[] = [];
  let current = 0;
  let outlined: readonly Range[] = [];
  const narrow = matchMedia(NARROW);
  let row = narrow.matches ? 8 : 16;

  const details = html('div', {
    class: 'details',
    role: 'region',
    'aria-label': 'About the chosen bytes',
    'aria-live': 'polite',
  });
  const summary = html('p', { class: 'summary', role: 'status' });
  const hint = html('p', { class: 'hint' });
  const marked = html('p', { class: 'marked' });
  const map = html('div', { class: 'map', role: 'group', 'aria-label': 'Memory map', keydown: move });
  const changes = html('div', { class: 'changes' });
  const fields = html('tbody');
  const blockSelect = html('select', {
    id: newId('block'),
    change: () => openBlock(blocks[blockSelect.selectedIndex]?.key ?? block.key, 0),
  });
  const fieldSelect = html('select', {
    id: newId('field'),
    change: () => {
      const field = block.shape.layout.fields[Number(fieldSelect.value)];
      if (field !== undefined) focusOffset(field.offset, false);
    },
  });
  const fieldLabel = html('label', { for: fieldSelect.id }, 'Go to field');
  const pageText = html('span', { class: 'page', role: 'status' });
  const previous = html('button', { type: 'button', click: () => turn(page - 1) }, '← earlier');
  const next = html('button', { type: 'button', click: () => turn(page + 1) }, 'later →');

  const pages = (): number => Math.max(1, Math.ceil(blockSize(block.shape) / PAGE));

  // --- the map ---------------------------------------------------------------------------------------------------------

  function draw(): void {
    slots = slotsIn(block.shape, page * PAGE, (page + 1) * PAGE, row);
    current = Math.min(current, Math.max(0, slots.length - 1));
    const rows = new Map<number, HTMLElement>();
    buttons = slots.map((slot, i) => {
      const colour = slot.field < 0 ? 'none' : String(slot.field % 8);
      const button = html(
        'button',
        {
          class: `slot c${colour} ${slot.kind}`,
          type: 'button',
          tabindex: i === current ? 0 : -1,
          'data-offset': slot.offset,
          focus: () => show(i),
          mousemove: (event) => {
            // A map that appears under a resting mouse is not pointed at.
            const { movementX, movementY } = event as MouseEvent;
            if ((movementX !== 0 || movementY !== 0) && current !== i) show(i);
          },
        },
        ...Array.from({ length: slot.size }, () => html('span', { class: 'byte' }, '··')),
      );
      button.style.gridColumn = `${(slot.offset % row) + 2} / span ${slot.size}`;
      const at = Math.floor(slot.offset / row);
      let line = rows.get(at);
      if (line === undefined) {
        line = html('div', { class: `row of${row}` }, html('span', { class: 'offset' }, hex(at * row, 3)));
        rows.set(at, line);
      }
      line.append(button);
      return button;
    });
    map.replaceChildren(...rows.values());
    pageText.textContent = pages() === 1 ? '' : `page ${page + 1} of ${pages()}`;
    previous.disabled = page === 0;
    next.disabled = page >= pages() - 1;
    for (const one of [previous, next, pageText]) one.hidden = pages() === 1;
    outline();
    fill();
  }

  /** Writes the bytes into the slots. */
  function fill(): void {
    const { watched } = block;
    slots.forEach((slot, i) => {
      const button = buttons[i]!;
      let changed = 'none';
      for (let k = 0; k < slot.size; k++) {
        const cell = button.children[k] as HTMLElement;
        const byte = watched.now[slot.offset + k];
        const change = byte === undefined ? 'none' : changeAt(watched, slot.offset + k);
        if (change !== 'none' && changed !== 'after') changed = change;
        const text = byte === undefined ? '··' : hex(byte, 2);
        if (cell.textContent !== text) cell.textContent = text;
        const name = change === 'none' ? 'byte' : `byte changed-${change}`;
        if (cell.className !== name) cell.className = name;
      }
      const words = { none: '', after: ', changed by the last call', during: ', changed during the last call' }[
        changed
      ];
      button.setAttribute('aria-label', `${slot.name}, offset ${slot.offset}, ${slot.size} bytes${words}`);
    });
    if (slots.length > 0) show(current);
  }

  function outline(): void {
    slots.forEach((slot, i) => {
      const hit =
        block.kind === 'vmctx' &&
        block.main &&
        outlined.some((one) => one.offset < slot.offset + slot.size && slot.offset < one.offset + one.size);
      buttons[i]!.classList.toggle('touched', hit);
    });
  }

  function turn(to: number): void {
    page = Math.max(0, Math.min(to, pages() - 1));
    current = 0;
    draw();
  }

  /** Turns to the page of an offset and chooses the slot there. */
  function focusOffset(offset: number, focus: boolean): void {
    const to = Math.floor(offset / PAGE);
    if (to !== page) {
      page = to;
      draw();
    }
    const i = slots.findIndex((slot) => offset >= slot.offset && offset < slot.offset + slot.size);
    if (i < 0) return;
    for (const button of buttons) button.tabIndex = -1;
    buttons[i]!.tabIndex = 0;
    if (focus) buttons[i]!.focus();
    else buttons[i]!.scrollIntoView({ block: 'nearest' });
    show(i);
  }

  function move(event: Event): void {
    const { key } = event as KeyboardEvent;
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const slot = slots[at];
    if (slot === undefined) return;
    const end = blockSize(block.shape);
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: slot.offset + slot.size,
      ArrowLeft: slot.offset - 1,
      ArrowDown: slot.offset + row,
      ArrowUp: slot.offset - row,
      PageDown: Math.min(slot.offset + PAGE, end - 1),
      PageUp: Math.max(slot.offset - PAGE, 0),
      Home: 0,
      End: end - 1,
    };
    if (!Object.hasOwn(moves, key)) return;
    event.preventDefault();
    const to = moves[key]!;
    if (to >= 0 && to < end) focusOffset(to, true);
  }

  // --- one slot --------------------------------------------------------------------------------------------------------

  function show(i: number): void {
    const slot = slots[i];
    if (slot === undefined) return;
    current = i;
    const field = block.shape.layout.fields[slot.field];
    const lines: (readonly [string, string])[] = [
      ['offset', `${slot.offset} (0x${hex(slot.offset, 1)}), ${count(slot.size, 'byte')}`],
    ];
    if (field === undefined) lines.push(['holds', 'nothing: it aligns what follows']);
    else if (slot.kind === 'spare') lines.push(['holds', 'nothing: kept free']);
    else {
      if (live) lines.push(...valueLines(slot, field.name));
      const { text, writer, reader } = meaningOf(block.shape.layout, field);
      lines.push(['holds', text], ['written by', writer], ['read by', reader]);
    }
    const own = block.kind === 'vmctx' && block.main && slot.field >= 0 && slot.kind !== 'spare';
    const toucher = own ? users.usedBy(slot.offset, slot.size) : [];
    const range = { offset: slot.offset, size: slot.size };
    const code = linkList(
      toucher.map((item) => ({ label: item, place: { pane: 'code', item, ranges: [range] } as const })),
      go,
    );
    details.replaceChildren(
      html('h3', {}, slot.name),
      html('dl', {}, ...lines.flatMap(([name, text]) => [html('dt', {}, name), html('dd', {}, text)])),
      ...(own ? describe(links.describeSlot(slot), go) : []).filter((one) => one !== null),
      ...(code === null ? [] : [html('p', {}, 'Emitted code that touches it:'), code]),
    );
  }

  function valueLines(slot: Slot, field: string): (readonly [string, string])[] {
    const { before, between, now } = valuesAt(block.watched, slot.offset, slot.size);
    const words = (value: number): string => {
      const meaning = valueInWords(field, slot.part, value);
      return `${value}${value > 9 ? ` (0x${hex(value, 1)})` : ''}${meaning === '' ? '' : `: ${meaning}`}`;
    };
    const lines: (readonly [string, string])[] = [['value', words(now)]];
    if (between !== now && between !== before) lines.push(['during the call', words(between)]);
    if (before !== now) lines.push(['before the call', words(before)]);
    return lines;
  }

  // --- what changed ----------------------------------------------------------------------------------------------------

  interface ChangedSlot {
    readonly block: Block;
    readonly slot: Slot;
  }

  function changedSlots(): ChangedSlot[] {
    const found: ChangedSlot[] = [];
    for (const one of blocks) {
      const { watched, shape } = one;
      const pageOf = new Set<number>();
      for (let at = 0; at < watched.now.length; at++) {
        if (changeAt(watched, at) !== 'none') pageOf.add(Math.floor(at / PAGE));
      }
      for (const p of pageOf) {
        for (const slot of slotsIn(shape, p * PAGE, (p + 1) * PAGE, 16)) {
          const hit = Array.from({ length: slot.size }).some((_, k) => changeAt(watched, slot.offset + k) !== 'none');
          if (hit && !staysFree(one, slot)) found.push({ block: one, slot });
          if (found.length > MAX_CHANGES) return found;
        }
      }
    }
    return found;
  }

  /** Whether a slot of a handle table was free all the time: its link to the next free one tells nobody anything. */
  function staysFree({ kind, shape, watched }: Block, slot: Slot): boolean {
    if (kind !== 'handles') return false;
    const type = shape.layout.fields.find((field) => field.name === 'type')!;
    const { before, between, now } = valuesAt(watched, slot.element * shape.layout.size + type.offset, type.stride);
    return [before, between, now].every((word) => word === 0);
  }

  function drawChanges(): void {
    const found = live ? changedSlots() : [];
    if (found.length === 0) {
      changes.replaceChildren();
      return;
    }
    const shown = found.slice(0, MAX_CHANGES);
    const groups = blocks.flatMap((one) => {
      const items = shown.filter((change) => change.block === one).map(changeItem);
      return items.length === 0 ? [] : [html('h3', {}, `In the ${one.title}`), html('ul', {}, ...items)];
    });
    changes.replaceChildren(
      html('h2', {}, 'What the last call changed'),
      ...groups,
      found.length > MAX_CHANGES ? html('p', {}, 'and more') : '',
    );
  }

  /** A changed slot with its values, as a way to it. */
  function changeItem({ block: one, slot }: ChangedSlot): HTMLElement {
    const { before, between, now } = valuesAt(one.watched, slot.offset, slot.size);
    const steps = between === before || between === now ? [before, now] : [before, between, now];
    const passing = steps.length === 3;
    const field = one.shape.layout.fields[slot.field]?.name ?? '';
    const meaning = valueInWords(field, slot.part, passing ? between : now);
    const visit = (): void => {
      openBlock(one.key, Math.floor(slot.offset / PAGE));
      focusOffset(slot.offset, true);
    };
    return html(
      'li',
      {},
      html('button', { type: 'button', class: 'link', click: visit }, slot.name),
      html('code', {}, ` ${steps.map((value) => (value > 0xffff ? `0x${hex(value, 1)}` : value)).join(' → ')}`),
      meaning === '' ? null : html('small', {}, ` (${passing ? 'during the call: ' : ''}${meaning})`),
    );
  }

  // --- blocks ----------------------------------------------------------------------------------------------------------

  function openBlock(key: string, to: number): void {
    const known = block.key;
    block = blocks.find((one) => one.key === key) ?? blocks[0]!;
    if (block.key !== known) current = 0;
    page = Math.max(0, Math.min(to, pages() - 1));
    blockSelect.selectedIndex = blocks.indexOf(block);
    hint.textContent = `${about[block.kind]} It has ${count(blockSize(block.shape), 'byte')}. Every square is a byte. Point at one, or move with the arrow keys, to see what it is for.`;
    const { layout: shown } = block.shape;
    fieldSelect.replaceChildren(
      ...shown.fields.flatMap((field, i) => (field.count === 0 ? [] : [html('option', { value: i }, field.name)])),
    );
    for (const one of [fieldSelect, fieldLabel]) one.hidden = block.kind === 'handles';
    fields.replaceChildren(...fieldRows(block.shape));
    summarise();
    draw();
  }

  function fieldRows({ layout: shown }: BlockLayout): HTMLElement[] {
    return shown.fields.map((field, i) => {
      const where = field.count === 0 ? 'none' : `${field.offset}, ${field.count} × ${field.stride} bytes`;
      return html(
        'tr',
        {},
        html('th', { scope: 'row' }, html('span', { class: `swatch c${i % 8}` }), field.name),
        html('td', {}, where),
        html('td', {}, meaningOf(shown, field).text),
      );
    });
  }

  function summarise(): void {
    if (!live) {
      summary.textContent =
        'There is no instance yet: what you see is where everything will lie. Call something to see its bytes.';
      return;
    }
    const counts = blocks.map((one) => countChanges(one.watched));
    const after = counts.reduce((sum, one) => sum + one.after, 0);
    const during = counts.reduce((sum, one) => sum + one.during, 0);
    const hidden =
      block.hidden === 0
        ? ''
        : ` ${count(block.hidden, 'more slot')} of it ${block.hidden === 1 ? 'is' : 'are'} not shown.`;
    summary.replaceChildren(
      `At address 0x${hex(block.address, 1)} of the store’s memory. ${running ? 'The running call has left' : 'The last call left'} `,
      html('span', { class: 'byte changed-after' }, `${count(after, 'byte')} different`),
      '; ',
      html('span', { class: 'byte changed-during' }, count(during, 'byte')),
      ` ${during === 1 ? 'was' : 'were'} different when it called out, and ${during === 1 ? 'is' : 'are'} as before again.${hidden}`,
    );
  }

  function update(given: readonly Block[], now: boolean): void {
    live = given.length > 0;
    running = now;
    const shape = (list: readonly Block[]): string => list.map((one) => `${one.key} ${blockSize(one.shape)}`).join();
    const same = shape(given) === shape(blocks);
    blocks = live ? given : [emptyBlock(layout)];
    if (same) block = blocks.find((one) => one.key === block.key) ?? blocks[0]!;
    else {
      blockSelect.replaceChildren(...blocks.map((one) => html('option', {}, one.title)));
      openBlock(block.key, page);
    }
    if (same) fill();
    drawChanges();
    summarise();
  }

  function select(ranges: readonly Range[]): void {
    outlined = ranges;
    const first = ranges.reduce<Range | null>((a, b) => (a === null || b.offset < a.offset ? b : a), null);
    marked.textContent = '';
    if (first === null) {
      outline();
      return;
    }
    openBlock(
      blocks.find((one) => one.kind === 'vmctx' && one.main)?.key ?? block.key,
      Math.floor(first.offset / PAGE),
    );
    const names = new Set<string>();
    for (const { offset, size } of ranges) {
      for (let at = offset; at < offset + size && names.size < 9; ) {
        const slot = slotAt(layout, at);
        if (slot !== null && slot.kind !== 'spare') names.add(slot.name);
        at = slot === null ? at + 1 : slot.offset + slot.size;
      }
    }
    marked.textContent = `Outlined: ${[...names].slice(0, 8).join(', ')}${names.size > 8 ? ' …' : ''}.`;
    focusOffset(first.offset, false);
  }

  narrow.addEventListener('change', () => {
    row = narrow.matches ? 8 : 16;
    draw();
  });
  const element = html(
    'div',
    { class: 'memory' },
    html(
      'div',
      { class: 'field' },
      html('label', { for: blockSelect.id }, 'Block'),
      blockSelect,
      fieldLabel,
      fieldSelect,
      previous,
      next,
      pageText,
    ),
    hint,
    summary,
    marked,
    html('div', { class: 'map-and-details' }, map, details, changes),
    html('h2', {}, 'Fields'),
    html(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Fields' },
      html(
        'table',
        {},
        html('thead', {}, html('tr', {}, html('th', {}, 'field'), html('th', {}, 'offset'), html('th', {}, 'meaning'))),
        fields,
      ),
    ),
  );
  blockSelect.append(html('option', {}, block.title));
  openBlock(block.key, 0);

  return { element, update, select, refresh: () => show(current) };
}
