/**
 * The code that was emitted, as text. In: the modules, and what belongs together. Out: a list of trampolines and adapters,
 * the text of the chosen one, what it is connected to, and the fields of the vmctx that it touches: behind each line that
 * touches one stands a link to it.
 *
 * The editor stands in a shadow root: there its styles are a style sheet object, and the page's policy for styles needs no
 * exception.
 */
import { wast } from '@codemirror/lang-wast';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Range as Marked } from '@codemirror/state';
import { Decoration, EditorView, lineNumbers, WidgetType } from '@codemirror/view';
import { toWat } from '@gangway/adapter-codegen';
import { tags } from '@lezer/highlight';
import { type EmittedItem, exportedAs } from '../model/emitted.ts';
import type { Links } from '../model/links.ts';
import type { Range } from '../model/place.ts';
import { slotAt } from '../model/slots.ts';
import { type VmctxAccess, WatIndex } from '../model/wat-index.ts';
import { describe, type Go, linkList, placeLink } from './details.ts';
import { html, newId } from './dom.ts';

/** Who touches the vmctx. */
export interface CodeUsers {
  /** Names of the code that touches bytes of the vmctx; those whose texts have been read. */
  usedBy(offset: number, size: number): readonly string[];
}

export interface CodePane extends CodeUsers {
  readonly element: HTMLElement;
  /** Shows a function; null: the first, unless one is shown. Lines that touch `ranges` are marked. */
  select(name: string | null, ranges: readonly Range[]): Promise<void>;
  /** Reads all texts. */
  load(): Promise<void>;
  /** There is more to show than there was. */
  extend(): void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)' },
  { tag: tags.typeName, color: 'var(--code-type)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.variableName, color: 'var(--code-name)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--code-comment)' },
]);

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--card)', color: 'var(--text)', fontSize: '0.85rem', maxHeight: '70vh' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { overflow: 'auto', fontFamily: 'ui-monospace, monospace' },
  '.cm-gutters': { backgroundColor: 'var(--back)', color: 'var(--soft)', borderRight: '1px solid var(--line)' },
  '.touches': { backgroundColor: 'var(--trampolines)', borderRadius: '2px' },
  '.touches.chosen': { outline: '2px solid var(--accent)' },
  '.to-field': {
    marginLeft: '1.5em',
    color: 'var(--accent)',
    textDecoration: 'underline',
    fontFamily: 'system-ui, sans-serif',
    fontSize: '0.8rem',
    cursor: 'pointer',
  },
});

/** What there is to choose from, by kind. */
const kinds: Readonly<Record<EmittedItem['kind'], string>> = {
  trampoline: 'trampolines',
  adapter: 'adapters',
  link: 'links to other components',
};

const overlaps = (a: Range, offset: number, size: number): boolean =>
  a.offset < offset + size && offset < a.offset + a.size;

