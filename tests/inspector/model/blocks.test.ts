/** The blocks of a store: vmctx, handle tables, store context; and what calls change in them. */
import { readFileSync } from 'node:fs';
import { compile, instantiate, Store } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StoreWatch } from '../../../packages/inspector/src/model/blocks.ts';
import { countChanges, valuesAt } from '../../../packages/inspector/src/model/context-watch.ts';
import { blockSize, slotsIn } from '../../../packages/inspector/src/model/slots.ts';

const compiled = (name: string) =>
  compile(readFileSync(new URL(`../../../packages/inspector/examples/${name}.wasm`, import.meta.url)));

test('a resource is seen in the handle table that grows for it', async () => {
  const component = await compiled('counter');
  const store = new Store();
  const instance = await instantiate(component, {}, { store });
  const watch = new StoreWatch([{ title: 'counter', component, instance }], store);
  assert.equal(
    watch.blocks.map(({ key, title }) => [key, title]),
    [
      ['vmctx 0', 'vmctx'],
      ['store', 'store context'],
    ],
  );
  for (const block of watch.blocks) assert.is(block.watched.now.length, blockSize(block.shape));
  assert.is(String.fromCharCode(...watch.blocks[0]!.watched.now.subarray(0, 4)), 'comp');
  watch.begin();
  const made = instance.getFunc('[constructor]counter')!(5);
  watch.end();
  const table = watch.blocks.find((block) => block.kind === 'handles');
  assert.is(table?.title, 'handle table of counter');
  assert.is(table?.shape.times, 16);
  assert.ok(countChanges(watch.blocks[0]!.watched).after > 0, 'address, capacity and free list');
  watch.begin();
  instance.getFunc('[method]counter.increment')!(made);
  watch.observe();
  watch.end();
  assert.is(countChanges(watch.blocks[0]!.watched).after, 0);
});

test('an instance shows its vmctx, and a store its memory, until they are disposed', async () => {
  const store = new Store();
  const instance = await instantiate(await compiled('counter'), {}, { store });
  const { address, bytes } = instance.context;
  const { size } = instance.component.offsets;
  assert.ok(address > 0);
  assert.is(bytes.length, size);
  assert.is(String.fromCharCode(...bytes.subarray(0, 4)), 'comp');
  assert.equal(store.contextBytes(address, size), bytes);
  bytes.fill(0);
  store.contextBytes(address, size).fill(0);
  assert.is(instance.context.bytes[0], 'c'.charCodeAt(0), 'both were copies');
  assert.throws(() => store.contextBytes(0, 2 ** 31), RangeError);
  instance.dispose();
  assert.throws(() => instance.context, /disposed/);
  store.dispose();
  assert.throws(() => store.contextBytes(address, 4), /disposed/);
});

test('what is true in between is seen by who looks in between', async () => {
  const component = await compiled('two-components');
  const store = new Store();
  const seen: number[] = [];
  const log = (): void => {
    watch.observe();
    seen.push(watch.blocks.length);
  };
  const instance = await instantiate(component, { log }, { store });
  const watch = new StoreWatch([{ title: 'two', component, instance }], store);
  watch.begin();
  assert.is(instance.getFunc('measure')!('abc'), 6);
  watch.end();
  assert.equal(seen, [2]);
  const [vmctx] = watch.blocks;
  assert.equal(countChanges(vmctx!.watched), { after: 0, during: 2 });
  const [bits] = slotsIn(vmctx!.shape, 0, 64, 16).filter((slot) => slot.name === 'flags[0].bits');
  assert.equal(valuesAt(vmctx!.watched, bits!.offset, 4), { before: 1, between: 3, now: 1 });
});

test.run();
