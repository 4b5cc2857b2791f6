/**
 * What `wasi:sockets` says and the shim's sockets do not do. In: the shim's classes, and its worker. Out: the same, with methods
 * that do.
 *
 * The shim's `shutdown` closes the connection, in both directions and at once, so that an answer is lost. An IPv6 address in
 * brackets has a part that is no number.
 */
import type { HttpIo } from './http/io.ts';
import type { InputStream, OutputStream } from './shim.ts';

interface TcpSocket {
  finishConnect(): readonly [InputStream, OutputStream];
  accept(): readonly [TcpSocket, InputStream, OutputStream];
  shutdown(type: 'receive' | 'send' | 'both'): void;
}

/** The interfaces that have rules here, of those that the shim makes for one set of options. */
export interface Sockets {
  readonly ipNameLookup: { readonly resolveAddresses: (network: object, name: string) => object };
  readonly tcp: { readonly TcpSocket: { readonly prototype: TcpSocket } };
}

/** A socket lives as long as its streams do: the shim cannot drop them in the other order. */
const pinned = new FinalizationRegistry<object>(() => {});
const outputs = new WeakMap<TcpSocket, OutputStream>();

const bracketed = /^\[([0-9A-Fa-f:.]+)\]$/;

/** The interfaces as they should be. `io`: null where the shim has no worker, and its sockets are none. */
export function withSocketRules<T extends Sockets>(sockets: T, io: HttpIo | null): T {
  if (io !== null) shutDownHalves(sockets.tcp.TcpSocket.prototype, io);
  const { resolveAddresses } = sockets.ipNameLookup;
  return {
    ...sockets,
    ipNameLookup: {
      ...sockets.ipNameLookup,
      resolveAddresses: (network: object, name: string) => resolveAddresses(network, bracketed.exec(name)?.[1] ?? name),
    },
  };
}

const changed = new WeakSet<TcpSocket>();

function shutDownHalves(prototype: TcpSocket, io: HttpIo): void {
  if (changed.has(prototype)) return;
  changed.add(prototype);
  const { finishConnect, accept, shutdown } = prototype;
  const note = (socket: TcpSocket, input: InputStream, output: OutputStream): void => {
    outputs.set(socket, output);
    pinned.register(input, socket);
    pinned.register(output, socket);
  };
  prototype.finishConnect = function () {
    const streams = finishConnect.call(this);
    note(this, ...streams);
    return streams;
  };
  prototype.accept = function () {
    const accepted = accept.call(this);
    note(...accepted);
    return accepted;
  };
  prototype.shutdown = function (type) {
    const output = outputs.get(this);
    if (output === undefined) {
      // Not connected: it says so.
      shutdown.call(this, type);
    } else if (type !== 'receive') {
      // Nothing is done about what the other side still sends: it is there for who reads it.
      io.call('socket-end', io.outputStreamId(output));
    }
  };
}
