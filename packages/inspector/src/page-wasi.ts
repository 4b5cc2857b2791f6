/**
 * WASI in a page. In: arguments, environment, standard input, files. Out: imports for a component, and the files as they
 * are after it has run. The shim's browser build stands behind `@gangway/wasi`; only directories differ: a page has none,
 * so the one that the guest finds open is in memory; and waiting, which a page cannot do.
 */
import { monotonicClock } from '@bytecodealliance/preview2-shim/clocks';
import { createFilesystem, type FileData, InMemoryFilesystemAdapter } from '@bytecodealliance/preview2-shim/filesystem';
import { poll } from '@bytecodealliance/preview2-shim/io';
import type { Component, ImportsObject } from '@gangway/host';
import { isWasiImport, wasiImports } from '@gangway/wasi';
import { type PollInterface, pageTimers } from './page-poll.ts';

export interface WasiSettings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Text by absolute path of the guest. */
  readonly files: ReadonlyMap<string, string>;
}

export interface PageOutput {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Called whenever the component has called out. */
  observe(): void;
}

export interface PageWasi {
  readonly imports: ImportsObject;
  /** Text by path, in order. */
  files(): [string, string][];
}

function treeOf(files: ReadonlyMap<string, string>): FileData {
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
function texts(sink: (text: string) => void, observe: () => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  return (bytes) => {
    sink(decoder.decode(bytes, { stream: true }));
    observe();
  };
}

/** The functions of an interface, which tell when they are called; classes stay as they are. */
function observed(made: object, observe: () => void): object {
  return Object.fromEntries(
    Object.entries(made).map(([name, value]: [string, unknown]) => {
      if (typeof value !== 'function' || !/^[a-z]/.test(name)) return [name, value];
      return [
        name,
        (...args: unknown[]): unknown => {
          observe();
          return (value as (...args: unknown[]) => unknown)(...args);
        },
      ];
    }),
  );
}

export async function pageWasi(component: Component, settings: WasiSettings, output: PageOutput): Promise<PageWasi> {
  const root = treeOf(settings.files);
  const { preopens } = createFilesystem({ adapter: new InMemoryFilesystemAdapter(), preopens: { '/': root } });
  const made = await wasiImports(component, {
    args: settings.args,
    env: settings.env,
    stdin: settings.stdin,
    stdout: texts(output.stdout, output.observe),
    stderr: texts(output.stderr, output.observe),
  });
  const timers = pageTimers(poll as object as PollInterface, monotonicClock as object as PollInterface);
  const entries = Object.entries(made).map(([name, one]) => {
    let own: object = one;
    if (name.startsWith('wasi:filesystem/preopens')) own = preopens;
    else if (name.startsWith('wasi:io/poll')) own = timers.poll;
    else if (name.startsWith('wasi:clocks/monotonic-clock')) own = timers.clock;
    return [name, observed(own, output.observe)] as const;
  });
  return { imports: Object.fromEntries(entries) as ImportsObject, files: () => listFiles(root, '') };
}

export { isWasiImport };
