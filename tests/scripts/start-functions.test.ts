/** Functions that are compiled at once: what they do is what they did, and V8 does not parse them a second time. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapConstructorOptions } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compiledAtOnce } from '../../scripts/start-functions/eager.ts';
import { chosen } from '../../scripts/start-functions/record.ts';
import type { Ran } from '../../scripts/start-functions/sample.ts';

/** Marks: `«` where V8 says that a function starts, `»` where it ends. */
function marked(source: string): { text: string; ran: Ran[] } {
  const ran: Ran[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of source) {
    if (character === '«') open.push(text.length);
    else if (character === '»') ran.push({ start: open.pop()!, end: text.length });
    else text += character;
  }
  return { text, ran };
}

/** What becomes of a source, without the spaces at the ends of lines. */
function changed(source: string): string {
  const { text, ran } = marked(source);
  return compiledAtOnce('a.ts', text, ran)?.text ?? 'unchanged';
}

/** The module's exports, after esbuild has taken the types out. */
async function run(source: string, minify = true): Promise<Record<string, unknown>> {
  const { code } = await transform(changed(source), { loader: 'ts', format: 'esm', minify, target: 'es2022' });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<string, unknown>;
}

test('declarations', () => {
  assert.is(
    changed('«function f(x: number): number { return x; }»'),
    'var f = ((x: number): number => { return x; });',
  );
  assert.is(
    changed('export «function f<T>(x: T): T { return x; }»'),
    'export var f = (<T>(x: T): T => { return x; });',
  );
  // V8 compiles no asynchronous arrow function at once.
  assert.is(changed('«async function f() {}»'), 'var f = (async function () {});');
  assert.is(changed('«function f() { return this; }»'), 'var f = (function () { return this; });');
  assert.is(changed('«function f(this: object) {}»'), 'var f = (function (this: object) {});');
  assert.is(changed('«function f() { return arguments; }»'), 'var f = (function () { return arguments; });');
  assert.is(changed('«function f() { return new.target; }»'), 'var f = (function () { return new.target; });');
  assert.is(changed('«function* f() {}»'), 'var f = (function* () {});');
  assert.is(changed('«async function* f() {}»'), 'var f = (async function* () {});');
  assert.is(changed('function f() {}'), 'unchanged');
});

test('expressions', () => {
  assert.is(changed('const f = «(x) => x»;'), 'const f = ((x) => x);');
  assert.is(changed('const f = «async (x) => x»;'), 'const f = (async (x) => x);');
  assert.is(changed('const f = async «(x) => x»;'), 'const f = (async (x) => x);');
  assert.is(changed('const f = «x => «y => x + y»»;'), 'const f = (x => (y => x + y));');
  assert.is(changed('const f = x => «y => x + y»;'), 'const f = x => (y => x + y);');
  assert.is(changed('const f = («x => x»);'), 'unchanged');
  assert.is(changed('(«function () {}»)();'), 'unchanged');
  assert.is(changed('call(«x => x», «function () {}»);'), 'unchanged');
  assert.is(
    changed('const o = { «m(x) { return x; }», n: «x => x» };'),
    'const o = { m: ((x) => { return x; }), n: (x => x) };',
  );
  assert.is(
    changed('const o = { «async [k]() { return this; }» };'),
    'const o = { [k]: (async function () { return this; }) };',
  );
  assert.is(changed('const o = { «*m() {}» };'), 'const o = { m: (function* () {}) };');
  assert.is(changed('const o = { get m«() { return 1; }» };'), 'unchanged');
  assert.is(changed('const o = { «m() { return super.m(); }» };'), 'unchanged');
  assert.is(changed('class A { f = «() => this»; }'), 'class A { f = (() => this); }');
});

