/** A module worker that runs components; one of them was compiled here. */
import { compileStreaming } from '@gangway/host';
import * as assert from 'uvu/assert';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

const { search } = location;

test('a worker runs a component that it fetches, and one that it is sent', async () => {
  const worker = new Worker(`/pages/browser/pages/in-worker.js${search}`, { type: 'module' });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
      worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    });
  assert.is(await next(), 'ready');
  const component = await compileStreaming(fetch('/components/log.wasm'));
  worker.postMessage(await component.toTransferable());
  assert.equal(await next(), {
    results: ['hello, streamed', 'hello, sent'],
    logged: ['streamed', 'sent'],
    violations: new URLSearchParams(search).has('csp') ? ['script-src eval'] : [],
  });
  worker.terminate();
});

await report(() => runTests());
