/**
 * The `gangway` command as a function. In: its words (without the program's name), and where to write. Out: the exit code.
 * Nothing here ends the process or changes its exit code. What a command does is loaded when it is called.
 */
import { type Command, type Io, readWords, UsageError } from './command.ts';
import { commands } from './commands/index.ts';
import { commandHelp, generalHelp } from './help.ts';
import { usesStream, write } from './standard-output.ts';

/** The process's own streams. */
export const processIo: Io = {
  out: (text) => write(1, text),
  err: (text) => write(2, text),
  guest: {
    stdin: 'inherit',
    // A guest asks whether they are terminals.
    get stdout() {
      return usesStream(1) ? 'inherit' : (bytes: Uint8Array) => write(1, bytes);
    },
    get stderr() {
      return usesStream(2) ? 'inherit' : (bytes: Uint8Array) => write(2, bytes);
    },
  },
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
  // Not imported: that would load all of it, streams and promises too (7 ms of Node's start).
  const { readFileSync } = process.getBuiltinModule('node:fs');
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
