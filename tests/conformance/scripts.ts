/**
 * The specification's reference tests as tests of this suite: one test for each script of a folder. The scripts lie beside
 * the repository; where they are not there, the tests are skipped.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { applyExceptions, findScripts, type Outcome, printOutcome, readExceptions, runFiles } from '@gangway/cli/wast';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));
const exceptions = readExceptions(fileURLToPath(new URL('exceptions.json', import.meta.url)));

export interface ScriptOptions {
  /** Decodes and validates only: the rest of the commands is none of this test's business. */
  readonly validateOnly?: boolean;
  /** Only scripts whose path matches, or does not. */
  readonly only?: RegExp;
  readonly except?: RegExp;
}

/** Makes and runs the tests for the folder `name`. Every command must pass, or be on the list of exceptions. */
export async function testScripts(name: string, options: ScriptOptions = {}): Promise<void> {
  const { validateOnly = false, only, except } = options;
  const tests = suite(validateOnly ? `${name} (decode and validate)` : name);
  const folder = `${root}${name}`;
  if (!existsSync(folder)) {
    tests.skip(`${name}: the reference tests are not there`, () => {});
    tests.run();
    return;
  }
  const files = findScripts([folder], only).filter((file) => !except?.test(file));
  tests('the exceptions are of scripts that are there', () => {
    const named = exceptions.map(({ file }) => file).filter((file) => file.startsWith(`${name}/`));
    assert.equal(
      named.filter((file) => !existsSync(root + file)),
      [],
    );
  });
  const byFile = new Map<string, Outcome[]>(files.map((file) => [file, []]));
  for (const outcome of applyExceptions(await runFiles(files, { validateOnly }), exceptions)) {
    byFile.get(outcome.file)?.push(outcome);
  }
  for (const [file, outcomes] of byFile) {
    tests(file.slice(root.length), () => {
      const bad = outcomes
        .filter(({ verdict }) => !isFine(verdict, validateOnly))
        .map((one) => printOutcome(one, true));
      assert.is(bad.join('\n'), '');
      assert.ok(outcomes.some(({ verdict }) => verdict.kind === 'passed'));
    });
  }
  tests.run();
}

function isFine(verdict: Outcome['verdict'], validateOnly: boolean): boolean {
  if (verdict.kind === 'skipped')
    return verdict.reason.startsWith('known exception') || (validateOnly && verdict.reason.startsWith('not run'));
  return verdict.kind === 'passed';
}
