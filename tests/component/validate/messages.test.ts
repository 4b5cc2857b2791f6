/** The table of messages: every text is in use, and none keeps a placeholder. */
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { messageText, type ValidateText, validateText } from '../../../packages/component/src/validate/messages.ts';

const folder = new URL('../../../packages/component/src/validate/', import.meta.url);
const keys = Object.keys(validateText) as ValidateText[];

test('every text is used by a rule', () => {
  const sources = readdirSync(folder)
    .filter((file) => file !== 'messages.ts')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  const unused = keys.filter((key) => !sources.includes(`'${key}'`));
  assert.equal(unused, []);
});

test('placeholders are filled', () => {
  for (const key of keys) {
    const names = [...validateText[key].matchAll(/\{([a-z0-9]+)\}/g)].map((match) => match[1] as string);
    const parts = Object.fromEntries(names.map((name) => [name, '<>']));
    const text = messageText(key, parts as Parameters<typeof messageText>[1]);
    assert.not.match(text, /[{}]/, key);
    for (const _ of names) assert.match(text, /<>/);
  }
});

test('parts are not taken for placeholders', () => {
  assert.is(messageText('arg-missing', { name: '{name}$&' }), 'missing import named `{name}$&`');
});

test.run();
