/** `gangway validate`: says whether files are valid components, and if not, what is wrong and at which byte. */
import { compile, UnsupportedError, validate } from '@gangway/host';
import { type Command, type Invocation, UsageError } from '../command.ts';
import { engineOf, engineOptions, fileError, readBytes } from '../load.ts';
import { exitCodes, report } from '../report.ts';

async function run({ options, words, io }: Invocation): Promise<number> {
  if (words.length === 0) throw new UsageError('which file?');
  const engine = engineOf(options);
  let exitCode = 0;
  for (const file of words) {
    try {
      const bytes = await readBytes(file);
      if (!validate(bytes, { engine })) await explain(file, bytes, engine);
      if (!options.has('quiet')) io.out(`${file}: valid\n`);
    } catch (error) {
      io.err(report(error, null, options.has('debug')).message);
      exitCode = exitCodes.failure;
    }
  }
  return exitCode;
}

/** Throws what is wrong: compiling says it. */
async function explain(file: string, bytes: Uint8Array, engine: ReturnType<typeof engineOf>): Promise<void> {
  try {
    await compile(bytes, { engine });
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw fileError(file, bytes, error);
  }
}

export const validateFiles: Command = {
  name: 'validate',
  summary: 'check that files are valid components',
  usage: ['[options] FILE …'],
  text: 'Each message names the file and the byte offset. Exit code 1 when a file is not valid.',
  options: [{ name: 'quiet', short: 'q', text: 'print only what is wrong' }, ...engineOptions],
  run,
};
