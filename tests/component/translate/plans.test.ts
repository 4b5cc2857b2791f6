/**
 * Golden plans. Each file in `plans/` is a component in text, followed by its plan in comments. `BLESS=1` writes the
 * plans anew; read the diff before you commit it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco';
import { decode, defaultFeatures, parsePlan, stringifyPlan, translate } from '@gangway/component';
import { planText } from '@gangway/component/reflect';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkReferences } from '../../support/plan-references.ts';

const directory = new URL('./plans/', import.meta.url);
const separator = '\n;; ---- plan ----\n';
const features = { ...defaultFeatures, memory64: true };

for (const file of readdirSync(directory).sort()) {
  test(file.replace(/\.wat$/, ''), async () => {
    const url = new URL(file, directory);
    const [source = '', wanted = ''] = readFileSync(url, 'utf8').split(separator);
    const bytes = await parse(source);
    const plan = translate(bytes, decode(bytes, { features }));
    const text = planText(plan)
      .trimEnd()
      .split('\n')
      .map((line) => `;; ${line}\n`)
      .join('');
    if (process.env['BLESS'] !== undefined) writeFileSync(url, `${source.trimEnd()}\n${separator}${text}`);
    else assert.is(text, wanted);
    if (plan.unlinked.length === 0) checkReferences(plan);
    assert.equal(parsePlan(stringifyPlan(plan)), plan, 'JSON round trip');
    assert.equal(structuredClone(plan), plan, 'structured clone');
  });
}

test('a stored plan of another version is refused', () => {
  assert.throws(() => parsePlan('{"version":0}'), /version 0/);
});

test.run();
