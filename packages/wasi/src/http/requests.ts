/** `outgoing-request`, `request-options` and `incoming-request` of `wasi:http/types`. */
import { IncomingBody, none, OutgoingBody } from './bodies.ts';
import { contentLength, Fields, token } from './fields.ts';
import type { HttpIo } from './io.ts';
import type { Field, RequestMessage } from './messages.ts';

export interface Method {
  readonly tag: string;
  readonly val?: string;
}
export interface Scheme {
  readonly tag: 'HTTP' | 'HTTPS' | 'other';
  readonly val?: string;
}

const methods: readonly string[] = ['get', 'head', 'post', 'put', 'delete', 'connect', 'options', 'trace', 'patch'];

/** Milliseconds for whatever a guest sets no limit to. */
const DEFAULT_TIMEOUT = 600_000;
/** The longest that a timer can be. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** A host's name or address, and a port. No user: RFC 9110 deprecates it. */
const authorityForm = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._~%!$&'()*+,;=-]+))(?::(\d{1,5}))?$/;
/** Printable ASCII, but for what begins a fragment. */
const pathForm = /^[\x21\x22\x24-\x7e]*$/;
const schemeForm = /^[A-Za-z][A-Za-z0-9+.-]*$/;

function splitAuthority(authority: string): { host: string; port: number | undefined } | null {
  const [, v6, name, port] = authorityForm.exec(authority) ?? [];
  const host = v6 ?? name;
  if (host === undefined || Number(port ?? 0) > 65535) return null;
  return { host, port: port === undefined ? undefined : Number(port) };
}

/** Every setter throws what is no value of its kind. */
export class OutgoingRequest {
  readonly #headers: Fields;
  readonly #io: HttpIo;
  #method: Method = { tag: 'get' };
  #scheme: Scheme | undefined;
  #authority: string | undefined;
  #path: string | undefined;
  #body: OutgoingBody | null = null;

  /** The guest's constructor takes the headers only; the class that it sees binds `io`. */
  constructor(io: HttpIo, headers: Fields) {
    this.#io = io;
    this.#headers = Fields.of(headers.entries());
  }

  /** Throws when it was called before. */
  body(): OutgoingBody {
    if (this.#body !== null) throw none;
    this.#body = new OutgoingBody(this.#io, contentLength(this.#headers), 'HTTP-request-body-size');
    return this.#body;
  }
  method(): Method {
    return this.#method;
  }
  setMethod(method: Method): void {
    if (method.tag === 'other' && !token.test(method.val ?? '')) throw none;
    this.#method = method;
  }
  pathWithQuery(): string | undefined {
    return this.#path;
  }
  setPathWithQuery(path: string | undefined): void {
    if (path !== undefined && !pathForm.test(path)) throw none;
    this.#path = path;
  }
  scheme(): Scheme | undefined {
    return this.#scheme;
  }
  setScheme(scheme: Scheme | undefined): void {
    if (scheme?.tag === 'other' && !schemeForm.test(scheme.val ?? '')) throw none;
    this.#scheme = scheme;
  }
  authority(): string | undefined {
    return this.#authority;
  }
  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && splitAuthority(authority) === null) throw none;
    this.#authority = authority;
  }
  headers(): Fields {
    return Fields.of(this.#headers.entries());
  }
  [Symbol.dispose](): void {
    this.#body?.forget();
  }

  /** What is sent. Throws an `ErrorCode`. */
  static message(request: OutgoingRequest, options: RequestOptions | undefined): RequestMessage {
    const scheme = request.#scheme?.tag ?? 'HTTPS';
    const method =
      request.#method.tag === 'other' ? (request.#method.val as string) : request.#method.tag.toUpperCase();
    const target = splitAuthority(request.#authority ?? '');
    // A tunnel is no request and response.
    if (method === 'CONNECT') throw { tag: 'HTTP-request-method-invalid' };
    if (scheme === 'other') throw { tag: 'HTTP-protocol-error' };
    if (target === null) throw { tag: 'HTTP-request-URI-invalid' };
    const path = request.#path ?? '/';
    return {
      ...target,
      method,
      secure: scheme === 'HTTPS',
      authority: request.#authority as string,
      path: path.startsWith('/') || (path === '*' && method === 'OPTIONS') ? path : `/${path}`,
      headers: request.#headers.entries(),
      body: request.#body?.send() ?? null,
      connectTimeout: milliseconds(options?.connectTimeout()),
      firstByteTimeout: milliseconds(options?.firstByteTimeout()),
      betweenBytesTimeout: milliseconds(options?.betweenBytesTimeout()),
    };
  }
}

function milliseconds(duration: bigint | undefined): number {
  if (duration === undefined) return DEFAULT_TIMEOUT;
  return Math.min(Math.max(Number(duration / 1_000_000n), 1), LONGEST_TIMEOUT);
}

/** Durations are nanoseconds; undefined is our own limit. */
export class RequestOptions {
  #connect: bigint | undefined;
  #firstByte: bigint | undefined;
  #betweenBytes: bigint | undefined;

  connectTimeout(): bigint | undefined {
    return this.#connect;
  }
  setConnectTimeout(duration: bigint | undefined): void {
    this.#connect = duration;
  }
  firstByteTimeout(): bigint | undefined {
    return this.#firstByte;
  }
  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#firstByte = duration;
  }
  betweenBytesTimeout(): bigint | undefined {
    return this.#betweenBytes;
  }
  setBetweenBytesTimeout(duration: bigint | undefined): void {
    this.#betweenBytes = duration;
  }
}

/** What a server received. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly authority: string | undefined;
  readonly headers: readonly Field[];
  /** Of the body. */
  readonly body: number;
}

export class IncomingRequest {
  readonly #received: Received;
  readonly #body: IncomingBody;
  #consumed = false;

  constructor(io: HttpIo, received: Received) {
    this.#received = received;
    this.#body = new IncomingBody(io, received.body);
  }

  method(): Method {
    const tag = this.#received.method.toLowerCase();
    return methods.includes(tag) ? { tag } : { tag: 'other', val: this.#received.method };
  }
  pathWithQuery(): string | undefined {
    return this.#received.path;
  }
  scheme(): Scheme | undefined {
    return { tag: 'HTTP' };
  }
  authority(): string | undefined {
    return this.#received.authority;
  }
  headers(): Fields {
    return Fields.of(this.#received.headers);
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

  /** Frees the body, whoever has it. */
  static close(request: IncomingRequest): void {
    request.#body[Symbol.dispose]();
  }
}
