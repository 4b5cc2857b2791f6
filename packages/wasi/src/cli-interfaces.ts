/**
 * `wasi:cli` for one store: arguments, environment, exit, standard streams, terminals. In: the options. Out: one object an
 * interface. The shim keeps all of this once for the whole process, so only its classes are used here.
 */
import { ExitStatus } from './exit-status.ts';
import type { ResolvedWasiOptions } from './options.ts';
import type { InterfaceObject } from './shim.ts';
import { isTerminal, standardStreams, writer } from './streams.ts';

type Maker = (options: ResolvedWasiOptions) => InterfaceObject | Promise<InterfaceObject>;

async function output(options: ResolvedWasiOptions, name: 'stdout' | 'stderr'): Promise<() => object> {
  const stream = (await standardStreams()).output(writer(options[name], name));
  return () => stream;
}

/** They have no functions. */
class TerminalInput {}
class TerminalOutput {}

/** A terminal, if the guest's stream is the process's and that one is a terminal. */
function terminal<T>(
  options: ResolvedWasiOptions,
  name: 'stdin' | 'stdout' | 'stderr',
  type: new () => T,
): () => T | undefined {
  const found = options[name] === 'inherit' && isTerminal(name) ? new type() : undefined;
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
  stdin: async ({ stdin, loadOnRead }) => {
    const stream = await (await standardStreams()).input(stdin, loadOnRead);
    return { getStdin: () => stream };
  },
  stdout: async (options) => ({ getStdout: await output(options, 'stdout') }),
  stderr: async (options) => ({ getStderr: await output(options, 'stderr') }),
  'terminal-input': () => ({ TerminalInput }),
  'terminal-output': () => ({ TerminalOutput }),
  'terminal-stdin': (options) => ({ getTerminalStdin: terminal(options, 'stdin', TerminalInput) }),
  'terminal-stdout': (options) => ({ getTerminalStdout: terminal(options, 'stdout', TerminalOutput) }),
  'terminal-stderr': (options) => ({ getTerminalStderr: terminal(options, 'stderr', TerminalOutput) }),
};
