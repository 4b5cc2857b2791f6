/**
 * Standard streams whose other end is the embedder's. In: an `InputSource` or an `OutputSink`. Out: objects of the shim's
 * own stream classes, so that a guest can mix them with files and sockets, whose methods are overridden here.
 *
 * The shim's standard streams are one set for the whole process, and a guest that drops one closes it for every later
 * guest. Hence also the stream around the process's standard input: dropping it leaves the shim's stream open.
 *
 * Rejected: a pipe to the shim's I/O worker. Each write would cost a round trip between threads.
 */
import type { InputSource, OutputSink } from './options.ts';
import { type CliShim, canLoadNow, cliNow, type InputStream, type OutputStream, type Pollable, shim } from './shim.ts';

/** Bytes that a guest may write without asking again. */
const WRITE_BUDGET = 65_536n;
/** Bytes that are asked of a source at a time, whatever a guest wants. */
const READ_LIMIT = 65_536n;

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What a stream says at its end (`stream-error`). */
const closed = { tag: 'closed' } as const;

export interface StandardStreams {
  /** A standard input over `source`. `onRead`: what reads the process's own is loaded when it is read, if that can be. */
  input(source: InputSource, onRead: boolean): Promise<InputStream>;
  output(sink: (bytes: Uint8Array) => void): OutputStream;
}

let made: Promise<StandardStreams> | undefined;

/** The two classes, made once over the shim's. */
export function standardStreams(): Promise<StandardStreams> {
  return (made ??= makeStreams());
}

async function makeStreams(): Promise<StandardStreams> {
  const [io, { monotonicClock }] = await Promise.all([shim.io(), shim.clocks()]);
  const always = (): Pollable => monotonicClock.subscribeDuration(0n);

  class HostInput extends io.streams.InputStream {
    readonly #next: (limit: number) => Uint8Array | null;
    readonly #poll: () => Pollable;
    /** Bytes that the source gave beyond what was asked for. */
    #rest: Uint8Array | null = null;
    #ended = false;
    constructor(next: (limit: number) => Uint8Array | null, poll: () => Pollable) {
      super();
      this.#next = next;
      this.#poll = poll;
    }
    override read(length: bigint): Uint8Array {
      const limit = Number(min(length, READ_LIMIT));
      if (limit === 0) return new Uint8Array(0);
      const bytes = this.#rest ?? (this.#ended ? null : this.#next(limit));
      if (bytes === null) {
        this.#ended = true;
        throw closed;
      }
      this.#rest = bytes.length > limit ? bytes.subarray(limit) : null;
      return bytes.length > limit ? bytes.subarray(0, limit) : bytes;
    }
    override blockingRead(length: bigint): Uint8Array {
      return this.read(length);
    }
    override skip(length: bigint): bigint {
      return BigInt(this.read(length).length);
    }
    override blockingSkip(length: bigint): bigint {
      return this.skip(length);
    }
    override subscribe(): Pollable {
      return this.#poll();
    }
    [Symbol.dispose](): void {
      this.#rest = null;
    }
  }

  class ProcessInput extends io.streams.InputStream {
    readonly #open: () => InputStream;
    constructor(open: () => InputStream) {
      super();
      this.#open = open;
    }
    override read(length: bigint): Uint8Array {
      return this.#open().read(length);
    }
    override blockingRead(length: bigint): Uint8Array {
      return this.#open().blockingRead(length);
    }
    override skip(length: bigint): bigint {
      return this.#open().skip(length);
    }
    override blockingSkip(length: bigint): bigint {
      return this.#open().blockingSkip(length);
    }
    override subscribe(): Pollable {
      return this.#open().subscribe();
    }
    /** Leaves the process's standard input open for the next guest. */
    [Symbol.dispose](): void {}
  }

  class HostOutput extends io.streams.OutputStream {
    readonly #sink: (bytes: Uint8Array) => void;
    constructor(sink: (bytes: Uint8Array) => void) {
      super();
      this.#sink = sink;
    }
    override checkWrite(): bigint {
      return WRITE_BUDGET;
    }
    override write(contents: Uint8Array): void {
      if (contents.length > 0) this.#sink(contents);
    }
    override blockingWriteAndFlush(contents: Uint8Array): void {
      this.write(contents);
    }
    override flush(): void {}
    override blockingFlush(): void {}
    override subscribe(): Pollable {
      return always();
    }
    override writeZeroes(length: bigint): void {
      if (length > WRITE_BUDGET) throw new RangeError(`write-zeroes of ${length} bytes, more than check-write allows`);
      this.write(new Uint8Array(Number(length)));
    }
    override blockingWriteZeroesAndFlush(length: bigint): void {
      this.writeZeroes(length);
    }
    override splice(source: InputStream, length: bigint): bigint {
      const bytes = source.read(min(length, WRITE_BUDGET));
      this.write(bytes);
      return BigInt(bytes.length);
    }
    override blockingSplice(source: InputStream, length: bigint): bigint {
      const bytes = source.blockingRead(min(length, WRITE_BUDGET));
      this.write(bytes);
      return BigInt(bytes.length);
    }
    [Symbol.dispose](): void {}
  }

  return {
    input: async (source, onRead) => {
      if (source !== 'inherit') return new HostInput(reader(source), always);
      if (onRead && canLoadNow) {
        let cli: CliShim | undefined;
        return new ProcessInput(() => (cli ??= cliNow()).stdin.getStdin());
      }
      const { stdin } = await shim.cli();
      return new ProcessInput(() => stdin.getStdin());
    },
    output: (sink) => new HostOutput(sink),
  };
}

