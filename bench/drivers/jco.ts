/** jco, current and 1.10: the module that `prepare.ts` transpiled, imported and instantiated. */
import { readFileSync } from 'node:fs';
import { type Calls, Counter, type Driver, host } from '../api.ts';
import { jcoFolder } from './prepare.ts';

function driver(version: string): Driver {
  return {
    name: `jco ${version}`,
    async start() {
      const folder = jcoFolder(version);
      const module = (await import(new URL('calls.js', folder).href)) as {
        instantiate(core: (path: string) => WebAssembly.Module, imports: object): Promise<Calls>;
      };
      const calls = await module.instantiate((path) => new WebAssembly.Module(readFileSync(new URL(path, folder))), {
        scalar: { default: host.scalar },
        log: { default: host.log },
        'example:bench/host': { Counter },
        'example:bench/types': {},
      });
      // A plain object: its own has no prototype, which engines look up as a dictionary.
      return { ...calls };
    },
  };
}

export const jco = driver('1.35');
export const jco110 = driver('1.10');
