/** The blocks of a store: vmctx, handle tables, store context; and what calls change in them. */
import { readFileSync } from 'node:fs';
import { compile, Engine, instanceContext, instanceLinks, instantiate, Store } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StoreWatch } from '../../../packages/inspector/src/model/blocks.ts';
import { countChanges, valuesAt } from '../../../packages/inspector/src/model/context-watch.ts';
import { blockSize, slotsIn } from '../../../packages/inspector/src/model/slots.ts';
import { assemble } from '../../support/assemble.ts';

const compiled = (name: string) =>
  compile(readFileSync(new URL(`../../../packages/inspector/examples/${name}.wasm`, import.meta.url)));

/** `use` takes a borrow of a `thing` of the host, and calls out. */
const borrowing = `(component
  (import "thing" (type $thing (sub resource)))
  (import "look" (func $look))
  (core func $drop (canon resource.drop $thing))
  (core func $look (canon lower (func $look)))
  (core module $m
    (import "" "drop" (func $drop (param i32)))
    (import "" "look" (func $look))
    (func (export "use") (param i32) (call $look) (call $drop (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop)) (export "look" (func $look))))))
  (func (export "use") (param "x" (borrow $thing)) (canon lift (core func $i "use"))))`;

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
      ['spill', 'spill stack'],
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
  const { address, bytes } = instanceContext(instance);
  const { size } = instance.component.offsets;
  assert.ok(address > 0);
  assert.is(bytes.length, size);
  assert.is(String.fromCharCode(...bytes.subarray(0, 4)), 'comp');
  assert.equal(store.contextBytes(address, size), bytes);
  bytes.fill(0);
  store.contextBytes(address, size).fill(0);
  assert.is(instanceContext(instance).bytes[0], 'c'.charCodeAt(0), 'both were copies');
  assert.throws(() => store.contextBytes(0, 2 ** 31), RangeError);
  instance.dispose();
  assert.throws(() => instanceContext(instance), /disposed/);
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
  // vmctx, store context, spill stack, and the frame of the call from one to the other.
  assert.equal(seen, [4]);
  const [vmctx] = watch.blocks;
  assert.equal(countChanges(vmctx!.watched), { after: 0, during: 2 });
  const [bits] = slotsIn(vmctx!.shape, 0, 64, 16).filter((slot) => slot.name === 'flags[0].bits');
  assert.equal(valuesAt(vmctx!.watched, bits!.offset, 4), { before: 1, between: 3, now: 1 });
});

test('a store that needs no spill stack shows none', async () => {
  const component = await compiled('scalars');
  const store = new Store();
  const instance = await instantiate(component, {}, { store });
  const watch = new StoreWatch([{ title: 'scalars', component, instance }], store);
  assert.equal(
    watch.blocks.map(({ kind }) => kind),
    ['vmctx', 'store'],
  );
});

test('adapters have one call frame each', async () => {
  const component = await compiled('two-components');
  const store = new Store();
  const instance = await instantiate(component, { log: () => watch.observe() }, { store });
  const watch = new StoreWatch([{ title: 'two', component, instance }], store);
  const [frame, ...more] = watch.blocks.filter(({ kind }) => kind === 'frame');
  assert.is(more.length, 0);
  assert.match(frame!.title, /^call frame: \S+ → \S+$/);
  const field = (name: string): number => {
    const found = frame!.shape.layout.fields.find((one) => one.name === name)!;
    return valuesAt(frame!.watched, found.offset, 4).now;
  };
  assert.equal(
    [field('caller_vmctx'), field('callee_vmctx')],
    [instanceContext(instance).address, instanceContext(instance).address],
  );
  assert.is.not(field('caller_instance'), field('callee_instance'));
  watch.begin();
  instance.getFunc('measure')!('abc');
  watch.end();
  assert.equal(
    watch.blocks.filter(({ kind }) => kind === 'frame').map(({ address }) => address),
    [frame!.address],
  );
  assert.equal(instanceContext(instance).frames, [frame!.address]);
});

test('those of the host lie on the spill stack, and are found where a component calls out', async () => {
  class Thing {}
  const component = await compile(await assemble(borrowing));
  const store = new Store();
  const instance = await instantiate(component, { thing: Thing, look: () => watch.observe() }, { store });
  const watch = new StoreWatch([{ title: 'borrower', component, instance }], store);
  watch.begin();
  instance.getFunc('use')!(new Thing());
  watch.end();
  const [frame] = watch.blocks.filter(({ kind }) => kind === 'frame');
  assert.is(frame?.title, 'call frame: the host → borrower');
  const spill = watch.blocks.find(({ kind }) => kind === 'spill')!;
  assert.ok(frame!.address >= spill.address && frame!.address < spill.address + blockSize(spill.shape));
  assert.ok(countChanges(spill.watched).after > 0, 'what was on it stays there');
});

test('what is passed on the spill stack is seen there', async () => {
  const component = await compile(
    readFileSync(new URL('../../../packages/inspector/examples/two-components.wasm', import.meta.url)),
    { engine: new Engine({ lowering: 'spilled' }) },
  );
  const store = new Store({ engine: component.engine });
  const instance = await instantiate(component, { log: () => watch.observe() }, { store });
  const watch = new StoreWatch([{ title: 'two', component, instance }], store);
  watch.begin();
  instance.getFunc('measure')!('abc');
  watch.end();
  const spill = watch.blocks.find(({ kind }) => kind === 'spill')!;
  assert.is(blockSize(spill.shape), 4096);
  assert.ok(countChanges(spill.watched).after > 0, 'what was on it stays there');
  assert.is(slotsIn(spill.shape, 0, 16, 16)[0]?.name, 'spilled 0: value');
});

test('links of an instance with another are told, with the code', async () => {
  const store = new Store();
  const example = (name: string) =>
    compile(readFileSync(new URL(`../../../examples/compose/${name}.wasm`, import.meta.url)));
  const adder = await instantiate(await example('adder'), {}, { store });
  const calculator = await instantiate(await example('calculator'), adder.exports, { store });
  assert.equal(instanceLinks(adder), []);
  const [link, ...more] = instanceLinks(calculator);
  assert.is(more.length, 0);
  assert.is(link?.callee, adder.component);
  assert.is(calculator.component.plan.trampolines[link!.trampoline]?.kind, 'lower-import');
  assert.equal(
    WebAssembly.Module.exports(new WebAssembly.Module(link!.adapter.bytes)).map(({ name }) => name),
    ['adapter'],
  );
});

test.run();