test('methods and accessors', () => {
  assert.is(
    changed('class A { x = 1; «m(y: number): number { return this.x + y; }» static «async n() {}» }'),
    'class A {static { this.prototype.m = (function (y: number): number { return this.x + y; }); }' +
      'static { this.n = (async function () {}); } x = 1;   }',
  );
  assert.is(
    changed('class A { «get p() { return 1; }» set p(x) {} }'),
    "class A {static { Object.defineProperty(this.prototype, 'p', { get: (function () { return 1; }), configurable: true }); }" +
      '  set p(x) {} }',
  );
  assert.is(
    changed('class A { m() { return other.#o(this.#o()); } «#o<T>(x?: T): T { return () => this; }» }'),
    'class A {static { o$8 = (($this, x?: T): T => { return () => $this; }); } ' +
      'm() { return o$8(other, o$8(this)); }  }\nvar o$8;',
  );
  assert.is(
    changed('class A { «async #o() { await this.#o(); }» }'),
    'class A {static { o$8 = (async function ($this, ) { await o$8($this); }); }  }\nvar o$8;',
  );
});

test('methods that stay where they are', () => {
  for (const members of [
    '«constructor() {}»',
    'm() {}',
    '«m() { return super.m(); }»',
    '«[k]() {}»',
    '«#o() {}» m() { return this.#o; }',
    '«#o() {}» m() { return this?.#o(); }',
    '«#o() {}» m() { return this.#o?.(); }',
    '«#o() { return arguments; }» m() { this.#o(1); }',
    '«get #o() { return 1; }»',
  ]) {
    assert.is(changed(`class A { ${members} }`), 'unchanged', members);
  }
  assert.is(changed('function f() { return class { «m() {}» }; }'), 'unchanged');
});

test('a class does what it did', async () => {
  const source = `
    export class Counter {
      #count: number;
      static #made = 0;
      constructor(count: number) { this.#count = count; Counter.#made++; }
      «static from(text: string): Counter { return new this(Number(text)); }»
      «static get made(): number { return this.#made; }»
      «get count(): number { return this.#count; }»
      set count(to: number) { this.#set(to); }
      «add(...others: readonly Counter[]): this { for (const one of others) this.#set(this.#sum(one)); return this; }»
      «#sum(one: Counter): number { return [one].reduce((sum, { count }) => sum + count, this.#count); }»
      «#set(to: number): void { this.#count = to; }»
    }
    const counter = Counter.from('3').add(new Counter(4), new Counter(5));
    export const first = counter.count;
    counter.count = 1;
    export const second = [counter.count, Counter.made, Object.keys(counter)];`;
  for (const minify of [false, true]) {
    const { first, second } = await run(source, minify);
    assert.is(first, 12);
    assert.equal(second, [1, 3, []]);
  }
});

test('what says `this` inside of a function of its own', () => {
  assert.is(
    changed('«function f() { return function () { return this; }; }»'),
    'var f = (() => { return function () { return this; }; });',
  );
  assert.is(changed('«function f() { return () => this; }»'), 'var f = (function () { return () => this; });');
});

test('overloads go, and a function in a block stays', () => {
  const overloads = 'export function f(x: string): void;\nexport «function f(x: unknown): void {}»';
  assert.is(changed(overloads).trim(), 'export var f = ((x: unknown): void => {});');
  assert.is(changed('for (const i of [1]) { «function f() { return i; }» f(); }'), 'unchanged');
});

test('functions are there before the first statement, in the module and in a function', async () => {
  const source = `
    export const before = later(1);
    export const name = later.name.length > 0;
    export «function later(x: number, y = 2): number { return x + inner() + y;
      const unused = 0;
      «function inner() { return other(); }»
    }»
    export «function other() { return 10; }»
    export const lengths = [later.length, other.length];`;
  for (const minify of [false, true]) {
    const { before, name, lengths, other } = await run(source, minify);
    assert.is(before, 13);
    assert.is(name, true);
    assert.equal(lengths, [1, 0]);
    assert.is((other as () => number)(), 10);
  }
  assert.is((await run('export «function later() {}»', false))['later'] instanceof Function, true);
});

