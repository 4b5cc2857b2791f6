/**
 * `incoming-body`, `outgoing-body` and `future-trailers` of `wasi:http/types`, for the guest's side. The bytes are in the I/O
 * worker, under an id.
 */
import { dropped, owned } from '../scope.ts';
import type { InputStream, OutputStream, Pollable } from '../shim.ts';
import { Fields } from './fields.ts';
import type { FutureValue, HttpIo } from './io.ts';
import type { ErrorCode, Field } from './messages.ts';

/** Frees in the worker what a guest left without dropping it: when it trapped, or its store was disposed. */
const leftovers = new FinalizationRegistry<() => void>((release) => release());

/** Something of the worker's that is given up once: by its owner, or when that is collected. */
export class Held {
  #release: (() => void) | null;

  /** `release` must not refer to `owner`. */
  constructor(owner: object, release: () => void) {
    this.#release = release;
    leftovers.register(owner, release, this);
    owned(this);
  }

  /** It is someone else's now. */
  pass(): void {
    dropped(this);
    this.#release = null;
    leftovers.unregister(this);
  }

  release(): void {
    const release = this.#release;
    this.pass();
    release?.();
  }

  /** By the end of the guest. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/** What `error` is thrown for of a `result` without payload. */
export const none = undefined;

export class IncomingBody {
  readonly #io: HttpIo;
  readonly #id: number;
  readonly #held: Held;
  #opened = false;

  constructor(io: HttpIo, id: number) {
    this.#io = io;
    this.#id = id;
    this.#held = new Held(this, () => io.call('incoming-drop', id));
  }

  /** Throws when it was called before. */
  stream(): InputStream {
    if (this.#opened) throw none;
    this.#opened = true;
    return this.#io.inputStreamCreate(this.#io.call('incoming-stream', this.#id));
  }

  static finish(body: IncomingBody): FutureTrailers {
    body.#held.pass();
    return new FutureTrailers(body.#io, body.#io.call('incoming-finish', body.#id));
  }

  [Symbol.dispose](): void {
    this.#held.release();
  }
}

export class FutureTrailers {
  readonly #io: HttpIo;
  readonly #id: number;
  readonly #held: Held;

  constructor(io: HttpIo, id: number) {
    this.#io = io;
    this.#id = id;
    this.#held = new Held(this, () => io.futureDispose(id));
  }

  subscribe(): Pollable {
    return this.#io.futureSubscribe(this.#id, this);
  }

  /** `none` among the trailers: there were none. */
  get(): FutureValue {
    const value = this.#io.futureTakeValue(this.#id);
    if (value?.tag !== 'ok' || value.val.tag !== 'ok') return value;
    const fields = value.val.val as readonly Field[];
    return { tag: 'ok', val: { tag: 'ok', val: fields.length === 0 ? undefined : Fields.of(fields) } };
  }

  [Symbol.dispose](): void {
    this.#held.release();
  }
}

/**
 * Nothing of it is in the worker before it must be: most requests have an empty body. The worker forgets it when its message is
 * sent and it has ended, in either order.
 */
export class OutgoingBody {
  readonly #io: HttpIo;
  readonly #declared: number | undefined;
  readonly #sizeTag: string;
  #id: number | null = null;
  #held: Held | null = null;
  #opened = false;
  /** Finished or dropped. */
  #ended = false;
  #sent = false;

  /** `declared`: what the content-length says. `sizeTag`: the error code for another length. */
  constructor(io: HttpIo, declared: number | undefined, sizeTag: string) {
    this.#io = io;
    this.#declared = declared;
    this.#sizeTag = sizeTag;
  }

  /** Throws when it was called before. */
  write(): OutputStream {
    if (this.#opened) throw none;
    this.#opened = true;
    return this.#io.outputStreamCreate(this.#io.call('outgoing-stream', this.#inWorker()));
  }

  /** Throws an `ErrorCode` when the length is not what was declared. */
  static finish(body: OutgoingBody, trailers?: Fields): void {
    const fields = trailers?.entries() ?? [];
    const empty = body.#id === null && fields.length === 0 && !body.#declared;
    body.#end(empty ? null : (id) => body.#io.call('outgoing-finish', id, fields));
  }

  /** Not finished: whoever receives the message sees that it is not whole. */
  [Symbol.dispose](): void {
    if (!this.#ended) this.#end((id) => this.#io.call('outgoing-drop', id));
  }

  #end(operation: ((id: number) => void) | null): void {
    this.#ended = true;
    try {
      operation?.(this.#inWorker());
    } finally {
      this.#settle();
    }
  }

  #inWorker(): number {
    if (this.#id === null) {
      const io = this.#io;
      const id = io.call('outgoing-body', this.#declared, this.#sizeTag);
      this.#id = id;
      this.#held = new Held(this, () => io.call('outgoing-free', id));
    }
    return this.#id;
  }

  /** The id with which a message is sent now; null when the body is empty. */
  send(): number | null {
    this.#sent = true;
    const id = this.#id === null && this.#ended ? null : this.#inWorker();
    this.#settle();
    return id;
  }

  #settle(): void {
    if (this.#sent && this.#ended) this.#held?.pass();
  }

  /** The message will not be sent. */
  forget(): void {
    if (!this.#sent) this.#held?.release();
  }
}

/** What `http-error-code` says of an error that a stream's operation failed with. */
export function errorCodeOfStream(error: unknown): ErrorCode | undefined {
  const payload: unknown = (error as { payload?: unknown }).payload;
  const code: unknown = (payload as { code?: unknown } | undefined)?.code;
  if (typeof code === 'object' && code !== null) return code as ErrorCode;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
    ? { tag: 'connection-terminated' }
    : undefined;
}
