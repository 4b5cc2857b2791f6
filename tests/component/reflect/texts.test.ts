/**
 * Golden texts: the WIT of a component and the list of its definitions, for the inputs of translation's goldens and the
 * example in C. `BLESS=1` writes them anew; read the diff before you commit it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco';
import { decode, resolveFeatures, translate } from '@gangway/component';
import { exportTypes, sectionsText, witText } from '@gangway/component/reflect';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const goldens = new URL('./goldens/', import.meta.url);
const plans = new URL('../translate/plans/', import.meta.url);
const features = resolveFeatures({ memory64: true });

async function bytesOf(name: string): Promise<Uint8Array> {
  if (name.endsWith('.wasm')) return readFileSync(new URL(`../../../examples/hello-c/${name}`, import.meta.url));
  return Uint8Array.from(await parse(readFileSync(new URL(`${name}.wat`, plans), 'utf8')));
}

function compare(file: string, text: string): void {
  const url = new URL(file, goldens);
  if (process.env['BLESS'] !== undefined) writeFileSync(url, text);
  assert.ok(existsSync(url), `${file} is blessed`);
  assert.is(text, readFileSync(url, 'utf8'));
}

const wits = [
  'resource',
  're-export',
  'core-modules',
  'unlinked',
  'exported-component',
  'imported-resource',
  'hello.wasm',
];
for (const name of wits) {
  test(`the WIT of ${name}`, async () => {
    const bytes = await bytesOf(name);
    compare(`${name}.wit`, witText(translate(bytes, decode(bytes))));
  });
}

for (const name of ['aliases', 'resource', 'core-modules', 'memory64']) {
  test(`the definitions of ${name}`, async () => {
    const bytes = await bytesOf(name);
    compare(`${name}.sections.txt`, sectionsText(decode(bytes, { features })));
  });
}

test('every definition is listed', async () => {
  const bytes = await bytesOf('hello.wasm');
  const ast = decode(bytes);
  const lines = sectionsText(ast).split('\n');
  for (const { offset, kind } of ast.definitions) {
    const prefix = `  0x${offset.toString(16)} `;
    assert.ok(
      lines.some((line) => line.startsWith(prefix)),
      `${kind} at ${prefix.trim()}`,
    );
  }
});

test('types of exports look like those of imports', async () => {
  const bytes = await bytesOf('re-export');
  const plan = translate(bytes, decode(bytes));
  const [g, d] = exportTypes(plan);
  assert.equal(g, { name: 'g', type: { kind: 'func', type: 0 } });
  assert.is(d?.type.kind, 'instance');
  const imported = plan.imports.find((extern) => extern.name === 'a:b/c');
  assert.equal(d?.type, imported?.type);
});

test.run();
