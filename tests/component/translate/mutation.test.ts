/**
 * Whatever passes validation must translate, or be refused as unsupported: components of the reference tests with
 * changed bytes. `MUTATIONS` sets how many, `SEED` where to start; both are printed when it fails.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco';
import { BinaryError, decode, translate, UnsupportedError, validate } from '@gangway/component';
import { planText, sectionsText, typescriptDeclarations, witText } from '@gangway/component/reflect';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkReferences } from '../../support/plan-references.ts';
import { wastComponents } from '../../support/wast-components.ts';

const runs = Number(process.env['MUTATIONS'] ?? 6_000);
const seed = Number(process.env['SEED'] ?? 1);
const conformance = new URL('../../../../shared/conformance/', import.meta.url);
const plans = new URL('./plans/', import.meta.url);

async function corpus(): Promise<Uint8Array[]> {
  const texts = readdirSync(plans).map((file) => readFileSync(new URL(file, plans), 'utf8'));
  for (const directory of ['linking', 'values', 'resources']) {
    for (const file of readdirSync(new URL(`${directory}/`, conformance))) {
      if (!file.endsWith('.wast')) continue;
      texts.push(...wastComponents(readFileSync(new URL(`${directory}/${file}`, conformance), 'utf8')));
    }
  }
  const binaries: Uint8Array[] = [];
  for (const text of texts) binaries.push(Uint8Array.from(await parse(text).catch(() => [])));
  return binaries.filter((bytes) => bytes.length > 8);
}

/** Numbers below `limit` from a seed: the same each run. */
function randomFrom(start: number): (limit: number) => number {
  let state = start >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

test('mutated components that validate translate', async () => {
  const binaries = await corpus();
  const random = randomFrom(seed);
  let translated = 0;
  for (let run = 0; run < runs; run++) {
    const bytes = (binaries[random(binaries.length)] as Uint8Array).slice();
    for (let change = random(3); change >= 0; change--) {
      const at = 8 + random(bytes.length - 8);
      const value = bytes[at] as number;
      const changed = [random(256), bytes[8 + random(bytes.length - 8)] as number, value ^ (1 << random(3))];
      bytes[at] = changed[random(3)] as number;
    }
    const where = `SEED=${seed}, run ${run}`;
    try {
      const ast = decode(bytes);
      validate(bytes, ast);
      const plan = translate(bytes, ast);
      translated++;
      if (plan.unlinked.length === 0) checkReferences(plan);
      for (const text of [
        planText(plan),
        witText(plan),
        sectionsText(ast),
        typescriptDeclarations(plan, { name: 'x' }),
      ]) {
        assert.not.match(text, /undefined\d|\bNaN\b|\[object/, where);
      }
    } catch (error) {
      const known = error instanceof BinaryError || error instanceof UnsupportedError;
      assert.ok(known, `${where}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  assert.ok(translated > runs / 20, `${translated} of ${runs} were still valid`);
});

test.run();