test('they have their names, and methods their object', async () => {
  const source = `
    export «function plain() { return 1; }»
    export const assigned = «() => 2»;
    export const object = { value: 3, method«() { return this.value; }», async [Symbol.iterator]«() {}» };
    export «function* numbers() { yield 1; yield 2; }»
    export «async function promised() { return 4; }»`;
  const found = await run(source, false);
  const { plain, assigned, object, numbers, promised } = found as Record<string, () => unknown> & {
    object: { method(): number; [Symbol.iterator](): unknown };
  };
  assert.equal(
    [plain!, assigned!, numbers!, promised!].map(({ name }) => name),
    ['plain', 'assigned', 'numbers', 'promised'],
  );
  assert.is(object.method.name, 'method');
  assert.is(object[Symbol.iterator].name, '[Symbol.iterator]');
  assert.is(object.method(), 3);
  assert.equal([...(numbers!() as Iterable<number>)], [1, 2]);
  assert.is(await promised!(), 4);
});

test('source maps', async () => {
  const source = 'const one = 1;\nexport «function f(x: number): number {\n  throw new Error(String(x + one));\n}»\n';
  const { text, ran } = marked(source);
  const { text: out, map } = compiledAtOnce('a.ts', text, ran)!;
  const contents = `${out}\n//# sourceMappingURL=${map.toUrl()}\n`;
  const built = await transform(contents, { loader: 'ts', sourcefile: 'a.ts', minify: true, sourcemap: 'external' });
  const found = new SourceMap(JSON.parse(built.map) as SourceMapConstructorOptions['lineLengths'] & never);
  const lines = built.code.slice(0, built.code.indexOf('throw')).split('\n');
  const entry = found.findEntry(lines.length - 1, lines.at(-1)!.length) as {
    originalLine: number;
    originalSource: string;
  };
  assert.is(entry.originalLine, 2);
  assert.ok(entry.originalSource.endsWith('a.ts'));
});

test('V8 compiles them while it parses', async () => {
  const body = 'let sum = 0; for (let i = 0; i < x; i++) sum += i; return sum;';
  const source = `
    export «function chosenOne(x: number) { ${body} }»
    export const chosenTwo = «(x: number) => { ${body} }»;
    export const { chosenThree } = { chosenThree«(x: number) { ${body} }» };
    export function notChosen(x: number) { ${body} }
    for (const f of [chosenOne, chosenTwo, chosenThree, notChosen]) f(2);`;
  const folder = mkdtempSync(join(tmpdir(), 'gangway-eager-'));
  try {
    for (const minifyWhitespace of [false, true]) {
      const options = { loader: 'ts', format: 'esm', minifySyntax: true, minifyWhitespace } as const;
      writeFileSync(join(folder, 'a.mjs'), (await transform(changed(source), options)).code);
      const log = join(folder, 'log');
      const flags = ['--log-function-events', '--no-logfile-per-isolate', `--logfile=${log}`];
      execFileSync(process.execPath, [...flags, join(folder, 'a.mjs')], { env: { PATH: process.env['PATH'] } });
      const events = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('function,parse-function,'));
      const lazy = events.map((line) => line.split(',').at(-1)!).filter((name) => /hosen/.test(name));
      assert.equal(lazy, ['notChosen']);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('files that starts ahead of time load have what most of those run', () => {
  const [a, b, c] = [1, 2, 3].map((n): Ran => ({ start: n, end: n + 10 })) as [Ran, Ran, Ran];
  const ahead = [{ 'both.ts': [a, c], 'none.ts': [] }, { 'both.ts': [a] }, { 'both.ts': [b, c] }];
  const others = [
    { 'both.ts': [a, b], 'none.ts': [b], 'jit.ts': [a, b] },
    { 'both.ts': [b], 'jit.ts': [b, c] },
  ];
  assert.equal(chosen(ahead, others), { 'both.ts': [a, c], 'none.ts': [], 'jit.ts': [a, b, c] });
});

test.run();
