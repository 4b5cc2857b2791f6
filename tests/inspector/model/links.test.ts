/** What belongs together: nodes, lines of the types, emitted functions, slots. Every link leads to something. */
import { readFileSync } from 'node:fs';
import type { TrampolineIndex } from '@gangway/component/plan';
import { witText } from '@gangway/component/reflect';
import { type Component, compile } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emittedOf } from '../../../packages/inspector/src/model/emitted.ts';
import { type Description, type Link, Links } from '../../../packages/inspector/src/model/links.ts';
import { slotsIn } from '../../../packages/inspector/src/model/slots.ts';
import { witLines } from '../../../packages/inspector/src/model/wit-index.ts';
import { exportedFunctions } from '../../../packages/inspector/src/run/exported.ts';

const files = [
  'examples/hello-c/hello.wasm',
  'examples/compose/calculator.wasm',
  ...['counter', 'two-components', 'scalars', 'strings', 'overdrawn'].map(
    (name) => `packages/inspector/examples/${name}.wasm`,
  ),
];

async function linksOf(path: string): Promise<Links> {
  const component = await compile(readFileSync(new URL(`../../../${path}`, import.meta.url)));
  return new Links(component, await emittedOf(component));
}

const keysOf = ({ plan }: Component): Set<string> =>
  new Set(witLines(witText(plan)).flatMap(({ key }) => (key === null ? [] : [key])));

/** Everything that can be described. */
function descriptions(links: Links): Description[] {
  const { layout } = links;
  return [
    ...links.graph.nodes.map((node) => links.describeNode(node)),
    ...links.emitted.items.map((item) => links.describeItem(item)),
    ...[...keysOf(links.component)].flatMap((key) => links.describeType(key) ?? []),
    ...slotsIn({ layout, times: 1 }, 0, layout.size, 16).map((slot) => links.describeSlot(slot)),
  ];
}

for (const path of files) {
  test(`${path}: every link leads to something`, async () => {
    const links = await linksOf(path);
    const keys = keysOf(links.component);
    const nodes = new Set(links.graph.nodes.map(({ id }) => id));
    links.component.plan.componentInstances.forEach((_, i) => {
      nodes.add(`instance ${i}`);
    });
    const functions = new Set(exportedFunctions(links.component).map((one) => one.path.join('#')));
    const check = ({ label, place }: Link): void => {
      assert.ok(label !== '', JSON.stringify(place));
      if (place.pane === 'structure') assert.ok(nodes.has(place.node!), `node ${place.node}`);
      else if (place.pane === 'types') assert.ok(keys.has(place.key!), `type ${place.key}`);
      else if (place.pane === 'code') assert.ok(links.item(place.item!) !== undefined, `code ${place.item}`);
      else if (place.pane === 'run') assert.ok(functions.has(place.func!), `function ${place.func}`);
      else {
        assert.ok(place.ranges.length > 0, label);
        for (const { offset, size } of place.ranges) {
          assert.ok(size > 0 && offset + size <= links.component.offsets.size, label);
        }
      }
    };
    const all = descriptions(links);
    assert.ok(all.length > 10);
    for (const { links: own, members = [] } of all) {
      own.forEach(check);
      for (const member of members) member.links.forEach(check);
    }
  });

  test(`${path}: every emitted function leads to the vmctx, and back`, async () => {
    const links = await linksOf(path);
    const { layout } = links;
    let trampolines = 0;
    for (const item of links.emitted.items) {
      if (item.kind !== 'trampoline') continue;
      trampolines++;
      const { links: own } = links.describeItem(item);
      const field = own.find(({ label }) => label === `trampoline_func_refs[${item.index}]`);
      assert.ok(field?.place.pane === 'memory', item.name);
      const [range] = field.place.ranges;
      const [slot] = slotsIn({ layout, times: 1 }, 0, layout.size, 16).filter((one) => one.offset === range!.offset);
      const back = links.describeSlot(slot!).links.map(({ place }) => (place.pane === 'code' ? place.item : ''));
      assert.ok(back.includes(item.name), item.name);
    }
    assert.is(trampolines, links.component.plan.trampolines.length);
  });
}

test('a trampoline leads to the type of the function that it calls, an adapter to both components', async () => {
  const links = await linksOf('packages/inspector/examples/two-components.wasm');
  const trampoline = links.describeItem(links.item('trampoline[0]')!);
  assert.ok(trampoline.links.some(({ place }) => place.pane === 'types' && place.key === 'import log'));
  const adapter = links.describeItem(links.item('adapter[0]')!);
  assert.match(adapter.text, /Called by core code in shouter; calls “twice-the-length” of letters/);
  assert.equal(
    adapter.links.flatMap(({ place }) => (place.pane === 'structure' ? [place.node] : [])),
    ['adapter 0', 'instance 2', 'instance 1', 'core 0'],
  );
});

test('a link leads to the trampoline that it stands for, and that to the link', async () => {
  const links = await linksOf('examples/compose/calculator.wasm');
  const bytes = links.emitted.modules[0]!.bytes;
  const modules = links.emitted.modules.length;
  const link = { trampoline: 0 as TrampolineIndex, callee: 'adder.wasm', bytes };
  assert.not(links.link([]));
  assert.ok(links.link([link]));
  assert.not(links.link([link]), 'the next instance has the same');
  assert.is(links.emitted.modules.length, modules + 1);
  const item = links.item('link[0]')!;
  assert.equal([item.title, item.module], ['link[0] docs:adder/add@0.1.0#add', modules]);
  const places = ({ links: own }: Description): string[] =>
    own.flatMap(({ place }) => (place.pane === 'code' ? [place.item ?? ''] : []));
  assert.match(links.describeItem(item).text, /^Calls “add” of adder\.wasm, in place of trampoline\[0\]\./);
  assert.equal(places(links.describeItem(item)), ['trampoline[0]']);
  assert.equal(places(links.describeItem(links.item('trampoline[0]')!)), ['link[0]']);
});

test('names of a trap lead to the instance and to the export', async () => {
  const links = await linksOf('packages/inspector/examples/overdrawn.wasm');
  const { instance, func } = links.frame('shop', 'withdraw');
  assert.equal(instance?.place, { pane: 'structure', node: 'instance 2' });
  assert.equal(func?.place, { pane: 'types', key: 'export withdraw' });
  assert.equal(links.frame('nobody', 'nothing'), { instance: null, func: null });
});

test.run();
