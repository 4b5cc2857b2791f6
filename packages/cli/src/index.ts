/** `@gangway/cli`: the `gangway` command as a function, and the text form of values that it reads and prints. */
export type { Command, Invocation, Io, OptionSpec } from './command.ts';
export { UsageError } from './command.ts';
export { commands } from './commands/index.ts';
export { main, processIo } from './program.ts';
export { parseArguments, parseValue } from './wave/parse.ts';
export { printValue } from './wave/print.ts';
export { WaveError } from './wave/wave-error.ts';
