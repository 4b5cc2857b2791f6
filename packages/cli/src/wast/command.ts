/**
 * `gangway wast`: runs scripts and reports. In: arguments. Out: a line for each failure, a last line with the counts, and the
 * exit code: 0 when nothing failed, 1 otherwise, 2 for bad usage.
 */

import { parseArgs } from 'node:util';
import { Engine, type EngineOptions } from '@gangway/host/runtime';
import { Assembler, AssemblerMissing } from './assembler.ts';
import { applyExceptions, type Exception, readExceptions } from './exceptions.ts';
import { findScripts, runFiles } from './run-files.ts';
import { type Outcome, summarise } from './verdict.ts';

export const wastUsage = `gangway wast FILE|DIR… [options]

Runs the specification's test scripts (.wast), each file in a process of its own.

  --filter RE         only files whose path matches the regular expression
  --validate          decode and validate only; what would have to run is skipped
  --exceptions FILE   a list of commands that are known to fail, with reasons (JSON); it is a failure when one passes
  --timeout SECONDS   time limit of one file (default 60)
  --engine JSON       options of the engine, such as '{"codegen":"binaryen"}'
  --skips             print a line for each skipped command too, with the reason
  --json              the last line is one JSON object: passed, failed, skipped, failures
`;

/** Where the command writes, a line at a time. */
export interface Output {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

const consoleOutput: Output = { out: (line) => console.log(line), error: (line) => console.error(line) };

/** Runs the command. Returns the exit code. */
export async function wastCommand(args: readonly string[], output: Output = consoleOutput): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
    if (options.help) {
      output.out(wastUsage);
      return 0;
    }
    if (options.scripts.length === 0) throw new TypeError('no scripts (.wast) are given');
  } catch (error) {
    output.error(`gangway wast: ${(error as Error).message}\n\n${wastUsage}`);
    return 2;
  }
  try {
    Assembler.check();
  } catch (error) {
    if (!(error instanceof AssemblerMissing)) throw error;
    output.error(`gangway wast: ${error.message}`);
    return 1;
  }
  const report = (outcomes: readonly Outcome[]): void => {
    for (const outcome of outcomes) {
      const line = printOutcome(outcome, options.skips);
      if (line !== undefined) output.out(line);
    }
  };
  const raw = await runFiles(options.scripts, {
    validateOnly: options.validate,
    timeLimit: options.timeLimit,
    engine: options.engine,
    onFile: (file, outcomes) =>
      report(
        applyExceptions(
          outcomes,
          options.exceptions.filter((one) => isOf(one, file)),
        ),
      ),
  });
  const summary = summarise(applyExceptions(raw, options.exceptions));
  output.out(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
  if (options.json) output.out(JSON.stringify(summary));
  return summary.failed === 0 ? 0 : 1;
}

function isOf(exception: Exception, file: string): boolean {
  const path = file.replaceAll('\\', '/');
  return path === exception.file || path.endsWith(`/${exception.file}`);
}

function readOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      filter: { type: 'string' },
      exceptions: { type: 'string' },
      timeout: { type: 'string', default: '60' },
      engine: { type: 'string', default: '{}' },
      validate: { type: 'boolean', default: false },
      skips: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const engine: unknown = JSON.parse(values.engine);
  if (typeof engine !== 'object' || engine === null) throw new TypeError('--engine: expected an object of options');
  new Engine(engine);
  const seconds = Number(values.timeout);
  if (!(seconds > 0)) throw new TypeError(`--timeout: \`${values.timeout}\` is no number of seconds`);
  return {
    help: values.help,
    scripts: values.help
      ? []
      : findScripts(positionals, values.filter === undefined ? undefined : new RegExp(values.filter)),
    exceptions: values.exceptions === undefined ? [] : readExceptions(values.exceptions),
    timeLimit: seconds * 1000,
    engine: engine as EngineOptions,
    validate: values.validate,
    skips: values.skips,
    json: values.json,
  };
}

/** The line of a failure, or of a skipped command when those are asked for. */
export function printOutcome({ file, line, command, verdict }: Outcome, skips: boolean): string | undefined {
  const place = `${file}:${line}: ${command}`;
  if (verdict.kind === 'failed') return `${place}: expected ${verdict.expected}, got ${verdict.got}`;
  if (verdict.kind === 'skipped' && skips) return `${place}: skipped: ${verdict.reason}`;
  return undefined;
}
