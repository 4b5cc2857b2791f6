/**
 * The reference tests in every way to run a component: both code generators, adapters as bulk copies in JavaScript (for
 * engines without multiple memories), closures instead of generated JavaScript, spilled lowerings with 8-byte pointers and
 * the checks of every vmctx slot. Every command has the same outcome as with the defaults.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Outcome, runFiles } from '@gangway/cli/wast';
import type { EngineOptions } from '@gangway/host';
import { test } from 'uvu';

const root = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));
const folders = ['linking', 'values', 'resources'].map((name) => root + name);

const variants: Readonly<Record<string, EngineOptions>> = {
  binaryen: { codegen: 'binaryen' },
  'no multiple memories': { multiMemory: 'never' },
  closures: { evaluate: 'never' },
  'strings by builtins from the first': { stringBuiltins: 'always' },
  'spilled, 8-byte pointers, debug, strings by loops': {
    lowering: 'spilled',
    pointerSize: 8,
    debug: true,
    stringBuiltins: 'never',
  },
};

const run = (engine: EngineOptions): Promise<Outcome[]> => runFiles(folders, { engine, timeLimit: 180_000 });

if (folders.every((folder) => existsSync(folder))) {
  const expected = await run({});
  test('with the defaults nearly everything passes', () => {
    assert.ok(expected.filter(({ verdict }) => verdict.kind === 'passed').length > 500);
  });
  for (const [name, engine] of Object.entries(variants)) {
    test(name, async () => {
      assert.deepEqual(await run(engine), expected);
    });
  }
  test('ahead of time', async () => {
    const some = ['values', 'resources'].map((name) => root + name);
    const outcomes = await runFiles(some, { aheadOfTime: true, timeLimit: 180_000 });
    const files = new Set(outcomes.map(({ file }) => file));
    assert.deepEqual(
      outcomes,
      expected.filter(({ file }) => files.has(file)),
    );
  });
} else {
  test.skip('the reference tests are not there', () => {});
}

test.run();
