/** Options that several commands have; what reads them is in `load.ts` and `guest-options.ts`. */
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

/** Of every command that runs something. */
export const guestOptions: readonly OptionSpec[] = [
  {
    name: 'dir',
    value: 'HOST[::GUEST[::ro]]',
    multiple: true,
    text: 'let it use a directory, under the name GUEST (default: HOST); ro = read-only',
  },
  { name: 'env', value: 'NAME[=VALUE]', multiple: true, text: 'set an environment variable (default: none is set)' },
  { name: 'net', text: 'let it use the network: sockets and outgoing HTTP' },
  {
    name: 'plug',
    value: 'FILE',
    multiple: true,
    text: 'a component whose exports the imports of FILE, or of later plugs, are taken from',
  },
  { name: 'cache', value: 'DIR', text: 'keep what is made of components in this folder' },
  { name: 'no-cache', text: 'keep nothing, and take nothing that was kept' },
];
