/** What a guest is given by options of the command line: directories, variables, the network; and where its code is kept. */
import type { CodeCache } from '@gangway/host/compile';
import type { Preopen, WasiOptions } from '@gangway/wasi';
import { cacheIn, userCache } from './cache-folder.ts';
import { type Invocation, type Options, UsageError } from './command.ts';

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

/** What options give to a guest; `args` are its arguments. */
export function wasiOptions(options: Options, args: readonly string[], { io }: Invocation): WasiOptions {
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
export function cacheOf({ options, io }: Invocation): CodeCache | null {
  if (options.has('no-cache')) return null;
  const folder = options.string('cache');
  if (folder !== undefined) return cacheIn(folder);
  return io.keepsCode === true ? userCache() : null;
}
