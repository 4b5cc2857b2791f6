/**
 * `wasi:http` over real connections, called as the host calls it for a guest: what is sent and received, what goes wrong, and
 * that nothing is left of it.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type WasiOptions, wasiImports } from '@gangway/wasi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { httpIo } from '../../packages/wasi/src/http/io.ts';

/** Objects of WIT interfaces, called by name as the host does. */
interface Member {
  (...args: unknown[]): Member;
  // biome-ignore lint/suspicious/noMisleadingInstantiator: classes among the members
  new (...args: unknown[]): Member;
  readonly [name: string]: Member;
}
type Result = { readonly tag: 'ok' | 'err'; readonly val: never };
type Entries = [string, Uint8Array][];

interface Context {
  thread: Worker;
  authority: string;
  guest: Guest;
}

/** What a guest imports. */
class Guest {
  readonly types: Member;
  readonly handle: Member;
  constructor(imports: Readonly<Record<string, unknown>>) {
    this.types = imports['wasi:http/types'] as Member;
    this.handle = (imports['wasi:http/outgoing-handler'] as Member)['handle']!;
  }
  static async with(options: WasiOptions): Promise<Guest> {
    const names = ['wasi:http/types', 'wasi:http/outgoing-handler', 'wasi:io/poll', 'wasi:io/streams'];
    return new Guest(await wasiImports({ imports: names.map((name) => ({ name })) }, options));
  }

  fields(entries: readonly (readonly [string, string])[]): Member {
    return this.types['Fields']!['fromList']!(entries.map(([name, value]) => [name, Buffer.from(value)]));
  }
  request(
    authority: string,
    path: string,
    method = 'get',
    headers: readonly (readonly [string, string])[] = [],
  ): Member {
    const request = new this.types['OutgoingRequest']!(this.fields(headers));
    request['setMethod']!({ tag: method });
    request['setScheme']!({ tag: 'HTTP' });
    request['setAuthority']!(authority);
    request['setPathWithQuery']!(path);
    return request;
  }
  /** Writes in pieces, and finishes. */
  write(body: Member, content: Uint8Array, trailers?: Member): void {
    const stream = body['write']!();
    for (let at = 0; at < content.length; at += 4096) {
      stream['blockingWriteAndFlush']!(content.subarray(at, at + 4096));
    }
    drop(stream);
    this.types['OutgoingBody']!['finish']!(body, trailers);
  }
  /** Waits for the response, and drops the future. */
  wait(future: Member): Result {
    block(future);
    const got = future['get']!() as unknown as Result;
    assert.is(got.tag, 'ok');
    assert.is((future['get']!() as unknown as Result).tag, 'err', 'it is taken once');
    drop(future);
    return got.val;
  }
  /** A whole request; the response, or the error's code. */
  fetch(authority: string, path: string, options?: Member): Result {
    return this.wait(this.handle(this.request(authority, path), options));
  }
  /** All of a body, how its stream ended, and its trailers. Everything is dropped. */
  read(response: Member): { content: Buffer; failure: unknown; trailers: Result } {
    const body = response['consume']!();
    const stream = body['stream']!();
    const pieces: Uint8Array[] = [];
    let failure: unknown = null;
    try {
      for (;;) pieces.push(stream['blockingRead']!(65_536n) as unknown as Uint8Array);
    } catch (error) {
      const { tag, val } = error as { tag: string; val: Member };
      if (tag !== 'closed') failure = this.types['httpErrorCode']!(val);
    }
    drop(stream);
    const future = this.types['IncomingBody']!['finish']!(body);
    block(future);
    const trailers = (future['get']!() as unknown as Result).val;
    drop(future);
    drop(response);
    return { content: Buffer.concat(pieces), failure, trailers };
  }
}

const drop = (one: Member): void => (one as unknown as Disposable)[Symbol.dispose]();

function block(one: Member): void {
  const pollable = one['subscribe']!();
  pollable['block']!();
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

const text = (entries: Entries): string[] => entries.map(([name, value]) => `${name}: ${Buffer.from(value)}`);

/** Waits until the server tells that. */
function told(thread: Worker, what: 'got' | 'aborted' | 'gone', path: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: Readonly<Record<string, unknown>>): void => {
      if (message[what] !== path) return;
      thread.off('message', listen);
      resolve();
    };
    thread.on('message', listen);
  });
}

type Counts = Readonly<Record<string, number>>;

async function counts(): Promise<Counts> {
  return (await httpIo())!.call('counts');
}

/** Of what there is more than before. There may be less: what other tests left is collected. */
async function left(before: Counts): Promise<string[]> {
  return Object.entries(await counts()).flatMap(([name, count]) =>
    count > before[name]! ? [`${name}: ${count}`] : [],
  );
}

