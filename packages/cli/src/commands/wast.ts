/** `gangway wast`: runs the specification's test scripts. The runner is loaded only when it is called. */
import type { Command } from '../command.ts';

export const wast: Command = {
  name: 'wast',
  summary: 'run test scripts of the specification (.wast)',
  usage: ['[options] FILE|DIR …'],
  options: [],
  run: () => Promise.resolve(0),
  raw: async (words, io) => {
    const { wastCommand } = await import('../wast/command.ts');
    return wastCommand(words, { out: (line) => io.out(`${line}\n`), error: (line) => io.err(`${line}\n`) });
  },
};
