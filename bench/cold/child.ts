/** A fresh process. In: the scenario's name, files, a folder. Out: its steps as JSON. */
import { readFileSync } from 'node:fs';
import { type Steps, scenarios } from './scenarios.ts';

const [name = '', component = '', core = '', folder = '', prepared = ''] = process.argv.slice(2);
const bytes = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));
const inputs = { component: bytes(component), core: bytes(core), folder: new URL(folder), prepared: new URL(prepared) };
const steps: Steps = await scenarios[name as keyof typeof scenarios](inputs);
console.log(JSON.stringify(steps));
// The shim's worker would keep the process alive.
process.exit(0);
