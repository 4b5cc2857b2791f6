/** What `gangway types` does: writes TypeScript declarations of what a component imports and exports. */
import { basename } from 'node:path';
import { typescriptDeclarations } from '@gangway/component/reflect';
import { deliver } from '../artifact.ts';
import type { Invocation } from '../command.ts';
import { engineOf, onlyFile } from '../component-file.ts';
import { linksOf, loadToShow } from '../load.ts';

/** The action of `gangway types`. */
export async function run({ options, words, io }: Invocation): Promise<number> {
  const file = onlyFile(words);
  const component = await loadToShow(file, await engineOf(options), linksOf(options));
  const name = basename(file).replace(/\.wasm$/, '');
  const contents = typescriptDeclarations(component.plan, { name });
  await deliver([{ name: `${name}.d.ts`, contents }], options.string('output'), io);
  return 0;
}