const test = suite<Context>('http', { thread: undefined as never, authority: '', guest: undefined as never });

test.before(async (context) => {
  context.thread = new Worker(new URL('../support/http-server.ts', import.meta.url));
  const [{ port }] = (await once(context.thread, 'message')) as [{ port: number }];
  context.authority = `127.0.0.1:${port}`;
  context.guest = await Guest.with({ network: true });
});
test.after(async ({ thread }) => {
  await thread.terminate();
});

test('a response: status, fields, each as often as it came, body; nothing is left of many requests', async (context) => {
  const { guest, authority } = context;
  const before = await counts();
  for (let i = 0; i < 20; i += 1) {
    const { tag, val } = guest.fetch(authority, '/hello');
    assert.is(tag, 'ok');
    const response = val as Member;
    assert.is(response['status']!() as unknown, 200);
    const headers = response['headers']!();
    assert.equal(
      text(headers['entries']!() as unknown as Entries).filter((line) => line.startsWith('set-cookie')),
      ['set-cookie: a=1', 'set-cookie: b=2'],
    );
    assert.is((headers['get']!('Set-Cookie') as unknown as unknown[]).length, 2);
    assert.not(headers['has']!('connection'));
    assert.equal(
      thrown(() => headers['append']!('a', Buffer.from('b'))),
      { tag: 'immutable' },
    );
    const { content, failure, trailers } = guest.read(response);
    assert.is(`${content}`, 'hello');
    assert.is(failure, null);
    assert.equal(trailers, { tag: 'ok', val: undefined });
  }
  assert.equal(await left(before), []);
});

test('a request: method, path, fields, host; connections are used again', ({ guest, authority }) => {
  const headers = [
    ['x-a', '1'],
    ['X-A', '2'],
  ] as const;
  let seen: { method: string; url: string; headers: string[]; connections: number } | undefined;
  let first = 0;
  for (let i = 0; i < 5; i += 1) {
    const future = guest.handle(guest.request(authority, '/request?q=%20', 'delete', headers), undefined);
    seen = JSON.parse(`${guest.read(guest.wait(future).val as Member).content}`) as NonNullable<typeof seen>;
    if (i === 0) first = seen.connections;
  }
  assert.is(seen?.connections, first);
  assert.is(seen?.method, 'DELETE');
  assert.is(seen?.url, '/request?q=%20');
  assert.equal(seen?.headers.slice(0, 2), ['host', authority]);
  assert.equal(
    seen?.headers.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'x-a'),
    ['1', '2'],
  );
  assert.not(seen?.headers.includes('transfer-encoding'), 'a request without a body says nothing of one');
});

test('a megabyte up and down, with and without a declared length, in pieces as large as the stream takes', ({
  guest,
  authority,
}) => {
  const content = Buffer.alloc(1 << 20, 'abcdefg');
  for (const [headers, framing] of [
    [[], 'chunked'],
    [[['content-length', `${content.length}`]], `${content.length}`],
  ] as [[string, string][], string][]) {
    const request = guest.request(authority, '/echo', 'post', headers);
    const body = request['body']!();
    const future = guest.handle(request, undefined);
    guest.write(body, content);
    const response = guest.wait(future).val as Member;
    assert.is(response['status']!() as unknown, 201);
    const [said] = response['headers']!()['get']!('x-framing') as unknown as Uint8Array[];
    assert.is(`${Buffer.from(said!)}`, framing);
    const { content: got, failure } = guest.read(response);
    assert.ok(got.equals(content));
    assert.is(failure, null);
  }

  // As much at a time as check-write allows.
  const request = guest.request(authority, '/echo', 'put');
  const body = request['body']!();
  const future = guest.handle(request, undefined);
  const stream = body['write']!();
  for (let at = 0; at < content.length; ) {
    const budget = Number(stream['checkWrite']!());
    if (budget === 0) block(stream);
    stream['write']!(content.subarray(at, at + budget));
    at += budget;
  }
  stream['flush']!();
  drop(stream);
  guest.types['OutgoingBody']!['finish']!(body);
  assert.ok(guest.read(guest.wait(future).val as Member).content.equals(content));

  const large = guest.read(guest.fetch(authority, '/big?n=5000000').val as Member);
  assert.is(large.content.length, 5_000_000);
});

