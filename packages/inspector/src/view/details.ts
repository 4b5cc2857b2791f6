/** A description with its links, drawn. In: what something is, and who follows links. Out: elements. */
import type { Description, Link } from '../model/links.ts';
import { type Place, placeFragment } from '../model/place.ts';
import { html } from './dom.ts';

/** Shows a place and keeps it in the history. */
export type Go = (place: Place) => void;

/** A link to a place; the address is real, so that it can be copied. */
export function placeLink(
  { label, place }: Link,
  go: Go,
  properties: Readonly<Record<string, string>> = {},
): HTMLElement {
  return html(
    'a',
    {
      href: placeFragment(place),
      ...properties,
      click: (event) => {
        if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
        event.preventDefault();
        go(place);
      },
    },
    label,
  );
}

export function linkList(links: readonly Link[], go: Go): HTMLElement | null {
  if (links.length === 0) return null;
  return html('ul', { class: 'chips' }, ...links.map((link) => html('li', {}, placeLink(link, go))));
}

export function describe({ text, links, members = [] }: Description, go: Go): (HTMLElement | null)[] {
  const list = members.map((member) => {
    const places = member.links.flatMap((link) => [' ', placeLink(link, go)]);
    return html('li', {}, html('code', {}, member.name), html('span', { class: 'inline' }, ...places));
  });
  return [
    text === '' ? null : html('p', {}, text),
    linkList(links, go),
    list.length === 0 ? null : html('ul', { class: 'members' }, ...list),
  ];
}
