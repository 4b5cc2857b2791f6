/**
 * What `gangway serve` does. In: a file, what its guests are given, where to listen. Out: responses, until the process is ended; it is
 * left to signals, which a guest that never returns would keep from a handler of ours.
 */
import { serve } from '@gangway/wasi';
import { type Invocation, type Options, UsageError } from '../command.ts';
import { engineOf, onlyFile } from '../component-file.ts';
import { compose, loadPlugs } from '../compose.ts';
import { cacheOf, wasiOptions } from '../guest-options.ts';
import { linksOf, loadLinked } from '../load.ts';
import { CommandError, report, systemText } from '../report.ts';

/** `HOST:PORT`, `[ADDRESS]:PORT` or `PORT`. */
function parseAddress(text: string): { host: string; port: number } {
  const [, v6, host, digits] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw new UsageError(`--addr takes PORT or HOST:PORT, not "${text}"`);
  return { host: v6 ?? host ?? '127.0.0.1', port };
}

function milliseconds(options: Options): number {
  const text = options.string('timeout') ?? '60';
  const seconds = Number(text);
  if (!(seconds > 0 && seconds < 1e6)) throw new UsageError(`--timeout takes a number of seconds, not "${text}"`);
  return Math.ceil(seconds * 1000);
}

/** The action of `gangway serve`. It does not return. */
export async function run(invocation: Invocation): Promise<number> {
  const { options, words, io } = invocation;
  const file = onlyFile(words);
  const address = parseAddress(options.string('addr') ?? '127.0.0.1:8080');
  const idleTimeout = milliseconds(options);
  // Standard input is one, requests are many.
  const wasi = { ...wasiOptions(options, [], invocation), stdin: '' };
  const cache = cacheOf(invocation);
  const engine = await engineOf(options, cache === null ? {} : { cache });
  const component = await loadLinked(file, engine, linksOf(options));
  if (!component.exports.some(({ name }) => /^wasi:http\/incoming-handler(@0\.2\.|$)/.test(name))) {
    throw new CommandError(`${file}: it serves no HTTP (it does not export wasi:http/incoming-handler)`);
  }
  const plugs = await loadPlugs(options.strings('plug'), engine);
  const server = await serve(component, {
    ...address,
    idleTimeout,
    prepare: () => compose({ file, component }, plugs, wasi, engine),
    onError: (error, { method, path }) => {
      io.err(`${method} ${path}: ${report(error, 'serve', options.has('debug')).message}`);
    },
  }).catch((cause: unknown): never => {
    const shown = `${address.host}:${address.port}`;
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new CommandError(`cannot listen on ${shown}: ${systemText(cause)}`, { cause });
  });
  io.err(`serving ${file} on ${server.url}\n`);
  return new Promise(() => {});
}
