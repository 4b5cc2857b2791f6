/** The draft's value profile of the polyfill with classes of the page; the rest of it runs with Node's test files. */
import { installPolyfill } from '@gangway/host/install-polyfill';
import * as assert from 'uvu/assert';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

interface Draft {
  instantiateStreaming(
    response: Promise<Response>,
    imports: object,
  ): Promise<{
    readonly instance: { readonly exports: { find(root: unknown, selectors: unknown): string | undefined } };
  }>;
}

installPolyfill({ values: 'draft', force: true });
const { instantiateStreaming } = WebAssembly as unknown as Draft;

test('Element is a resource of a component', async () => {
  const { instance } = await instantiateStreaming(fetch('/components/element.wasm'), { Element });
  const { find } = instance.exports;
  document.body.innerHTML = '<h1 id="page-title">Title</h1><h2>without</h2>';
  assert.is(find(document.body, 'h1'), 'page-title');
  assert.is(find(document.body, 'h2'), undefined);
  assert.is(find(document.body, 'h3'), undefined);
  assert.is(find(document.body, { toString: () => '#page-title' }), 'page-title');
  for (const root of [document, document.body.firstChild!.firstChild, 'h1', null]) {
    assert.throws(
      () => find(root, 'h1'),
      (error: unknown) => error instanceof TypeError,
    );
  }
  // What querySelector throws has nowhere to go: a trap.
  for (const selectors of ['h1[', 'h1']) {
    assert.throws(
      () => find(document.body, selectors),
      (error: unknown) => error instanceof WebAssembly.RuntimeError,
    );
  }
});

await report(() => runTests());
