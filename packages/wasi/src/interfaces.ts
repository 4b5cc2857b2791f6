/**
 * Every interface of WASI 0.2, by package and name, with what makes it for one store. In: options. Out: an object of
 * functions and classes. Whether an interface is loaded at all is decided by who asks.
 */
import { cliInterfaces } from './cli-interfaces.ts';
import { filesystemInterfaces } from './filesystem-interfaces.ts';
import type { ResolvedWasiOptions } from './options.ts';
import { type HttpShim, type InterfaceObject, shim } from './shim.ts';
import type { Sockets } from './socket-rules.ts';

export type InterfaceMaker = (options: ResolvedWasiOptions) => InterfaceObject | Promise<InterfaceObject>;

/** One network a set of options: what may be done is a property of it. */
const networks = new WeakMap<ResolvedWasiOptions, Promise<Readonly<Record<string, InterfaceObject>>>>();

async function makeSockets(enableNetwork: boolean): Promise<Readonly<Record<string, InterfaceObject>>> {
  const [{ createSockets }, { httpIo }, { withSocketRules }] = await Promise.all([
    shim.sockets(),
    import('./http/io.ts'),
    import('./socket-rules.ts'),
  ]);
  const sockets = createSockets({ enableNetwork });
  return withSocketRules(sockets as typeof sockets & Sockets, await httpIo());
}

function socketInterface(name: string): InterfaceMaker {
  return async (options) => {
    let sockets = networks.get(options);
    if (sockets === undefined) {
      sockets = makeSockets(options.network);
      networks.set(options, sockets);
    }
    return (await sockets)[name] as InterfaceObject;
  };
}

/** Our own where it can run, otherwise the shim's. */
async function httpParts(): Promise<Pick<HttpShim, 'types' | 'outgoingHandler'>> {
  const { http } = await import('./http/http-interfaces.ts');
  return (await http()) ?? (await shim.http());
}

/** By `package/interface`, both as in WIT. */
export const interfaces: ReadonlyMap<string, InterfaceMaker> = new Map<string, InterfaceMaker>([
  ...Object.entries(cliInterfaces).map(([name, make]) => [`wasi:cli/${name}`, make] as const),
  ...Object.entries(filesystemInterfaces).map(([name, make]) => [`wasi:filesystem/${name}`, make] as const),
  ['wasi:io/error', async () => (await shim.io()).error],
  ['wasi:io/poll', async () => (await shim.io()).poll],
  ['wasi:io/streams', async () => ({ ...(await shim.io()).streams })],
  ['wasi:clocks/monotonic-clock', async () => (await shim.clocks()).monotonicClock],
  [
    'wasi:clocks/wall-clock',
    async () => ({
      ...(await shim.clocks()).wallClock,
      // The shim reads the clock twice, so that its time can step back by a second at the turn of one.
      now: () => {
        const ms = Date.now();
        return { seconds: BigInt(Math.floor(ms / 1000)), nanoseconds: (ms % 1000) * 1_000_000 };
      },
    }),
  ],
  ['wasi:random/random', async () => (await shim.random()).random],
  ['wasi:random/insecure', async () => (await shim.random()).insecure],
  ['wasi:random/insecure-seed', async () => (await shim.random()).insecureSeed],
  ['wasi:sockets/instance-network', socketInterface('instanceNetwork')],
  ['wasi:sockets/network', socketInterface('network')],
  ['wasi:sockets/ip-name-lookup', socketInterface('ipNameLookup')],
  ['wasi:sockets/tcp', socketInterface('tcp')],
  ['wasi:sockets/tcp-create-socket', socketInterface('tcpCreateSocket')],
  ['wasi:sockets/udp', socketInterface('udp')],
  ['wasi:sockets/udp-create-socket', socketInterface('udpCreateSocket')],
  ['wasi:http/types', async () => (await httpParts()).types],
  [
    'wasi:http/outgoing-handler',
    async ({ network }) => {
      const { outgoingHandler } = await httpParts();
      if (network) return outgoingHandler;
      return {
        ...outgoingHandler,
        handle: () => {
          throw { tag: 'HTTP-request-denied' };
        },
      };
    },
  ],
]);
