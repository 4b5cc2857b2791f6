/** What commands produce: in, named contents; out, standard output or files in a directory. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from './command.ts';
import { CommandError, systemText } from './report.ts';

/** A file; on standard output, text files follow one another and bytes are left out. */
export interface Artifact {
  readonly name: string;
  readonly contents: string | Uint8Array;
}

/** Prints, or writes into `directory`, which is made if need be. CommandError when it can't be written to. */
export async function deliver(artifacts: readonly Artifact[], directory: string | undefined, io: Io): Promise<void> {
  if (directory === undefined) {
    for (const { contents } of artifacts) if (typeof contents === 'string') io.out(contents);
    return;
  }
  try {
    await mkdir(directory, { recursive: true });
    for (const { name, contents } of artifacts) {
      const path = join(directory, name);
      await writeFile(path, contents);
      io.err(`wrote ${path}\n`);
    }
  } catch (cause) {
    throw new CommandError(`cannot write into ${directory}: ${systemText(cause)}`, { cause });
  }
}
