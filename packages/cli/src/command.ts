/**
 * What a command is: data from which its help, its argument parsing and the list of commands derive. In: arguments as
 * words. Out: options by name, positional words, an exit code.
 *
 * Flags are read by `node:util` parseArgs; a command that hands the rest of its words to a guest stops at the first one
 * that is no option.
 */
import type { ParseArgsConfig } from 'node:util';

/** Not imported: that would look at all that it has, and load some of it (5 ms of Node's start). */
const { parseArgs } = process.getBuiltinModule('node:util');

/** The command was called in a way that it cannot be. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string;
  /** Whether it may be given more than once. */
  readonly multiple?: boolean;
  readonly text: string;
}

/** The options that were given, by name. */
export class Options {
  readonly #values: Readonly<Record<string, unknown>>;
  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }
  has(name: string): boolean {
    return this.#values[name] === true;
  }
  string(name: string): string | undefined {
    return this.#values[name] as string | undefined;
  }
  strings(name: string): readonly string[] {
    return (this.#values[name] as readonly string[] | undefined) ?? [];
  }
  /** One of `choices`; the first one when it was not given. UsageError for anything else. */
  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const value = this.string(name) ?? choices[0];
    const found = choices.find((one) => one === value);
    if (found === undefined) throw new UsageError(`--${name} must be ${choices.join(', ')}, not "${value}"`);
    return found;
  }
}

/** Where a command writes to and reads from. */
export interface Io {
  /** Text to standard output, as it is. */
  out(text: string): void;
  /** Text to standard error. */
  err(text: string): void;
  /** What a guest is given as its standard streams. */
  readonly guest: {
    readonly stdin: 'inherit' | Uint8Array | string;
    readonly stdout: 'inherit' | ((bytes: Uint8Array) => void);
    readonly stderr: 'inherit' | ((bytes: Uint8Array) => void);
  };
  /** Whether what is made of components is kept in the user's cache folder, for the next run. Default: no. */
  readonly keepsCode?: boolean;
}

export interface Invocation {
  readonly options: Options;
  /** Words that are no options. */
  readonly words: readonly string[];
  readonly io: Io;
}

export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** What follows `gangway NAME`; one line a form. */
  readonly usage: readonly string[];
  /** Paragraphs for its help. */
  readonly text?: string;
  readonly options: readonly OptionSpec[];
  /** Whether words after the first one belong to a guest, even when they look like options. */
  readonly passesWords?: boolean;
  /** Returns the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** Options that every command has. */
export const commonOptions: readonly OptionSpec[] = [
  { name: 'help', short: 'h', text: 'show this help' },
  { name: 'debug', text: 'show stacks with error messages' },
];

type ParseOptions = NonNullable<ParseArgsConfig['options']>;

function parseOptions(options: readonly OptionSpec[]): ParseOptions {
  return Object.fromEntries(
    options.map(({ name, short, value, multiple }) => [
      name,
      {
        type: value === undefined ? 'boolean' : 'string',
        ...(short === undefined ? {} : { short }),
        ...(multiple === true ? { multiple } : {}),
      } as const,
    ]),
  );
}

/** Reads a command's words. UsageError for an unknown option or a missing value. */
export function readWords(command: Command, words: readonly string[]): { options: Options; words: readonly string[] } {
  const options = parseOptions([...command.options, ...commonOptions]);
  let own = words;
  let rest: readonly string[] = [];
  if (command.passesWords) {
    const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
    const first = tokens.find((token) => token.kind === 'positional' || token.kind === 'option-terminator');
    if (first !== undefined) {
      own = words.slice(0, first.index);
      rest = words.slice(first.kind === 'positional' ? first.index : first.index + 1);
    }
  }
  try {
    const { values, positionals } = parseArgs({ args: [...own], options, strict: true, allowPositionals: true });
    return { options: new Options(values), words: [...positionals, ...rest] };
  } catch (error) {
    // parseArgs explains itself in several sentences; the first says what is wrong.
    const text = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new UsageError(text.charAt(0).toLowerCase() + text.slice(1));
  }
}
