/**
 * HTTP servers in the I/O worker: the thread that runs guests blocks while one of them waits, so nothing can be received there. In:
 * an address, and a channel's name. Out: requests, as messages through that channel; responses come back as operations.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BroadcastChannel } from 'node:worker_threads';
import { type Field, hopByHop, type ServerMessage } from './messages.ts';
import { fieldsOf, type OutgoingBody, rawFields } from './worker-bodies.ts';

interface Exchange {
  readonly response: ServerResponse;
  readonly idle: number;
  body: OutgoingBody | null;
}

interface Listening {
  readonly server: Server;
  readonly channel: BroadcastChannel;
}

export class Servers {
  readonly #servers = new Map<number, Listening>();
  readonly #exchanges = new Map<number, Exchange>();
  readonly #receive: (request: IncomingMessage) => number;
  #count = 0;

  /** `receive` keeps the body of a request and returns its id. */
  constructor(receive: (request: IncomingMessage) => number) {
    this.#receive = receive;
  }

  /** Exchanges whose guest has not returned. */
  get exchanges(): number {
    return this.#exchanges.size;
  }

  /** `idle`: milliseconds without a byte in either direction after which a connection is closed that is being served. */
  async listen(
    name: string,
    host: string,
    port: number,
    idle: number,
  ): Promise<{ id: number; address: string; port: number }> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    const channel = new BroadcastChannel(name);
    server.on('request', (request, response) => {
      const id = ++this.#count;
      this.#exchanges.set(id, { response, idle, body: null });
      response.on('error', () => {});
      response.once('close', () => {
        this.#exchanges.delete(id);
        // A connection that is kept would keep the server.
        if (!server.listening) server.closeIdleConnections();
      });
      tell(channel, {
        kind: 'request',
        id,
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        authority: request.headers.host,
        headers: fieldsOf(request.rawHeaders, hopByHop),
        body: this.#receive(request),
      });
    });
    const id = ++this.#count;
    this.#servers.set(id, { server, channel });
    const address = server.address() as AddressInfo;
    return { id, address: address.address, port: address.port };
  }

  /** Takes no more connections; says so when the last one is gone. */
  close(id: number): void {
    const found = this.#servers.get(id);
    if (found === undefined) return;
    this.#servers.delete(id);
    found.server.close(() => {
      tell(found.channel, { kind: 'closed' });
      found.channel.close();
    });
  }

  /** Its turn has come: from now on others wait for it. False when the client is gone. */
  begin(id: number): boolean {
    const exchange = this.#exchanges.get(id);
    // Nobody listens for the end of that time, so that Node ends the connection.
    exchange?.response.socket?.setTimeout(exchange.idle);
    return exchange !== undefined;
  }

  respond(id: number, status: number, headers: readonly Field[], body: OutgoingBody | null): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) {
      // The client is gone: the guest finds out when it writes.
      body?.drop();
      return;
    }
    exchange.body = body;
    exchange.response.writeHead(status, rawFields(headers));
    if (body === null) exchange.response.end();
    else body.attach(exchange.response);
  }

  /** The guest is done: whatever it has not finished is cut off. `status`, when it has not responded. */
  end(id: number, status: number): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    this.#exchanges.delete(id);
    const { response, body } = exchange;
    if (!response.headersSent && body === null) {
      response.writeHead(status, { 'content-type': 'text/plain' });
      response.end(`${response.statusMessage}\n`);
    } else if (body?.finished === false) {
      body.drop();
    }
  }
}

function tell(channel: BroadcastChannel, message: ServerMessage): void {
  channel.postMessage(message);
}