/** The link behind a line. */
class FieldLink extends WidgetType {
  readonly label: string;
  readonly range: Range;
  readonly #go: Go;
  constructor(label: string, range: Range, go: Go) {
    super();
    this.label = label;
    this.range = range;
    this.#go = go;
  }
  override eq(other: FieldLink): boolean {
    return other.label === this.label;
  }
  override toDOM(): HTMLElement {
    const place = { pane: 'memory', ranges: [this.range] } as const;
    // The chips above lead to the same places and are in the Tab order; here they would be in the way of the text.
    return placeLink({ label: `→ ${this.label}`, place }, this.#go, { class: 'to-field', tabindex: '-1' });
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

/** `linked`: other components serve its imports. */
export function codePane(links: Links, go: Go, linked: boolean): CodePane {
  const { layout } = links;
  const indexes: Promise<WatIndex>[] = [];
  const indexOf = (module: number): Promise<WatIndex> =>
    (indexes[module] ??= toWat(links.emitted.modules[module]!.bytes).then((text) => new WatIndex(text)));
  const touched = new Map<string, readonly VmctxAccess[]>();
  const fieldName = (offset: number): string => slotAt(layout, offset)?.name ?? `offset ${offset}`;

  const host = html('div', { class: 'editor' });
  const root = host.attachShadow({ mode: 'open' });
  const view = new EditorView({ root, parent: root });
  const select = html('select', {
    id: newId('code'),
    change: () => go({ pane: 'code', item: select.value, ranges: [] }),
  });
  function fillSelect(): void {
    const groups = Object.entries(kinds).flatMap(([kind, label]) => {
      const options = links.emitted.items
        .filter((item) => item.kind === kind)
        .map((item) => html('option', { value: item.name }, item.title));
      return options.length > 0 ? [html('optgroup', { label }, ...options)] : [];
    });
    const { value } = select;
    select.replaceChildren(...groups);
    if (value !== '') select.value = value;
  }
  fillSelect();
  let shown: { readonly name: string; readonly ranges: readonly Range[] } | null = null;
  const whole = html('input', {
    type: 'checkbox',
    id: newId('whole'),
    change: () => void (shown === null ? null : open(shown.name, shown.ranges)),
  });
  const about = html('div', { class: 'about' });
  const chips = html('div', { class: 'touched-fields' });
  const status = html('p', { role: 'status' });

  function stateOf(doc: string, accesses: readonly VmctxAccess[], from: number, ranges: readonly Range[]): EditorState {
    const marks: Marked<Decoration>[] = [];
    const widgets = new Map<number, Set<number>>();
    for (const { at, offset, bytes } of [...accesses].sort((a, b) => a.at - b.at)) {
      const place = at - from;
      if (place < 0 || place >= doc.length) continue;
      const newline = doc.indexOf('\n', place);
      const end = newline < 0 ? doc.length : newline;
      const chosen = ranges.some((range) => overlaps(range, offset, bytes));
      marks.push(Decoration.mark({ class: chosen ? 'touches chosen' : 'touches' }).range(place, end));
      const known = widgets.get(end) ?? new Set();
      widgets.set(end, known);
      if (known.has(offset)) continue;
      known.add(offset);
      const widget = new FieldLink(fieldName(offset), { offset, size: bytes }, go);
      marks.push(Decoration.widget({ widget, side: 1 }).range(end));
    }
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        wast(),
        syntaxHighlighting(colours),
        look,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ 'aria-label': 'WebAssembly text', tabindex: '0', 'aria-readonly': 'true' }),
        EditorView.decorations.of(Decoration.set(marks, true)),
      ],
    });
  }

  async function accessesOf(item: EmittedItem): Promise<readonly VmctxAccess[]> {
    let found = touched.get(item.name);
    if (found === undefined) {
      const index = await indexOf(item.module);
      const func = index.exported(exportedAs(item));
      found = func === undefined ? [] : index.accesses(func);
      touched.set(item.name, found);
    }
    return found;
  }

  async function open(name: string, ranges: readonly Range[]): Promise<void> {
    const item = links.item(name);
    if (item === undefined) return;
    shown = { name, ranges };
    select.value = name;
    status.textContent = 'writing the text …';
    try {
      const index = await indexOf(item.module);
      const func = index.exported(exportedAs(item));
      const accesses = await accessesOf(item);
      if (shown.name !== name) return;
      const inside = (one: VmctxAccess): boolean => func !== undefined && one.at >= func.from && one.at < func.to;
      const touching = accesses.filter((one) => ranges.some((range) => overlaps(range, one.offset, one.bytes)));
      // What is looked for may stand in a function that this one calls.
      const all = whole.checked || func === undefined || (touching.length > 0 && !touching.some(inside));
      // A function alone begins at the margin.
      const from = all ? 0 : func.from - 2;
      const doc = all ? index.text : index.text.slice(from, func.to);
      view.setState(stateOf(doc, accesses, from, ranges));
      const first = touching.find(inside) ?? touching[0];
      const at = first === undefined ? (all ? (func?.from ?? 0) : 0) : first.at - from;
      view.dispatch({ effects: EditorView.scrollIntoView(at, { y: first === undefined ? 'start' : 'center' }) });
      status.textContent = '';
      about.replaceChildren(...describe(links.describeItem(item), go).filter((one) => one !== null));
      showChips(accesses);
    } catch (error) {
      status.textContent = `The text cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  function showChips(accesses: readonly VmctxAccess[]): void {
    const fields = new Map<string, { ranges: Range[]; kinds: Set<string> }>();
    for (const access of accesses) {
      const name = fieldName(access.offset);
      const entry = fields.get(name) ?? { ranges: [], kinds: new Set() };
      entry.ranges.push({ offset: access.offset, size: access.bytes });
      entry.kinds.add(access.kind === 'load' ? 'read' : 'written');
      fields.set(name, entry);
    }
    const found = [...fields].map(([name, { ranges, kinds }]) => ({
      label: `${name} (${[...kinds].join(', ')})`,
      place: { pane: 'memory', ranges: ranges.slice(0, 1) } as const,
    }));
    if (found.length > 1) {
      const ranges = [...fields.values()].flatMap((entry) => entry.ranges.slice(0, 1));
      found.push({ label: 'all of them', place: { pane: 'memory', ranges } });
    }
    chips.replaceChildren(
      html('p', {}, found.length === 0 ? 'It touches no field of the vmctx.' : 'Its code touches, in the vmctx:'),
      linkList(found, go) ?? '',
    );
  }

  const hint = html(
    'p',
    { class: 'hint' },
    'Gangway writes small WebAssembly functions around the component’s own. A trampoline carries a call from the component ',
    'to the host, an adapter one from a component to another: each checks whether the call is allowed, then finds its way ',
    'through the vmctx. Tinted lines read or write the vmctx; the arrow behind them leads there.',
  );
  const later = html(
    'p',
    { class: 'hint' },
    'It will be linked with other components when it is instantiated. The adapters for that are written then: ',
    placeLink({ label: 'call something', place: { pane: 'run', func: null } }, go, {}),
    ' to see them here.',
  );
  later.hidden = !linked;
  const nothing =
    links.component.plan.unlinked.length > 0
      ? 'Nothing has been written yet: the component still has to be linked with the components that it imports.'
      : 'Nothing was written for this component: it imports nothing and has no components that call each other.';
  const content =
    links.emitted.items.length === 0
      ? [html('p', {}, nothing)]
      : [
          html(
            'div',
            { class: 'field' },
            html('label', { for: select.id }, 'Function'),
            select,
            html('span', { class: 'check' }, whole, html('label', { for: whole.id }, 'whole module')),
          ),
          later,
          about,
          chips,
          status,
          host,
        ];
  return {
    element: html('div', { class: 'code' }, hint, ...content),
    async select(name, ranges) {
      const wanted = name ?? shown?.name ?? links.emitted.items[0]?.name;
      if (wanted !== undefined && (name !== null || shown === null)) await open(wanted, ranges);
    },
    usedBy: (offset, size) =>
      links.emitted.items
        .filter((item) => touched.get(item.name)?.some((one) => overlaps({ offset, size }, one.offset, one.bytes)))
        .map((item) => item.name),
    async load() {
      for (const item of links.emitted.items) await accessesOf(item);
    },
    extend() {
      fillSelect();
      later.hidden = true;
      if (shown !== null) void open(shown.name, shown.ranges);
    },
  };
}
