/** One argument in a form. In: its name and type, and the resources that calls have returned. Out: a labelled control. */
import { parseValue } from '@gangway/cli/wave';
import type { ResourceInfo, ValueInfo } from '@gangway/host';
import type { Argument, Held } from '../run/protocol.ts';
import { sampleText, typeText } from '../run/value-text.ts';
import { html, newId } from './dom.ts';

export interface Parameter {
  readonly element: HTMLElement;
  /** What the control shows, for people. */
  readonly text: string;
  /** Throws an Error for a text that is no value of the type. */
  read(): Argument;
  fail(message: string): void;
}

/** A control with its label, and a hint below. */
export function labelled(label: string, control: HTMLElement, hint: string | null = null): HTMLElement {
  control.id = newId('input');
  const small = hint === null ? null : html('small', { id: `${control.id}-hint` }, hint);
  if (small !== null) control.setAttribute('aria-describedby', small.id);
  return html('div', { class: 'field' }, html('label', { for: control.id }, label), control, small);
}

/** `order` is the component's resource types; a held resource names its own by its place there. */
export function parameter(
  name: string,
  type: ValueInfo,
  held: readonly Held[],
  order: readonly ResourceInfo[],
): Parameter {
  const error = html('small', { class: 'error', role: 'alert' });
  let control: HTMLInputElement | HTMLSelectElement;
  let read: () => Argument;
  let text: () => string;
  if (type.kind === 'own' || type.kind === 'borrow') {
    const fitting = held.filter((one) => order[one.type] === type.resource);
    const select = html('select', {}, ...fitting.map((one) => html('option', {}, one.label)));
    if (fitting.length === 0) select.append(html('option', {}, 'none yet'));
    read = () => {
      const chosen = fitting[select.selectedIndex];
      if (chosen === undefined) throw new Error('there is none yet: call a function that returns one');
      return { held: chosen.id };
    };
    text = () => fitting[select.selectedIndex]?.label ?? '';
    control = select;
  } else {
    const input = html('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', value: sampleText(type) });
    read = () => {
      parseValue(type, input.value);
      return { text: input.value };
    };
    text = () => input.value;
    control = input;
  }
  const element = labelled(`${name}: ${typeText(type)}`, control);
  error.id = `${control.id}-error`;
  control.setAttribute('aria-describedby', error.id);
  element.append(error);
  return {
    element,
    get text() {
      return text();
    },
    read,
    fail: (message) => {
      error.textContent = message;
      control.setAttribute('aria-invalid', String(message !== ''));
      if (message !== '') control.focus();
    },
  };
}
