/**
 * Tests of fused adapters once more, for the form that runs in JavaScript where modules have one memory. Those of strings are in
 * `fallback.slow.test.ts`.
 */
process.env['GANGWAY_FALLBACK'] = '1';

for (const name of ['bad-values', 'handles', 'calls', 'round-trip']) await import(`./${name}.test.ts`);

export {};
