/**
 * The code that was emitted, as text. In: the modules, and names of what is in them. Out: a list of trampolines and
 * adapters, the text of the chosen one, and the fields of the vmctx that it touches.
 */
import { wast } from '@codemirror/lang-wast';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Range } from '@codemirror/state';
import { Decoration, EditorView, lineNumbers } from '@codemirror/view';
import { toWat } from '@gangway/adapter-codegen';
import type { Layout } from '@gangway/offsets';
import { tags } from '@lezer/highlight';
import { html, newId } from './dom.ts';
import { type VmctxAccess, WatIndex } from './wat-index.ts';

/** A function of an emitted module. */
export interface EmittedItem {
  /** As it is exported: `trampoline[0]`, `adapter[2]`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** The component function or built-in that it is for. */
  readonly about: string;
  /** Index into the modules. */
  readonly module: number;
}

export interface CodePane {
  readonly element: HTMLElement;
  open(name: string): Promise<void>;
  /** Names of the code that touches bytes of the vmctx; those whose texts have been read. */
  usedBy(offset: number, size: number): readonly string[];
  /** Reads all texts. */
  load(): Promise<void>;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)' },
  { tag: tags.typeName, color: 'var(--code-type)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.variableName, color: 'var(--code-name)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--code-comment)' },
]);
const touching = Decoration.mark({ class: 'touches' });

/** The field that holds an offset: `flags[1]`. */
export function fieldAt(layout: Layout, offset: number): string {
  const field = layout.fields.find((f) => offset >= f.offset && offset < f.offset + f.count * f.stride);
  if (field === undefined) return `offset ${offset}`;
  const index = Math.floor((offset - field.offset) / field.stride);
  const inner = (offset - field.offset) % field.stride;
  const part = field.parts.find((one) => inner >= one.offset && inner < one.offset + one.size);
  const element = field.spec.count === 1 ? field.name : `${field.name}[${index}]`;
  return field.parts.length > 1 && part !== undefined ? `${element}.${part.name}` : element;
}

export function codePane(
  items: readonly EmittedItem[],
  modules: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  layout: Layout,
  mark: (accesses: readonly VmctxAccess[], why: string) => void,
): CodePane {
  const indexes: Promise<WatIndex>[] = [];
  const indexOf = (module: number): Promise<WatIndex> =>
    (indexes[module] ??= toWat(modules[module]!.bytes).then((text) => new WatIndex(text)));
  const touched = new Map<string, readonly VmctxAccess[]>();
  const view = new EditorView({ parent: html('div') });
  const select = html('select', { id: newId('code'), change: () => void open(select.value) });
  for (const kind of ['trampoline', 'adapter']) {
    const options = items
      .filter((item) => item.name.startsWith(kind))
      .map((item) => html('option', { value: item.name }, item.title));
    if (options.length > 0) select.append(html('optgroup', { label: `${kind}s` }, ...options));
  }
  const whole = html('input', { type: 'checkbox', id: newId('whole'), change: () => void open(select.value) });
  const about = html('p');
  const chips = html('ul', { class: 'chips' });
  const status = html('p', { role: 'status' });

  function stateOf(doc: string, accesses: readonly VmctxAccess[], from: number): EditorState {
    const marks: Range<Decoration>[] = [];
    for (const { at } of [...accesses].sort((a, b) => a.at - b.at)) {
      const place = at - from;
      if (place < 0 || place >= doc.length) continue;
      const end = doc.indexOf('\n', place);
      marks.push(touching.range(place, end < 0 ? doc.length : end));
    }
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        wast(),
        syntaxHighlighting(colours),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'WebAssembly text', tabindex: '0' }),
        EditorView.decorations.of(Decoration.set(marks)),
      ],
    });
  }

  async function accessesOf(item: EmittedItem): Promise<readonly VmctxAccess[]> {
    let found = touched.get(item.name);
    if (found === undefined) {
      const index = await indexOf(item.module);
      const func = index.exported(item.name);
      found = func === undefined ? [] : index.accesses(func);
      touched.set(item.name, found);
    }
    return found;
  }

  async function open(name: string): Promise<void> {
    const item = items.find((one) => one.name === name);
    if (item === undefined) return;
    select.value = name;
    status.textContent = 'writing the text …';
    try {
      const index = await indexOf(item.module);
      const func = index.exported(name);
      const accesses = await accessesOf(item);
      if (select.value !== name) return;
      const all = whole.checked || func === undefined;
      // A function alone begins at the margin.
      const from = all ? 0 : func.from - 2;
      const doc = all ? index.text : index.text.slice(from, func.to);
      view.setState(stateOf(doc, accesses, from));
      if (all && func !== undefined) {
        view.dispatch({ effects: EditorView.scrollIntoView(func.from, { y: 'start' }) });
      }
      status.textContent = '';
      about.textContent = item.about;
      showChips(item, accesses);
    } catch (error) {
      status.textContent = `The text cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  function showChips(item: EmittedItem, accesses: readonly VmctxAccess[]): void {
    const fields = new Map<string, { accesses: VmctxAccess[]; kinds: Set<string> }>();
    for (const access of accesses) {
      const name = fieldAt(layout, access.offset);
      const entry = fields.get(name) ?? { accesses: [], kinds: new Set() };
      entry.accesses.push(access);
      entry.kinds.add(access.kind === 'load' ? 'read' : 'written');
      fields.set(name, entry);
    }
    const buttons = [...fields].map(([name, entry]) =>
      html(
        'li',
        {},
        html(
          'button',
          { type: 'button', click: () => mark(entry.accesses, `${item.name}, of ${name},`) },
          `${name} (${[...entry.kinds].join(', ')})`,
        ),
      ),
    );
    if (buttons.length > 1) {
      buttons.push(
        html('li', {}, html('button', { type: 'button', click: () => mark(accesses, item.title) }, 'all of them')),
      );
    }
    chips.replaceChildren(...buttons);
  }

  const hint = html(
    'p',
    { class: 'hint' },
    'Gangway writes small WebAssembly functions around the component’s own. A trampoline carries a call from the component ',
    'to the host, an adapter one from a component to another: each checks whether the call is allowed, then finds its way ',
    'through the vmctx. Tinted lines read or write the vmctx.',
  );
  const element =
    items.length === 0
      ? html(
          'div',
          { class: 'code' },
          hint,
          html('p', {}, 'Nothing was written for this component: it imports nothing, or it still has to be linked.'),
        )
      : html(
          'div',
          { class: 'code' },
          hint,
          html(
            'div',
            { class: 'field' },
            html('label', { for: select.id }, 'Function'),
            select,
            html('span', { class: 'check' }, whole, html('label', { for: whole.id }, 'whole module')),
          ),
          about,
          html('p', {}, 'Fields of the vmctx that it touches (choose one to see it in the map):'),
          chips,
          status,
          view.dom,
        );
  return {
    element,
    open,
    usedBy: (offset, size) =>
      items
        .filter((item) =>
          touched.get(item.name)?.some((one) => one.offset < offset + size && offset < one.offset + one.bytes),
        )
        .map((item) => item.name),
    async load() {
      for (const item of items) await accessesOf(item);
    },
  };
}
