/** Compiled components that go to workers, or are loaded from what was stored of them. */
import { Worker } from 'node:worker_threads';
import {
  Component,
  compile,
  Engine,
  instantiate,
  loadComponent,
  type Manifest,
  type StoredComponent,
} from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports } from '../support/assemble.ts';
import { composed, greeter, nested } from '../support/stored-samples.ts';

/** Sends a compiled component to a worker, which loads the runtime only, and answers with what its exports return. */
function inWorker(stored: StoredComponent, calls: readonly (readonly [string, ...unknown[]])[]): Promise<unknown> {
  const worker = new Worker(new URL('./transfer-worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once('message', (answer) => {
      resolve(answer);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.postMessage({ stored, calls });
  });
}

test('a component goes to two workers, and stays', async () => {
  const component = await compile(await assemble(greeter));
  const stored = await component.toTransferable();
  const calls = [['run', 21], ['greet']] as const;
  const answers = await Promise.all([inWorker(stored, calls), inWorker(stored, calls)]);
  for (const answer of answers) assert.equal(answer, { results: [42, 'hello'], forbidden: [] });
  const instance = await instantiate<DynamicExports>(component, { twice: (x: number) => 2 * x });
  assert.is(instance.exports.run!(1), 2);
});

test('adapters go with it', async () => {
  const component = await compile(await assemble(composed));
  const answer = await inWorker(await component.toTransferable(), [['inc2', 40]]);
  assert.equal(answer, { results: [42], forbidden: [] });
});

test('components that it exports go with it', async () => {
  const component = await compile(await assemble(nested));
  const copy = Component.from(structuredClone(await component.toTransferable()));
  const instance = await instantiate<DynamicExports>(copy.nestedAt(['a']).nestedAt(['b']), { f: () => 40 });
  assert.is(instance.exports.g!(), 42);
  assert.is(copy.nestedAt(['a']), copy.nestedAt(['a']));
  assert.throws(() => copy.nestedAt(['b']), /no component is exported as "b"/);
});

test('one that came from elsewhere can be sent on', async () => {
  const first = await compile(await assemble(greeter));
  const second = Component.from(structuredClone(await first.toTransferable()));
  const third = loadComponent(structuredClone(await second.toTransferable()));
  const instance = await instantiate<DynamicExports>(third, { twice: (x: number) => x + x });
  assert.equal([instance.exports.run!(4), instance.exports.greet!()], [8, 'hello']);
  assert.equal(third.imports, first.imports);
  assert.throws(() => third.link(new Map()), /stored component/);
});

test('the pointer size goes with it', async () => {
  const component = await compile(await assemble(greeter), { engine: new Engine({ pointerSize: 8 }) });
  const stored = structuredClone(await component.toTransferable());
  assert.throws(() => Component.from(stored, { engine: new Engine() }), /compiled for pointerSize 8, not 4/);
  const copy = Component.from(stored);
  assert.is(copy.engine.options.pointerSize, 8);
  const instance = await instantiate<DynamicExports>(copy, { twice: (x: number) => x + x });
  assert.is(instance.exports.run!(4), 8);
});

test('what another version has stored is refused; so is what is incomplete', async () => {
  const stored = await (await compile(await assemble(greeter))).toTransferable();
  const { manifest, modules } = stored;
  const older = { ...manifest, manifest: 0 } as unknown as Manifest;
  assert.throws(
    () => Component.from({ manifest: older, modules }),
    (e: unknown) => e instanceof RangeError && /another version/.test(e.message),
  );
  assert.throws(() => Component.from({ manifest, modules: modules.slice(1) }), /has no module/);
});

test('one that has still to be linked is not sent', async () => {
  const component = await compile(
    await assemble(`(component
      (import "adder" (component $adder (export "add" (func))))
      (instance $a (instantiate $adder))
      (export "add" (func $a "add")))`),
  );
  const error = await component.toTransferable().catch(String);
  assert.match(String(error), /TypeError: the component instantiates the imported component "adder": link it first/);
});

test.run();
