/** `gangway validate`: checks that files are valid components. */
import type { Command } from '../command.ts';
import { engineOptions } from '../engine-options.ts';

export const validateFiles: Command = {
  name: 'validate',
  summary: 'check that files are valid components',
  usage: ['[options] FILE …'],
  text: 'Each message names the file and the byte offset. Exit code 1 when a file is not valid.',
  options: [{ name: 'quiet', short: 'q', text: 'print only what is wrong' }, ...engineOptions],
  run: async (invocation) => (await import('../actions/validate.ts')).run(invocation),
};
