import fc from 'fast-check';
import { test } from 'uvu';
import { checkRoundTrip, roundTrips } from './round-trip.ts';

test('random types and values cross both ways', async () => {
  await fc.assert(fc.asyncProperty(roundTrips, checkRoundTrip), { numRuns: 60 });
});

test.run();
