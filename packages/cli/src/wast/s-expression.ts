/**
 * S-expressions of the text format, with positions. In: the text of a script. Out: a tree whose leaves know where they stand.
 *
 * A component's text goes to the assembler as it is, cut out of the script; so this reader needs to know where forms begin and
 * end, and no more grammar than that. Positions are indices into the JavaScript string.
 */

export interface Atom {
  readonly kind: 'atom';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
export interface Str {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}
export interface List {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly start: number;
  readonly end: number;
}
export type Node = Atom | Str | List;

/** A script that cannot be read. `position` is an index into its text. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** Escapes of one character. */
const escapes: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, '\\': 92 };

const encoder = new TextEncoder();

/** Reads all top-level nodes. Throws {@link ScriptError}. */
export function readNodes(source: string): Node[] {
  const stack: { start: number; items: Node[] }[] = [{ start: 0, items: [] }];
  let at = 0;
  while (at < source.length) {
    const char = source[at]!;
    if (char === '(' && source[at + 1] === ';') at = skipBlockComment(source, at);
    else if (char === ';' && source[at + 1] === ';') at = lineEnd(source, at);
    else if (char === ' ' || char === '\n' || char === '\t' || char === '\r') at++;
    else if (char === '(') {
      stack.push({ start: at, items: [] });
      at++;
    } else if (char === ')') {
      const open = stack.pop()!;
      const parent = stack.at(-1);
      if (parent === undefined) throw new ScriptError(at, 'unexpected `)`');
      at++;
      parent.items.push({ kind: 'list', items: open.items, start: open.start, end: at });
    } else {
      const node = char === '"' ? readString(source, at) : readAtom(source, at);
      stack.at(-1)!.items.push(node);
      at = node.end;
    }
  }
  const open = stack.pop()!;
  if (stack.length > 0) throw new ScriptError(open.start, '`(` without its `)`');
  return open.items;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
}

/** Block comments nest. */
function skipBlockComment(source: string, start: number): number {
  const marks = /\(;|;\)/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(source); mark !== null; mark = marks.exec(source)) {
    depth += mark[0] === '(;' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  throw new ScriptError(start, 'comment without its end');
}

function readAtom(source: string, start: number): Atom {
  const ends = /[\s()";]/g;
  ends.lastIndex = start;
  const end = ends.exec(source)?.index ?? source.length;
  if (end === start) throw new ScriptError(start, `unexpected \`${source[start]}\``);
  return { kind: 'atom', text: source.slice(start, end), start, end };
}

function readString(source: string, start: number): Str {
  const bytes: number[] = [];
  let at = start + 1;
  for (;;) {
    const char = source[at];
    if (char === undefined || char === '\n') throw new ScriptError(start, 'string without its end');
    if (char === '"') return { kind: 'string', bytes: Uint8Array.from(bytes), start, end: at + 1 };
    if (char !== '\\') {
      const code = source.codePointAt(at)!;
      const text = String.fromCodePoint(code);
      if (code < 0x80) bytes.push(code);
      else for (const byte of encoder.encode(text)) bytes.push(byte);
      at += text.length;
      continue;
    }
    const next = source[at + 1] ?? '';
    const simple = escapes[next];
    if (simple !== undefined) {
      bytes.push(simple);
      at += 2;
      continue;
    }
    const unicode = /^\\u\{([0-9a-fA-F_]+)\}/.exec(source.slice(at, at + 24));
    const code = Number.parseInt(unicode?.[1]?.replaceAll('_', '') ?? '', 16);
    if (unicode && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) {
      for (const byte of encoder.encode(String.fromCodePoint(code))) bytes.push(byte);
      at += unicode[0].length;
      continue;
    }
    const hex = source.slice(at + 1, at + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw new ScriptError(at, 'invalid string escape');
    bytes.push(Number.parseInt(hex, 16));
    at += 3;
  }
}

/** The line of a position, counted from 1. */
export class LineTable {
  readonly #starts: number[] = [0];
  constructor(source: string) {
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }
  line(position: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
