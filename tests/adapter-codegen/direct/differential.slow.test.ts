/**
 * The direct writer against binaryen: for the goldens, the examples, and the components of the reference tests that
 * translate. Behaviour is compared by golden.test.ts, by the tests of adapters and by the runs of the reference tests.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allFeatures, type ComponentPlan, decode, translate, validate } from '@gangway/component';
import { test } from 'uvu';
import { Assembler } from '../../../packages/cli/src/wast/assembler.ts';
import { findScripts } from '../../../packages/cli/src/wast/run-files.ts';
import { readScript } from '../../../packages/cli/src/wast/script.ts';
import { compare } from './compare.ts';

const assembler = await Assembler.load();

async function planOfText(text: string): Promise<ComponentPlan> {
  const assembled = await assembler.assemble(text);
  assert.ok(assembled.kind === 'bytes');
  return planOf(assembled.bytes);
}
function planOf(bytes: Uint8Array): ComponentPlan {
  const ast = decode(bytes, { features: allFeatures });
  validate(bytes, ast, { features: allFeatures });
  return translate(bytes, ast);
}

for (const name of ['golden', 'adapters/golden']) {
  const folder = new URL(`../${name}/`, import.meta.url);
  for (const file of readdirSync(folder)) {
    test(`${name}/${file}`, async () => {
      const lines = readFileSync(new URL(file, folder), 'utf8').split('\n');
      const header = lines.filter((line) => line.startsWith(';;;')).map((line) => line.slice(4));
      const plan = await planOfText(header.join('\n'));
      for (const pointerSize of [4, 8] as const) {
        const { same } = await compare(plan, pointerSize);
        assert.ok(same > 0);
      }
    });
  }
}

test('examples/hello-c', async () => {
  const { same } = await compare(
    planOf(readFileSync(new URL('../../../examples/hello-c/hello.wasm', import.meta.url))),
  );
  assert.ok(same > 50);
});

const reference = fileURLToPath(new URL('../../../../shared/conformance/', import.meta.url));
for (const directory of ['linking', 'values', 'resources']) {
  if (!existsSync(reference + directory)) {
    test.skip(`the components of ${directory}: the reference tests are not there`, () => {});
    continue;
  }
  test(`the components of ${directory}`, async () => {
    let same = 0;
    let different = 0;
    let refused = 0;
    for (const file of findScripts([reference + directory])) {
      for (const command of readScript(readFileSync(file, 'utf8'))) {
        if (command.kind !== 'form' || command.form.sort !== 'component') continue;
        const { source } = command.form;
        let plan: ComponentPlan;
        try {
          plan = source.kind === 'binary' ? planOf(source.bytes) : await planOfText(source.text);
        } catch {
          refused++;
          continue;
        }
        const counts = await compare(plan);
        same += counts.same;
        different += counts.different;
      }
    }
    assert.ok(
      same > 100,
      `${same} functions are the same, ${different} differ; ${refused} components do not translate`,
    );
    assert.ok(same > 10 * different, `${same} functions are the same, ${different} differ`);
  });
}

test.run();
