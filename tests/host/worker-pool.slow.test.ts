/** The example `examples/worker-pool` as a user runs it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('three files, in a pool of workers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gangway-pool-'));
  try {
    const files = [1, 2, 3].map((lines) => {
      const file = join(directory, `${lines}.txt`);
      writeFileSync(file, 'a line\n'.repeat(lines));
      return file;
    });
    const example = fileURLToPath(new URL('../../examples/worker-pool/main.ts', import.meta.url));
    const out = execFileSync(process.execPath, ['--no-warnings', example, ...files], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    for (const lines of [1, 2, 3]) {
      assert.match(out, new RegExp(`exit code 0: Hello from C!\\nnumbered ${lines} lines of /data/${lines}.txt`));
      assert.is(readFileSync(join(directory, `${lines}.txt.out`), 'utf8').split('\n').length, lines + 1);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.run();
