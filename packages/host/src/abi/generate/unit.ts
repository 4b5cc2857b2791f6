/**
 * One piece of generated JavaScript: the functions of one export or one callee. In: lines of source. Out: the text of a function of one parameter, `helpers`, which is evaluated at once or written to a file.
 *
 * Whatever a component supplies (names) gets into the source through {@link literal} only. So no name can end a string or start a statement.
 */
import type { AddressType } from '@gangway/component/abi';
import { helpers } from '../../call/all-helpers.ts';

/** A value as source text. Strings are safe anywhere in a script. */
export function literal(value: string | number): string {
  return JSON.stringify(value);
}

/**
 * A new array for `length` (a variable) elements that are about to be assigned in order. Growing one element by element
 * costs a twentieth of an `echo` of 100 records; beyond some size engines make dictionaries of what is asked for at once.
 */
export function newArray(length: string): string {
  return `${length} < 65536 ? new Array(${length}) : []`;
}

/** Stands for the line that takes the views into locals; {@link Unit.source} leaves those that are used. */
export const VIEWS = 'const views = memory;';

/** A local that is a view, being indexed or asked for its length. */
const viewUse = /(?:^|[^.\w])([uif](?:8|16|32|64))[[.]/g;

export class Unit {
  readonly address: AddressType;
  readonly #constants: string[] = [];
  readonly #functions: string[] = [];
  readonly #outlined = new Map<object, Map<string, string>>();
  readonly #refusals: string[] = [];
  #names = 0;

  constructor(address: AddressType) {
    this.address = address;
  }

  /** A name for the value of an expression that is evaluated once. */
  constant(expression: string): string {
    const found = this.#constants.indexOf(expression);
    return `k${found >= 0 ? found : this.#constants.push(expression) - 1}`;
  }

  /** An expression for the `TypeError` about `value`: `what` was expected at `path`. */
  refusal(path: string, what: string, value: string): string {
    const refusal = `[${literal(path)}, ${literal(what)}]`;
    const found = this.#refusals.indexOf(refusal);
    return `refused(${found >= 0 ? found : this.#refusals.push(refusal) - 1}, ${value})`;
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

  /**
   * The whole text; `body` ends in a `return` of a function in parentheses: engines compile such a function with what is around
   * it, because it is about to be called, which takes two thirds of the time. The first line takes the helpers that the rest uses.
   */
  source(body: string): string {
    const constants = this.#constants.map((value, i) => `const k${i} = ${value};`);
    if (this.#refusals.length > 0) constants.push(`const refused = argumentErrors([${this.#refusals.join(', ')}]);`);
    const lines = [...constants, ...this.#functions, body];
    const views = new Set(Array.from(lines.join('\n').matchAll(viewUse), ([, view]) => view));
    // What is not there left empty lines.
    const text = lines
      .join('\n')
      .replaceAll(VIEWS, views.size === 0 ? '' : `const { ${[...views].join(', ')} } = memory;`)
      .replace(/\n\n+/g, '\n');
    const words = new Set(text.match(/[A-Za-z_$][\w$]*/g));
    const used = Object.keys(helpers).filter((name) => words.has(name));
    return `const { ${used.join(', ')} } = helpers;\n${text}`;
  }
}

/** The statements of one function under construction. */
export class Code {
  readonly unit: Unit;
  /** Paths begin at a parameter: a failed check throws the `TypeError` itself. Otherwise the function's `catch` makes it. */
  readonly wholePaths: boolean;
  /** Whether what {@link locate} located can throw. */
  located = false;
  readonly #lines: string[] = [];
  /** The variable that holds `side.strings` where may-leave is cleared for all strings; null elsewhere. */
  strings: string | null = null;
  constructor(unit: Unit, wholePaths = false) {
    this.unit = unit;
    this.wholePaths = wholePaths;
  }
  /** A statement that refuses `value`: `what` was expected at `path`. */
  fail(path: string, what: string, value: string): string {
    if (this.wholePaths) return `throw ${this.unit.refusal(path, what, value)};`;
    return `{ ${this.locate(path)} expected(${literal(what)}, ${value}); }`;
  }
  /** A statement before what throws an `ArgumentError` about what is at `path`. */
  locate(path: string): string {
    this.located = true;
    return `at = ${literal(path)};`;
  }
  /** A call of `read`, which throws such errors; for what is seldom called. */
  read(path: string, read: string, parameters: string): string {
    if (this.wholePaths) return `readAt(${literal(path)}, ${read}, ${parameters})`;
    this.emit(this.locate(path));
    return `${read}(${parameters})`;
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
