/** `gangway run`: runs a program, or calls one function of a component. */
import type { Command } from '../command.ts';
import { engineOptions, guestOptions, linkOption } from '../engine-options.ts';

export const runFile: Command = {
  name: 'run',
  summary: 'run a program, or call one function of a component',
  usage: ['[options] FILE [ARGUMENT …]', "--invoke 'FUNCTION(ARGUMENTS)' [options] FILE"],
  text: `
A program (a component that exports wasi:cli/run) sees its arguments, the standard streams, clocks and
random numbers, and nothing else unless an option gives it. Options of gangway stand before FILE; what
follows FILE is the program's.

--invoke calls an exported function. Arguments and result are written in WAVE:
  'add(1, 2)'   'greet("Ada")'   'plot([{x: 1.5, y: 2.0}], some("red"), {filled})'
A function of an interface is called by its interface's name: 'docs:adder/add@0.1.0#add(1, 2)'; the name
may be left out where only one interface has the function. A result that is an error gives exit code 1.

--plug composes: 'gangway run --plug store.wasm --plug log.wasm main.wasm'. What a component imports is taken
from the first plug that exports it under that name or a compatible version, otherwise it must be WASI.

What is made of a component is kept in a cache folder of the user, up to 128 MiB, so that its next run
starts sooner. GANGWAY_CACHE=DIR in the environment is another folder, GANGWAY_CACHE= none.`,
  options: [
    ...guestOptions,
    { name: 'invoke', value: 'CALL', text: 'call this function instead of running a program' },
    linkOption,
    ...engineOptions,
  ],
  passesWords: true,
  run: async (invocation) => (await import('../actions/run.ts')).run(invocation),
};