/** A source as a function. Text is given as UTF-8. */
function reader(source: Exclude<InputSource, 'inherit'>): (limit: number) => Uint8Array | null {
  if (typeof source === 'function') return source;
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  let at = 0;
  return (limit) => {
    if (at >= bytes.length) return null;
    const piece = bytes.slice(at, at + limit);
    at += piece.length;
    return piece;
  };
}

/** What of `process` standard output needs; absent in a page. */
interface Writable {
  readonly isTTY?: boolean;
  write(bytes: Uint8Array): unknown;
}
type ProcessStreams = { readonly [name in 'stdin' | 'stdout' | 'stderr']?: Writable };

function processStreams(): ProcessStreams {
  return (globalThis as { process?: ProcessStreams }).process ?? {};
}

const descriptors = { stdin: 0, stdout: 1, stderr: 2 } as const;

/** Whether the process's stream of that name is a terminal. */
export function isTerminal(name: 'stdin' | 'stdout' | 'stderr'): boolean {
  return mayBeTerminal(descriptors[name]) && processStreams()[name]?.isTTY === true;
}

/** Not for files and pipes: asking for their streams would make these, which takes some milliseconds and changes what they do. */
function mayBeTerminal(descriptor: number): boolean {
  if (typeof process === 'undefined') return false;
  try {
    return process.getBuiltinModule?.('node:fs').fstatSync(descriptor).isCharacterDevice() ?? true;
  } catch {
    return true;
  }
}

/** A sink as a function. In a page, what would go to the process goes to the console, line by line. */
export function writer(sink: OutputSink, name: 'stdout' | 'stderr'): (bytes: Uint8Array) => void {
  if (typeof sink === 'function') return sink;
  if (sink === 'ignore') return () => {};
  const stream = processStreams()[name];
  if (stream !== undefined) return (bytes) => void stream.write(bytes);
  const decoder = new TextDecoder();
  let line = '';
  return (bytes) => {
    const lines = (line + decoder.decode(bytes, { stream: true })).split('\n');
    line = lines.pop() ?? '';
    for (const text of lines) (name === 'stdout' ? console.log : console.error)(text);
  };
}
