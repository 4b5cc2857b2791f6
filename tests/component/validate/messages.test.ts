/** The table of messages: every text is in use, and none keeps a placeholder. */
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeText } from '../../../packages/component/src/binary/messages.ts';
import { fillIn } from '../../../packages/component/src/texts.ts';
import { validateText } from '../../../packages/component/src/validate/messages.ts';

const folder = new URL('../../../packages/component/src/', import.meta.url);
const texts: Readonly<Record<string, string>> = { ...decodeText, ...validateText };
const keys = Object.keys(texts);

test('no key is in both tables', () => {
  assert.is(keys.length, Object.keys(decodeText).length + Object.keys(validateText).length);
});

test('every text is used by a rule', () => {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('messages.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  // Some are named by their kind: `${kind}-empty`.
  const families = [...sources.matchAll(/fail\(offset, `([a-z-]*)\$\{\w+\}([a-z-]*)`/g)];
  assert.ok(families.length > 0);
  const isUsed = (key: string): boolean =>
    sources.includes(`'${key}'`) || families.some(([, start, end]) => key.startsWith(start!) && key.endsWith(end!));
  const unused = keys.filter((key) => !isUsed(key));
  assert.equal(unused, []);
});

test('placeholders are filled', () => {
  for (const key of keys) {
    const found = [...texts[key]!.matchAll(/\{(#|[a-z ]* )?([a-z0-9]+)\}/g)].map(([, how = '', name]) => ({
      how,
      name,
    }));
    // Parts that are types have printers of their own: the tests of rules see what those print.
    if (found.some(({ how }) => /class|core|upper|values|funcs|items|labelled/.test(how))) continue;
    const parts = Object.fromEntries(found.map(({ how, name }) => [name, how === '#' ? 0xabc : '<>']));
    const text = fillIn({ key, parts });
    assert.not.match(text, /[{}]/, key);
    for (const { how } of found) assert.match(text, how === '#' ? /0xabc/ : /<>|bytes|GiB/);
  }
});

test('printers', () => {
  const printed = (key: string, parts: Record<string, unknown>): string => fillIn({ key, parts });
  const unknown = { index: 3, where: 'component', count: 2 };
  assert.is(
    printed('unknown-index', { ...unknown, sort: 'core func' }),
    'unknown core function 3: function index out of bounds (this component has 2)',
  );
  assert.is(
    printed('unknown-index', { ...unknown, sort: 'core memory' }),
    'unknown memory 3: memory index out of bounds (this component has 2)',
  );
  assert.is(printed('not-a-type', { index: 0, what: 'instance' }), 'type index 0 is not an instance type');
  assert.is(printed('not-a-type', { index: 0, what: 'func' }), 'type index 0 is not a function type');
  assert.is(
    printed('label-conflict', { of: 'record', label: 'A', previous: 'a' }),
    'record field name `A` conflicts with previous field name `a`',
  );
  assert.is(
    printed('type-mismatch', { where: 'import `x`', reason: { key: 'resources-differ', parts: {} } }),
    'type mismatch in import `x`: resource types are not the same',
  );
  const ref = { kind: 'ref', nullable: false, heap: 3 };
  assert.is(
    printed('lift-params', { expected: ['i32', ref], found: [], index: 1 }),
    'lowered parameter types `[I32, (ref 3)]` do not match parameter types `[]` of core function 1',
  );
});

test('parts are not taken for placeholders', () => {
  assert.is(fillIn({ key: 'arg-missing', parts: { name: '{name}$&' } }), 'missing import named `{name}$&`');
});

test.run();
