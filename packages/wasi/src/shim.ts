/**
 * The Bytecode Alliance's shim, module by module. In: which part is wanted. Out: its namespace, loaded on first use;
 * `wasi:http` alone takes longer to load than all the rest together.
 *
 * The shim's declarations describe what the generated code of jco calls, with private constructors; the few members that
 * this package builds on are declared here instead.
 */

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
  readonly error: InterfaceObject;
  readonly poll: InterfaceObject;
  readonly streams: { readonly InputStream: ShimClass<InputStream>; readonly OutputStream: ShimClass<OutputStream> };
}
export interface CliShim {
  readonly stdin: { getStdin(): InputStream };
  readonly terminalInput: { readonly TerminalInput: ShimClass<object> };
  readonly terminalOutput: { readonly TerminalOutput: ShimClass<object> };
}
export interface ClocksShim {
  readonly monotonicClock: InterfaceObject & { subscribeDuration(nanoseconds: bigint): Pollable };
  readonly wallClock: InterfaceObject;
}
export interface FilesystemShim {
  readonly types: InterfaceObject & {
    readonly Descriptor: ShimClass<Descriptor>;
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

/** Each part as the shim's package exports it. Loading is idempotent: the engine keeps modules. */
export const shim = {
  cli: async (): Promise<CliShim> => (await import('@bytecodealliance/preview2-shim/cli')) as unknown as CliShim,
  clocks: async (): Promise<ClocksShim> =>
    (await import('@bytecodealliance/preview2-shim/clocks')) as unknown as ClocksShim,
  filesystem: async (): Promise<FilesystemShim> =>
    (await import('@bytecodealliance/preview2-shim/filesystem')) as unknown as FilesystemShim,
  http: async (): Promise<HttpShim> => (await import('@bytecodealliance/preview2-shim/http')) as unknown as HttpShim,
  io: async (): Promise<IoShim> => (await import('@bytecodealliance/preview2-shim/io')) as unknown as IoShim,
  random: async (): Promise<RandomShim> =>
    (await import('@bytecodealliance/preview2-shim/random')) as unknown as RandomShim,
  sockets: async (): Promise<SocketsShim> =>
    (await import('@bytecodealliance/preview2-shim/sockets')) as unknown as SocketsShim,
};
