/** What the inspector finds in emitted text: functions, and what of the vmctx they touch; with both back ends. */
import { readFileSync } from 'node:fs';
import { type Codegen, emitAll, toWat } from '@gangway/adapter-codegen';
import { compile } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WatIndex } from '../../../packages/inspector/src/model/wat-index.ts';

const example = (name: string): Buffer<ArrayBuffer> =>
  readFileSync(new URL(`../../../packages/inspector/examples/${name}.wasm`, import.meta.url));

async function indexes(name: string, codegen: Codegen): Promise<{ trampolines: WatIndex; adapters: WatIndex[] }> {
  const { plan } = await compile(example(name));
  const { trampolines, adapters } = await emitAll(plan, { codegen, lowering: 'spilled' });
  return {
    trampolines: new WatIndex(await toWat(trampolines!.bytes)),
    adapters: await Promise.all(adapters.map(async ({ bytes }) => new WatIndex(await toWat(bytes)))),
  };
}

/** Offsets by kind, each once. */
function touched(index: WatIndex, name: string): { readonly load: number[]; readonly store: number[] } {
  const accesses = index.accesses(index.exported(name)!);
  const of = (kind: 'load' | 'store') => [...new Set(accesses.filter((a) => a.kind === kind).map((a) => a.offset))];
  return { load: of('load'), store: of('store') };
}

for (const codegen of ['direct', 'binaryen'] as const) {
  test(`${codegen}: the forms of a lowering read the flags of their instance, the general one the callee and its data`, async () => {
    const { plan, offsets } = await compile(example('two-components'));
    const { trampolines } = await indexes('two-components', codegen);
    const typed = touched(trampolines, 'trampoline[0]');
    const spilled = touched(trampolines, 'trampoline[0] array');
    const [options] = plan.trampolines.map((one) => (one.kind === 'lower-import' ? one.options : null));
    const { instance } = plan.options[options!]!;
    assert.ok(typed.load.includes(offsets.flags(instance)));
    assert.equal(typed.store, []);
    for (const wanted of [offsets.flags(instance), offsets.loweringCallee(0), offsets.loweringData(0)]) {
      assert.ok(spilled.load.includes(wanted), `${wanted} is among ${spilled.load.join(' ')}`);
    }
  });

  test(`${codegen}: an adapter sets the entered bit of the instance it calls`, async () => {
    const { offsets } = await compile(example('two-components'));
    const { adapters } = await indexes('two-components', codegen);
    const { load, store } = touched(adapters[0]!, 'adapter[0]');
    assert.equal(store, [offsets.flags(1)]);
    assert.ok(load.includes(offsets.flags(2)), 'the caller may leave');
  });

  test(`${codegen}: resource.new writes the free list of its instance, in a function that it calls`, async () => {
    const { offsets } = await compile(example('counter'));
    const { trampolines } = await indexes('counter', codegen);
    assert.equal(touched(trampolines, 'trampoline[0]').store, [offsets.flags(0) + 12]);
  });

  test(`${codegen}: a function ends where it ends`, async () => {
    const { trampolines } = await indexes('counter', codegen);
    assert.ok(trampolines.functions.length > 1);
    for (const { from, to } of trampolines.functions) {
      let depth = 0;
      for (const character of trampolines.text.slice(from, to)) depth += { '(': 1, ')': -1 }[character] ?? 0;
      assert.is(depth, 0);
    }
    assert.is(trampolines.exported('nothing'), undefined);
  });
}

test.run();
