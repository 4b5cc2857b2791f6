/**
 * WASI in a worker of the page. In: arguments, environment, standard input, files. Out: imports for a component, and the
 * files as they are after it has run. The shim's browser build stands behind `@gangway/wasi`; only directories differ: a
 * page has none, so the one that the guest finds open is in memory; and waiting, which the shim does by promises.
 */
import { monotonicClock } from '@bytecodealliance/preview2-shim/clocks';
import { createFilesystem, type FileData, InMemoryFilesystemAdapter } from '@bytecodealliance/preview2-shim/filesystem';
import { poll } from '@bytecodealliance/preview2-shim/io';
import { wasiImports } from '@gangway/wasi';
import { type PollInterface, pageTimers } from './page-poll.ts';
import type { WasiSettings } from './protocol.ts';

export interface PageOutput {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Called whenever the component has called out; `name` says what. */
  calledOut(name: string): void;
  /** Called before a program sleeps. */
  waiting(): void;
}

export interface PageWasi {
  readonly imports: Readonly<Record<string, unknown>>;
  /** Text by path, in order. */
  files(): [string, string][];
}

function treeOf(files: WasiSettings['files']): FileData {
  const root: FileData = { dir: {} };
  for (const [path, text] of files) {
    const names = path.split('/').filter((name) => name !== '');
    const last = names.pop();
    if (last === undefined) continue;
    let directory = root;
    for (const name of names) directory = directory.dir![name] ??= { dir: {} };
    directory.dir![last] = { source: text };
  }
  return root;
}

function listFiles(entry: FileData, path: string): [string, string][] {
  if (entry.dir !== undefined) {
    return Object.entries(entry.dir).flatMap(([name, child]) => listFiles(child, `${path}/${name}`));
  }
  const { source = '' } = entry;
  return [[path, typeof source === 'string' ? source : new TextDecoder().decode(source)]];
}

/** Text of a stream of bytes, in pieces that may end inside of a character. */
function texts(sink: (text: string) => void, calledOut: () => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  return (bytes) => {
    sink(decoder.decode(bytes, { stream: true }));
    calledOut();
  };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What the methods of the shim's classes tell; they are shared by all instances in the worker. */
let listener: (name: string) => void = () => undefined;
const watched = new WeakSet<object>();

/** The methods of a class of the shim tell when they are called. */
function watchClass(made: { readonly prototype: object }, path: string): void {
  if (watched.has(made)) return;
  watched.add(made);
  for (const name of Object.getOwnPropertyNames(made.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(made.prototype, name)!;
    if (typeof value !== 'function' || name === 'constructor') continue;
    const method = value as Method;
    const told = function (this: unknown, ...args: unknown[]): unknown {
      listener(`${path}.${name}`);
      return method.apply(this, args);
    };
    Object.defineProperty(made.prototype, name, { value: told, configurable: true, writable: true });
  }
}

/** The functions of an interface, and the methods of its classes, tell when they are called. */
function told(made: object, path: string): object {
  return Object.fromEntries(
    Object.entries(made).map(([name, value]: [string, unknown]) => {
      if (typeof value !== 'function') return [name, value];
      if (/^[A-Z]/.test(name)) {
        watchClass(value as object as { prototype: object }, `${path}.${name}`);
        return [name, value];
      }
      return [
        name,
        (...args: unknown[]): unknown => {
          listener(`${path}.${name}`);
          return (value as Method)(...args);
        },
      ];
    }),
  );
}

/** `names`: the interfaces that are imported. */
export async function pageWasi(
  names: readonly string[],
  settings: WasiSettings,
  output: PageOutput,
): Promise<PageWasi> {
  const root = treeOf(settings.files);
  const { preopens } = createFilesystem({ adapter: new InMemoryFilesystemAdapter(), preopens: { '/': root } });
  const made = await wasiImports(
    { imports: names.map((name) => ({ name })) },
    {
      args: settings.args,
      env: settings.env,
      stdin: settings.stdin,
      stdout: texts(output.stdout, () => output.calledOut('standard output')),
      stderr: texts(output.stderr, () => output.calledOut('standard error')),
    },
  );
  const timers = pageTimers(poll as object as PollInterface, monotonicClock as object as PollInterface, output.waiting);
  listener = output.calledOut;
  const entries = Object.entries(made).map(([name, one]) => {
    let own: object = one;
    if (name.startsWith('wasi:filesystem/preopens')) own = preopens;
    else if (name.startsWith('wasi:io/poll')) own = timers.poll;
    else if (name.startsWith('wasi:clocks/monotonic-clock')) own = timers.clock;
    return [name, told(own, name.replace(/@.*/, ''))] as const;
  });
  return { imports: Object.fromEntries(entries), files: () => listFiles(root, '') };
}
