/** `gangway types`: TypeScript declarations of what a component imports and exports. */
import type { Invocation } from '../command.ts';
import { witText } from '../inspect/wit.ts';
import { engineOf, loadComponent, onlyFile } from '../load.ts';

/** The action of `gangway types`. */
export async function run({ options, words, io }: Invocation): Promise<number> {
  const { component } = await loadComponent(onlyFile(words), engineOf(options));
  io.out(witText(component.imports, component.exports));
  return 0;
}
