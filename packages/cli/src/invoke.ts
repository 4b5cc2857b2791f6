/**
 * One call of an exported function, written as text. In: a component and `name(arguments)`. Out: the result in WAVE on
 * standard output, and the exit code: 0, or 1 when the function's result is its error case.
 */
import { type Component, type ExternInfo, type FuncInfo, instantiate } from '@gangway/host/compile';
// Types of what comes from a cache.
import '@gangway/host/parts';
import { exitStatus } from '@gangway/wasi';
import { type Io, UsageError } from './command.ts';
import type { Composition } from './compose.ts';
import { exitCodes } from './report.ts';
import { parseArguments, splitCall } from './wave/parse.ts';
import { printValue } from './wave/print.ts';
import { WaveError } from './wave/wave-error.ts';

interface Found {
  /** Names from the root's export down. */
  readonly path: readonly string[];
  readonly type: FuncInfo;
}

/** All exported functions, those of interfaces included. */
function exportedFunctions(exports: readonly ExternInfo[], path: readonly string[] = []): Found[] {
  return exports.flatMap((one) => {
    const here = [...path, one.name];
    if (one.kind === 'func') return [{ path: here, type: one.type }];
    return one.kind === 'instance' ? exportedFunctions(one.exports, here) : [];
  });
}

/** An interface's name without its version. */
const unversioned = (name: string): string => name.replace(/@[^#]*(?=#|$)/, '');

function findFunction(component: Component, name: string): Found {
  const all = exportedFunctions(component.exports);
  const written = (found: Found): string => found.path.join('#');
  const exact = all.filter((found) => written(found) === name);
  const loose = all.filter((found) => unversioned(written(found)) === unversioned(name) || found.path.at(-1) === name);
  const candidates = exact.length > 0 ? exact : loose;
  const [first, ...more] = candidates;
  if (first === undefined) {
    const known = all.length === 0 ? 'it exports no functions' : `it exports ${all.map(written).join(', ')}`;
    throw new UsageError(`no function is exported as "${name}"; ${known}`);
  }
  if (more.length > 0) throw new UsageError(`"${name}" may be ${candidates.map(written).join(' or ')}`);
  return first;
}

export async function invoke(
  component: Component,
  call: string,
  { imports, store }: Composition,
  io: Io,
): Promise<number> {
  const { path, type } = findFunction(component, splitCall(call).name);
  const args = readArguments(type, call);
  try {
    const instance = await instantiate(component, imports, { store });
    const func = instance.getFunc(...path);
    if (func === undefined) throw new UsageError(`"${path.join('#')}" cannot be called`);
    if (type.result?.kind !== 'result') {
      const value: unknown = await func(...args);
      if (type.result !== null) io.out(`${printValue(type.result, value)}\n`);
      return 0;
    }
    // At the level of a function, the error case is thrown.
    const result = await settle(async () => func(...args));
    io.out(`${printValue(type.result, result)}\n`);
    return result.tag === 'ok' ? 0 : exitCodes.failure;
  } catch (error) {
    const status = exitStatus(error);
    if (status !== null) return status.code;
    throw error;
  }
}

/** The arguments; a message about their text shows the place. */
function readArguments(type: FuncInfo, call: string): unknown[] {
  try {
    return parseArguments(type, call);
  } catch (error) {
    if (!(error instanceof WaveError)) throw error;
    throw new UsageError(`${error.detail}\n  ${call}\n  ${' '.repeat(error.offset)}^`);
  }
}

async function settle(call: () => Promise<unknown>): Promise<{ tag: 'ok' | 'err'; val: unknown }> {
  try {
    return { tag: 'ok', val: await call() };
  } catch (error) {
    if (!(error instanceof Error) || !Object.hasOwn(error, 'payload')) throw error;
    return { tag: 'err', val: (error as Error & { payload: unknown }).payload };
  }
}
