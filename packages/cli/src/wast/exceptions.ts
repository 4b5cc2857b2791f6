/**
 * Known exceptions: commands that are expected to fail or to be skipped, with the reason. In: a checked-in list and the
 * outcomes of a run. Out: the outcomes with the excused ones skipped, and those that pass after all failed.
 */

import { readFileSync } from 'node:fs';
import { failed, type Outcome, skipped } from './verdict.ts';

export interface Exception {
  /** The end of the script's path, with `/` between folders. */
  readonly file: string;
  /** Line of the command, from 1. */
  readonly line: number;
  readonly command: string;
  /** Why it cannot pass, and why that lies outside this project. */
  readonly reason: string;
}

/** Reads a list. Throws `TypeError` when an entry is incomplete. */
export function readExceptions(path: string): Exception[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(list)) throw new TypeError(`${path}: expected an array`);
  return list.map((entry: Partial<Exception> | null, i) => {
    const { file, line, command, reason } = entry ?? {};
    const complete =
      typeof file === 'string' &&
      typeof line === 'number' &&
      typeof command === 'string' &&
      typeof reason === 'string' &&
      reason !== '';
    if (!complete) throw new TypeError(`${path}: entry ${i} needs "file", "line", "command" and a "reason"`);
    return { file, line, command, reason };
  });
}

function concerns(exception: Exception, { file, line, command }: Outcome): boolean {
  const path = file.replaceAll('\\', '/');
  return (
    exception.line === line &&
    exception.command === command &&
    (path === exception.file || path.endsWith(`/${exception.file}`))
  );
}

/**
 * Applies a list to outcomes. A listed command that passes becomes a failure: the list must shrink. Entries about a script
 * that was run, but about no command of it, become failures as well.
 */
export function applyExceptions(outcomes: readonly Outcome[], exceptions: readonly Exception[]): Outcome[] {
  const used = new Set<Exception>();
  const applied = outcomes.map((outcome): Outcome => {
    const exception = exceptions.find((one) => concerns(one, outcome));
    if (exception === undefined) return outcome;
    used.add(exception);
    if (outcome.verdict.kind === 'passed') {
      return {
        ...outcome,
        verdict: failed(`a known exception (${exception.reason})`, 'it passes: take it off the list'),
      };
    }
    return { ...outcome, verdict: skipped(`known exception: ${exception.reason}`) };
  });
  for (const exception of exceptions) {
    if (used.has(exception)) continue;
    const { file, line, command } = exception;
    const ran = outcomes.some(
      (outcome) => outcome.file.replaceAll('\\', '/').endsWith(`/${file}`) || outcome.file === file,
    );
    if (ran)
      applied.push({ file, line, command, verdict: failed('the command of a known exception', 'there is none') });
  }
  return applied;
}
