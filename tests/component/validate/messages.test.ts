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
  const unused = keys.filter((key) => !sources.includes(`'${key}'`));
  assert.equal(unused, []);
});

test('placeholders are filled', () => {
  for (const key of keys) {
    const names = [...texts[key]!.matchAll(/\{(#?)([a-z0-9]+)\}/g)].map(
      ([, hex, name]) => [name!, hex === '#'] as const,
    );
    const parts = Object.fromEntries(names.map(([name, hex]) => [name, hex ? 0xabc : '<>']));
    const text = fillIn({ key, parts });
    assert.not.match(text, /[{}]/, key);
    for (const [, hex] of names) assert.match(text, hex ? /0xabc/ : /<>/);
  }
});

test('parts are not taken for placeholders', () => {
  assert.is(fillIn({ key: 'arg-missing', parts: { name: '{name}$&' } }), 'missing import named `{name}$&`');
});

test.run();
