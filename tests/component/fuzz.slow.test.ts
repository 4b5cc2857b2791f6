/** The reduced run of `pnpm fuzz`. `FUZZ_SEED` and `FUZZ_COUNT` set what it does; the seed is printed with a failure. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exampleComponent, referenceComponents } from '../support/corpus.ts';
import { fuzz, verdict } from '../support/fuzz.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const count = Number(process.env['FUZZ_COUNT'] ?? 20_000);
const corpus = await referenceComponents(['binary', 'linking', 'resources', 'values', 'async']);

test('the corpus is large, and what of it is valid stays so', () => {
  assert.ok(corpus.length > 250, `${corpus.length} components`);
  assert.is(verdict(exampleComponent()), null);
});

test(`${count} mutants of the reference tests, seed ${seed}`, () => {
  const { refused, valid } = fuzz(corpus, seed, count);
  assert.ok(refused > count / 2, `${refused} refused`);
  assert.ok(valid > count / 50, `${valid} valid`);
});

test(`${count / 100} mutants of a C program, seed ${seed}`, () => {
  const { refused } = fuzz([exampleComponent()], seed, count / 100);
  assert.ok(refused > 0);
});

test.run();
