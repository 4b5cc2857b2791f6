/**
 * What `gangway run` does: runs a command component, or calls one function of any component. In: a file, what its guest is given.
 * Out: the guest's exit code.
 */
import type { CodeCache } from '@gangway/host/compile';
import { type Preopen, runCommand, type WasiOptions } from '@gangway/wasi';
import { cacheIn, userCache } from '../cache-folder.ts';
import { type Invocation, type Options, UsageError } from '../command.ts';
import { engineOf } from '../component-file.ts';
import { compose } from '../compose.ts';
import { linksOf, loadLinked } from '../load.ts';
import { CommandError } from '../report.ts';

/** `HOST[::GUEST[::ro]]`. */
function parseDirectory(text: string): Preopen {
  const [host = '', guest, mode, ...more] = text.split('::');
  if (host === '' || guest === '' || more.length > 0 || (mode !== undefined && mode !== 'ro')) {
    throw new UsageError(`--dir takes HOST, HOST::GUEST or HOST::GUEST::ro, not "${text}"`);
  }
  return { host, guest: guest ?? host, readonly: mode === 'ro' };
}

/** The directories to open, which must be there. */
function preopens(options: Options): Preopen[] {
  return options.strings('dir').map((text) => {
    const preopen = parseDirectory(text);
    const { statSync } = process.getBuiltinModule('node:fs');
    if (!statSync(preopen.host, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`--dir: there is no directory ${preopen.host}`);
    }
    return preopen;
  });
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
    preopens: preopens(options),
    network: options.has('net'),
    ...io.guest,
    loadOnRead: true,
  };
}

/** Where compiled components are kept; null: nowhere. */
function cacheOf({ options, io }: Invocation): CodeCache | null {
  if (options.has('no-cache')) return null;
  const folder = options.string('cache');
  if (folder !== undefined) return cacheIn(folder);
  return io.keepsCode === true ? userCache() : null;
}

/** The action of `gangway run`. */
export async function run(invocation: Invocation): Promise<number> {
  const { options, words } = invocation;
  const [file, ...args] = words;
  if (file === undefined) throw new UsageError('which file?');
  const call = options.string('invoke');
  if (call !== undefined && args.length > 0) {
    throw new UsageError(`with --invoke the arguments stand in the call, not after the file: ${args.join(' ')}`);
  }
  const { basename } = process.getBuiltinModule('node:path');
  const wasi = wasiOptions(options, [basename(file), ...args], invocation);
  const cache = cacheOf(invocation);
  const engine = await engineOf(options, cache === null ? {} : { cache });
  const component = await loadLinked(file, engine, linksOf(options));
  const { imports, store } = await compose({ file, component }, options.strings('plug'), wasi, engine);
  if (call !== undefined) {
    const { invoke } = await import('../invoke.ts');
    return invoke(component, call, { imports, store }, invocation.io);
  }
  if (!component.exports.some(({ name }) => /^wasi:cli\/run(@0\.2\.|$)/.test(name))) {
    throw new CommandError(
      `${file}: it is no command (it does not export wasi:cli/run); call a function of it with --invoke`,
    );
  }
  return (await runCommand(component, { imports, instantiate: { store } })).exitCode;
}
