/**
 * `wasi:http` in the shim's I/O worker, as an extension of it. In: an operation and its arguments, from the thread that runs
 * guests and waits for the answer. Out: ids of bodies, streams and futures.
 *
 * Rejected: the shim's own HTTP. It has no trailers and no IPv6, joins fields that come several times, keeps the streams of every
 * request for ever, knows no timeouts but one, and ends the process when a guest responds with an error.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { type ErrorCode, type Field, hopByHop, type RequestMessage, type ResponseMessage } from './messages.ts';
import { fieldsOf, IncomingBody, OutgoingBody } from './worker-bodies.ts';
import { errorCodeOf, send } from './worker-client.ts';
import { Servers } from './worker-server.ts';

/** What the shim gives an extension. */
interface Context {
  createFuture(promise: Promise<unknown>): number;
  createReadableStream(stream: Readable): number;
  createWritableStream(stream: Writable): number;
  getStream(id: number): unknown;
  resourceCounts(): Readonly<Record<string, number>>;
}

/** By name; each is told what it needs, and returns what can be copied. */
export interface Operations {
  'outgoing-body'(declared: number | undefined, sizeTag: string): number;
  'outgoing-stream'(body: number): number;
  'outgoing-finish'(body: number, trailers: readonly Field[]): void;
  'outgoing-drop'(body: number): void;
  /** Drops it, if it has not ended, and forgets it. */
  'outgoing-free'(body: number): void;
  'incoming-stream'(body: number): number;
  /** A future of the trailers. */
  'incoming-finish'(body: number): number;
  'incoming-drop'(body: number): void;
  /** A future of a `ResponseMessage`. */
  request(message: RequestMessage): number;
  /** The future is dropped; and with it the response, if the guest has not taken it. */
  'request-end'(future: number, taken: boolean): void;
  listen(
    channel: string,
    host: string,
    port: number,
    idle: number,
  ): Promise<{ id: number; address: string; port: number }>;
  close(server: number): void;
  /** Whether the client still waits. */
  begin(exchange: number): boolean;
  respond(exchange: number, status: number, headers: readonly Field[], body: number | null): void;
  end(exchange: number, status: number): void;
  /** Ends what a socket sends; `stream` is the shim's id. */
  'socket-end'(stream: number): void;
  /** How many of what there are, for tests. */
  counts(): Readonly<Record<string, number>>;
}

function create(context: Context): (operation: keyof Operations, args: readonly unknown[]) => unknown {
  const outgoing = new Map<number, OutgoingBody>();
  const incoming = new Map<number, IncomingBody>();
  const requests = new Map<number, { readonly response: Promise<ResponseMessage>; readonly abort: AbortController }>();
  let count = 0;

  const receive = (message: IncomingMessage, shared: boolean): number => {
    incoming.set(++count, new IncomingBody(message, shared));
    return count;
  };
  const servers = new Servers((request) => receive(request, true));
  /** The body that a message is sent with. */
  const bodyOf = (id: number | null): OutgoingBody | null => (id === null ? null : (outgoing.get(id) ?? null));
  const take = <T>(all: Map<number, T>, id: number): T => {
    const found = all.get(id) as T;
    all.delete(id);
    return found;
  };

  async function request(message: RequestMessage, signal: AbortSignal): Promise<ResponseMessage> {
    const body = bodyOf(message.body);
    const response = await send(message, body, signal).catch((error: unknown): never => {
      body?.drop();
      if (message.body !== null) outgoing.delete(message.body);
      throw error;
    });
    return {
      status: response.statusCode ?? 0,
      headers: fieldsOf(response.rawHeaders, hopByHop),
      body: receive(response, false),
    };
  }

  const operations: Operations = {
    'outgoing-body': (declared, sizeTag) => {
      const id = ++count;
      outgoing.set(id, new OutgoingBody(declared, sizeTag, () => outgoing.delete(id)));
      return id;
    },
    'outgoing-stream': (body) => context.createWritableStream((outgoing.get(body) as OutgoingBody).stream),
    'outgoing-finish': (body, trailers) => outgoing.get(body)?.finish(trailers),
    'outgoing-drop': (body) => outgoing.get(body)?.drop(),
    'outgoing-free': (body) => {
      outgoing.get(body)?.drop();
      outgoing.delete(body);
    },
    'incoming-stream': (body) => context.createReadableStream((incoming.get(body) as IncomingBody).message),
    'incoming-finish': (body) => {
      const trailers = take(incoming, body).trailers();
      return context.createFuture(
        trailers.catch((error: unknown): never => {
          throw errorCodeOf(error) satisfies ErrorCode;
        }),
      );
    },
    'incoming-drop': (body) => take(incoming, body).drop(),
    request: (message) => {
      const abort = new AbortController();
      const response = request(message, abort.signal);
      const future = context.createFuture(response);
      requests.set(future, { response, abort });
      return future;
    },
    'request-end': (future, taken) => {
      const { response, abort } = take(requests, future);
      if (taken) return;
      abort.abort();
      response.then(({ body }) => take(incoming, body).drop()).catch(() => {});
    },
    listen: (channel, host, port, idle) => servers.listen(channel, host, port, idle),
    close: (server) => servers.close(server),
    begin: (exchange) => servers.begin(exchange),
    respond: (exchange, status, headers, body) => servers.respond(exchange, status, headers, bodyOf(body)),
    end: (exchange, status) => servers.end(exchange, status),
    'socket-end': (stream) => {
      try {
        const socket = context.getStream(stream) as Writable;
        // A write after it is the guest's error; without a listener it would be the worker's end.
        socket.on('error', () => {});
        socket.end();
      } catch {
        // It has been dropped, or the connection is gone: nothing is sent any more.
      }
    },
    counts: () => ({
      ...context.resourceCounts(),
      incoming: incoming.size,
      outgoing: outgoing.size,
      requests: requests.size,
      exchanges: servers.exchanges,
    }),
  };
  return (operation, args) => (operations[operation] as (...args: readonly unknown[]) => unknown)(...args);
}

// biome-ignore lint/style/noDefaultExport: what the shim looks for in an extension
export { create as default };
