/** The code in docs/embedding.md runs as it stands, and prints what stands under it. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
// Inside the workspace, so that packages are found.
mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache/docs-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
for (const file of ['node-embed/greet', 'compose/adder', 'compose/calculator', 'hello-c/hello']) {
  copyFileSync(join(root, `examples/${file}.wasm`), join(folder, `${file.split('/')[1]}.wasm`));
}
writeFileSync(join(folder, 'poem.txt'), 'one\ntwo\n');

const text = readFileSync(join(root, 'docs/embedding.md'), 'utf8');
const sections = text.split(/^## /m).flatMap((section) => {
  const [, code, printed] = /^```js\n(.*?)^```\n\n```\n(.*?)^```$/ms.exec(section) ?? [];
  return code === undefined || printed === undefined
    ? []
    : [{ title: section.split('\n')[0] as string, code, printed }];
});

for (const { title, code, printed } of sections) {
  test(title, async () => {
    const file = join(folder, `${title.replace(/\W+/g, '-')}.mjs`);
    writeFileSync(file, code);
    const { stdout } = await exec(process.execPath, ['--no-warnings', file], { cwd: folder });
    assert.is(stdout, printed);
  });
}

test('there is code to run', () => assert.is(sections.length, 5));

test.run();
