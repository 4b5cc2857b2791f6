/** Component binaries to start from: everything in the reference tests that assembles, and the small examples. */
import { readdirSync, readFileSync } from 'node:fs';
import { Assembler } from '../../packages/cli/src/wast/assembler.ts';
import { readScript } from '../../packages/cli/src/wast/script.ts';
import { wastComponents } from './wast-components.ts';

const conformance = new URL('../../../shared/conformance/', import.meta.url);

/** Components of the named directories of the reference tests, in order, `(component binary …)` included. */
export async function referenceComponents(directories: readonly string[]): Promise<Uint8Array<ArrayBuffer>[]> {
  const assembler = await Assembler.load();
  const found: Uint8Array<ArrayBuffer>[] = [];
  for (const directory of directories) {
    const folder = new URL(`${directory}/`, conformance);
    for (const file of readdirSync(folder).sort()) {
      const text = readFileSync(new URL(file, folder), 'utf8');
      for (const component of wastComponents(text)) {
        const assembled = await assembler.assemble(component);
        if (assembled.kind === 'bytes') found.push(assembled.bytes);
      }
      for (const command of readScript(text)) {
        if (!('form' in command) || command.form.sort !== 'component') continue;
        if (command.form.source.kind === 'binary') found.push(Uint8Array.from(command.form.source.bytes));
      }
    }
  }
  return found;
}

/** The example that is small enough to be mutated as a whole. */
export function exampleComponent(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL('../../examples/hello-c/hello.wasm', import.meta.url)));
}
