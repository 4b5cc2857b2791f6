/** `incoming-response`, `future-incoming-response`, `outgoing-response` and `response-outparam` of `wasi:http/types`. */
import type { Pollable } from '../shim.ts';
import { Held, IncomingBody, none, OutgoingBody } from './bodies.ts';
import { contentLength, Fields } from './fields.ts';
import type { FutureValue, HttpIo } from './io.ts';
import type { ErrorCode, RequestMessage, ResponseMessage } from './messages.ts';

export class IncomingResponse {
  readonly #message: ResponseMessage;
  readonly #body: IncomingBody;
  #consumed = false;

  constructor(io: HttpIo, message: ResponseMessage) {
    this.#message = message;
    this.#body = new IncomingBody(io, message.body);
  }

  status(): number {
    return this.#message.status;
  }
  headers(): Fields {
    return Fields.of(this.#message.headers);
  }
  /** Throws when it was called before. */
  consume(): IncomingBody {
    if (this.#consumed) throw none;
    this.#consumed = true;
    return this.#body;
  }
  [Symbol.dispose](): void {
    if (!this.#consumed) this.#body[Symbol.dispose]();
  }
}

export class FutureIncomingResponse {
  readonly #io: HttpIo;
  readonly #id: number;
  readonly #held: Held;
  /** Shared with what frees it, which must not refer to this object. */
  readonly #progress = { taken: false };

  constructor(io: HttpIo, message: RequestMessage) {
    const id = io.call('request', message);
    const progress = this.#progress;
    this.#io = io;
    this.#id = id;
    this.#held = new Held(this, () => {
      io.futureDispose(id);
      io.call('request-end', id, progress.taken);
    });
  }

  subscribe(): Pollable {
    return this.#io.futureSubscribe(this.#id, this);
  }
  get(): FutureValue {
    const value = this.#io.futureTakeValue(this.#id);
    if (value?.tag !== 'ok' || value.val.tag !== 'ok') return value;
    this.#progress.taken = true;
    const response = new IncomingResponse(this.#io, value.val.val as ResponseMessage);
    return { tag: 'ok', val: { tag: 'ok', val: response } };
  }
  [Symbol.dispose](): void {
    this.#held.release();
  }
}

export class OutgoingResponse {
  readonly #headers: Fields;
  readonly #io: HttpIo;
  #status = 200;
  #body: OutgoingBody | null = null;

  /** The guest's constructor takes the headers only; the class that it sees binds `io`. */
  constructor(io: HttpIo, headers: Fields) {
    this.#io = io;
    this.#headers = Fields.of(headers.entries());
  }

  statusCode(): number {
    return this.#status;
  }
  /** Throws for what is no status of a response: informational ones come before it. */
  setStatusCode(status: number): void {
    if (status < 200 || status > 999) throw none;
    this.#status = status;
  }
  headers(): Fields {
    return Fields.of(this.#headers.entries());
  }
  /** Throws when it was called before. */
  body(): OutgoingBody {
    if (this.#body !== null) throw none;
    this.#body = new OutgoingBody(this.#io, contentLength(this.#headers), 'HTTP-response-body-size');
    return this.#body;
  }
  [Symbol.dispose](): void {
    this.#body?.forget();
  }

  /** Sends it on an exchange. Returns the body, which may still be written. */
  static send(response: OutgoingResponse, exchange: number): OutgoingBody | null {
    const body = response.#body;
    response.#io.call('respond', exchange, response.#status, response.#headers.entries(), body?.send() ?? null);
    return body;
  }
}

/** `result<outgoing-response, error-code>`. */
export type Answer =
  | { readonly tag: 'ok'; readonly val: OutgoingResponse }
  | { readonly tag: 'err'; readonly val: ErrorCode };

export class ResponseOutparam {
  readonly #set: (answer: Answer) => void;

  constructor(set: (answer: Answer) => void) {
    this.#set = set;
  }

  static set(param: ResponseOutparam, answer: Answer): void {
    param.#set(answer);
  }
}
