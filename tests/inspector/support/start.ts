/** What the browser tests of the inspector need: it is built, browsers run, guests are assembled. Each is started once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Assembler } from '../../../packages/cli/src/wast/assembler.ts';
import { buildInspector } from '../../../packages/inspector/src/build.ts';
import { outputFolder } from './inspector-page.ts';

/** Builds the inspector into a folder of its own; two test files must not write into the same. */
export async function built(name: string): Promise<string> {
  const folder = `${outputFolder}/${name}`;
  await buildInspector(folder);
  return folder;
}

/** Assembles a text; the path of the component. */
export async function assembled(folder: string, name: string, text: string): Promise<string> {
  const assembler = await Assembler.load();
  const made = await assembler.assemble(text);
  if (made.kind === 'refused') throw new Error(`${name}: ${made.message}`);
  const path = `${folder}/examples/${name}.wasm`;
  writeFileSync(path, made.bytes);
  return path;
}

/** The same for a text of the folder `guests`. */
export function guest(folder: string, name: string): Promise<string> {
  return assembled(folder, name, readFileSync(new URL(`../guests/${name}.wat`, import.meta.url), 'utf8'));
}
