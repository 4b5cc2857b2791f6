/** The command as a process of its own: real streams, exit codes, a reader that goes away. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const program = path('../../packages/cli/src/main.ts');
const hello = path('../../examples/hello-c/hello.wasm');

function gangway(words: readonly string[], input = ''): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', program, ...words], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status, out: stdout, err: stderr };
}

test('a pipe in, a pipe out, all of it', () => {
  const input = 'a line of text\n'.repeat(50_000);
  const got = gangway(['run', hello, '--stdin'], input);
  assert.equal([got.status, got.err], [0, '']);
  assert.ok(got.out === input, `${got.out.length} of ${input.length} bytes`);
});

test('exit codes reach the shell', () => {
  const trapped = gangway(['run', hello, '--trap']);
  assert.equal([trapped.status, trapped.out], [134, 'about to divide by zero\n']);
  assert.match(trapped.err, /^gangway: wasm trap: divide by zero\n( {2}at .*\n)+$/);
  // From where it happened to the export that was called, which is shown to the end.
  assert.match(trapped.err, /\n {2}at main \(function[\s\S]* {2}at wasi:cli\/run@0\.2\.12#run /);
  assert.is(gangway(['frob']).status, 2);
});

test('a reader that goes away is no error', async () => {
  const child = spawn(process.execPath, ['--no-warnings', program, 'inspect', '-p', 'trampolines', hello]);
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdout.destroy();
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal([status, err], [0, '']);
});

test.run();
