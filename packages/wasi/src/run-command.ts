/**
 * Runs a command: a component that exports `wasi:cli/run`. In: the component, and what its guest is given. Out: its exit
 * code. Traps, and imports that are missing, are thrown.
 */
import { type Component, type ImportsObject, InstancePre, type Store, Trap } from '@gangway/host/runtime';
import { exitStatus } from './exit-status.ts';
import { wasiImports } from './imports.ts';
import type { WasiOptions } from './options.ts';

export interface CommandOptions extends WasiOptions {
  /** Imports that are not WASI's, or that replace them. */
  readonly imports?: ImportsObject;
  /** How it is instantiated: in which store. */
  readonly instantiate?: { readonly store?: Store };
}

export interface CommandResult {
  /** 0 is success. */
  readonly exitCode: number;
}

const runName = /^wasi:cli\/run(@0\.2\.\d+)?$/;

/** TypeError when the component exports no `wasi:cli/run` of WASI 0.2. */
export async function runCommand(component: Component, options: CommandOptions = {}): Promise<CommandResult> {
  const name = component.exports.find((e) => e.kind === 'instance' && runName.test(e.name))?.name;
  if (name === undefined) throw new TypeError('this component is no command: it exports no wasi:cli/run');
  const given = options.imports ?? {};
  const missing = component.imports.filter((one) => !Object.hasOwn(given, one.name));
  const imports = { ...(await wasiImports({ imports: missing }, options)), ...given };
  try {
    const instance = await (await InstancePre.prepare(component, imports)).instantiate(options.instantiate?.store);
    const { run } = instance.exports[name]!;
    await run!();
    return { exitCode: 0 };
  } catch (error) {
    const status = exitStatus(error);
    if (status !== null) return { exitCode: status.code };
    // `run` returns a result without payloads; its error case is thrown.
    if (!(error instanceof Trap) && error instanceof Error && Object.hasOwn(error, 'payload')) return { exitCode: 1 };
    throw error;
  }
}
