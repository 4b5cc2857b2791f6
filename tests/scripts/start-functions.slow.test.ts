/** What builds record of the sources as they are: seconds, for five processes start. */
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compiledAtOnce } from '../../scripts/start-functions/eager.ts';
import { startFunctions } from '../../scripts/start-functions/record.ts';

const root = new URL('../../', import.meta.url);
const found = await startFunctions();

/** How many functions of a folder are chosen. */
const count = (folder: string): number =>
  [...found].reduce((sum, [path, ran]) => sum + (path.startsWith(folder) ? ran.length : 0), 0);

test('what starts run is there, what they do not run is not', () => {
  for (const folder of [
    'component/src/binary/',
    'component/src/validate/',
    'component/src/translate/',
    'host/src/instance/',
  ]) {
    assert.ok(count(`packages/${folder}`) > 10, folder);
  }
  for (const folder of ['host/src/polyfill/', 'inspector/', 'adapter-codegen/src/binaryen/', 'esbuild-plugin/']) {
    assert.is(count(`packages/${folder}`), 0, folder);
  }
});

/** The names that a program exports. Types are none. */
async function exportsOf(text: string): Promise<string[]> {
  const { code } = await transform(text, { loader: 'ts', format: 'esm' });
  const { errors, module } = parseSync('a.js', code);
  assert.equal(errors, []);
  return module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name ?? '*')).sort();
}

test('sources are programs with the same exports afterwards', async () => {
  let changed = 0;
  for (const [path, ran] of found) {
    const text = readFileSync(new URL(path, root), 'utf8');
    const result = compiledAtOnce(path, text, ran);
    if (result === null) continue;
    changed++;
    assert.equal(await exportsOf(result.text), await exportsOf(text), path);
  }
  assert.ok(changed > 50, `${changed} files`);
});

test.run();
