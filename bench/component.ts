/** The component that the benchmark calls: `components/calls.wat` under the world of `components/calls.wit`. */
import { readFileSync } from 'node:fs';
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco';
import loadWabt from 'wabt';

const read = (name: string): string => readFileSync(new URL(`components/${name}`, import.meta.url), 'utf8');

/** The core module's bytes: what hand-written glue calls. */
export async function coreModule(): Promise<Uint8Array<ArrayBuffer>> {
  const wabt = await loadWabt();
  return new Uint8Array(wabt.parseWat('calls.wat', read('calls.wat'), { bulk_memory: true }).toBinary({}).buffer);
}

/** The same module as a component. */
export async function callsComponent(): Promise<Uint8Array<ArrayBuffer>> {
  const embedded = await componentEmbed({ binary: await coreModule(), witSource: read('calls.wit'), world: 'calls' });
  return new Uint8Array(await componentNew(embedded, []));
}

/** What "raw" handles short strings with. Its text has WasmGC types, which wabt does not read. */
export async function rawStrings(): Promise<WebAssembly.Module> {
  const bytes = new Uint8Array(await parse(read('raw-strings.wat')));
  // The option is not in the DOM's declarations yet.
  const options = { builtins: ['js-string'] };
  return new (WebAssembly.Module as new (bytes: Uint8Array<ArrayBuffer>, options: object) => WebAssembly.Module)(
    bytes,
    options,
  );
}
