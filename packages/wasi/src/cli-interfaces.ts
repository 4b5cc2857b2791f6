/**
 * `wasi:cli` for one store: arguments, environment, exit, standard streams, terminals. In: the options. Out: one object an
 * interface. The shim keeps all of this once for the whole process, so only its classes are used here.
 */
import { ExitStatus } from './exit-status.ts';
import type { ResolvedWasiOptions } from './options.ts';
import { type InterfaceObject, shim } from './shim.ts';
import { isTerminal, standardStreams, writer } from './streams.ts';

type Maker = (options: ResolvedWasiOptions) => InterfaceObject | Promise<InterfaceObject>;

async function output(options: ResolvedWasiOptions, name: 'stdout' | 'stderr'): Promise<() => object> {
  const stream = (await standardStreams()).output(writer(options[name], name));
  return () => stream;
}

/** A terminal, if the guest's stream is the process's and that one is a terminal. */
async function terminal(options: ResolvedWasiOptions, name: 'stdout' | 'stderr'): Promise<() => object | undefined> {
  const { TerminalOutput } = (await shim.cli()).terminalOutput;
  const found = options[name] === 'inherit' && isTerminal(name) ? new TerminalOutput() : undefined;
  return () => found;
}

/** By interface name, without package and version. */
export const cliInterfaces: Readonly<Record<string, Maker>> = {
  environment: ({ args, env, cwd }) => {
    const pairs = Object.entries(env);
    return { getArguments: () => args, getEnvironment: () => pairs, initialCwd: () => cwd };
  },
  exit: () => ({
    exit: (status: { readonly tag: 'ok' | 'err' }) => {
      throw new ExitStatus(status.tag === 'ok' ? 0 : 1);
    },
    exitWithCode: (code: number) => {
      throw new ExitStatus(code);
    },
  }),
  stdin: async ({ stdin }) => {
    const stream = (await standardStreams()).input(stdin);
    return { getStdin: () => stream };
  },
  stdout: async (options) => ({ getStdout: await output(options, 'stdout') }),
  stderr: async (options) => ({ getStderr: await output(options, 'stderr') }),
  'terminal-input': async () => ({ ...(await shim.cli()).terminalInput }),
  'terminal-output': async () => ({ ...(await shim.cli()).terminalOutput }),
  'terminal-stdin': async ({ stdin }) => {
    const { TerminalInput } = (await shim.cli()).terminalInput;
    const found = stdin === 'inherit' && isTerminal('stdin') ? new TerminalInput() : undefined;
    return { getTerminalStdin: () => found };
  },
  'terminal-stdout': async (options) => ({ getTerminalStdout: await terminal(options, 'stdout') }),
  'terminal-stderr': async (options) => ({ getTerminalStderr: await terminal(options, 'stderr') }),
};
