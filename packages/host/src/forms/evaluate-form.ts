/**
 * The part of the host that makes functions of generated text. In: the text. Out: a maker, which binds the functions to an
 * instance.
 *
 * Functions of the same text have one type feedback. With several instances alive, what each of them calls (its core
 * functions, its strings module) is then several functions at one place, and engines inline none of them: an `echo` of a
 * short string took 1.9 times as much as hand-written glue, which is 1.3 with one instance. So the first instances have code of their
 * own, of texts that differ in a comment, and are as fast as a single one; all others share one more.
 */
import * as helpers from '../call/helpers.ts';

/** Instances of a component that have code of their own. */
const OWN = 4;
/**
 * Most lowered imports of a component whose callees are evaluated so often: all of them when an instance is made, used or
 * not, 20 µs each.
 */
const FEW = 8;

type Maker = (...parts: never[]) => unknown;

/**
 * `text`: the body of a function of `helpers`, as Unit.source in abi/generate makes it. `lowerings`: of an import's text, how
 * many the component has.
 */
export function evaluateForm<M>(text: string, lowerings = 0): M {
  const own = lowerings > FEW ? 0 : OWN;
  let made = 0;
  let last: Maker | undefined;
  const maker: Maker = (a, b, c) => {
    if (last === undefined || made <= own) {
      const form = new Function('helpers', `'use strict';\n${text}\n// ${made}`) as (given: typeof helpers) => Maker;
      last = form(helpers);
      made++;
    }
    return last(a, b, c);
  };
  return maker as M;
}
