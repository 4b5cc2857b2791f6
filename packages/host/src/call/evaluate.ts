/** Code from text: whether it may be made here (a page's Content-Security-Policy may forbid it), and making it. */
import type { Form } from '../forms/forms.ts';
import { helpers } from './helpers.ts';

let answer: boolean | undefined;

/** Asked once, and only where there is text: a policy that forbids it reports the question. */
export function canEvaluate(): boolean {
  if (answer === undefined) {
    try {
      answer = new Function('return true')() as boolean;
    } catch {
      answer = false;
    }
  }
  return answer;
}

/** What the generated code makes. `text`: the body of a function of `helpers`. */
export function evaluateForm<M>(text: string): M {
  const form = new Function('helpers', `'use strict';\n${text}`) as Form<M>;
  return form(helpers);
}
