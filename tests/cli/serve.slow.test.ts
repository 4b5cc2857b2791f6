/** `gangway serve` as a process of its own: what it says, what it answers, how it fails and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';
import { httpHandler } from '../support/http-handler.ts';

const program = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const hello = fileURLToPath(new URL('../../examples/hello-c/hello.wasm', import.meta.url));

/** Hands each request on to the handler that it imports. */
const middle = `(component
  (import "wasi:http/types@0.2.3" (instance $types
    (export "incoming-request" (type (sub resource)))
    (export "response-outparam" (type (sub resource)))))
  (alias export $types "incoming-request" (type $request))
  (alias export $types "response-outparam" (type $outparam))
  (import "wasi:http/incoming-handler@0.2.3" (instance $next
    (alias outer 1 $request (type $request'))
    (export "incoming-request" (type $r (eq $request')))
    (alias outer 1 $outparam (type $outparam'))
    (export "response-outparam" (type $o (eq $outparam')))
    (export "handle" (func (param "request" (own $r)) (param "response-out" (own $o))))))
  (alias export $next "handle" (func $handle-next))
  (core func $handle-next' (canon lower (func $handle-next)))
  (core module $m
    (import "" "handle" (func $handle (param i32 i32)))
    (func (export "handle") (param i32 i32) (call $handle (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m (with "" (instance (export "handle" (func $handle-next'))))))
  (func $handle (param "request" (own $request)) (param "response-out" (own $outparam))
    (canon lift (core func $i "handle")))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.3" (instance $handler)))`;

const context = { dir: '', file: '' };
const test = suite('gangway serve', context);

test.before(async (context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'gangway-serve-'));
  context.file = join(context.dir, 'handler.wasm');
  writeFileSync(context.file, await assemble(httpHandler));
});
test.after(({ dir }) => rmSync(dir, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  /** All that it has said. */
  readonly said: () => string;
}

function gangway(words: readonly string[]): Running {
  const child = spawn(process.execPath, ['--no-warnings', program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (t: string) => (text += t));
  return { child, said: () => text };
}

/** Waits until it has said what matches. */
async function says({ child, said }: Running, what: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = what.exec(said());
    if (found !== null) return found;
    if (child.exitCode !== null) throw new Error(`it ended: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ends({ child, said }: Running): Promise<[number | null, string]> {
  const [status] = (await once(child, 'close')) as [number | null];
  return [status, said()];
}

test('serves until it is interrupted; failures are reported and do not end it', async ({ file }) => {
  const running = gangway(['serve', '--addr', '0', file]);
  const [, url, port] = await says(running, /serving .*handler\.wasm on (http:\/\/127\.0\.0\.1:(\d+)\/)\n/);
  assert.is(await (await fetch(`${url}hello`)).text(), 'hello');
  const echo = await fetch(`${url}echo`, { method: 'POST', body: 'back and forth' });
  assert.is(await echo.text(), 'back and forth');
  assert.is((await fetch(`${url}trap`)).status, 500);
  await says(running, /GET \/trap: gangway: wasm trap: wasm `unreachable` instruction executed\n/);
  assert.is(await (await fetch(`${url}hello`)).text(), 'hello');

  assert.equal(await ends(gangway(['serve', '--addr', `127.0.0.1:${port}`, file])), [
    1,
    `gangway: cannot listen on 127.0.0.1:${port}: the address is in use\n`,
  ]);
  running.child.kill('SIGINT');
  const [, signal] = (await once(running.child, 'close')) as [number | null, string | null];
  assert.is(signal, 'SIGINT');
});

test('a handler behind another one, both made anew for every request', async ({ dir, file }) => {
  const front = join(dir, 'middle.wasm');
  writeFileSync(front, await assemble(middle));
  const running = gangway(['serve', '--addr', '0', '--plug', file, front]);
  const [, url] = await says(running, /on (http:\S+)\n/);
  for (let i = 0; i < 2; i += 1) assert.is(await (await fetch(`${url}memory`)).text(), '1');
  assert.is((await fetch(`${url}trap`)).status, 500);
  assert.is(await (await fetch(`${url}echo`, { method: 'POST', body: 'through both' })).text(), 'through both');
  running.child.kill();
  await once(running.child, 'close');
});

test('what cannot be served', async ({ file }) => {
  const [status, text] = await ends(gangway(['serve', hello]));
  assert.is(status, 1);
  assert.match(text, /hello\.wasm: it serves no HTTP \(it does not export wasi:http\/incoming-handler\)/);
  for (const words of [
    ['serve', '--addr', 'x', file],
    ['serve', '--addr', '127.0.0.1:99999', file],
    ['serve', '--timeout', '0', file],
    ['serve'],
    ['serve', file, 'more'],
  ]) {
    assert.is((await ends(gangway(words)))[0], 2, words.join(' '));
  }
});

test.run();
