/**
 * The Bytecode Alliance's shim, module by module. In: which part is wanted. Out: its namespace, loaded on first use;
 * `wasi:http` alone takes longer to load than all the rest together.
 *
 * In Node, Deno and Bun the shim has a thread, which loading any part but `random` starts. What needs none is taken from
 * threadless.ts there, and the shim is loaded with the first part that is not among that.
 *
 * The shim's declarations describe what the generated code of jco calls, with private constructors; the few members that
 * this package builds on are declared here instead.
 */
import { adopt } from './stand-ins.ts';
import { applyStreamRules } from './stream-rules.ts';
import { clocks, io, random, waitWith } from './threadless.ts';

/** An interface's functions and classes, by their JavaScript names. */
export type InterfaceObject = Readonly<Record<string, unknown>>;

export interface Pollable {
  ready(): boolean;
  block(): void;
}
export interface InputStream {
  read(length: bigint): Uint8Array;
  blockingRead(length: bigint): Uint8Array;
  skip(length: bigint): bigint;
  blockingSkip(length: bigint): bigint;
  subscribe(): Pollable;
}
export interface OutputStream {
  checkWrite(): bigint;
  write(contents: Uint8Array): void;
  blockingWriteAndFlush(contents: Uint8Array): void;
  flush(): void;
  blockingFlush(): void;
  subscribe(): Pollable;
  writeZeroes(length: bigint): void;
  blockingWriteZeroesAndFlush(length: bigint): void;
  splice(source: InputStream, length: bigint): bigint;
  blockingSplice(source: InputStream, length: bigint): bigint;
}

export interface PathFlags {
  readonly symlinkFollow?: boolean;
}
export interface OpenFlags {
  readonly create?: boolean;
  readonly directory?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
}
export interface DescriptorFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly fileIntegritySync?: boolean;
  readonly dataIntegritySync?: boolean;
  readonly requestedWriteSync?: boolean;
  readonly mutateDirectory?: boolean;
}
export interface Descriptor {
  openAt(path: PathFlags, name: string, open: OpenFlags, flags: DescriptorFlags): Descriptor;
  linkAt(flags: PathFlags, old: string, target: Descriptor, name: string): void;
  renameAt(old: string, target: Descriptor, name: string): void;
  getFlags(): DescriptorFlags | undefined;
  stat(): unknown;
  statAt(flags: PathFlags, name: string): unknown;
  metadataHash(): unknown;
  metadataHashAt(flags: PathFlags, name: string): unknown;
}

/** A class of the shim whose objects only the shim makes; `new` gives one that is attached to nothing. */
export type ShimClass<T extends object> = new () => T;

export interface IoShim {
  readonly error: { readonly Error: ShimClass<Error> };
  readonly poll: {
    readonly Pollable: ShimClass<Pollable>;
    poll(list: readonly Pollable[]): Uint32Array;
  };
  readonly streams: { readonly InputStream: ShimClass<InputStream>; readonly OutputStream: ShimClass<OutputStream> };
}
export interface CliShim {
  readonly stdin: { getStdin(): InputStream };
  readonly terminalInput: { readonly TerminalInput: ShimClass<object> };
  readonly terminalOutput: { readonly TerminalOutput: ShimClass<object> };
}
export interface ClocksShim {
  readonly monotonicClock: InterfaceObject & {
    subscribeInstant(nanoseconds: bigint): Pollable;
    subscribeDuration(nanoseconds: bigint): Pollable;
  };
  readonly wallClock: InterfaceObject;
}
export interface FilesystemShim {
  readonly types: InterfaceObject & {
    readonly Descriptor: ShimClass<Descriptor>;
    readonly DirectoryEntryStream: ShimClass<object>;
    filesystemErrorCode(error: unknown): unknown;
  };
  createFilesystem(config: { readonly preopens: Readonly<Record<string, string>> }): {
    readonly preopens: { getDirectories(): readonly (readonly [Descriptor, string])[] };
  };
}
export interface HttpShim {
  readonly types: InterfaceObject;
  readonly outgoingHandler: InterfaceObject;
}
export interface RandomShim {
  readonly random: InterfaceObject;
  readonly insecure: InterfaceObject;
  readonly insecureSeed: InterfaceObject;
}
export interface SocketsShim {
  createSockets(config: { readonly enableNetwork: boolean }): Readonly<Record<string, InterfaceObject>>;
}

/** Whether the shim has a thread: not in a page. */
export const hasThread = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';

let adopted = false;

/** The shim's own classes become those that guests know. */
function adoptIo(io: IoShim, { monotonicClock }: ClocksShim): void {
  if (adopted) return;
  adopted = true;
  applyStreamRules(io, hasThread);
  if (hasThread) {
    adopt('InputStream', io.streams.InputStream);
    adopt('OutputStream', io.streams.OutputStream);
    adopt('Pollable', io.poll.Pollable);
    adopt('Error', io.error.Error);
    waitWith({ poll: io.poll.poll, subscribeInstant: monotonicClock.subscribeInstant });
  }
}

const loadIo = async (): Promise<IoShim> => {
  const [io, clocks] = await Promise.all([
    import('@bytecodealliance/preview2-shim/io'),
    import('@bytecodealliance/preview2-shim/clocks'),
  ]);
  adoptIo(io as unknown as IoShim, clocks as unknown as ClocksShim);
  return io as unknown as IoShim;
};

/** A part that makes objects of the classes of `wasi:io`. */
async function withIo<T>(loading: Promise<unknown>): Promise<T> {
  const [part] = await Promise.all([loading, loadIo()]);
  return part as T;
}

/** Each part as the shim's package exports it. Loading is idempotent: the engine keeps modules. */
export const shim = {
  cli: (): Promise<CliShim> => withIo(import('@bytecodealliance/preview2-shim/cli')),
  clocks: async (): Promise<ClocksShim> =>
    hasThread ? clocks : withIo(import('@bytecodealliance/preview2-shim/clocks')),
  filesystem: async (): Promise<FilesystemShim> => {
    const part: FilesystemShim = await withIo(import('@bytecodealliance/preview2-shim/filesystem'));
    if (hasThread) {
      adopt('Descriptor', part.types.Descriptor);
      adopt('DirectoryEntryStream', part.types.DirectoryEntryStream);
    }
    return part;
  },
  http: (): Promise<HttpShim> => withIo(import('@bytecodealliance/preview2-shim/http')),
  io: async (): Promise<IoShim> => (hasThread ? io : loadIo()),
  random: async (): Promise<RandomShim> =>
    hasThread ? random : ((await import('@bytecodealliance/preview2-shim/random')) as unknown as RandomShim),
  sockets: (): Promise<SocketsShim> => withIo(import('@bytecodealliance/preview2-shim/sockets')),
};

/** Whether {@link cliNow} can be called: it takes `require` of ES modules (Node 22.12). */
export const canLoadNow =
  hasThread && (process.features as { readonly require_module?: boolean } | undefined)?.require_module === true;

/** As `shim.cli`, without waiting. For programs that are not bundled: the shim is looked for in the file system. */
export function cliNow(): CliShim {
  const { createRequire } = process.getBuiltinModule('node:module');
  const require = createRequire(import.meta.url);
  const part = (name: string): unknown => require(`@bytecodealliance/preview2-shim/${name}`);
  adoptIo(part('io') as IoShim, part('clocks') as ClocksShim);
  return part('cli') as CliShim;
}
