/** The C example runs the same with trampolines by both back ends. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, Engine } from '@gangway/host';
import { runCommand } from '@gangway/wasi';
import { test } from 'uvu';

const bytes = new Uint8Array(readFileSync(new URL('../../../examples/hello-c/hello.wasm', import.meta.url)));

async function run(codegen: 'direct' | 'binaryen'): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-direct-'));
  try {
    writeFileSync(join(folder, 'poem.txt'), 'so much depends\nupon\n');
    const component = await compile(bytes, { engine: new Engine({ codegen }) });
    let output = '';
    const { exitCode } = await runCommand(component, {
      args: ['hello', '/data/poem.txt', 'Ada'],
      preopens: [{ host: folder, guest: '/data' }],
      stdout: (piece) => {
        output += new TextDecoder().decode(piece);
      },
    });
    return { exitCode, output, written: readFileSync(join(folder, 'poem.txt.out'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('examples/hello-c', async () => {
  const direct = await run('direct');
  assert.deepEqual(direct, await run('binaryen'));
  assert.match(JSON.stringify(direct), /numbered 2 lines/);
});

test.run();
