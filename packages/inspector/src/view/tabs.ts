/**
 * Tabs: one pane is seen at a time. In: titles and panes, and who is told that one was chosen. Out: the element, and a way
 * to show a pane. The chosen tab takes part in the Tab order; arrow keys, Home and End move among the others (the ARIA
 * pattern).
 */
import { html } from './dom.ts';

export interface Pane {
  readonly name: string;
  readonly title: string;
  readonly content: HTMLElement;
}

export interface Tabs {
  readonly element: HTMLElement;
  show(name: string): void;
}

export function makeTabs(panes: readonly Pane[], choose: (name: string) => void): Tabs {
  const buttons = panes.map(({ name, title }) =>
    html(
      'button',
      {
        role: 'tab',
        type: 'button',
        id: `tab-${name}`,
        'aria-controls': `pane-${name}`,
        'aria-selected': 'false',
        click: () => choose(name),
      },
      title,
    ),
  );
  const panels = panes.map(({ name, content }) =>
    html('section', { role: 'tabpanel', id: `pane-${name}`, 'aria-labelledby': `tab-${name}`, hidden: true }, content),
  );
  function show(name: string): void {
    panes.forEach((pane, i) => {
      const chosen = pane.name === name;
      const button = buttons[i]!;
      button.setAttribute('aria-selected', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      panels[i]!.hidden = !chosen;
    });
  }
  function move(event: Event): void {
    const { key } = event as KeyboardEvent;
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = buttons.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const to = Object.hasOwn(moves, key) ? moves[key] : undefined;
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(panes[to]!.name);
    buttons[to]!.focus();
  }
  const element = html(
    'div',
    { class: 'tabs' },
    html('div', { role: 'tablist', 'aria-label': 'What to look at', keydown: move }, ...buttons),
    ...panels,
  );
  return { element, show };
}
