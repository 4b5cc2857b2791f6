/** The options of every command that compiles; what reads them is in `load.ts`. */
import type { OptionSpec } from './command.ts';

/** Options of every command that compiles. */
export const engineOptions: readonly OptionSpec[] = [
  { name: 'feature', value: 'NAME', multiple: true, text: 'accept a gated feature of the specification' },
];
