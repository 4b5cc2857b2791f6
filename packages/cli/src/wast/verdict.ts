/** What came of a command of a script, and what a run of scripts adds up to. */

export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly expected: string; readonly got: string }
  | { readonly kind: 'skipped'; readonly reason: string };

export const passed: Verdict = Object.freeze({ kind: 'passed' });

export function failed(expected: string, got: string): Verdict {
  return { kind: 'failed', expected, got };
}

export function skipped(reason: string): Verdict {
  return { kind: 'skipped', reason };
}

/** A command with its place and what came of it. */
export interface Outcome {
  /** The script, as it was given or found. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly command: string;
  readonly verdict: Verdict;
}

/** One failure, as `--json` prints it. */
export interface Failure {
  readonly file: string;
  readonly line: number;
  readonly command: string;
  readonly expected: string;
  readonly got: string;
}

/** What `--json` prints. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

export function summarise(outcomes: readonly Outcome[]): Summary {
  const failures: Failure[] = [];
  let passes = 0;
  let skips = 0;
  for (const { file, line, command, verdict } of outcomes) {
    if (verdict.kind === 'passed') passes++;
    else if (verdict.kind === 'skipped') skips++;
    else failures.push({ file, line, command, expected: verdict.expected, got: verdict.got });
  }
  return { passed: passes, failed: failures.length, skipped: skips, failures };
}
