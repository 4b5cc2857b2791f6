/** The examples: each does what its README says, and its components are what their text says. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from './support/assemble.ts';

const exec = promisify(execFile);
const home = fileURLToPath(new URL('../examples', import.meta.url));

/** The code blocks of a README: what to type, what is printed. */
function blocks(example: string): string[] {
  const text = readFileSync(join(home, example, 'README.md'), 'utf8');
  return [...text.matchAll(/^```(?:sh)?\n(.*?)^```$/gms)].map(([, block]) => block as string);
}

async function node(example: string, ...args: readonly string[]): Promise<string> {
  return (await exec(process.execPath, args, { cwd: join(home, example) })).stdout;
}

for (const example of ['node-embed', 'compose', 'shared-resource', 'guest-rust']) {
  test(`${example} prints what its README says`, async () => {
    const [command, printed] = blocks(example);
    assert.is(command, 'node main.ts\n');
    assert.is(await node(example, 'main.ts'), printed);
  });
}

test('esbuild-bundle builds, and prints what its README says', async () => {
  const [commands, printed] = blocks('esbuild-bundle');
  assert.is(commands, 'node build.ts\nnode dist/main.js\n');
  const types = join(home, 'esbuild-bundle/greet.component.d.wasm.ts');
  const before = readFileSync(types, 'utf8');
  await node('esbuild-bundle', 'build.ts');
  assert.is(await node('esbuild-bundle', 'dist/main.js'), printed);
  // What is committed is what the build writes.
  assert.is(readFileSync(types, 'utf8'), before);
});

test('edge-worker builds a worker that imports its core modules and compiles nothing', async () => {
  await node('edge-worker', 'build.ts');
  const dist = join(home, 'edge-worker/dist');
  const worker = readFileSync(join(dist, 'worker.js'), 'utf8');
  const imported = [...worker.matchAll(/ from "\.\/([^"]+\.wasm)"/g)].map(([, file]) => file as string);
  assert.equal(
    imported.map((file) => file.split(/[.-]/)[2]),
    ['core0', 'core1', 'trampolines'],
  );
  for (const file of imported) assert.ok(existsSync(join(dist, file)), file);
});

test('the components of the examples are their text, assembled', async () => {
  let count = 0;
  for (const file of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.wat') || file.includes('node_modules')) continue;
    count++;
    const bytes = readFileSync(join(home, file.replace(/\.wat$/, '.wasm')));
    assert.ok(bytes.equals(await assemble(readFileSync(join(home, file), 'utf8'))), file);
  }
  assert.ok(count >= 6);
});

test.run();
