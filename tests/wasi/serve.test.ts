/** `serve`: requests of a real client, answered by a small component; what fails, who goes away, and how it ends. */
import { Agent, type IncomingMessage, request as open } from 'node:http';
import { type Component, Engine, Trap } from '@gangway/host';
import { type HttpServer, type ServeOptions, serve } from '@gangway/wasi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { httpIo } from '../../packages/wasi/src/http/io.ts';
import { component } from '../support/assemble.ts';
import { httpHandler } from '../support/http-handler.ts';

interface Failure {
  readonly error: unknown;
  readonly path: string;
}

interface Context {
  component: Component;
}

const test = suite<Context>('serve', { component: undefined as never });

test.before(async (context) => {
  context.component = await component(httpHandler, new Engine());
});

async function serving(
  compiled: Component,
  use: (server: HttpServer, failures: Failure[]) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const failures: Failure[] = [];
  await using server = await serve(compiled, {
    onError: (error, { path }) => failures.push({ error, path }),
    ...options,
  });
  await use(server, failures);
}

interface Got {
  readonly status: number;
  readonly text: string;
  /** Whether the body came to its end. */
  readonly whole: boolean;
}

/** A request with a body, or without one. */
function fetchText(url: string, body?: Uint8Array, agent?: Agent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = open(url, { method: body === undefined ? 'GET' : 'POST', ...(agent && { agent }) });
    request.on('error', reject);
    request.on('response', (response: IncomingMessage) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => {});
      response.on('close', () =>
        resolve({ status: response.statusCode ?? 0, text: `${Buffer.concat(pieces)}`, whole: response.complete }),
      );
    });
    request.end(body);
  });
}

test('requests are answered, each by an instance of its own; nothing of them is left', async ({ component }) => {
  await serving(component, async ({ url, host, port }, failures) => {
    assert.is(host, '127.0.0.1');
    assert.is(url, `http://127.0.0.1:${port}/`);
    const before = (await httpIo())!.call('counts');
    assert.equal(await fetchText(`${url}h`), { status: 200, text: 'hello', whole: true });
    for (let i = 0; i < 3; i += 1) assert.is((await fetchText(`${url}memory`)).text, '1');
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => fetchText(`${url}echo`, Buffer.from(`${i}`))));
    assert.equal(
      all.map(({ text }) => text),
      all.map((_, i) => `${i}`),
    );
    const content = 'a megabyte '.repeat(100_000);
    const { text, whole } = await fetchText(`${url}echo`, Buffer.from(content));
    assert.ok(whole && text === content, `${text.length} bytes`);
    assert.equal(failures, []);
    const after = (await httpIo())!.call('counts');
    for (const [name, count] of Object.entries(after)) assert.ok(count <= before[name]!, `${name}: ${count}`);
  });
});

test('a request that fails: status 500, a report, and the next one is answered', async ({ component }) => {
  await serving(component, async ({ url }, failures) => {
    for (const path of ['trap', 'nothing', 'code']) {
      const { status, text } = await fetchText(url + path);
      assert.equal([status, text], [500, 'Internal Server Error\n'], path);
    }
    assert.equal(await fetchText(`${url}after`), { status: 200, text: 'hello', whole: true });
    const dropped = await fetchText(`${url}dropped`);
    assert.equal([dropped.status, dropped.whole], [200, false]);
    assert.is((await fetchText(`${url}hello`)).text, 'hello');

    assert.equal(
      failures.map(({ path }) => path),
      ['/trap', '/nothing', '/code', '/after'],
    );
    const [trap, nothing, code, after] = failures.map(({ error }) => error as Error);
    assert.instance(trap, Trap);
    assert.match(nothing!.message, /without setting a response/);
    assert.match(code!.message, /HTTP-request-denied/);
    assert.equal(code!.cause, { tag: 'HTTP-request-denied' });
    assert.instance(after, Trap);
  });
});

test('a client that goes away half-way, and one that says nothing', async ({ component }) => {
  await serving(
    component,
    async ({ url }, failures) => {
      const request = open(`${url}echo`, { method: 'POST', headers: { 'content-length': 100 } });
      request.on('error', () => {});
      const begun = new Promise((resolve) => request.on('response', resolve));
      request.write('half');
      await begun;
      request.destroy();
      // It keeps the others waiting for no longer than it may.
      const silent = open(`${url}echo`, { method: 'POST', headers: { 'content-length': 100 } });
      const ended = new Promise((resolve) => silent.on('error', resolve).on('response', (r) => r.on('error', resolve)));
      silent.write('half');
      assert.is((await fetchText(`${url}hello`)).text, 'hello');
      await ended;
      assert.ok(failures.length <= 2);
    },
    { idleTimeout: 300 },
  );
});

test('closing answers what was asked, and ends connections that are kept', async ({ component }) => {
  const agent = new Agent({ keepAlive: true });
  const server = await serve(component);
  assert.is((await fetchText(`${server.url}hello`, undefined, agent)).text, 'hello');
  const last = fetchText(`${server.url}echo`, Buffer.from('last'), agent);
  // It has been sent, and it may have been received.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all([server.close(), server.close()]);
  assert.is((await last).text, 'last');
  try {
    await fetchText(`${server.url}hello`);
    assert.unreachable();
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  }
  agent.destroy();
});

test('what cannot be served is said at once', async ({ component: compiled }) => {
  const failed = async (promise: Promise<unknown>): Promise<Error & { code?: string }> => {
    try {
      await promise;
    } catch (error) {
      return error as Error & { code?: string };
    }
    return assert.unreachable() as never;
  };
  assert.match((await failed(serve(await component('(component)')))).message, /exports no wasi:http\/incoming-handler/);
  await serving(compiled, async ({ port }) => {
    assert.is((await failed(serve(compiled, { port }))).code, 'EADDRINUSE');
  });
  const more = httpHandler.replace('"wasi:http/types@0.2.3"', '"my:http/types@0.2.3"');
  assert.is((await failed(serve(await component(more)))).name, 'LinkError');
});

test.run();
