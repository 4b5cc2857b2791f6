/**
 * `pnpm fuzz [--seed N] [--count N]`: 200,000 mutants of the reference tests' components and of the example, each to be taken
 * or refused with an error of our own (tests/support/fuzz.ts). Prints seed, counts, the slowest mutant, memory at the end.
 */
import { parseArgs } from 'node:util';
import { exampleComponent, referenceComponents } from '../tests/support/corpus.ts';
import { fuzz } from '../tests/support/fuzz.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    count: { type: 'string', default: '200000' },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
console.log(`seed ${seed}`);
const corpus = await referenceComponents(['binary', 'validation', 'linking', 'resources', 'values', 'async']);
console.log(`${corpus.length} components`);
const small = Math.floor(count / 50);
const counts = fuzz(corpus, seed, count - small, (done) => console.log(`${done} …`));
const example = fuzz([exampleComponent()], seed, small);
console.log(`${counts.refused + example.refused} refused, ${counts.valid + example.valid} valid`);
console.log(`slowest: ${Math.max(counts.slowest, example.slowest).toFixed(1)} ms of processor time`);
console.log(`memory: ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
