/** Hands what a page found to the test that opened it. In: the page's work. Out: its results, as the global `report`. */
import { describe, type TestResult } from '../support/shims/uvu.ts';

/** What a page says. */
export interface PageReport {
  readonly results: readonly TestResult[];
  /** What the page's Content-Security-Policy forbade, as `directive blocked-uri`. */
  readonly violations: readonly string[];
}

const violations: string[] = [];
globalThis.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});

/** Events of the policy are delivered after the code that caused them. */
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

export async function report(work: () => Promise<readonly TestResult[]>): Promise<void> {
  let results: readonly TestResult[];
  try {
    results = await work();
  } catch (error) {
    results = [{ name: 'the page', error: describe(error) }];
  }
  await later();
  (globalThis as { report?: PageReport }).report = { results, violations };
}
