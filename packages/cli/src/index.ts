/**
 * The `gangway` command as a function. In: its words (without the program's name), and where to write. Out: the exit code.
 * Nothing here ends the process or changes its exit code.
 */
import { readFileSync } from 'node:fs';
import { type Command, type Io, readWords, UsageError } from './command.ts';
import { commands } from './commands/index.ts';
import { commandHelp, generalHelp } from './help.ts';

export type { Command, Invocation, Io, OptionSpec } from './command.ts';
export { UsageError } from './command.ts';
export { commands } from './commands/index.ts';
export { parseArguments, parseValue } from './wave/parse.ts';
export { printValue } from './wave/print.ts';
export { WaveError } from './wave/syntax.ts';

/** The process's own streams. */
export const processIo: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  guest: { stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' },
};

export async function main(words: readonly string[], io: Io = processIo): Promise<number> {
  const [name, ...rest] = words;
  let command: Command | undefined;
  let debug = words.includes('--debug');
  try {
    if (name === undefined) {
      io.err(generalHelp(commands));
      return 2;
    }
    if (name === '--help' || name === '-h' || name === 'help') return help(rest[0], io);
    if (name === '--version') {
      io.out(`${version()}\n`);
      return 0;
    }
    command = commands.find((one) => one.name === name);
    if (command === undefined) throw new UsageError(`there is no command "${name}"`);
    const { options, words: own } = readWords(command, rest);
    debug = options.has('debug');
    if (options.has('help')) {
      io.out(commandHelp(command));
      return 0;
    }
    return await command.run({ options, words: own, io });
  } catch (error) {
    // Loads the host's error classes: not needed for a help text.
    const { report } = await import('./report.ts');
    const { message, exitCode } = report(error, command?.name ?? null, debug);
    io.err(message);
    return exitCode;
  }
}

/** That of the package. */
function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function help(name: string | undefined, io: Io): number {
  const command = commands.find((one) => one.name === name);
  if (name !== undefined && command === undefined) throw new UsageError(`there is no command "${name}"`);
  io.out(command === undefined ? generalHelp(commands) : commandHelp(command));
  return 0;
}
