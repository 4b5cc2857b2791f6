/** The reference tests, with adapters and trampolines by both back ends: every command has the same outcome. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Outcome, runFiles } from '@gangway/cli/wast';
import { test } from 'uvu';

const root = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));

for (const [folder, atLeast] of [
  ['linking', 50],
  ['values', 200],
  ['resources', 20],
] as const) {
  if (!existsSync(root + folder)) {
    test.skip(`${folder}: the reference tests are not there`, () => {});
    continue;
  }
  test(`${folder}: direct and binaryen`, async () => {
    const outcomes = (codegen: 'direct' | 'binaryen'): Promise<Outcome[]> =>
      runFiles([root + folder], { engine: { codegen }, timeLimit: 180_000 });
    const direct = await outcomes('direct');
    assert.deepEqual(direct, await outcomes('binaryen'));
    assert.ok(direct.filter(({ verdict }) => verdict.kind === 'passed').length > atLeast);
  });
}

test.run();
