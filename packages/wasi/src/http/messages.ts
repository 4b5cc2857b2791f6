/**
 * What goes between the thread that runs guests and the shim's I/O worker, where connections live. Types only, but for the one
 * table that both need: all of it is copied when it is sent.
 */

/** A field's name in lower case, and its value as it was on the wire. */
export type Field = readonly [name: string, value: Uint8Array];

/** `error-code` of `wasi:http/types`. */
export interface ErrorCode {
  readonly tag: string;
  readonly val?: unknown;
}

export interface RequestMessage {
  readonly method: string;
  readonly secure: boolean;
  /** Host name or address, without the brackets of IPv6. */
  readonly host: string;
  /** Undefined: the scheme's. */
  readonly port: number | undefined;
  readonly authority: string;
  readonly path: string;
  readonly headers: readonly Field[];
  /** An outgoing body's id; null when it has none. */
  readonly body: number | null;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly firstByteTimeout: number;
  readonly betweenBytesTimeout: number;
}

export interface ResponseMessage {
  readonly status: number;
  readonly headers: readonly Field[];
  /** An incoming body's id. */
  readonly body: number;
}

/** What a server tells through its channel. */
export type ServerMessage =
  | {
      readonly kind: 'request';
      /** Of the exchange: the request, and the response that is expected. */
      readonly id: number;
      readonly method: string;
      readonly path: string;
      readonly authority: string | undefined;
      readonly headers: readonly Field[];
      readonly body: number;
    }
  | { readonly kind: 'closed' };

/** Fields that belong to a connection, or that the library writes: a guest neither sets nor sees them. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
