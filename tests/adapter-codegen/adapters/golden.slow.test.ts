/**
 * Golden adapters. Each file in `golden/` has the text of a component, in lines that start with `;;;`, and the text of its
 * adapter modules. BLESS=1 writes the second part anew. What is compared is also run: `run` of every component returns 42
 * when all values have crossed as they should.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadMakeModule, toWat } from '@gangway/adapter-codegen';
import { VmctxOffsets } from '@gangway/offsets';
import { test } from 'uvu';
import { buildAdapters } from '../../../packages/adapter-codegen/src/adapters/index.ts';
import type { AdapterModuleIndex } from '../../../packages/component/src/plan.ts';
import { debugEngine, engineWith, instance } from '../../support/assemble.ts';
import { planOfText } from '../../support/plan.ts';

const folder = new URL('./golden/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.wat'));
const bless = process.env['BLESS'] === '1';

const isHeader = (line: string): boolean => line.startsWith(';;;');

test('there are goldens for a dozen calls', () => {
  assert.ok(files.length >= 12);
});

for (const file of files) {
  test(`golden ${file}`, async () => {
    const url = new URL(file, folder);
    const lines = readFileSync(url, 'utf8').split('\n');
    const header = lines.filter(isHeader);
    const component = header.map((line) => line.slice(4)).join('\n');
    const plan = await planOfText(component, { memory64: true });
    assert.ok(plan.adapterModules.length > 0);
    const texts: string[] = [];
    for (const [index] of plan.adapterModules.entries()) {
      const offsets = new VmctxOffsets(4, plan.counts);
      const module = buildAdapters(plan, index as AdapterModuleIndex, offsets, await loadMakeModule('binaryen'));
      assert.ok(module.validate(), 'binaryen validates it');
      const emitted = module.emit();
      assert.ok(WebAssembly.validate(emitted.bytes), 'the engine validates it');
      texts.push((await toWat(emitted.bytes)).trim());
    }
    const wat = texts.join('\n\n');
    if (bless) writeFileSync(url, `${header.join('\n')}\n\n${wat}\n`);
    else {
      const wanted = lines.filter((line) => !isHeader(line)).join('\n');
      assert.equal(wat, wanted.trim(), 'run with BLESS=1 when the change is meant');
    }

    // The same component with the adapters in wasm by both back ends, and with those that run in JavaScript.
    for (const engine of [debugEngine, engineWith({ codegen: 'binaryen' }), engineWith({ multiMemory: 'never' })]) {
      const { exports } = await instance(component, {}, engine);
      for (let i = 0; i < 3; i += 1) assert.equal(exports['run']?.(), 42);
      if (exports['trap'] !== undefined) assert.throws(() => exports['trap']?.(), /cannot enter component instance/);
    }
  });
}

test.run();
