/** Components from responses that arrive in pieces, as HTTP says them. */
import { compile, compileStreaming, DecodeError, instantiate, instantiateStreaming } from '@gangway/host';
import * as assert from 'uvu/assert';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

interface Log {
  run(text: string): string;
}

const log = (): undefined => undefined;

test('instantiateStreaming(fetch(…))', async () => {
  for (const query of ['', '?pieces']) {
    const { component, instance } = await instantiateStreaming<Log>(fetch(`/components/log.wasm${query}`), { log });
    assert.is(instance.exports.run('a'), 'hello, a');
    assert.is(component.imports[0]?.name, 'log');
  }
});

test('compileStreaming: a Response, a promise of one, one made here', async () => {
  const bytes = await (await fetch('/components/log.wasm')).arrayBuffer();
  for (const source of [
    await fetch('/components/log.wasm?pieces'),
    fetch('/components/log.wasm'),
    new Response(bytes),
  ]) {
    const component = await compileStreaming(source);
    assert.is((await instantiate<Log>(component, { log })).exports.run('b'), 'hello, b');
  }
});

test('what is cut off, not there, or no component', async () => {
  const rejection = (path: string): Promise<unknown> =>
    compileStreaming(fetch(path)).then(
      () => assert.unreachable('it was accepted'),
      (error: unknown) => error,
    );
  assert.instance(await rejection('/components/cut.wasm?pieces'), DecodeError);
  assert.instance(await rejection('/components/nothing.wasm'), TypeError);
  assert.instance(await rejection('/components/module.wasm'), DecodeError);
});

test('a large component: modules above the limit for synchronous work on the main thread', async () => {
  const { instance } = await instantiateStreaming<{ run(): number }>(fetch('/components/large.wasm'));
  assert.is(instance.exports.run(), 7);
  const component = await compile(await (await fetch('/components/large.wasm')).arrayBuffer());
  assert.is((await instantiate<{ run(): number }>(component)).exports.run(), 7);
});

await report(() => runTests());
