/**
 * The specification's reference tests, as far as validation goes: what must load, and what must be refused with which
 * message. Running them is the conformance runner's matter.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { allFeatures, type ComponentAst, decode } from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Assembler } from '../../../packages/cli/src/wast/assembler.ts';
import { type Form, readScript } from '../../../packages/cli/src/wast/script.ts';
import { judge, refusal } from './check.ts';

const root = new URL('../../../../shared/conformance/', import.meta.url);
// extern-names.wast has nested names refused: it is written for a closed gate.
const features = { ...allFeatures, 'nested-names': false };
const assembler = await Assembler.load();

/** The bytes of a form; `null` when the text assembler refuses it. */
async function bytesOf(form: Form): Promise<Uint8Array<ArrayBuffer> | null> {
  if (form.source.kind === 'binary') return new Uint8Array(form.source.bytes);
  const result = await assembler.assemble(form.source.text);
  return result.kind === 'bytes' ? result.bytes : null;
}

function coreModulesValid(bytes: Uint8Array<ArrayBuffer>, ast: ComponentAst): boolean {
  return ast.definitions.every((definition) => {
    if (definition.kind === 'component') return coreModulesValid(bytes, definition.component);
    if (definition.kind !== 'core-module') return true;
    return WebAssembly.validate(bytes.subarray(definition.range.start, definition.range.end));
  });
}

interface Counts {
  refused: number;
  loaded: number;
  /** Texts that the assembler refuses. */
  skipped: number;
}

async function run(directory: string): Promise<Counts> {
  const counts: Counts = { refused: 0, loaded: 0, skipped: 0 };
  const folder = new URL(`${directory}/`, root);
  for (const file of readdirSync(folder).sort()) {
    for (const command of readScript(readFileSync(new URL(file, folder), 'utf8'))) {
      if (command.kind !== 'form' && command.kind !== 'refusal') continue;
      if (command.form.sort !== 'component') continue;
      const bytes = await bytesOf(command.form);
      if (bytes === null) {
        counts.skipped++;
        continue;
      }
      const where = `${directory}/${file}:${command.line}`;
      const error = refusal(bytes, features);
      if (command.kind === 'form') {
        assert.is(error?.message, undefined, where);
        counts.loaded++;
      } else {
        if (error === null) assert.not(coreModulesValid(bytes, decode(bytes, { features })), `${where}: accepted`);
        else assert.ok(error.message.includes(command.message), `${where}: '${command.message}' in '${error.message}'`);
        counts.refused++;
      }
    }
  }
  return counts;
}

const expected: Readonly<Record<string, Counts>> = {
  binary: { refused: 88, loaded: 35, skipped: 0 },
  // Five texts are malformed as text.
  validation: { refused: 356, loaded: 100, skipped: 5 },
  linking: { refused: 2, loaded: 65, skipped: 0 },
  async: { refused: 4, loaded: 36, skipped: 0 },
  resources: { refused: 0, loaded: 8, skipped: 0 },
  values: { refused: 0, loaded: 41, skipped: 0 },
};

for (const [directory, counts] of Object.entries(expected)) {
  test(`reference tests: ${directory}`, async () => {
    assert.equal(await run(directory), counts);
  });
}

test('what reflection starts from: imports, exports and core modules in order', async () => {
  const result = await assembler.assemble(
    '(component (import "b" (func)) (import "a" (func)) (core module (func (export "f"))) (export "c" (func 0)))',
  );
  assert.is(result.kind, 'bytes');
  if (result.kind !== 'bytes') return;
  const { imports, exports, modules } = judge(result.bytes);
  assert.equal([...imports.keys()], ['b', 'a']);
  assert.equal([...exports.keys()], ['c']);
  assert.equal(
    [...modules.values()].map((module) => module.exports.map((item) => item.name)),
    [['f']],
  );
});

test.run();
