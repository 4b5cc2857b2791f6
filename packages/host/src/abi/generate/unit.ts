/**
 * One piece of generated JavaScript: the functions of one export or one callee. In: lines of source, constants, helper
 * functions. Out: what `new Function` makes of them.
 *
 * Whatever a component supplies (names) gets into the source through {@link literal} only; whatever is no literal is passed
 * in as a constant. So no name can end a string or start a statement.
 */
import type { AddressType } from '@gangway/component/abi';
import { trap } from '../../call/abi-trap.ts';
import { argumentError, expected, located, publicError, refuse } from '../argument-error.ts';
import { readOwn } from '../field-names.ts';
import { fixedItems, listItems, tupleItems, wrongLength } from '../iterables.ts';
import { conversions } from '../joins.ts';
import { unsigned } from '../lift.ts';
import { checkList, checkSpilled } from '../limits.ts';
import { readHandle, storePair, taggedLength, taggedLength64 } from '../lower.ts';
import { lengthOf, offsetOf, readNumbers, sliceNumbers, writeNumbers } from '../number-lists.ts';
import { componentError, errorPayload, isErrorCase } from '../result-error.ts';
import { checkChar, liftChar } from '../scalars.ts';
import { checkLongString, checkStringLength, loadString, loadString64, storeString } from '../strings.ts';

/** What generated code may call, by the names that it uses. */
const helpers = {
  argumentError,
  ...conversions,
  checkChar,
  checkList,
  checkLongString,
  checkSpilled,
  checkStringLength,
  componentError,
  errorPayload,
  expected,
  fixedItems,
  isErrorCase,
  lengthOf,
  liftChar,
  listItems,
  loadString,
  loadString64,
  located,
  offsetOf,
  publicError,
  readHandle,
  readNumbers,
  readOwn,
  refuse,
  sliceNumbers,
  storePair,
  storeString,
  taggedLength,
  taggedLength64,
  trap,
  tupleItems,
  unsigned,
  writeNumbers,
  wrongLength,
};

/** A value as source text. Strings are safe anywhere in a script. */
export function literal(value: string | number): string {
  return JSON.stringify(value);
}

export class Unit {
  readonly address: AddressType;
  readonly #constants: unknown[] = [];
  readonly #functions: string[] = [];
  readonly #outlined = new Map<object, Map<string, string>>();
  #names = 0;

  constructor(address: AddressType) {
    this.address = address;
  }

  /** A name for a value that has no literal. */
  constant(value: unknown): string {
    const found = this.#constants.indexOf(value);
    return `k${found >= 0 ? found : this.#constants.push(value) - 1}`;
  }

  /** The index of byte address `address` in a view of elements of `size` bytes. */
  index(address: string, size: number): string {
    if (size === 1) return `${address}`;
    // A 64-bit memory may be larger than what a shift keeps.
    return this.address === 'i32' ? `(${address}) >>> ${Math.log2(size)}` : `(${address}) / ${size}`;
  }

  /** A name that no other name in the unit has. */
  fresh(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }

  /** The name of a function that is made once for `key` in the role `role`; `make` gives its source. */
  outline(key: object, role: string, make: (name: string) => string): string {
    let roles = this.#outlined.get(key);
    if (roles === undefined) this.#outlined.set(key, (roles = new Map()));
    let name = roles.get(role);
    if (name === undefined) {
      name = this.fresh(role);
      roles.set(role, name);
      this.#functions.push(make(name));
    }
    return name;
  }

  /** The whole source; `body` ends in a `return`. */
  source(body: string): string {
    const constants = this.#constants.map((_, i) => `k${i}`).join(', ');
    return [
      "'use strict';",
      `const { ${Object.keys(helpers).join(', ')} } = helpers;`,
      `const [${constants}] = constants;`,
      ...this.#functions,
      body,
    ].join('\n');
  }

  /** Runs the source; returns what `body` returns. `extra` are helpers of this use. */
  evaluate(body: string, extra: Readonly<Record<string, unknown>>): unknown {
    const names = Object.keys(extra);
    const make = new Function('helpers', 'constants', ...names, this.source(body)) as (...args: unknown[]) => unknown;
    return make(helpers, this.#constants, ...Object.values(extra));
  }
}

/** The statements of one function under construction. */
export class Code {
  readonly unit: Unit;
  /** Failed checks throw a `TypeError` with the whole path; otherwise the function's `catch` makes it. */
  readonly inlineFailures: boolean;
  readonly #lines: string[] = [];
  constructor(unit: Unit, inlineFailures = false) {
    this.unit = unit;
    this.inlineFailures = inlineFailures;
  }
  /** A statement that refuses `value`: `what` was expected at `path`. */
  fail(path: string, what: string, value: string): string {
    if (this.inlineFailures) return `throw argumentError(${literal(path)}, ${literal(what)}, ${value});`;
    return `{ at = ${literal(path)}; expected(${literal(what)}, ${value}); }`;
  }
  emit(...lines: string[]): void {
    this.#lines.push(...lines);
  }
  /** Emits `const name = expression` and returns the name. */
  define(prefix: string, expression: string): string {
    const name = this.unit.fresh(prefix);
    this.emit(`const ${name} = ${expression};`);
    return name;
  }
  toString(): string {
    return this.#lines.join('\n');
  }

  /** An element of a view of `memory` at byte address `base + offset`. */
  element(view: string, size: number, base: string, offset: number): string {
    return `${view}[${this.unit.index(offset === 0 ? base : `${base} + ${offset}`, size)}]`;
  }
}
