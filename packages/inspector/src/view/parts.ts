/**
 * Components for the imports of the one that is looked at. In: what it imports, and the parts that it has been given. Out:
 * a box in which parts are added and removed. An import that is a component is served by a part as a whole; an interface
 * by a part that exports it, linked when it runs.
 */
import type { Component } from '@gangway/host';
import { servedBy } from '../run/compose.ts';
import type { Part } from '../run/protocol.ts';
import { html, newId } from './dom.ts';

/** What a part is for. */
export interface PartUse {
  readonly part: Part;
  /** The imports that it serves. */
  readonly serves: readonly string[];
}

export interface PartsOptions {
  readonly component: Component;
  readonly wasi: (name: string) => boolean;
  readonly uses: readonly PartUse[];
  readonly add: (file: File) => void;
  readonly remove: (part: Part) => void;
}

/** The imports that a part could serve. */
export function openImports(component: Component, wasi: (name: string) => boolean): string[] {
  return component.imports.flatMap(({ name, kind }) => (kind === 'type' || wasi(name) ? [] : [name]));
}

/** Which of the `wanted` names the exports of a component serve. */
export function servedNames(wanted: readonly string[], component: Component): string[] {
  const exports = new Set(component.exports.map(({ name }) => name));
  return wanted.filter((name) => servedBy(name, exports) !== undefined);
}

/** Null when there is nothing to give. */
export function partsBox({ component, wasi, uses, add, remove }: PartsOptions): HTMLElement | null {
  const { linked, unlinked } = component.plan;
  const wanted = openImports(component, wasi);
  if (wanted.length === 0 && linked.length === 0) return null;
  const input = html('input', {
    type: 'file',
    id: newId('part'),
    accept: '.wasm,application/wasm',
    change: () => {
      const file = input.files?.[0];
      if (file !== undefined) add(file);
    },
  });
  const items = uses.map(({ part, serves }) =>
    html(
      'li',
      {},
      html('strong', {}, part.name),
      serves.length === 0 ? ' exports nothing that is imported ' : ` gives ${serves.join(', ')} `,
      html('button', { type: 'button', 'aria-label': `Remove ${part.name}`, click: () => remove(part) }, 'Remove'),
    ),
  );
  const rest = wanted.filter((name) => !uses.some(({ serves }) => serves.includes(name)));
  const text =
    unlinked.length > 0
      ? `It imports whole components, and cannot run before it has them: ${unlinked.join(', ')}.`
      : rest.length === 0
        ? 'Other components give it all that it imports.'
        : `This page answers for ${rest.join(', ')}, unless you give a component that exports it.`;
  const short =
    unlinked.length > 0
      ? 'components are missing'
      : rest.length === 0
        ? 'given by other components'
        : 'answered by this page, or by a component that you add';
  return html(
    'details',
    { class: 'card parts', open: unlinked.length > 0 || uses.length > 0 },
    html('summary', {}, `Its imports: ${short}`),
    html('p', {}, text),
    items.length === 0 ? null : html('ul', {}, ...items),
    html('div', { class: 'field' }, html('label', { for: input.id }, 'Add a component'), input),
  );
}
