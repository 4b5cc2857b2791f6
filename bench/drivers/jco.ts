/** jco, current and 1.10: transpiled to a module in `.cache`, imported, instantiated. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { transpile as transpileCurrent } from '@bytecodealliance/jco';
import { transpile as transpile110 } from 'jco-1.10';
import { type Calls, Counter, type Driver, host } from '../api.ts';

type Transpile = (
  bytes: Uint8Array,
  options: object,
) => Promise<{ files: Record<string, Uint8Array> | [string, Uint8Array][] }>;

function driver(name: string, transpile: Transpile): Driver {
  return {
    name,
    async start(bytes) {
      const { files } = await transpile(bytes, { name: 'calls', instantiation: 'async', noTypescript: true });
      const folder = new URL(`../../.cache/bench/${name.replaceAll(/\W/g, '-')}/`, import.meta.url);
      mkdirSync(folder, { recursive: true });
      for (const [file, content] of Array.isArray(files) ? files : Object.entries(files)) {
        writeFileSync(new URL(file.split('/').pop()!, folder), content);
      }
      writeFileSync(new URL('package.json', folder), '{"type":"module"}');
      const module = (await import(new URL('calls.js', folder).href)) as {
        instantiate(core: (path: string) => WebAssembly.Module, imports: object): Promise<Calls>;
      };
      const calls = await module.instantiate((path) => new WebAssembly.Module(readFileSync(new URL(path, folder))), {
        scalar: { default: host.scalar },
        log: { default: host.log },
        'example:bench/host': { Counter },
        'example:bench/types': {},
      });
      return Object.assign(Object.create(null), calls) as Calls;
    },
  };
}

export const jco = driver('jco 1.35', transpileCurrent as Transpile);
export const jco110 = driver('jco 1.10', transpile110 as Transpile);
