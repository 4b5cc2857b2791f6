/** What calls came to, latest first. In: outcomes. Out: a list; the names in a trap's stack are links to the structure. */
import type { Links } from '../model/links.ts';
import { count } from '../model/structure.ts';
import type { Outcome, TrapReport } from '../run/protocol.ts';
import { type Go, placeLink } from './details.ts';
import { html } from './dom.ts';

export interface Results {
  readonly element: HTMLElement;
  /** `changed`: bytes that are different now, bytes that were different in between; null: nothing ran. */
  add(call: string, outcome: Outcome, changed: { readonly after: number; readonly during: number } | null): void;
}

export function makeResults(links: Links, go: Go): Results {
  const element = html('ol', { class: 'results', 'aria-live': 'polite', 'aria-label': 'Results, latest first' });

  function stackOf(trap: TrapReport): HTMLElement[] {
    return trap.stack.map((frame) => {
      const found = links.frame(frame.instance, frame.function);
      const name = found.instance === null ? frame.instance : placeLink(found.instance, go);
      if (frame.function === null) return html('li', {}, name);
      return html('li', {}, name, ', ', found.func === null ? frame.function : placeLink(found.func, go));
    });
  }

  function body(outcome: Outcome): readonly (HTMLElement | null)[] {
    switch (outcome.kind) {
      case 'value':
      case 'error':
        return [html('output', {}, `→ ${outcome.text}`)];
      case 'exit':
        return [html('output', {}, `→ the program ended itself with exit code ${outcome.code}`)];
      case 'trap': {
        const { trap } = outcome;
        return [
          html('output', {}, `✗ ${trap.message} (${trap.code})`),
          trap.cause === null ? null : html('p', {}, `What was thrown: ${trap.cause}`),
          html('p', {}, 'Component call stack, innermost first:'),
          html('ol', { class: 'stack' }, ...stackOf(trap)),
          trap.engine === ''
            ? null
            : html('details', {}, html('summary', {}, 'Where in the core code'), html('pre', {}, trap.engine)),
          html(
            'p',
            { class: 'hint' },
            'After a trap nothing can be called any more in this store; the next call makes a new instance.',
          ),
        ];
      }
      case 'failed':
        return [html('output', {}, `✗ ${outcome.message}`)];
      case 'stopped':
        return [html('output', {}, '✗ stopped; the next call makes a new instance')];
      default:
        return outcome satisfies never;
    }
  }

  return {
    element,
    add(call, outcome, changed) {
      const item = html('li', { class: outcome.kind }, html('code', {}, call), ...body(outcome));
      if (changed !== null) {
        const label = `${count(changed.after, 'byte')} of the context memory changed, ${changed.during} more in between`;
        item.append(placeLink({ label, place: { pane: 'memory', ranges: [] } }, go, { class: 'changes-link' }));
      }
      element.prepend(item);
    },
  };
}
