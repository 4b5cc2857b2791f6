/**
 * Serves HTTP with a component that exports `wasi:http/incoming-handler`. In: the component, what its guests are given, an
 * address. Out: a server that listens there.
 *
 * Each request gets an instance of its own, in a store of its own: what a guest leaves behind, and a trap, end with it. One request
 * is handled after the other, for a guest that waits blocks its thread; connections and bodies are in the shim's I/O worker
 * meanwhile.
 *
 * Rejected: one instance for all requests (a trap would be the end of the server, and what one request leaves in memory the next
 * one finds).
 */
import { type Component, type ImportsObject, InstancePre, Store } from '@gangway/host/runtime';
import type { OutgoingBody } from './http/bodies.ts';
import type { Http } from './http/http-interfaces.ts';
import type { ServerMessage } from './http/messages.ts';
import { wasiImports } from './imports.ts';
import type { WasiOptions } from './options.ts';
import { inScope } from './scope.ts';

export interface ServeOptions extends WasiOptions {
  /** Name or address to listen on. Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: 0, any that is free. */
  readonly port?: number;
  /**
   * Milliseconds without a byte in either direction after which a connection is closed, from when its request is handled: a
   * client that reads or writes nothing keeps all others waiting. Default: 60,000.
   */
  readonly idleTimeout?: number;
  /** Imports that are not WASI's, or that replace them. */
  readonly imports?: ImportsObject;
  /** In place of `imports` and WASI's: all imports of one request's instance, and the store for it, which is disposed afterwards. */
  readonly prepare?: () => Promise<{ readonly imports: ImportsObject; readonly store: Store }>;
  /**
   * Told of each request that failed: the trap, or why there was no response. The client gets status 500 if it has not got another
   * one. Default: `console.error`.
   */
  readonly onError?: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
}

export interface HttpServer {
  /** Address, as listened on. */
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:8080/` */
  readonly url: string;
  /** Takes no more connections; returns when all requests that came before are answered. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const handlerName = /^wasi:http\/incoming-handler(@0\.2\.\d+)?$/;

/** What `console.error` is told. */
function log(error: unknown, { method, path }: { readonly method: string; readonly path: string }): void {
  console.error(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
}

/**
 * TypeError when the component exports no `wasi:http/incoming-handler` of WASI 0.2, and where there is no I/O worker to serve from:
 * it takes Node, Deno or Bun. Rejects with the system's error when it cannot listen there.
 */
export async function serve(component: Component, options: ServeOptions = {}): Promise<HttpServer> {
  const name = component.exports.find((one) => one.kind === 'instance' && handlerName.test(one.name))?.name;
  if (name === undefined)
    throw new TypeError('this component serves no HTTP: it exports no wasi:http/incoming-handler');
  const http = await (await import('./http/http-interfaces.ts')).http();
  if (http === null) {
    throw new TypeError('serving HTTP takes Node, Deno or Bun, and @gangway/wasi where it can be resolved');
  }
  const { host = '127.0.0.1', port = 0, idleTimeout = 60_000, onError = log } = options;
  const prepare = options.prepare ?? (() => prepareInstance(component, options));
  // What is missing is said now, not with the first request.
  const { imports, store } = await prepare();
  try {
    await InstancePre.prepare(component, imports);
  } finally {
    store.dispose();
  }

  const channel = new BroadcastChannel(`gangway:${crypto.randomUUID()}`);
  let last = Promise.resolve();
  const closed = new Promise<void>((resolve) => {
    channel.onmessage = ({ data }: { data: ServerMessage }) => {
      if (data.kind === 'closed') {
        resolve();
        return;
      }
      last = last.then(async () => {
        const failure = await answer(http, data, async (request, responseOut) => {
          const { imports, store } = await prepare();
          try {
            const instance = await (await InstancePre.prepare(component, imports)).instantiate(store);
            inScope(() => instance.exports[name]!['handle']!(request, responseOut));
          } finally {
            store.dispose();
          }
        });
        if (failure !== null) onError(failure.error, { method: data.method, path: data.path });
      });
    };
  });
  let listening: { id: number; address: string; port: number };
  try {
    listening = http.io.call('listen', channel.name, host, port, idleTimeout);
  } catch (error) {
    channel.close();
    throw error;
  }

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      http.io.call('close', listening.id);
      await closed;
      await last;
      channel.close();
    })());
  const shown = listening.address.includes(':') ? `[${listening.address}]` : listening.address;
  return {
    host: listening.address,
    port: listening.port,
    url: `http://${shown}:${listening.port}/`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function prepareInstance(
  component: Component,
  options: ServeOptions,
): Promise<{ imports: ImportsObject; store: Store }> {
  const given = options.imports ?? {};
  const missing = component.imports.filter((one) => !Object.hasOwn(given, one.name));
  const imports = { ...(await wasiImports({ imports: missing }, options)), ...given };
  return { imports, store: new Store({ engine: component.engine }) };
}

/** One exchange. Returns what went wrong. */
async function answer(
  { io, IncomingRequest, OutgoingResponse, ResponseOutparam }: Http,
  message: ServerMessage & { kind: 'request' },
  handle: (request: object, responseOut: object) => Promise<void>,
): Promise<{ readonly error: unknown } | null> {
  const request = new IncomingRequest(io, message);
  let body: OutgoingBody | null = null;
  let failure: { readonly error: unknown } | null = {
    error: new Error('the component returned without setting a response'),
  };
  const responseOut = new ResponseOutparam((given) => {
    failure = null;
    if (given.tag === 'ok') body = OutgoingResponse.send(given.val, message.id);
    else failure = { error: new Error(`the component's response is an error: ${given.val.tag}`, { cause: given.val }) };
  });
  try {
    // A client that is gone takes no work.
    if (!io.call('begin', message.id)) return null;
    await handle(request, responseOut);
    return failure;
  } catch (error) {
    return { error };
  } finally {
    (body as OutgoingBody | null)?.[Symbol.dispose]();
    IncomingRequest.close(request);
    io.call('end', message.id, 500);
  }
}
