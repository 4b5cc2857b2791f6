/**
 * Message bodies in the I/O worker. In: what a guest writes to a stream of the shim, or what Node receives. Out: the same on the
 * other side, with the ends that `wasi:http/types` gives bodies: finished with trailers, or dropped half-way.
 */
import type { ClientRequest, IncomingMessage, OutgoingMessage } from 'node:http';
import { Writable } from 'node:stream';
import type { ErrorCode, Field } from './messages.ts';

/** Bytes of a body that are kept while there is no message yet that they could be sent with. */
const EARLY_LIMIT = 1_048_576;
/** Milliseconds in which a body that is probably empty may be finished. */
const COMMON_DELAY = 20;

/** An error with which streams and messages are destroyed; `http-error-code` gives the guest its code. */
export function coded(code: ErrorCode, message: string): Error & { readonly code: ErrorCode } {
  return Object.assign(new Error(message), { code });
}

/** Pairs of names and values as they were on the wire (latin1), of `rawHeaders` or `rawTrailers`. */
export function fieldsOf(raw: readonly string[], skip: ReadonlySet<string>): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (!skip.has(name)) fields.push([name, new Uint8Array(Buffer.from(raw[i + 1] as string, 'latin1'))]);
  }
  return fields;
}

/** The same for Node: a flat list. */
export function rawFields(fields: readonly Field[]): string[] {
  return fields.flatMap(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
}

/** A body that a guest writes. The message that it belongs to may come later, when the guest sends that. */
export class OutgoingBody {
  readonly stream: Writable;
  readonly #declared: number | undefined;
  readonly #sizeTag: string;
  #message: OutgoingMessage | null = null;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  /** Bytes that have left the stream; of the last of them, those that the message has not taken yet. */
  #written = 0;
  #underWay = 0;
  #state: 'open' | 'finished' | 'dropped' = 'open';
  readonly #over: () => void;
  #trailers: readonly Field[] = [];

  /**
   * `declared`: what the content-length says. `sizeTag`: the error code of another length. `over` is called when it has ended and
   * has its message.
   */
  constructor(declared: number | undefined, sizeTag: string, over: () => void) {
    this.#declared = declared;
    this.#over = over;
    this.#sizeTag = sizeTag;
    this.stream = new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        this.#underWay = chunk.length;
        this.#write(chunk, (error) => {
          this.#underWay = 0;
          done(error);
        });
      },
      // A guest that drops the stream has not finished the body.
      final: (done) => done(),
    });
    this.stream.on('error', () => {});
  }

  get finished(): boolean {
    return this.#state === 'finished';
  }

  #write(chunk: Uint8Array, done: (error?: Error | null) => void): void {
    this.#written += chunk.length;
    if (this.#declared !== undefined && this.#written > this.#declared) {
      done(coded(this.#sizeError(this.#written), `more than the ${this.#declared} bytes of its content-length`));
    } else if (chunk.length === 0) {
      // A flush. Everything before has been taken, and the client may have left with it.
      done();
    } else if (this.#message !== null) {
      this.#startChunks(this.#message);
      this.#message.write(chunk, (error) => done(error ?? null));
    } else {
      this.#early.push(chunk);
      this.#earlyBytes += chunk.length;
      // Waiting would be for ever: it is the guest itself that sends the message.
      const full = this.#earlyBytes > EARLY_LIMIT;
      done(full ? new Error(`more than ${EARLY_LIMIT} bytes of a body whose message is not sent yet`) : null);
    }
  }

  #sizeError(size: number): ErrorCode {
    return { tag: this.#sizeTag, val: BigInt(size) };
  }

  /** Node frames the bodies of requests whose method commonly has none only when it is told to. */
  #startChunks(message: OutgoingMessage): void {
    if (message.headersSent || message.hasHeader('content-length')) return;
    if ('method' in message && !(message as ClientRequest).useChunkedEncodingByDefault) {
      message.setHeader('transfer-encoding', 'chunked');
      message.useChunkedEncodingByDefault = true;
    }
  }

  /** The message that it is the body of, its headers set, none of it sent. */
  attach(message: OutgoingMessage): void {
    this.#message = message;
    const early = this.#early;
    this.#early = [];
    if (early.length > 0) this.#startChunks(message);
    for (const chunk of early) message.write(chunk);
    if (this.#state === 'dropped') this.#destroy(message);
    else if (this.#state === 'finished') this.#end(message);
    else this.#begin(message);
  }

  /** The other side may answer before the body begins; the guest may be waiting for that. */
  #begin(message: OutgoingMessage): void {
    if (message.headersSent || message.useChunkedEncodingByDefault || message.hasHeader('content-length')) {
      message.flushHeaders();
      return;
    }
    // A method that commonly has no body: most guests finish it at once, and then nothing is said of it.
    setTimeout(() => {
      if (this.#state !== 'open' || message.headersSent) return;
      this.#startChunks(message);
      message.flushHeaders();
    }, COMMON_DELAY);
  }

  /** Throws an `ErrorCode` when it has not the length that was declared, or could not be written. */
  finish(trailers: readonly Field[]): void {
    const size = this.#written + this.stream.writableLength - this.#underWay;
    if (this.#declared !== undefined && size !== this.#declared) {
      this.drop();
      throw this.#sizeError(size);
    }
    if (this.stream.errored) {
      this.drop();
      throw { tag: 'connection-terminated' };
    }
    this.#state = 'finished';
    this.#trailers = trailers;
    if (this.#message !== null) this.#end(this.#message);
  }

  #end(message: OutgoingMessage): void {
    this.#over();
    const end = (): void => {
      if (this.#trailers.length > 0) message.addTrailers(pairs(this.#trailers));
      message.end();
    };
    if (this.stream.writableFinished) {
      end();
    } else {
      this.stream.once('finish', end);
      this.stream.end();
    }
  }

  /** Not finished: the other side must see that the body is not whole. */
  drop(): void {
    if (this.#state !== 'open') return;
    this.#state = 'dropped';
    if (this.#message !== null) this.#destroy(this.#message);
  }

  #destroy(message: OutgoingMessage): void {
    this.#over();
    this.stream.destroy();
    message.destroy(coded({ tag: 'connection-terminated' }, 'the body was dropped before it was finished'));
  }
}

function pairs(fields: readonly Field[]): [string, string][] {
  return fields.map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
}

/** A body that is received. */
export class IncomingBody {
  readonly message: IncomingMessage;
  /** Whether the connection is of use after the body was given up: a response can still be sent on it. */
  readonly #shared: boolean;

  constructor(message: IncomingMessage, shared: boolean) {
    this.message = message;
    this.#shared = shared;
    // An error without a listener would end the worker.
    message.on('error', () => {});
  }

  /** Reads and forgets what is left. Rejects with the error that ended it. */
  trailers(): Promise<readonly Field[]> {
    const { message } = this;
    return new Promise((resolve, reject) => {
      const ended = (): void => resolve(fieldsOf(message.rawTrailers, new Set()));
      const failed = (): void => reject(message.errored ?? coded({ tag: 'connection-terminated' }, 'cut off'));
      if (message.readableEnded) return ended();
      if (message.destroyed) return failed();
      message.once('end', ended);
      message.once('error', failed);
      message.once('close', failed);
      this.#discard();
    });
  }

  /** Gives up what was not read. */
  drop(): void {
    if (this.message.complete || this.#shared) this.#discard();
    else this.message.destroy();
  }

  #discard(): void {
    // With a listener for it, a stream does not flow.
    this.message.removeAllListeners('readable');
    this.message.resume();
  }
}
