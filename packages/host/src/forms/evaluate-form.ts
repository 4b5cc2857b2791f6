/** The part of the host that makes functions of generated text. */
import * as helpers from '../call/helpers.ts';

/** `text`: the body of a function of `helpers`, as Unit.source in abi/generate makes it. */
export function evaluateForm<M>(text: string): M {
  const form = new Function('helpers', `'use strict';\n${text}`) as (given: typeof helpers) => M;
  return form(helpers);
}
