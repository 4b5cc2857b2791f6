/** `gangway types`: TypeScript declarations of what a component imports and exports. */
import type { Command } from '../command.ts';
import { engineOptions, linkOption } from '../engine-options.ts';

export const types: Command = {
  name: 'types',
  summary: 'write TypeScript declarations (.d.ts) for a component',
  usage: ['[-o DIR] FILE'],
  options: [
    { name: 'output', short: 'o', value: 'DIR', text: 'write a file into this directory instead of printing' },
    linkOption,
    ...engineOptions,
  ],
  run: async (invocation) => (await import('../actions/types.ts')).run(invocation),
};
