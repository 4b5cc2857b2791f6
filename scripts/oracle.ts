/**
 * `pnpm oracle [--runs N] [--seed N]`: 50,000 cases of random component types and values through real components
 * (tests/support/oracle). Prints the seed, how many cases had which kinds of types and guests, and the time.
 */
import { parseArgs } from 'node:util';
import { oracle } from '../tests/support/oracle/oracle.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: process.env['SEED'] ?? String(Date.now() % 1e9) },
    runs: { type: 'string', default: process.env['RUNS'] ?? '50000' },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
const start = performance.now();
const counts = await oracle(seed, Number(values.runs), (done) => {
  if (done % 5000 === 0) console.log(`${done} …`);
});
for (const map of [counts.kinds, counts.guests]) {
  const rows = [...map].sort(([, a], [, b]) => b - a);
  for (const [key, count] of rows) console.log(`${String(count).padStart(8)}  ${key}`);
}
console.log(
  `seed ${seed}: ${counts.cases} cases of ${counts.functions} functions, ${counts.calls} calls, all agree; ` +
    `${((performance.now() - start) / 1000).toFixed(0)} s`,
);
