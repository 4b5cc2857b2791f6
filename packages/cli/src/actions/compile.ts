/** What `gangway compile` does: compiles a file with binaryen and writes all that running it needs into a directory. */
import { basename } from 'node:path';
import { deliver } from '../artifact.ts';
import { type Invocation, UsageError } from '../command.ts';
import { compiledFiles } from '../compile/files.ts';
import { engineOf, onlyFile } from '../component-file.ts';
import { linksOf, loadLinked } from '../load.ts';

/** The action of `gangway compile`. */
export async function run({ options, words, io }: Invocation): Promise<number> {
  const file = onlyFile(words);
  const directory = options.string('output');
  if (directory === undefined) throw new UsageError('where to? Give -o DIR');
  const name = options.string('name') ?? basename(file).replace(/(\.component)?\.wasm$/, '');
  if (!/^[\w.-]+$/.test(name) || /^\.*$/.test(name)) {
    throw new UsageError(`--name takes letters, digits and "_", ".", "-", not ${JSON.stringify(name)}`);
  }
  const pointerSize = options.choice('pointer-size', ['4', '8']) === '8' ? 8 : 4;
  const component = await loadLinked(
    file,
    await engineOf(options, { pointerSize, codegen: 'binaryen' }),
    linksOf(options),
  );
  await deliver(await compiledFiles(component, name), directory, io);
  return 0;
}
