/** The tests of fused adapters once more, for the form that runs in JavaScript where modules have one memory. */
process.env['GANGWAY_FALLBACK'] = '1';

for (const name of ['strings', 'bad-values', 'handles', 'calls', 'round-trip']) await import(`./${name}.test.ts`);

export {};
