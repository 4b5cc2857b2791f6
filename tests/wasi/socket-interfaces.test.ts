/** `wasi:sockets` as the host calls it for a guest: datagrams, names, listening, halves of connections, and what is denied. */
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { Worker } from 'node:worker_threads';
import { wasiImports } from '@gangway/wasi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

interface Waiting extends Disposable {
  subscribe(): Disposable & { block(): void; ready(): boolean };
}
interface Input extends Waiting {
  blockingRead(length: bigint): Uint8Array;
}
interface Output extends Waiting {
  blockingWriteAndFlush(contents: Uint8Array): void;
}
type Address = {
  readonly tag: 'ipv4' | 'ipv6';
  readonly val: { readonly port: number; readonly address: readonly number[] };
};
interface Datagram {
  readonly data: Uint8Array;
  readonly remoteAddress: Address | undefined;
}
interface Udp extends Waiting {
  startBind(network: object, address: Address): void;
  finishBind(): void;
  localAddress(): Address;
  remoteAddress(): Address;
  stream(
    remote: Address | undefined,
  ): [
    Waiting & { receive(most: bigint): Required<Datagram>[] },
    Waiting & { checkSend(): bigint; send(datagrams: readonly Datagram[]): bigint },
  ];
}
interface Tcp extends Waiting {
  startBind(network: object, address: Address): void;
  finishBind(): void;
  startListen(): void;
  finishListen(): void;
  startConnect(network: object, address: Address): void;
  finishConnect(): [Input, Output];
  accept(): [Tcp, Input, Output];
  localAddress(): Address;
  shutdown(type: 'receive' | 'send' | 'both'): void;
}
interface Sockets {
  readonly network: object;
  readonly resolve: (network: object, name: string) => Waiting & { resolveNextAddress(): unknown };
  readonly udp: (family: 'ipv4' | 'ipv6') => Udp;
  readonly tcp: (family: 'ipv4' | 'ipv6') => Tcp;
}

async function sockets(network: boolean): Promise<Sockets> {
  const names = ['instance-network', 'ip-name-lookup', 'udp', 'udp-create-socket', 'tcp', 'tcp-create-socket'];
  const imports = (await wasiImports(
    { imports: [...names.map((name) => ({ name: `wasi:sockets/${name}` })), { name: 'wasi:io/streams' }] },
    { network },
  )) as Record<string, Record<string, never>>;
  return {
    network: (imports['wasi:sockets/instance-network']!['instanceNetwork'] as () => object)(),
    resolve: imports['wasi:sockets/ip-name-lookup']!['resolveAddresses']!,
    udp: imports['wasi:sockets/udp-create-socket']!['createUdpSocket']!,
    tcp: imports['wasi:sockets/tcp-create-socket']!['createTcpSocket']!,
  };
}

const drop = (one: Disposable): void => one[Symbol.dispose]();

function block(one: Waiting): void {
  const pollable = one.subscribe();
  pollable.block();
  drop(pollable);
}

function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return 'nothing was thrown';
}

const here = (port = 0): Address => ({ tag: 'ipv4', val: { port, address: [127, 0, 0, 1] } });
const here6 = {
  tag: 'ipv6',
  val: { port: 0, flowInfo: 0, address: [0, 0, 0, 0, 0, 0, 0, 1], scopeId: 0 },
} as const;
/** Not every machine has it. */
const hasV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

const context = { given: undefined as unknown as Sockets, denied: undefined as unknown as Sockets };
const test = suite('sockets', context);
test.before(async (context) => {
  context.given = await sockets(true);
  context.denied = await sockets(false);
});

test('datagrams: with an address each, and between two that are connected', ({ given }) => {
  for (const [family, address] of [
    ['ipv4', here()],
    ['ipv6', here6],
  ] as const) {
    if (family === 'ipv6' && !hasV6) continue;
    const [a, b] = [given.udp(family), given.udp(family)];
    for (const socket of [a, b]) {
      socket.startBind(given.network, address);
      block(socket);
      socket.finishBind();
    }
    const to = b.localAddress();
    assert.ok(to.val.port > 0);
    const [aIn, aOut] = a.stream(undefined);
    const [bIn, bOut] = b.stream(undefined);
    assert.ok(aOut.checkSend() > 0n);
    assert.is(aOut.send([1, 60_000].map((n) => ({ data: new Uint8Array(n).fill(n), remoteAddress: to }))), 2n);
    const got: Required<Datagram>[] = [];
    while (got.length < 2) {
      block(bIn);
      got.push(...bIn.receive(10n));
    }
    assert.equal(
      got.map(({ data }) => data.length),
      [1, 60_000],
    );
    assert.equal(got[0]!.remoteAddress, a.localAddress());
    assert.equal(bIn.receive(10n), []);
    assert.is(
      thrown(() => aOut.send([{ data: new Uint8Array(70_000), remoteAddress: to }])),
      'datagram-too-large',
    );
    assert.is(
      thrown(() => aOut.send([{ data: new Uint8Array(1), remoteAddress: undefined }])),
      'invalid-argument',
    );
    for (const one of [aIn, aOut]) drop(one);
    const [connectedIn, connectedOut] = a.stream(to);
    assert.equal(a.remoteAddress(), to);
    assert.is(connectedOut.send([{ data: Uint8Array.of(7), remoteAddress: undefined }]), 1n);
    let back = bIn.receive(1n);
    while (back.length === 0) {
      block(bIn);
      back = bIn.receive(1n);
    }
    assert.is(bOut.send([{ data: Uint8Array.of(8), remoteAddress: back[0]!.remoteAddress }]), 1n);
    block(connectedIn);
    assert.equal([...connectedIn.receive(1n)[0]!.data], [8]);
    for (const one of [connectedIn, connectedOut, bIn, bOut, a, b]) drop(one);
  }
});