test('a body that is written before the request is sent, and one of a method that commonly has none', ({
  guest,
  authority,
}) => {
  for (const method of ['post', 'get']) {
    const early = guest.request(authority, '/echo', method);
    guest.write(early['body']!(), Buffer.from('early'));
    const future = guest.handle(early, undefined);
    assert.is(`${guest.read(guest.wait(future).val as Member).content}`, 'early');

    const late = guest.request(authority, '/echo', method);
    const body = late['body']!();
    const answered = guest.handle(late, undefined);
    // The response begins before the body does.
    const response = guest.wait(answered).val as Member;
    guest.write(body, Buffer.from('late'));
    assert.is(`${guest.read(response).content}`, 'late', method);
  }
});

test('trailers, in both directions', ({ guest, authority }) => {
  const request = guest.request(authority, '/echo', 'post');
  const body = request['body']!();
  const future = guest.handle(request, undefined);
  guest.write(body, Buffer.from('text'), guest.fields([['x-sum', '42']]));
  const { content, trailers } = guest.read(guest.wait(future).val as Member);
  assert.is(`${content}`, 'text');
  assert.is(trailers.tag, 'ok');
  assert.equal(text((trailers.val as Member)['entries']!() as unknown as Entries), ['x-sum: 42']);
});

test('a length other than the declared one is an error on this side, and no request on the other', async (context) => {
  const { guest, authority, thread } = context;
  const open = (length: number): { body: Member; stream: Member; future: Member } => {
    const request = guest.request(authority, '/echo', 'post', [['content-length', `${length}`]]);
    const body = request['body']!();
    const future = guest.handle(request, undefined);
    return { body, stream: body['write']!(), future };
  };
  let got = told(thread, 'got', '/echo');
  const few = open(10);
  await got;
  few.stream['blockingWriteAndFlush']!(Buffer.from('few'));
  drop(few.stream);
  const aborted = told(thread, 'aborted', '/echo');
  assert.equal(
    thrown(() => guest.types['OutgoingBody']!['finish']!(few.body)),
    { tag: 'HTTP-request-body-size', val: 3n },
  );
  await aborted;
  drop(few.future);

  got = told(thread, 'got', '/echo');
  const many = open(2);
  await got;
  const error = thrown(() => many.stream['blockingWriteAndFlush']!(Buffer.from('many'))) as {
    tag: string;
    val: Member;
  };
  assert.is(error.tag, 'last-operation-failed');
  assert.equal(guest.types['httpErrorCode']!(error.val), { tag: 'HTTP-request-body-size', val: 4n });
  drop(many.stream);
  const again = told(thread, 'aborted', '/echo');
  drop(many.body);
  await again;
  drop(many.future);
});

test('what a guest drops: an unfinished body, a response that is not there, one that is not read', async (context) => {
  const { guest, authority, thread } = context;
  const before = await counts();
  const request = guest.request(authority, '/echo', 'post');
  const body = request['body']!();
  const received = told(thread, 'got', '/echo');
  const future = guest.handle(request, undefined);
  await received;
  const stream = body['write']!();
  stream['blockingWriteAndFlush']!(Buffer.from('half'));
  drop(stream);
  const aborted = told(thread, 'aborted', '/echo');
  drop(body);
  // The server sees that it is not whole.
  await aborted;
  drop(future);

  const never = guest.request(authority, '/echo', 'post');
  drop(never['body']!());
  assert.equal(guest.wait(guest.handle(never, undefined)), { tag: 'err', val: { tag: 'connection-terminated' } });

  const unsent = guest.request(authority, '/echo', 'post');
  const unsentBody = unsent['body']!();
  guest.write(unsentBody, Buffer.from('unsent'));
  drop(unsent);

  const gone = told(thread, 'gone', '/late');
  const late = told(thread, 'got', '/late');
  const waiting = guest.handle(guest.request(authority, '/late?n=5000'), undefined);
  await late;
  drop(waiting);
  await gone;

  const closed = told(thread, 'gone', '/pause');
  drop(guest.fetch(authority, '/pause?n=5000').val as Member);
  await closed;
  assert.equal(await left(before), []);
});

test('what goes wrong has the code that the interface has for it', async ({ guest, authority }) => {
  const before = await counts();
  const code = (at: string, path = '/'): unknown => {
    const { tag, val } = guest.fetch(at, path);
    assert.is(tag, 'err', path);
    return val;
  };
  assert.equal(code('127.0.0.1:1'), { tag: 'connection-refused' });
  assert.equal(code(authority, '/reset'), { tag: 'connection-terminated' });
  assert.equal(code(authority, '/nonsense'), { tag: 'HTTP-protocol-error' });
  assert.is((code('name.invalid') as { tag: string }).tag, 'DNS-error');

  const cut = guest.read(guest.fetch(authority, '/cut').val as Member);
  // What was received and not read yet goes with the connection.
  assert.ok('part'.startsWith(`${cut.content}`));
  assert.equal(cut.failure, { tag: 'connection-terminated' });
  assert.equal(cut.trailers, { tag: 'err', val: { tag: 'connection-terminated' } });

  const secure = guest.request(authority, '/');
  secure['setScheme']!({ tag: 'HTTPS' });
  assert.equal(guest.wait(guest.handle(secure, undefined)), { tag: 'err', val: { tag: 'TLS-protocol-error' } });
  assert.equal(await left(before), []);
});

