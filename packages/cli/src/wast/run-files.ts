/**
 * Runs scripts, each in a process of its own and with a time limit. In: paths. Out: the outcome of every command.
 *
 * A process for each file, because a script may hang in a loop of a guest or take the engine down, and the others must not
 * care. The process is the module `@gangway/cli/wast-child`, found as packages are found, so that it works in bundles too.
 */

import { fork } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '@gangway/host/runtime';
import type { ChildMessage } from './child.ts';
import { ScriptError } from './s-expression.ts';
import { type Command, readScript } from './script.ts';
import { failed, type Outcome, type Verdict } from './verdict.ts';

export interface RunOptions {
  /** Only files whose path matches. */
  readonly filter?: RegExp;
  /** Milliseconds that one file may take. Default 60,000. */
  readonly timeLimit?: number;
  /** Decodes and validates only. */
  readonly validateOnly?: boolean;
  /** Runs every component from what `gangway compile` would have written. */
  readonly aheadOfTime?: boolean;
  /** Options of the engine that components run in. Features are fixed. */
  readonly engine?: EngineOptions;
  /** Called with the outcomes of a file when it has ended. */
  readonly onFile?: (file: string, outcomes: readonly Outcome[]) => void;
}

/** The scripts among `paths`, in which folders stand for all the `.wast` files below them. Throws as `statSync` does. */
export function findScripts(paths: readonly string[], filter?: RegExp): string[] {
  const found = paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const inside = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wast'));
    return inside.sort().map((name) => join(path, name));
  });
  return filter === undefined ? found : found.filter((file) => filter.test(file));
}

/** Runs the scripts; as many at a time as there are processors. Outcomes come in the order of the files. */
export async function runFiles(paths: readonly string[], options: RunOptions = {}): Promise<Outcome[]> {
  const files = findScripts(paths, options.filter);
  const results: Outcome[][] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < files.length; i = next++) {
      const file = files[i]!;
      results[i] = await runFile(file, options);
      options.onFile?.(file, results[i]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, work));
  return results.flat();
}

async function runFile(file: string, options: RunOptions): Promise<Outcome[]> {
  let commands: readonly Command[];
  try {
    commands = readScript(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const line = readFileSync(file, 'utf8').slice(0, error.position).split('\n').length;
    return [{ file, line, command: 'script', verdict: failed('a script', error.message) }];
  }
  const verdicts = await verdictsOf(file, commands.length, options);
  return commands.map(({ line, command }, i) => ({ file, line, command, verdict: verdicts[i]! }));
}

/** One verdict a command, also when the process ends too early. */
function verdictsOf(file: string, count: number, options: RunOptions): Promise<Verdict[]> {
  const { timeLimit = 60_000, validateOnly = false, aheadOfTime = false, engine = {} } = options;
  const child = fork(
    fileURLToPath(import.meta.resolve('@gangway/cli/wast-child')),
    [file, validateOnly ? 'validate' : aheadOfTime ? 'ahead of time' : 'run', JSON.stringify(engine)],
    {
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const verdicts: Verdict[] = [];
  let running = -1;
  let errors = '';
  let reason: string | undefined;
  const timer = setTimeout(() => {
    reason = `the file took longer than ${timeLimit / 1000} s`;
    child.kill('SIGKILL');
  }, timeLimit);
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  child.on('message', (message: ChildMessage) => {
    running = message.index;
    if (message.verdict !== undefined) verdicts[message.index] = message.verdict;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      reason ??= `the process ended (${signal ?? `exit code ${code}`})${lastLine(errors)}`;
      for (let i = 0; i < count; i++) {
        const where = i === running || running < 0 ? '' : 'not run, because before it: ';
        verdicts[i] ??= failed('an end', `${where}${reason}`);
      }
      resolve(verdicts);
    });
  });
}

/** The line of a crash that says most: the one with the error's message. */
function lastLine(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((one) => /^\w*Error\b/.test(one)) ?? lines.at(-1);
  return line === undefined ? '' : `: ${line.trim()}`;
}
