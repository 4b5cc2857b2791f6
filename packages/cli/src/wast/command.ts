/**
 * `gangway wast`: runs scripts and reports. In: options and paths. Out: a line for each failure, a last line with the counts, and
 * the exit code: 0 when nothing failed, 1 otherwise. UsageError for options that make no sense.
 */
import { Engine, type EngineOptions } from '@gangway/host/runtime';
import { type Invocation, type Options, UsageError } from '../command.ts';
import { CommandError } from '../report.ts';
import { Assembler, AssemblerMissing } from './assembler.ts';
import { applyExceptions, type Exception, readExceptions } from './exceptions.ts';
import { findScripts, runFiles } from './run-files.ts';
import { type Outcome, summarise } from './verdict.ts';

/** Runs the command. Returns the exit code. */
export async function runWast({ options, words, io }: Invocation): Promise<number> {
  const { scripts, exceptions, timeLimit, engine } = readOptions(options, words);
  try {
    Assembler.check();
  } catch (error) {
    throw error instanceof AssemblerMissing ? new CommandError(error.message) : error;
  }
  const skips = options.has('skips');
  const raw = await runFiles(scripts, {
    validateOnly: options.has('validate'),
    timeLimit,
    engine,
    onFile: (file, outcomes) => {
      const own = exceptions.filter((one) => isOf(one, file));
      for (const outcome of applyExceptions(outcomes, own)) {
        const line = printOutcome(outcome, skips);
        if (line !== undefined) io.out(`${line}\n`);
      }
    },
  });
  const summary = summarise(applyExceptions(raw, exceptions));
  io.out(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped\n`);
  if (options.has('json')) io.out(`${JSON.stringify(summary)}\n`);
  return summary.failed === 0 ? 0 : 1;
}

function isOf(exception: Exception, file: string): boolean {
  const path = file.replaceAll('\\', '/');
  return path === exception.file || path.endsWith(`/${exception.file}`);
}

interface WastOptions {
  readonly scripts: readonly string[];
  readonly exceptions: readonly Exception[];
  /** Milliseconds. */
  readonly timeLimit: number;
  readonly engine: EngineOptions;
}

function readOptions(options: Options, paths: readonly string[]): WastOptions {
  const seconds = Number(options.string('timeout') ?? 60);
  if (!(seconds > 0)) throw new UsageError(`--timeout: "${options.string('timeout')}" is no number of seconds`);
  const filter = options.string('filter');
  const list = options.string('exceptions');
  const pattern = filter === undefined ? undefined : usable('--filter', () => new RegExp(filter));
  const scripts = usable(null, () => findScripts(paths, pattern));
  if (scripts.length === 0) throw new UsageError('no scripts (.wast) are given');
  return {
    scripts,
    exceptions: list === undefined ? [] : usable('--exceptions', () => readExceptions(list)),
    timeLimit: seconds * 1000,
    engine: usable('--engine', () => readEngine(options.string('engine') ?? '{}')),
  };
}

function readEngine(text: string): EngineOptions {
  const options: unknown = JSON.parse(text);
  if (typeof options !== 'object' || options === null) throw new TypeError('expected an object of options');
  new Engine(options);
  return options;
}

/** What `read` returns; what it throws is bad usage of an option. */
function usable<T>(option: string | null, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(option === null ? message : `${option}: ${message}`);
  }
}

/** The line of a failure, or of a skipped command when those are asked for. */
export function printOutcome({ file, line, command, verdict }: Outcome, skips: boolean): string | undefined {
  const place = `${file}:${line}: ${command}`;
  if (verdict.kind === 'failed') return `${place}: expected ${verdict.expected}, got ${verdict.got}`;
  if (verdict.kind === 'skipped' && skips) return `${place}: skipped: ${verdict.reason}`;
  return undefined;
}