test('names: addresses, those in brackets too, the local host, what there is not and what is none', ({ given }) => {
  const resolve = (name: string): unknown => {
    const stream = given.resolve(given.network, name);
    try {
      block(stream);
      const all: unknown[] = [];
      for (let one = stream.resolveNextAddress(); one !== undefined; one = stream.resolveNextAddress()) all.push(one);
      return all;
    } catch (error) {
      return error;
    } finally {
      drop(stream);
    }
  };
  assert.equal(resolve('127.0.0.1'), [{ tag: 'ipv4', val: [127, 0, 0, 1] }]);
  for (const name of ['::1', '[::1]']) assert.equal(resolve(name), [{ tag: 'ipv6', val: [0, 0, 0, 0, 0, 0, 0, 1] }]);
  const local = resolve('localhost') as { tag: string; val: number[] }[];
  assert.ok(local.length > 0 && local.every(({ val }) => val.at(-1) === 1));
  // Without a network of its own, a machine cannot tell.
  assert.match(resolve('no-such-name.invalid') as string, /^(name-unresolvable|temporary-resolver-failure)$/);
  for (const name of ['', 'bad name', 'host:80', '[::1']) {
    assert.is(
      thrown(() => given.resolve(given.network, name)),
      'invalid-argument',
      name,
    );
  }
});

test('a guest listens; a half of a connection is closed, and the other goes on', async ({ given }) => {
  const listener = given.tcp('ipv4');
  listener.startBind(given.network, here());
  block(listener);
  listener.finishBind();
  listener.startListen();
  listener.finishListen();
  assert.is(
    thrown(() => listener.accept()),
    'would-block',
  );
  const { port } = listener.localAddress().val;
  // Says something, and all that it has heard when the other side has ended.
  const client = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const socket = require('node:net').connect({ port: workerData, host: '127.0.0.1', allowHalfOpen: true });
     let heard = '';
     socket.setEncoding('utf8').on('data', (text) => (heard += text));
     socket.on('end', () => socket.end('heard ' + heard));
     socket.on('close', () => parentPort.postMessage(heard));
     socket.write('hello');`,
    { eval: true, workerData: port },
  );
  block(listener);
  const [socket, input, output] = listener.accept();
  assert.is(`${Buffer.from(input.blockingRead(100n))}`, 'hello');
  output.blockingWriteAndFlush(Buffer.from('a question'));
  socket.shutdown('receive');
  socket.shutdown('send');
  assert.is(
    `${Buffer.from(input.blockingRead(100n))}`,
    'heard a question',
    'what it sends is ended, not what it reads',
  );
  assert.equal(
    thrown(() => input.blockingRead(1n)),
    { tag: 'closed' },
  );
  const refused = thrown(() => output.blockingWriteAndFlush(Uint8Array.of(1))) as { tag: string };
  assert.ok(['closed', 'last-operation-failed'].includes(refused.tag));
  for (const one of [input, output, socket, listener]) drop(one);
  assert.equal(await once(client, 'message'), ['a question']);
  await client.terminate();

  // Nothing of that has harmed the worker.
  const taken = given.tcp('ipv4');
  taken.startBind(given.network, here());
  block(taken);
  taken.finishBind();
  const other = given.tcp('ipv4');
  other.startBind(given.network, taken.localAddress());
  block(other);
  assert.is(
    thrown(() => other.finishBind()),
    'address-in-use',
  );
  assert.is(
    thrown(() => other.shutdown('both')),
    'invalid-state',
  );
  for (const one of [taken, other]) drop(one);
});

test('without network: nothing is bound, connected, sent or looked up, by no network that a guest has', ({
  given,
  denied,
}) => {
  const udp = denied.udp('ipv4');
  assert.is(
    thrown(() => udp.startBind(denied.network, here())),
    'access-denied',
  );
  for (const remote of [undefined, here(53)])
    assert.is(
      thrown(() => udp.stream(remote)),
      'invalid-state',
    );
  const tcp = denied.tcp('ipv4');
  assert.is(
    thrown(() => tcp.startBind(denied.network, here())),
    'access-denied',
  );
  assert.is(
    thrown(() => tcp.startConnect(denied.network, here(80))),
    'access-denied',
  );
  assert.is(
    thrown(() => tcp.startListen()),
    'invalid-state',
  );
  // The network is what may be done, whoever made the socket.
  for (const { resolve } of [given, denied]) {
    assert.is(
      thrown(() => resolve(denied.network, 'localhost')),
      'permanent-resolver-failure',
    );
  }
  assert.is(
    thrown(() => given.tcp('ipv4').startConnect(denied.network, here(80))),
    'access-denied',
  );
  for (const one of [udp, tcp]) drop(one);
});

test.run();
