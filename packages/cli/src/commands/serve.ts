/** `gangway serve`: answers HTTP requests with a component. */
import type { Command } from '../command.ts';
import { engineOptions, guestOptions, linkOption } from '../engine-options.ts';

export const serveFile: Command = {
  name: 'serve',
  summary: 'answer HTTP requests with a component',
  usage: ['[options] FILE'],
  text: `
Serves with a component that exports wasi:http/incoming-handler. Every request gets an instance of its own,
which sees the request, the standard output streams, clocks and random numbers, and nothing else unless an
option gives it; --net lets it send requests. They are handled one after the other. A request that fails is
reported, and answered with status 500. It ends when it is interrupted.`,
  options: [
    {
      name: 'addr',
      value: '[HOST:]PORT',
      text: 'where to listen (default: 127.0.0.1:8080); port 0 is any that is free',
    },
    {
      name: 'timeout',
      value: 'SECONDS',
      text: 'close a connection on which nothing has moved for that long (default: 60)',
    },
    ...guestOptions,
    linkOption,
    ...engineOptions,
  ],
  run: async (invocation) => (await import('../actions/serve.ts')).run(invocation),
};
