/** `gangway wast`: runs the specification's test scripts. The runner is loaded only when it is called. */
import type { Command } from '../command.ts';

export const wast: Command = {
  name: 'wast',
  summary: 'run test scripts of the specification (.wast)',
  usage: ['[options] FILE|DIR …'],
  text: `Each file runs in a process of its own. Exit code 1 when a command of a script fails.`,
  options: [
    { name: 'filter', value: 'RE', text: 'only files whose path matches the regular expression' },
    { name: 'validate', text: 'decode and validate only; what would have to run is skipped' },
    {
      name: 'exceptions',
      value: 'FILE',
      text: 'a list of commands that are known to fail, with reasons (JSON); it is a failure when one passes',
    },
    { name: 'timeout', value: 'SECONDS', text: 'time limit of one file (default: 60)' },
    { name: 'engine', value: 'JSON', text: `options of the engine, such as '{"codegen":"binaryen"}'` },
    { name: 'skips', text: 'print a line for each skipped command too, with the reason' },
    { name: 'json', text: 'the last line is one JSON object: passed, failed, skipped, failures' },
  ],
  run: async (invocation) => (await import('../wast/command.ts')).runWast(invocation),
};
