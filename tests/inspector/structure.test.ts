/** The graph of a component, and the watch on the bytes of its vmctx. */
import { readFileSync } from 'node:fs';
import { compile, instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ContextWatch } from '../../packages/inspector/src/context-watch.ts';
import { graphOf } from '../../packages/inspector/src/structure.ts';

const compiled = (path: string) => compile(readFileSync(new URL(`../../${path}`, import.meta.url)));

test('what is needed stands left of what needs it', async () => {
  for (const path of ['examples/hello-c/hello.wasm', 'packages/inspector/examples/two-components.wasm']) {
    const { nodes, edges } = graphOf((await compiled(path)).plan);
    const layers = new Map(nodes.map((node) => [node.id, node.layer]));
    assert.ok(edges.length > 4);
    for (const { from, to } of edges) assert.ok(layers.get(from)! < layers.get(to)!, `${from} → ${to}`);
  }
});

test('an adapter stands between the two components, an import behind its trampoline', async () => {
  const { edges } = graphOf((await compiled('packages/inspector/examples/two-components.wasm')).plan);
  assert.equal(edges.map(({ from, to }) => `${from} → ${to}`).sort(), [
    'adapter 0 → core 2',
    'core 0 → adapter 0',
    'core 2 → export measure',
    'import log → trampolines log',
    'trampolines log → core 2',
  ]);
});

test('imports of an interface are one node, with one trampoline node', async () => {
  const { plan } = await compiled('examples/hello-c/hello.wasm');
  const { nodes } = graphOf(plan);
  const streams = nodes.filter((node) => node.title.startsWith('wasi:io/streams'));
  assert.equal(
    streams.map((node) => node.kind),
    ['import', 'trampolines'],
  );
  assert.is(nodes.filter((node) => node.kind === 'core').length, 4);
});

test('a byte that is put back was changed in between', () => {
  const watch = new ContextWatch(Uint8Array.of(1, 2, 3, 4));
  watch.begin(Uint8Array.of(1, 2, 3, 4));
  watch.observe(Uint8Array.of(9, 2, 3, 5));
  watch.end(Uint8Array.of(1, 2, 3, 6));
  assert.equal(
    [0, 1, 2, 3].map((i) => watch.change(i)),
    ['during', 'none', 'none', 'after'],
  );
  assert.equal(watch.counts, { after: 1, during: 1 });
  assert.equal(watch.values(0, 4), { before: 0x04030201, between: 0x05030209, now: 0x06030201 });
  watch.begin(Uint8Array.of(1, 2, 3, 6));
  watch.end(Uint8Array.of(1, 2, 3, 6));
  assert.equal(watch.counts, { after: 0, during: 0 });
});

test('an instance shows its vmctx, until it is disposed', async () => {
  const instance = await instantiate(await compiled('packages/inspector/examples/counter.wasm'));
  const { address, bytes, layout } = instance.context;
  assert.ok(address > 0);
  assert.is(bytes.length, layout.size);
  assert.is(String.fromCharCode(...bytes.subarray(0, 4)), 'comp');
  bytes.fill(0);
  assert.is(instance.context.bytes[0], 'c'.charCodeAt(0), 'it was a copy');
  instance.dispose();
  assert.throws(() => instance.context, /disposed/);
});

test.run();
