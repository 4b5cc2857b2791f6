/** The graph of a component. */
import { readFileSync } from 'node:fs';
import { compile } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { graphOf } from '../../../packages/inspector/src/model/structure.ts';

const compiled = (path: string) => compile(readFileSync(new URL(`../../../${path}`, import.meta.url)));

test('what is needed stands left of what needs it', async () => {
  for (const path of ['examples/hello-c/hello.wasm', 'packages/inspector/examples/two-components.wasm']) {
    const { nodes, edges } = graphOf((await compiled(path)).plan);
    const layers = new Map(nodes.map((node) => [node.id, node.layer]));
    const supplies = edges.filter((edge) => edge.kind === 'supplies');
    assert.ok(supplies.length > 4);
    for (const { from, to } of supplies) assert.ok(layers.get(from)! < layers.get(to)!, `${from} → ${to}`);
  }
});

test('an adapter stands between the two components, an import behind its trampoline', async () => {
  const { edges } = graphOf((await compiled('packages/inspector/examples/two-components.wasm')).plan);
  const supplies = edges.filter((edge) => edge.kind === 'supplies');
  assert.equal(supplies.map(({ from, to }) => `${from} → ${to}`).sort(), [
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

test('memories and reallocs that only options name have edges', async () => {
  const { edges } = graphOf((await compiled('packages/inspector/examples/two-components.wasm')).plan);
  const options = edges.filter((edge) => edge.kind === 'options');
  assert.equal(options.map(({ from, to, names }) => `${from} → ${to}: ${names.join(', ')}`).sort(), [
    'core 0 → adapter 0: memory, realloc',
    'core 1 → adapter 0: memory',
    'core 1 → export measure: memory, realloc',
    'core 1 → trampolines log: memory',
  ]);
});

test.run();
