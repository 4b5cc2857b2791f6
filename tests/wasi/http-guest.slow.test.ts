/** A guest as people write them, with an engine of its own inside: it answers requests, and sends some to a server outside. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { compile } from '@gangway/host';
import { type HttpServer, serve } from '@gangway/wasi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { httpIo } from '../../packages/wasi/src/http/io.ts';
import { httpGuest } from '../support/http-guest.ts';

interface Context {
  thread: Worker;
  outside: string;
  /** With and without network. */
  open: HttpServer;
  shut: HttpServer;
  failures: unknown[];
}

const test = suite<Context>('http guest', {} as Context);

test.before(async (context) => {
  context.thread = new Worker(new URL('../support/http-server.ts', import.meta.url));
  const [{ port }] = (await once(context.thread, 'message')) as [{ port: number }];
  context.outside = `http://127.0.0.1:${port}`;
  context.failures = [];
  const component = await compile(await httpGuest());
  const onError = (error: unknown): void => void context.failures.push(error);
  context.open = await serve(component, { network: true, onError });
  context.shut = await serve(component, { onError, stderr: 'ignore' });
});
test.after(async ({ thread, open, shut }) => {
  await Promise.all([open.close(), shut.close(), thread.terminate()]);
});

test('answers: fields, a megabyte read at once and one streamed, many requests, and nothing is left', async (context) => {
  const { open, failures } = context;
  const hello = await fetch(`${open.url}hello?name=Ada`);
  assert.is(await hello.text(), 'hello Ada');
  assert.equal(hello.headers.getSetCookie(), ['a=1', 'b=2']);
  const body = Buffer.alloc(1 << 20, 'abcdefghi');
  for (const [path, status] of [
    ['echo', 201],
    ['stream', 200],
  ] as const) {
    const got = await fetch(open.url + path, { method: 'POST', body });
    assert.is(got.status, status);
    assert.ok(Buffer.from(await got.arrayBuffer()).equals(body), path);
  }
  const all = await Promise.all(
    Array.from({ length: 30 }, async (_, i) => (await fetch(`${open.url}hello?name=${i}`)).text()),
  );
  assert.equal(
    all,
    all.map((_, i) => `hello ${i}`),
  );
  assert.equal(failures, []);
  const { incoming, outgoing, requests, exchanges, polls, futures } = (await httpIo())!.call('counts');
  assert.equal([incoming, outgoing, requests, exchanges, polls, futures], [0, 0, 0, 0, 0, 0]);
});

test('sends requests where it may', async ({ open, shut, outside }) => {
  const through = async (server: HttpServer, url: string, body?: string): Promise<string> => {
    const query = new URLSearchParams(body === undefined ? { url } : { url, body });
    return (await fetch(`${server.url}fetch?${query}`)).text();
  };
  assert.is(await through(open, `${outside}/hello`), '200 hello');
  assert.is(await through(open, `${outside}/echo`, 'back'), '201 back');
  assert.is((await through(open, `${outside}/big?n=1000000`)).length, 1_000_004);
  assert.match(await through(open, 'http://127.0.0.1:1/'), /NetworkError/);
  assert.match(await through(open, `${outside}/cut`), /error/i);
  assert.not.match(await through(shut, `${outside}/hello`), /hello/);
  const { incoming, outgoing, requests } = (await httpIo())!.call('counts');
  assert.equal([incoming, outgoing, requests], [0, 0, 0]);
});

test.run();
