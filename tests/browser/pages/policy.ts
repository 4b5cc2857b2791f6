/**
 * Under a Content-Security-Policy: components are compiled from bytes and from a response, and called. In: whether the engine
 * may ask if code can be evaluated (`?evaluate=auto`), which a strict policy in a header reports once.
 */
import { compile, compileStreaming, Engine, instantiate } from '@gangway/host';
import * as assert from 'uvu/assert';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

const { searchParams } = new URL(location.href);
const evaluate = searchParams.get('evaluate') as 'auto' | 'never';
/** Whether a policy of the page allows it. */
const allowed = searchParams.get('detected') === 'auto';

interface Resources {
  run(): number;
}

test('a component is compiled, streamed, instantiated, called', async () => {
  const engine = new Engine({ evaluate });
  assert.is(engine.options.evaluate, allowed);
  const bytes = await (await fetch('/components/log.wasm')).arrayBuffer();
  const components = [
    await compile(bytes, { engine }),
    await compileStreaming(fetch('/components/log.wasm?pieces'), { engine }),
  ];
  for (const component of components) {
    const logged: string[] = [];
    const { exports } = await instantiate<{ run(text: string): string }>(component, {
      log: (text: string) => logged.push(text),
    });
    assert.is(exports.run('wörld'), 'hello, wörld');
    assert.equal(logged, ['wörld']);
  }
});

test('one component calls another', async () => {
  const engine = new Engine({ evaluate });
  const { instance } = await instantiate<Resources>(
    await (await fetch('/components/linked.wasm')).arrayBuffer(),
    {},
    { engine },
  );
  assert.is(instance.exports.run(), 42);
});

await report(() => runTests());
