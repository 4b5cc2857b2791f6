/** A fresh process. In: the scenarios of a component; from the command line a name, files, a folder. Out: its steps as JSON. */
import { readFileSync } from 'node:fs';
import type { Scenarios } from './clock.ts';

export async function run(scenarios: Scenarios): Promise<never> {
  const [name = '', component = '', core = '', folder = '', prepared = ''] = process.argv.slice(2);
  const bytes = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));
  const inputs = {
    component: bytes(component),
    core: bytes(core),
    folder: new URL(folder),
    prepared: new URL(prepared),
  };
  const steps = await scenarios[name]!(inputs);
  console.log(JSON.stringify(steps));
  // The shim's worker would keep the process alive.
  process.exit(0);
}
