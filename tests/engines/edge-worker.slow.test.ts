/** The edge worker example, in workerd itself, which is installed on first use. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installEngine } from './install.ts';
import { serveWorker } from './workerd.ts';

const example = fileURLToPath(new URL('../../examples/edge-worker', import.meta.url));
/** The pinned package is for this machine only. */
const here = process.platform === 'linux' && process.arch === 'x64' ? test : test.skip;

here('it answers requests, each with an instance of its own', async () => {
  await promisify(execFile)(process.execPath, ['build.ts'], { cwd: example });
  const { program } = await installEngine('workerd');
  const worker = await serveWorker(program, join(example, 'dist'), 'worker.js');
  try {
    for (const name of ['Ada', 'Grace Hopper', 'Łukasz']) {
      const response = await fetch(worker.url + encodeURIComponent(name));
      assert.is(response.status, 200);
      assert.is(response.headers.get('x-logged'), '1');
      assert.is(await response.text(), `Hello, ${name}`);
    }
  } finally {
    worker.stop();
  }
});

test.run();
