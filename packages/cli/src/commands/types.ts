/** `gangway types`: TypeScript declarations of what a component imports and exports. */
import type { Command, Invocation } from '../command.ts';
import { witText } from '../inspect/wit.ts';
import { engineOf, engineOptions, loadComponent, onlyFile } from '../load.ts';

async function run({ options, words, io }: Invocation): Promise<number> {
  const { component } = await loadComponent(onlyFile(words), engineOf(options));
  io.out(witText(component.imports, component.exports));
  return 0;
}

export const types: Command = {
  name: 'types',
  summary: 'write TypeScript declarations (.d.ts) for a component',
  usage: ['[-o DIR] FILE'],
  options: [
    { name: 'output', short: 'o', value: 'DIR', text: 'write a file into this directory instead of printing' },
    ...engineOptions,
  ],
  run,
};
