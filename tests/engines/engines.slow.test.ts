/** The smoke suite on the pinned Node, in the form of a test: the other engines are `pnpm test:engines`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleSmoke, type SmokeReport } from './bundles.ts';

test('the smoke suite passes on this Node', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-smoke-'));
  try {
    await bundleSmoke(folder, 'program');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.js')]);
    const { compiled, stored, written } = JSON.parse(stdout) as SmokeReport;
    for (const checks of [compiled ?? [], stored, written]) {
      assert.ok(checks.length >= 5);
      for (const { name, error } of checks) assert.is(error, null, name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
