/** Options that several commands have; what reads them is in `load.ts`. */
import type { OptionSpec } from './command.ts';

/** Options of every command that compiles. */
export const engineOptions: readonly OptionSpec[] = [
  { name: 'feature', value: 'NAME', multiple: true, text: 'accept a gated feature of the specification' },
];

/** Of every command that shows or runs what components become together. */
export const linkOption: OptionSpec = {
  name: 'link',
  value: 'NAME=FILE',
  multiple: true,
  text: 'the component in FILE for the component that is imported as NAME',
};
