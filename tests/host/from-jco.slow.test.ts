/** What docs/from-jco.md says: values that jco and this host take and give alike, and where they differ. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transpile } from '@bytecodealliance/jco';
import { camelCase } from '@gangway/component/names';
import { compile, instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { echoComponent } from '../browser/support/echo-component.ts';
import { assemble } from '../support/assemble.ts';

type Func = (value: unknown) => unknown;
type Exports = Readonly<Record<string, Func>>;
type Host = (make: (name: string) => Func) => Promise<Exports>;

const bytes = await assemble(echoComponent());
const component = await compile(bytes);
const names = component.imports.filter(({ kind }) => kind === 'func').map(({ name }) => name);
const imports = (make: (name: string) => Func): Record<string, Func> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'from-jco-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const { files } = await transpile(bytes, { name: 'echo', instantiation: 'async', noTypescript: true });
for (const [name, contents] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), contents);
}
const transpiled = (await import(pathToFileURL(join(folder, 'echo.js')).href)) as {
  instantiate(core: (name: string) => Promise<WebAssembly.Module>, imports: object): Promise<Exports>;
};

const jco: Host = (make) =>
  transpiled.instantiate(
    (name) => WebAssembly.compile(new Uint8Array(files[name] as Uint8Array)),
    Object.fromEntries(Object.entries(imports(make)).map(([name, func]) => [name, { default: func }])),
  );
const gangway: Host = async (make) => (await instantiate(component, imports(make))).exports as unknown as Exports;

const call = (exports: Exports, type: string, value: unknown): unknown => exports[camelCase(`echo-${type}`)]!(value);

/** What the host saw of a value, and what came back; or the class of the error. */
async function tried(host: Host, type: string, value: unknown): Promise<unknown> {
  let seen: unknown = 'nothing';
  const exports = await host(() => (given) => (seen = given));
  try {
    const back = call(exports, type, value);
    return { seen, back };
  } catch (error) {
    return (error as Error).constructor.name;
  }
}

const alike: readonly (readonly [type: string, value: unknown])[] = [
  ['bool', true],
  ['u8', 255],
  ['f64', 1.5],
  ['char', '☃'],
  ['u64', 5n],
  ['string', 'a\ud800'],
  ['bytes', Uint8Array.of(1, 2)],
  ['bytes', [1, 2]],
  ['floats', [1.5]],
  ['longs', BigInt64Array.of(1n)],
  ['bools', [true]],
  ['pair', [1, 'x']],
  ['point', { x: 1, labelText: 'l', isSet: true }],
  ['shape', { tag: 'both-of', val: [1, 2] }],
  ['shape', { tag: 'empty' }],
  ['heading', 'south-east'],
  ['bits', { a: true, bC: true }],
  ['maybe', 3],
  ['maybe', undefined],
  ['maybe', null],
  ['maybe-maybe', { tag: 'none' }],
  ['maybe-maybe', { tag: 'some', val: undefined }],
  [
    'outcomes',
    [
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'no' },
    ],
  ],
];

test('values are alike', async () => {
  for (const [type, value] of alike) {
    const here = await tried(gangway, type, value);
    assert.is(typeof here, 'object', `${type}: ${String(here)}`);
    assert.equal(here, await tried(jco, type, value), type);
  }
});

test('what jco converts is refused here', async () => {
  const converted: readonly (readonly [type: string, value: unknown, what: unknown])[] = [
    ['u8', 256, 0],
    ['u8', '7', 7],
    ['u8', 1.5, 1],
    ['u32', -1, 2 ** 32 - 1],
    ['u64', 5, 5n],
    ['bool', 1, true],
    ['bool', 'x', true],
    ['f64', '1', 1],
    ['char', 'ab', 'a'],
    ['char', '', '\0'],
  ];
  for (const [type, value, what] of converted) {
    assert.equal(await tried(jco, type, value), { seen: what, back: what }, `${type} ${String(value)}`);
    assert.is(await tried(gangway, type, value), 'TypeError', `${type} ${String(value)}`);
  }
  const strings = await tried(gangway, 'strings', new Set(['a']));
  assert.equal(
    [strings, await tried(jco, 'strings', new Set(['a']))],
    [
      { seen: ['a'], back: ['a'] },
      { seen: [], back: [] },
    ],
  );
  const exports = await gangway(() => (given) => given);
  assert.throws(
    () => call(exports, 'point', { x: 1, isSet: true }),
    /^a\.labelText: expected a string, got undefined$/,
  );
  assert.throws(() => call(exports, 'u8', 256), /^a: expected an integer from 0 to 255, got 256$/);
});

test('results of imports: returned or thrown', async () => {
  const outcome = async (host: Host, func: Func): Promise<unknown> => {
    const exports = await host((name) => (name === 'host-outcome' ? func : (given) => given));
    let first: unknown;
    try {
      first = call(exports, 'outcome', { tag: 'ok', val: 'x' });
    } catch (error) {
      first = Object.hasOwn(error as object, 'payload')
        ? { payload: (error as { payload: unknown }).payload }
        : (error as Error).constructor.name;
    }
    let again: unknown;
    try {
      again = call(exports, 'bool', true);
    } catch (error) {
      again = (error as Error).message;
    }
    return [first, again];
  };
  const thrown = (value: unknown) => (): never => {
    throw value;
  };
  for (const host of [jco, gangway]) {
    assert.equal(await outcome(host, () => 'fine'), ['fine', true]);
    for (const error of [3, { payload: 3 }, Object.assign(new Error('e'), { payload: 3 })]) {
      assert.equal(await outcome(host, thrown(error)), [{ payload: 3 }, true]);
    }
  }
  const locked = 'wasm trap: cannot enter component instance';
  const tagged = () => ({ tag: 'err', val: 3 });
  assert.equal(await outcome(jco, tagged), [{ payload: 3 }, true]);
  assert.equal(await outcome(gangway, tagged), ['Trap', locked]);
  assert.equal(await outcome(jco, thrown(new Error('plain'))), ['Error', true]);
  assert.equal(await outcome(gangway, thrown(new Error('plain'))), ['Trap', locked]);
});

test.run();
