/** Runs test files of Node's suite, one after the other. In: their bundles' addresses. Out: one result a test. */
import { describe, runTests, type TestResult } from '../support/shims/uvu.ts';
import { report } from './report.ts';

const files = new URL(location.href).searchParams.getAll('file');

await report(async () => {
  const results: TestResult[] = [];
  for (const file of files) {
    const name = file.replace(/^\/pages\//, '').replace(/\.test\.js$/, '');
    try {
      await import(file);
    } catch (error) {
      results.push({ name, error: describe(error) });
    }
    for (const result of await runTests()) results.push({ ...result, name: `${name}: ${result.name}` });
  }
  return results;
});
