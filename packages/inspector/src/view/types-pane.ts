/**
 * The types of a component as WIT. In: its plan, and what belongs together. Out: the text, in which names of imports and
 * exports are links; what the chosen one is connected to stands beside.
 */
import { witText } from '@gangway/component/reflect';
import type { Links } from '../model/links.ts';
import { witLines } from '../model/wit-index.ts';
import { describe, type Go } from './details.ts';
import { html } from './dom.ts';

export interface TypesPane {
  readonly element: HTMLElement;
  /** Marks the line of that key and brings it into view; null: nothing is marked. */
  select(key: string | null): void;
}

const keyword =
  /\b(world|import|export|interface|resource|func|static|constructor|use|type|record|variant|enum|flags|component|async)\b(?=[ :(])/g;

/** Text with its keywords in elements. */
function coloured(text: string): (Node | string)[] {
  const pieces: (Node | string)[] = [];
  let at = 0;
  for (const found of text.matchAll(keyword)) {
    pieces.push(text.slice(at, found.index), html('span', { class: 'keyword' }, found[0]));
    at = found.index + found[0].length;
  }
  pieces.push(text.slice(at));
  return pieces;
}

export function typesPane(links: Links, go: Go): TypesPane {
  const { plan } = links.component;
  const byKey = new Map<string, HTMLElement>();
  const lines = witLines(witText(plan)).map(({ text, key, from, to }) => {
    if (key === null || byKey.has(key)) return html('span', { class: 'line' }, ...coloured(text), '\n');
    const name = html(
      'button',
      { type: 'button', class: 'name', click: () => go({ pane: 'types', key }) },
      text.slice(from, to),
    );
    const line = html(
      'span',
      { class: 'line' },
      ...coloured(text.slice(0, from)),
      name,
      ...coloured(text.slice(to)),
      '\n',
    );
    byKey.set(key, line);
    return line;
  });
  const details = html('div', {
    class: 'details',
    role: 'region',
    'aria-label': 'About the chosen name',
    'aria-live': 'polite',
  });
  const hint = (): HTMLElement =>
    html(
      'p',
      { class: 'hint' },
      'Choose a name in the text to see what carries it out, and where it is in the diagram.',
    );

  function select(key: string | null): void {
    for (const line of byKey.values()) line.classList.remove('chosen');
    const line = key === null ? undefined : byKey.get(key);
    const found = key === null ? null : links.describeType(key);
    if (line === undefined || found === null) {
      details.replaceChildren(hint());
      return;
    }
    line.classList.add('chosen');
    line.scrollIntoView({ block: 'nearest' });
    details.replaceChildren(
      html('h3', {}, key!.replace(/^(import|export) /, '')),
      ...describe(found, go).filter((one) => one !== null),
    );
  }
  select(null);
  const element = html(
    'div',
    { class: 'types' },
    html(
      'p',
      { class: 'hint' },
      'What the component asks for (import) and what it offers (export), in WIT, the language of component interfaces.',
    ),
    html(
      'div',
      { class: 'beside' },
      html('pre', { class: 'wit', tabindex: 0, 'aria-label': 'Types in WIT', role: 'region' }, ...lines),
      details,
    ),
  );
  return { element, select };
}
