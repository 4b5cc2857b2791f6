/** `@gangway/host/compile`: what is loaded when, and what a hit of the cache does without. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as all from '@gangway/host';
import * as compiling from '@gangway/host/compile';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../../support/assemble.ts';
import { greeter } from '../../support/stored-samples.ts';

const frontEnd = /component\/src\/(binary|validate|translate)\/|adapter-codegen\/src\/|compile\/build\.ts/;
/** Two functions and a table of names that running takes as well. */
const small = /translate\/may-enter\.ts|adapter-codegen\/src\/(builtins|emitted)\.ts/;

async function run(
  file: string,
  folder: string,
  ...stream: 'stream'[]
): Promise<{ readonly result: number; readonly front: string[] }> {
  const child = fileURLToPath(new URL('loading-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', child, file, folder, ...stream]);
  const { result, loaded } = JSON.parse(stdout) as { readonly result: number; readonly loaded: string[] };
  assert.ok(loaded.some((url) => url.endsWith('host/src/instance/instantiate.ts')));
  return { result, front: loaded.filter((url) => frontEnd.test(url) && !small.test(url)) };
}

test('a hit of the cache loads no decoder, validator, translation or code generator', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-loading-'));
  try {
    const file = join(folder, 'greeter.wasm');
    const cache = join(folder, 'entries');
    writeFileSync(file, await assemble(greeter));
    const miss = await run(file, cache);
    assert.is(miss.result, 42);
    assert.ok(miss.front.length > 30, `${miss.front.length} modules`);
    assert.is(readdirSync(cache).length, 1);
    assert.equal(await run(file, cache), { result: 42, front: [] });
    assert.is((await run(file, '')).result, 42);
    // What arrives as a stream is looked for as well, before anything else is loaded.
    assert.equal(await run(file, cache, 'stream'), { result: 42, front: [] });
    const other = join(folder, 'others');
    assert.is((await run(file, other, 'stream')).result, 42);
    assert.equal(readdirSync(other), readdirSync(cache));
    assert.is((await run(file, '', 'stream')).result, 42);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('it exports what the host exports, but for validate', () => {
  assert.equal([...Object.keys(compiling), 'validate'].sort(), Object.keys(all).sort());
});

test('bytes may be written into as soon as compile has returned', async () => {
  for (let time = 0; time < 2; time++) {
    const bytes = await assemble(greeter);
    const own = bytes.slice();
    const component = all.compile(own);
    own.fill(0xff);
    const { exports } = await all.instantiate<{ run(x: number): number }>(await component, {
      twice: (x: number) => 2 * x,
    });
    assert.is(exports.run(4), 8);
  }
});

test.run();
