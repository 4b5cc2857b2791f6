/**
 * Scripts: lists of commands. In: the text of a `.wast` file. Out: its commands, each with its line and the text that names
 * it in reports. What is no command that this version knows is a command too, so that it is counted as skipped.
 */

import { type Constant, readConstant, textOf } from './constant.ts';
import { LineTable, type List, type Node, readNodes, ScriptError } from './s-expression.ts';

/** The source of a module or component. `text` of a text is what goes to the assembler. */
export type Source =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

/** `(module …)` or `(component …)`. */
export interface Form {
  readonly sort: 'module' | 'component';
  /** With its `$`. */
  readonly name: string | undefined;
  /** Defined only, not instantiated. */
  readonly definition: boolean;
  readonly source: Source;
}

export type Action =
  | {
      readonly kind: 'invoke';
      readonly instance: string | undefined;
      readonly name: string;
      readonly args: readonly Constant[];
    }
  | { readonly kind: 'get'; readonly instance: string | undefined; readonly name: string };

/** The assertions about a form that must be refused. */
export type Refusal = 'assert_invalid' | 'assert_malformed' | 'assert_unlinkable';

export type Command = {
  /** Line in the file, from 1. */
  readonly line: number;
  /** What reports call the command: `assert_return`, `component`, … */
  readonly command: string;
} & (
  | { readonly kind: 'form'; readonly form: Form }
  | {
      readonly kind: 'instance';
      readonly sort: 'module' | 'component';
      readonly name: string | undefined;
      readonly of: string | undefined;
    }
  | { readonly kind: 'register'; readonly as: string; readonly instance: string | undefined }
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'return'; readonly action: Action; readonly expected: readonly Constant[] }
  | { readonly kind: 'trap'; readonly action: Action | Form; readonly message: string }
  | { readonly kind: 'exhaustion'; readonly action: Action; readonly message: string }
  | { readonly kind: 'exception'; readonly action: Action }
  | { readonly kind: 'refusal'; readonly assertion: Refusal; readonly form: Form; readonly message: string }
  | { readonly kind: 'unknown'; readonly reason: string }
);

/** Reads a script. Throws {@link ScriptError} when it has no commands to be told apart. */
export function readScript(source: string): Command[] {
  const lines = new LineTable(source);
  return readNodes(source).map((node): Command => {
    if (node.kind !== 'list') throw new ScriptError(node.start, 'expected a command');
    const line = lines.line(node.start);
    const head = node.items[0];
    const command = head?.kind === 'atom' ? head.text : '';
    try {
      return { line, ...readCommand(source, node, command) };
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      return { line, command, kind: 'unknown', reason: `line ${lines.line(error.position)}: ${error.message}` };
    }
  });
}

type Unplaced<T> = T extends unknown ? Omit<T, 'line'> : never;

function readCommand(source: string, list: List, head: string): Unplaced<Command> {
  const rest = new Cursor(list);
  switch (head) {
    case 'module':
    case 'component': {
      if (rest.keyword('instance')) {
        return { kind: 'instance', command: `${head} instance`, sort: head, name: rest.id(), of: rest.id() };
      }
      const form = readForm(source, list);
      return { kind: 'form', command: form.definition ? `${head} definition` : head, form };
    }
    case 'register': {
      const as = rest.text('the name to register');
      return { kind: 'register', command: head, as, instance: rest.id() };
    }
    case 'invoke':
    case 'get':
      return { kind: 'action', command: head, action: readAction(list) };
    case 'assert_return': {
      const action = readAction(rest.list('an action'));
      return { kind: 'return', command: head, action, expected: rest.all().map(readConstant) };
    }
    case 'assert_trap': {
      const target = rest.list('an action, a module or a component');
      const message = rest.text('a message');
      return {
        kind: 'trap',
        command: head,
        action: isForm(target) ? readForm(source, target) : readAction(target),
        message,
      };
    }
    case 'assert_exhaustion': {
      const action = readAction(rest.list('an action'));
      return { kind: 'exhaustion', command: head, action, message: rest.text('a message') };
    }
    case 'assert_exception':
      return { kind: 'exception', command: head, action: readAction(rest.list('an action')) };
    case 'assert_invalid':
    case 'assert_malformed':
    case 'assert_unlinkable': {
      const form = readForm(source, rest.list('a module or a component'));
      return { kind: 'refusal', command: head, assertion: head, form, message: rest.text('a message') };
    }
    default:
      return { kind: 'unknown', command: head, reason: `\`${head}\` is no command that this version knows` };
  }
}

/** Takes the items of a list after its head, one by one. */
class Cursor {
  readonly #list: List;
  #next = 1;
  constructor(list: List) {
    this.#list = list;
  }
  /** Takes the atom `text`, when it is next. */
  keyword(text: string): Node | undefined {
    const item = this.#list.items[this.#next];
    if (item?.kind !== 'atom' || item.text !== text) return undefined;
    this.#next++;
    return item;
  }
  id(): string | undefined {
    const item = this.#list.items[this.#next];
    if (item?.kind !== 'atom' || !item.text.startsWith('$')) return undefined;
    this.#next++;
    return item.text;
  }
  text(what: string): string {
    return textOf(this.#list.items[this.#next++], what, this.#list.end);
  }
  list(what: string): List {
    const item = this.#list.items[this.#next++];
    if (item?.kind !== 'list') throw new ScriptError(item?.start ?? this.#list.end, `expected ${what}`);
    return item;
  }
  /** What is left. */
  all(): readonly Node[] {
    const rest = this.#list.items.slice(this.#next);
    this.#next = this.#list.items.length;
    return rest;
  }
}

function isForm(list: List): boolean {
  const head = list.items[0];
  return head?.kind === 'atom' && (head.text === 'module' || head.text === 'component');
}

function readAction(list: List): Action {
  const head = list.items[0];
  const rest = new Cursor(list);
  if (head?.kind === 'atom' && head.text === 'invoke') {
    const instance = rest.id();
    const name = rest.text('the name of an export');
    return { kind: 'invoke', instance, name, args: rest.all().map(readConstant) };
  }
  if (head?.kind === 'atom' && head.text === 'get') {
    const instance = rest.id();
    return { kind: 'get', instance, name: rest.text('the name of an export') };
  }
  throw new ScriptError(list.start, 'expected `(invoke …)` or `(get …)`');
}

/** Reads `(component $name? definition? …)` in either order of the two. */
function readForm(source: string, list: List): Form {
  const head = list.items[0];
  if (!isForm(list) || head?.kind !== 'atom') throw new ScriptError(list.start, 'expected a module or a component');
  const sort = head.text as Form['sort'];
  const rest = new Cursor(list);
  const first = rest.keyword('definition');
  const name = rest.id();
  const keyword = first ?? rest.keyword('definition');
  const definition = keyword !== undefined;
  if (rest.keyword('binary')) {
    const parts = rest.all().map((node) => {
      if (node.kind !== 'string') throw new ScriptError(node.start, 'expected a string of bytes');
      return node.bytes;
    });
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { sort, name, definition, source: { kind: 'binary', bytes } };
  }
  if (rest.keyword('quote')) {
    const parts = rest.all().map((node) => textOf(node, 'a string of text', list.start));
    return { sort, name, definition, source: { kind: 'quote', text: `(${sort} ${parts.join('\n')})` } };
  }
  const text =
    keyword === undefined
      ? source.slice(list.start, list.end)
      : source.slice(list.start, keyword.start) + source.slice(keyword.end, list.end);
  return { sort, name, definition, source: { kind: 'text', text } };
}
