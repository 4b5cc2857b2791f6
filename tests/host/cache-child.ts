/** A process that uses a shared cache directory: compiles a component again and again, and now and then damages its entry. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine, instantiate } from '@gangway/host';
import { directoryCache } from '@gangway/host/node-cache';
import type { DynamicExports } from '../support/assemble.ts';

const [folder = '', file = ''] = process.argv.slice(2);
const engine = new Engine({ cache: directoryCache(folder) });
const bytes = new Uint8Array(readFileSync(file));
const results = new Set<string>();
const ROUNDS = 12;
for (let round = 0; round < ROUNDS; round++) {
  const { instance } = await instantiate<DynamicExports>(bytes, { twice: (x: number) => 2 * x }, { engine });
  results.add(`${instance.exports.run!(21)} ${instance.exports.greet!()}`);
  mkdirSync(folder, { recursive: true });
  const entry = readdirSync(folder).find((name) => name.endsWith('.gangway'));
  if (entry !== undefined && round % 4 === 1) writeFileSync(join(folder, entry), 'not an entry');
}
console.log(`${ROUNDS} × ${[...results].join(', ')}`);
