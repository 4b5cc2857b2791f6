import fc from 'fast-check';
import { test } from 'uvu';
import { checkRoundTrip, roundTrips } from './round-trip.ts';

const RUNS = Number(process.env['GANGWAY_RUNS'] ?? 2_000);

test(`random types and values cross both ways, ${RUNS} times`, async () => {
  const seed = Number(process.env['GANGWAY_SEED'] ?? Date.now());
  console.log(`seed ${seed}`);
  await fc.assert(fc.asyncProperty(roundTrips, checkRoundTrip), { numRuns: RUNS, seed });
});

test.run();
