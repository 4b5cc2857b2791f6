/**
 * The process's standard output and standard error. In: a file descriptor, and text or bytes. Out: all of it written when the function
 * returns, so that nothing is lost however the process ends, and a reader that has gone away is noticed at once.
 *
 * Terminals are written to by Node's streams: they know how a console wants its text. Rejected: those for files and pipes
 * as well. Making one takes six milliseconds, a tenth of a short run; and a guest that writes without an end, to `head`, was never told that
 * nobody reads.
 */

type Descriptor = 1 | 2;

/** Not imported: that would load all of it, streams and promises too (7 ms of Node's start). */
const fs = process.getBuiltinModule('node:fs');

/** Milliseconds between attempts to write into a full pipe that does not wait by itself. */
const RETRY = 5;

const known = new Map<Descriptor, boolean>();

/** Whether Node's own stream writes there: it is a terminal. */
export function usesStream(descriptor: Descriptor): boolean {
  let uses = known.get(descriptor);
  if (uses === undefined) {
    uses = mayBeTerminal(descriptor) && streamOf(descriptor).isTTY === true;
    known.set(descriptor, uses);
  }
  return uses;
}

/** Not for files and pipes: asking for the stream would make it. */
const mayBeTerminal = (descriptor: Descriptor): boolean => fs.fstatSync(descriptor).isCharacterDevice();

function streamOf(descriptor: Descriptor): NodeJS.WriteStream {
  return descriptor === 1 ? process.stdout : process.stderr;
}

/** Ends the process, with 0, when it writes to a reader that has gone away (`gangway … | head`): that is no failure. */
export function write(descriptor: Descriptor, data: string | Uint8Array): void {
  if (usesStream(descriptor)) {
    streamOf(descriptor).write(data);
    return;
  }
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY);
    }
  }
}
