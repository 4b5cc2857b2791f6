/**
 * Functions that engines compile while they parse. In: a source file in TypeScript, and which of its functions run at a start.
 * Out: the same program, those functions written in the form that V8 compiles at once: expressions in parentheses.
 *
 * A function in any other form is parsed for its end only, then parsed again and compiled when it is first called, and Node's
 * compile cache keeps nothing of it. So, of those that run:
 * - `function f(x) {}` becomes `var f = ((x) => {});` at the beginning of the module or of the function that it stands in;
 * - an arrow function or a function expression gets parentheses, a method of an object literal becomes a property;
 * - a method or an accessor of a class goes into a `static` block at the beginning of the class, where private names are legal;
 *   a private method becomes a function of what was its `this`: `static { m$1 = (($this, x) => {}); }`. What is public is assigned to
 *   the prototype, and so found by `for … in`: with `Object.defineProperty` it would be three times as much text around each.
 *
 * esbuild keeps such parentheses when it minifies, but for arguments of a call, which are left as they are. So are functions in
 * blocks of a function: a `var` would be one for all turns of a loop. V8 compiles neither constructors at once nor asynchronous arrow
 * functions.
 *
 * Measured: with methods, a start with a compile cache takes a sixth less; one without is the same. They are a twentieth more text.
 *
 * Rejected: every function (half as much again to compile), `//# allFunctionsCalledOnLoad` (Node does not ask for it), a pass
 * over what esbuild has written (two maps to join).
 */
import MagicString, { type SourceMap } from 'magic-string';
import { parseSync } from 'oxc-parser';
import type { Ran } from './sample.ts';

/** Any node; which fields there are depends on `type` (ESTree and its extension for TypeScript). */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface FunctionNode extends Node {
  readonly id: (Node & { readonly name: string }) | null;
  readonly async: boolean;
  readonly generator: boolean;
  readonly typeParameters: Node | null;
  readonly params: readonly Node[];
  readonly body: Node | null;
}

interface MethodNode extends Node {
  readonly key: Node;
  readonly kind: 'constructor' | 'method' | 'get' | 'set';
  readonly computed: boolean;
  readonly static: boolean;
}

interface PropertyNode extends Node {
  readonly key: Node;
  readonly kind: 'init' | 'get' | 'set';
  readonly computed: boolean;
  readonly method: boolean;
}

const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const children = (node: Node): readonly Node[] => Object.values(node).flat().filter(isNode);

export interface Changed {
  readonly text: string;
  readonly map: SourceMap;
}

