/** What a guest is given. In: some options. Out: all of them; the defaults are in the one table below. */

/** A directory of the host that the guest finds open when it starts. */
export interface Preopen {
  /** Path on the host. */
  readonly host: string;
  /** Absolute path that the guest sees. */
  readonly guest: string;
  /** Whether whatever would change something in it fails with `read-only`. Default: false. */
  readonly readonly?: boolean;
}

/**
 * Where standard input comes from: the process's own (`inherit`), the given bytes or text, or a function that is asked
 * for at most `limit` bytes at a time and returns `null` at the end.
 */
export type InputSource = 'inherit' | Uint8Array | string | ((limit: number) => Uint8Array | null);

/** Where a standard output goes: to the process's own (`inherit`), nowhere, or to a function, in the guest's own pieces. */
export type OutputSink = 'inherit' | 'ignore' | ((bytes: Uint8Array) => void);

export interface WasiOptions {
  /** Arguments as the guest sees them; the first is the program's name. Default: none. */
  readonly args?: readonly string[];
  /** Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** What `initial-cwd` says. Default: nothing. */
  readonly cwd?: string;
  /** Default: none, so that the guest sees no files. */
  readonly preopens?: readonly Preopen[];
  /** Default: empty. */
  readonly stdin?: InputSource;
  /**
   * With `stdin: 'inherit'`: whether what reads it, a thread, is made when the guest first wants to read, and not before it
   * starts. For programs whose packages are installed, not bundled; where it can't be (it takes Node), nothing changes. Default: false.
   */
  readonly loadOnRead?: boolean;
  /** Default: `inherit`. */
  readonly stdout?: OutputSink;
  /** Default: `inherit`. */
  readonly stderr?: OutputSink;
  /** Whether sockets, name lookup and outgoing HTTP work. Default: false; they fail with `access-denied`. */
  readonly network?: boolean;
}

export type ResolvedWasiOptions = Required<Omit<WasiOptions, 'cwd'>> & { readonly cwd: string | undefined };

/** All options, copied: what the embedder changes later has no effect. */
export function resolveOptions(options: WasiOptions): ResolvedWasiOptions {
  return {
    args: [...(options.args ?? [])],
    env: { ...options.env },
    cwd: options.cwd,
    preopens: [...(options.preopens ?? [])],
    stdin: options.stdin ?? '',
    loadOnRead: options.loadOnRead ?? false,
    stdout: options.stdout ?? 'inherit',
    stderr: options.stderr ?? 'inherit',
    network: options.network ?? false,
  };
}
