/** `gangway inspect`: shows what each phase on the way from bytes to a call makes of a component. */
import type { Command } from '../command.ts';
import { engineOptions, linkOption } from '../engine-options.ts';
import { formats, phases } from '../inspect/phases.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'show what is in a component, and what gangway makes of it',
  usage: ['[--phase PHASE] [--format FORMAT] [-o DIR] FILE'],
  text: `
Phases and their formats, the default format first:
${Object.entries(phases)
  .map(([name, { text, formats: known }]) => `  ${name.padEnd(12)} ${text} (${known.join(', ')})`)
  .join('\n')}`,
  options: [
    { name: 'phase', short: 'p', value: 'PHASE', text: 'what to show (default: types)' },
    { name: 'format', short: 'f', value: 'FORMAT', text: `${formats.join(', ')}; what a phase has is listed above` },
    { name: 'output', short: 'o', value: 'DIR', text: 'write files into this directory instead of printing' },
    { name: 'pointer-size', value: '4|8', text: 'bytes of a pointer slot in the vmctx (default: 4)' },
    linkOption,
    ...engineOptions,
  ],
  run: async (invocation) => (await import('../actions/inspect.ts')).run(invocation),
};
