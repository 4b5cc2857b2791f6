/**
 * The part of the host that makes functions of generated text. In: the text. Out: a maker, which binds the functions to an
 * instance.
 *
 * Functions of the same text have one type feedback. With several instances alive, what each of them calls (its core
 * functions, its strings module) is then several functions at one place, and engines inline none of them: an `echo` of a
 * short string took 1.9 times as much as hand-written glue, which is 1.3 with one instance. So the first instances have code of their
 * own, of texts that differ in a comment, and are as fast as a single one; all others share one more.
 */
import { stringAccess } from '../abi/string-access.ts';
import { helpers } from '../call/all-helpers.ts';
import { registerPart } from './parts.ts';

/** Evaluations of a text before all share one: instances of a component, however often that was compiled. */
const OWN = 4;
/**
 * Most lowered imports of a component whose callees are evaluated so often: all of them when an instance is made, used or
 * not, 20 µs each.
 */
const FEW = 8;

/** How often each text has been evaluated; forgotten from time to time, which costs some evaluations more. */
const evaluated = new Map<string, number>();
const MOST_TEXTS = 4096;

/** Counts an evaluation; which one of the text it is, `OWN` for all behind the first. */
function numberOf(text: string): number {
  const number = evaluated.get(text) ?? 0;
  if (number === OWN) return OWN;
  if (number === 0 && evaluated.size === MOST_TEXTS) evaluated.clear();
  evaluated.set(text, number + 1);
  return number;
}

type Maker = (...parts: never[]) => unknown;

/**
 * `text`: the body of a function of `helpers`, as Unit.source in abi/generate makes it. `lowerings`: of an import's text, how
 * many the component has.
 */
export function evaluateForm<M>(text: string, lowerings = 0): M {
  // Comes with this part: a program that never returns to the event loop could not load it when it has many strings.
  registerPart('strings', stringAccess);
  let shared: Maker | undefined;
  const maker: Maker = (a, b, c) => {
    if (shared !== undefined) return shared(a, b, c);
    const number = lowerings > FEW ? OWN : numberOf(text);
    const form = new Function('helpers', `'use strict';\n${text}\n// ${number}`) as (given: typeof helpers) => Maker;
    const made = form(helpers);
    if (number === OWN) shared = made;
    return made(a, b, c);
  };
  return maker as M;
}
