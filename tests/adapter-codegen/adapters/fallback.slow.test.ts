/**
 * The tests of strings in fused adapters, and as many random types as for adapters in wasm, for the form that runs in JavaScript
 * where modules have one memory.
 */
process.env['GANGWAY_FALLBACK'] = '1';

for (const name of ['strings.test', 'round-trip.slow.test']) await import(`./${name}.ts`);

export {};
