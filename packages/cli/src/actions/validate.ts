/** What `gangway validate` does: says whether files are valid components, and if not, what is wrong and at which byte. */
import { compile, type Engine, UnsupportedError, validate } from '@gangway/host';
import { type Invocation, UsageError } from '../command.ts';
import { engineOf, fileError, readBytes } from '../component-file.ts';
import { exitCodes, report } from '../report.ts';

/** The action of `gangway validate`. */
export async function run({ options, words, io }: Invocation): Promise<number> {
  if (words.length === 0) throw new UsageError('which file?');
  const engine = await engineOf(options);
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
async function explain(file: string, bytes: Uint8Array, engine: Engine): Promise<void> {
  try {
    await compile(bytes, { engine });
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw fileError(file, bytes, error);
  }
}