/** Null when there is nothing to change. Throws a `SyntaxError` for what is no TypeScript. */
export function compiledAtOnce(path: string, text: string, ran: readonly Ran[]): Changed | null {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]!.message}`);
  const edit = new Edit(text, ran);
  edit.visit(program as unknown as Node, []);
  return edit.finish(path);
}

class Edit {
  readonly #text: string;
  readonly #out: MagicString;
  /** By end: starts. */
  readonly #ran = new Map<number, number[]>();
  /** Statements behind the last one. */
  readonly #added: string[] = [];

  constructor(text: string, ran: readonly Ran[]) {
    this.#text = text;
    this.#out = new MagicString(text);
    for (const { start, end } of ran) this.#ran.set(end, [...(this.#ran.get(end) ?? []), start]);
  }

  /** `parents`: from the outermost on. */
  visit(node: Node, parents: readonly Node[]): void {
    const inner = [...parents, node];
    for (const child of children(node)) this.visit(child, inner);
    if (!functionTypes.includes(node.type)) return;
    const own = node as FunctionNode;
    const parent = parents.at(-1)!;
    const isMethod = parent.type === 'MethodDefinition' || (parent.type === 'Property' && parent['method'] === true);
    if (own.body === null || !this.#hasRun(own, isMethod ? parent.start : own.start)) return;
    if (own.type === 'FunctionDeclaration') this.#declaration(own, parents);
    else if (parent.type === 'Property') this.#property(own, parent as PropertyNode);
    else if (parent.type === 'MethodDefinition') this.#method(own, parent as MethodNode, parents);
    else if (!isArgument(own, parent)) this.#parenthesise(own);
  }

  finish(path: string): Changed | null {
    if (!this.#out.hasChanged()) return null;
    for (const statement of this.#added) this.#out.append(`\n${statement}`);
    const map = this.#out.generateMap({ source: path, includeContent: true, hires: 'boundary' });
    return { text: this.#out.toString(), map };
  }

  /** V8 counts from the first word, a method's name, or the parameters on; in `a => b => c` two functions have one end. */
  #hasRun(own: FunctionNode, first: number): boolean {
    const last = paramsStart(own, this.#text);
    return this.#ran.get(own.end)?.some((start) => start >= first && start <= last) ?? false;
  }

  #parenthesise({ start, end }: Node): void {
    if (this.#text[start - 1] === '(' && this.#text[end] === ')') return;
    this.#out.appendRight(start, '(').prependLeft(end, ')');
  }

  /** What stands between `start` and the parameters is replaced: by `before`, and the first word of an expression. */
  #asExpression(own: FunctionNode, start: number, before: string): void {
    const isArrow = canBeArrow(own) && !own.async;
    const async = own.async ? 'async ' : '';
    const first = isArrow ? async : `${async}function${own.generator ? '*' : ''} `;
    this.#out.overwrite(start, paramsStart(own, this.#text), `${before}(${first}`);
    if (isArrow) this.#out.appendLeft(own.body!.start, '=> ');
  }

  #declaration(own: FunctionNode, parents: readonly Node[]): void {
    const isExported = parents.at(-1)!.type === 'ExportNamedDeclaration';
    const statement = isExported ? parents.at(-1)! : own;
    const block = parents.at(isExported ? -2 : -1)!;
    const isBody = block.type === 'BlockStatement' && functionTypes.includes(parents.at(-2)!.type);
    const name = own.id?.name;
    if ((block.type !== 'Program' && !isBody) || name === undefined) return;
    this.#asExpression(own, own.start, `var ${name} = `);
    this.#out.appendLeft(own.end, ');');
    const statements = block['body'] as readonly Node[];
    for (const other of statements) if (isOverload(other, name)) this.#out.remove(other.start, other.end);
    const [first] = statements;
    if (statement !== first) this.#out.move(statement.start, statement.end, first!.start);
  }

  #method(own: FunctionNode, definition: MethodNode, parents: readonly Node[]): void {
    const { key, kind, computed } = definition;
    // What is evaluated more than once has methods of its own each time.
    const isOnce = !parents.some(({ type }) => functionTypes.includes(type));
    if (!isOnce || kind === 'constructor' || computed || uses(own, 'Super')) return;
    const body = parents.at(-2)!;
    const start = body.start + 1;
    if (key.type === 'PrivateIdentifier') {
      if (kind === 'method') this.#privateMethod(own, definition, body);
      return;
    }
    const target = definition.static ? 'this' : 'this.prototype';
    const name = this.#text.slice(key.start, key.end);
    const first = `(${own.async ? 'async ' : ''}function${own.generator ? '*' : ''} `;
    const before =
      kind === 'method' ? `${target}.${name} = ` : `Object.defineProperty(${target}, '${name}', { ${kind}: `;
    this.#out.overwrite(definition.start, paramsStart(own, this.#text), `static { ${before}${first}`);
    this.#out.appendLeft(own.end, kind === 'method' ? '); }' : '), configurable: true }); }');
    this.#out.move(definition.start, own.end, start);
  }

  /** If all that is done with it are calls, it becomes a function of what was its `this`. */
  #privateMethod(own: FunctionNode, definition: MethodNode, body: Node): void {
    const { name } = definition.key as Node & { readonly name: string };
    const calls: Node[] = [];
    const isOnlyCalled = (node: Node, parent: Node, outer: Node): boolean => {
      if (node.type === 'PrivateIdentifier' && node['name'] === name && node !== definition.key) {
        if (outer.type !== 'CallExpression' || outer['callee'] !== parent) return false;
        if (outer['optional'] === true || parent['optional'] === true) return false;
        calls.push(outer);
      }
      return children(node).every((child) => isOnlyCalled(child, node, parent));
    };
    if (own.generator || uses(own, 'arguments') || uses(own, 'MetaProperty') || !isOnlyCalled(body, body, body)) return;
    const func = `${name}$${body.start}`;
    for (const call of calls) {
      const object = (call['callee'] as Node)['object'] as Node;
      const [first] = call['arguments'] as readonly Node[];
      this.#out.appendRight(call.start, `${func}(`);
      this.#out.update(object.end, first?.start ?? call.end - 1, first === undefined ? '' : ', ');
    }
    for (const one of found(own, 'ThisExpression')) this.#out.update(one.start, one.end, '$this');
    const inner = this.#text.indexOf('(', own.typeParameters?.end ?? definition.key.end) + 1;
    this.#out.overwrite(definition.start, inner, `static { ${func} = (${own.async ? 'async function ' : ''}($this, `);
    if (!own.async) this.#out.appendLeft(own.body!.start, '=> ');
    this.#out.appendLeft(own.end, '); }');
    this.#out.move(definition.start, own.end, body.start + 1);
    this.#added.push(`var ${func};`);
  }

  #property(own: FunctionNode, { start, key, kind, computed, method }: PropertyNode): void {
    if (kind !== 'init' || uses(own, 'Super')) return;
    if (method) {
      const text = this.#text.slice(key.start, key.end);
      this.#asExpression(own, start, `${computed ? `[${text}]` : text}: `);
      this.#out.appendLeft(own.end, ')');
    } else this.#parenthesise(own);
  }
}

/** Where type parameters begin, or the parameters. */
function paramsStart(own: FunctionNode, text: string): number {
  if (own.typeParameters !== null) return own.typeParameters.start;
  if (own.type !== 'ArrowFunctionExpression') return text.indexOf('(', own.id?.end ?? own.start);
  return own.async ? own.start + /^async\s*/.exec(text.slice(own.start))![0].length : own.start;
}

const isArgument = (own: Node, parent: Node): boolean =>
  ['CallExpression', 'NewExpression'].includes(parent.type) && parent['callee'] !== own;

function isOverload(statement: Node, name: string): boolean {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement['declaration'] : statement;
  return isNode(declared) && declared.type === 'TSDeclareFunction' && (declared as FunctionNode).id?.name === name;
}

/** Whether it has nothing that arrow functions have not: a `this` of its own, `arguments`, `new.target`, `yield`. */
function canBeArrow(own: FunctionNode): boolean {
  const [first] = own.params;
  if (own.generator || (first?.type === 'Identifier' && first['name'] === 'this')) return false;
  return !['ThisExpression', 'Super', 'MetaProperty', 'arguments'].some((what) => uses(own, what));
}

/** Whether a function has such a node, or an identifier of that name, outside of functions with a `this` of their own. */
const uses = (own: FunctionNode, what: string): boolean => found(own, what).length > 0;

/** Those nodes. */
function found(own: FunctionNode, what: string): readonly Node[] {
  const within = (node: Node): readonly Node[] => {
    if (node.type === what || (node.type === 'Identifier' && node['name'] === what)) return [node];
    const isOther = node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression';
    return isOther ? [] : children(node).flatMap(within);
  };
  return children(own).flatMap(within);
}