test('limits of time: to the first byte, and between two', ({ guest, authority }) => {
  const options = new guest.types['RequestOptions']!();
  assert.is(options['firstByteTimeout']!(), undefined);
  options['setFirstByteTimeout']!(100_000_000n);
  options['setBetweenBytesTimeout']!(100_000_000n);
  assert.is(options['betweenBytesTimeout']!() as unknown, 100_000_000n);
  assert.equal(guest.fetch(authority, '/late?n=3000', options), {
    tag: 'err',
    val: { tag: 'connection-read-timeout' },
  });
  const paused = guest.read(guest.fetch(authority, '/pause?n=3000', options).val as Member);
  assert.is(`${paused.content}`, 'a');
  assert.equal(paused.failure, { tag: 'connection-read-timeout' });
  options['setFirstByteTimeout']!(30_000_000_000n);
  options['setBetweenBytesTimeout']!(30_000_000_000n);
  assert.is(`${guest.read(guest.fetch(authority, '/late?n=200', options).val as Member).content}`, 'late');
});

test('what is no request is refused when it is said, or when it is sent', ({ guest, authority }) => {
  const { types } = guest;
  const request = guest.request(authority, '/');
  const refused = (name: string, value: unknown): void => {
    assert.is(
      thrown(() => request[name]!(value)),
      undefined,
      `${name} ${JSON.stringify(value)}`,
    );
  };
  for (const one of ['a b', 'user@host', 'host:99999', 'host:x', '[::1', 'host/path', '']) refused('setAuthority', one);
  for (const one of ['/a b', '/a#b', '/\r\nx: y', '/\u00e9']) refused('setPathWithQuery', one);
  refused('setMethod', { tag: 'other', val: 'a b' });
  refused('setScheme', { tag: 'other', val: 'a:b' });
  for (const one of ['[::1]:80', '[::1]', 'host', 'host:80']) {
    request['setAuthority']!(one);
    assert.is(request['authority']!() as unknown, one);
  }
  request['body']!();
  assert.is(
    thrown(() => request['body']!()),
    undefined,
    'the body is there once',
  );

  const sent = (change: (request: Member) => void): unknown => {
    const one = guest.request(authority, '/');
    change(one);
    return thrown(() => guest.handle(one, undefined));
  };
  assert.equal(
    sent((one) => one['setAuthority']!(undefined)),
    { tag: 'HTTP-request-URI-invalid' },
  );
  assert.equal(
    sent((one) => one['setMethod']!({ tag: 'connect' })),
    { tag: 'HTTP-request-method-invalid' },
  );
  assert.equal(
    sent((one) => one['setScheme']!({ tag: 'other', val: 'ftp' })),
    { tag: 'HTTP-protocol-error' },
  );

  const fields = new types['Fields']!();
  const value = Buffer.from('v');
  assert.equal(
    thrown(() => fields['append']!('a b', value)),
    { tag: 'invalid-syntax' },
  );
  assert.equal(
    thrown(() => fields['set']!('a', [value, Buffer.from('x\r\ny: z')])),
    { tag: 'invalid-syntax' },
  );
  for (const name of ['Connection', 'transfer-encoding', 'Host', 'upgrade']) {
    assert.equal(
      thrown(() => fields['append']!(name, value)),
      { tag: 'forbidden' },
    );
  }
  fields['append']!('A', value);
  fields['append']!('b', value);
  fields['append']!('a', Buffer.from('w'));
  assert.equal(text(fields['entries']!() as unknown as Entries), ['A: v', 'b: v', 'a: w']);
  const copy = fields['clone']!();
  fields['set']!('a', [Buffer.from('x')]);
  fields['delete']!('B');
  assert.equal(text(fields['entries']!() as unknown as Entries), ['a: x']);
  assert.is((copy['entries']!() as unknown as Entries).length, 3);
});

test('without network nothing is sent', async ({ authority }) => {
  const guest = await Guest.with({});
  assert.equal(
    thrown(() => guest.fetch(authority, '/hello')),
    { tag: 'HTTP-request-denied' },
  );
});

test.run();
