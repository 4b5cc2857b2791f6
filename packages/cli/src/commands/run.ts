/**
 * `gangway run`: runs a command component, or calls one function of any component. In: a file, what its guest is given.
 * Out: the guest's exit code.
 */
import { basename } from 'node:path';
import { isWasiImport, type Preopen, runCommand, type WasiOptions } from '@gangway/wasi';
import { type Command, type Invocation, type Options, UsageError } from '../command.ts';
import { invoke } from '../invoke.ts';
import { engineOf, engineOptions, loadComponent } from '../load.ts';
import { CommandError } from '../report.ts';

/** `HOST[::GUEST[::ro]]`. */
export function parseDirectory(text: string): Preopen {
  const [host = '', guest, mode, ...more] = text.split('::');
  if (host === '' || guest === '' || more.length > 0 || (mode !== undefined && mode !== 'ro')) {
    throw new UsageError(`--dir takes HOST, HOST::GUEST or HOST::GUEST::ro, not "${text}"`);
  }
  return { host, guest: guest ?? host, readonly: mode === 'ro' };
}

/** `K=V`, or `K` for a variable of this process. */
function parseVariable(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals === 0) throw new UsageError(`--env takes NAME=VALUE, not "${text}"`);
  return equals < 0 ? [text, process.env[text] ?? ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function wasiOptions(options: Options, args: readonly string[], { io }: Invocation): WasiOptions {
  return {
    args,
    env: Object.fromEntries(options.strings('env').map(parseVariable)),
    preopens: options.strings('dir').map(parseDirectory),
    network: options.has('net'),
    ...io.guest,
  };
}

async function run(invocation: Invocation): Promise<number> {
  const { options, words } = invocation;
  const [file, ...args] = words;
  if (file === undefined) throw new UsageError('which file?');
  const call = options.string('invoke');
  if (call !== undefined && args.length > 0) {
    throw new UsageError(`with --invoke the arguments stand in the call, not after the file: ${args.join(' ')}`);
  }
  const wasi = wasiOptions(options, [basename(file), ...args], invocation);
  const { component } = await loadComponent(file, engineOf(options));
  const strange = component.imports.find(({ name, kind }) => kind !== 'type' && !isWasiImport(name));
  if (strange !== undefined) {
    throw new CommandError(
      `${file}: it imports "${strange.name}", which is not part of WASI 0.2; gangway run supplies nothing else`,
    );
  }
  if (call !== undefined) return invoke(component, call, wasi, invocation.io);
  if (!component.exports.some(({ name }) => /^wasi:cli\/run(@0\.2\.|$)/.test(name))) {
    throw new CommandError(
      `${file}: it is no command (it does not export wasi:cli/run); call a function of it with --invoke`,
    );
  }
  return (await runCommand(component, wasi)).exitCode;
}

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
may be left out where only one interface has the function. A result that is an error gives exit code 1.`,
  options: [
    {
      name: 'dir',
      value: 'HOST[::GUEST[::ro]]',
      multiple: true,
      text: 'let it use a directory, under the name GUEST (default: HOST); ro = read-only',
    },
    { name: 'env', value: 'NAME[=VALUE]', multiple: true, text: 'set an environment variable (default: none is set)' },
    { name: 'net', text: 'let it use the network: sockets and outgoing HTTP' },
    { name: 'invoke', value: 'CALL', text: 'call this function instead of running a program' },
    ...engineOptions,
  ],
  passesWords: true,
  run,
};
