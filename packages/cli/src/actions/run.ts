/**
 * What `gangway run` does: runs a command component, or calls one function of any component. In: a file, what its guest is given.
 * Out: the guest's exit code.
 */
import { runCommand } from '@gangway/wasi';
import { type Invocation, UsageError } from '../command.ts';
import { engineOf } from '../component-file.ts';
import { compose, loadPlugs } from '../compose.ts';
import { cacheOf, wasiOptions } from '../guest-options.ts';
import { linksOf, loadLinked } from '../load.ts';
import { CommandError } from '../report.ts';

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
  const plugs = await loadPlugs(options.strings('plug'), engine);
  const { imports, store } = await compose({ file, component }, plugs, wasi, engine);
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
