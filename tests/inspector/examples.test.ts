/** The components beside the texts of the examples are what the texts say, and every example can be opened and run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { compile, instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Assembler } from '../../packages/cli/src/wast/assembler.ts';
import { exampleFiles } from '../../packages/inspector/src/build.ts';
import { examples } from '../../packages/inspector/src/view/examples.ts';

const folder = new URL('../../packages/inspector/examples/', import.meta.url);

test('texts and binaries agree', async () => {
  const assembler = await Assembler.load();
  const texts = readdirSync(folder).filter((name) => name.endsWith('.wat'));
  assert.ok(texts.length >= 5);
  for (const text of texts) {
    const made = await assembler.assemble(readFileSync(new URL(text, folder), 'utf8'));
    const bytes = new Uint8Array(readFileSync(new URL(text.replace(/\.wat$/, '.wasm'), folder)));
    assert.equal(made, { kind: 'bytes', bytes }, text);
  }
});

test('what the page offers is built', () => {
  for (const { file, parts = [] } of examples) {
    for (const name of [file, ...parts]) assert.ok(existsSync(exampleFiles[name] ?? ''), name);
  }
});

test('the strings example gives back what it takes, again and again', async () => {
  const said: string[] = [];
  const say = (text: string): number => said.push(text);
  const { exports } = await instantiate<{ shout(text: string): string; lengths(words: string[]): Uint32Array }>(
    await compile(readFileSync(new URL('strings.wasm', folder))),
    { say },
  );
  for (let i = 0; i < 2000; i++) {
    assert.is(exports.shout('how loud is it? föhn'), 'HOW LOUD IS IT? FöHN');
    assert.equal(exports.lengths(['one', '', 'fifteen']), Uint32Array.of(3, 0, 7));
  }
  assert.is(said.length, 2000);
});

test.run();
