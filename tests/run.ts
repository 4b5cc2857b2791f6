/**
 * Runs the test files and counts. In: `--unit` (without the slow files) or name filters. Out: uvu's own report of a file that
 * fails, and one last line `N passed, N failed, N skipped`.
 *
 * The full run starts a process for each file. The unit run starts one for each folder, since most of the time of a small file
 * is the start of a process, the loading of binaryen and of the assembler, and code that is not yet hot.
 *
 * Rejected: uvu's command line. It runs all files in one process, where one file that never ends or leaves traps in a
 * store hides the others, and its totals are three lines instead of one.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const unitOnly = process.argv.includes('--unit');
const filters = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
/** Milliseconds that one file may take. */
const LIMIT = unitOnly ? 60_000 : 15 * 60_000;

/** Files that have a process to themselves in the unit run too: what they would do to others, or others to them. */
const ALONE: Readonly<Record<string, string>> = {
  'adapter-codegen/adapters/fallback.test.ts': 'has the same tests as others, told by the environment to run otherwise',
  'host/abi/string-access.test.ts': 'replaces WebAssembly.Module before the process has made the strings module',
  'host/forms/ahead-of-time.test.ts': 'sees whether the process asks if it may evaluate code, which it asks once',
  'host/polyfill/namespace.test.ts': 'leaves WebAssembly patched',
  'host/resources/resource-class.test.ts': "allows V8's natives, from then on",
  'host/store/many-stores.test.ts': 'weighs the heap',
  'wasi/threadless.test.ts': 'sees that the process has not loaded the shim, and watches what it loads',
};
for (const file of Object.keys(ALONE)) if (!existsSync(join(root, file))) throw new Error(`no test file ${file}`);

/**
 * Node keeps the stripped and compiled sources from one process to the next: the fast files take a third less. Not in the full
 * run, some of whose files measure heaps and starts.
 */
const env = unitOnly ? { NODE_COMPILE_CACHE: join(root, '../.cache/node'), ...process.env } : process.env;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .filter((file) => !unitOnly || !file.endsWith('.slow.test.ts'))
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  // Slow files first, so that the last seconds are not one process's.
  .sort((a, b) => Number(b.includes('.slow.')) - Number(a.includes('.slow.')) || a.localeCompare(b));

/** The files of each process: always the same ones in the same order, so that what happens happens again. */
function batches(): string[][] {
  const folders = Map.groupBy(files, (file) =>
    unitOnly && ALONE[file] === undefined ? file.replace(/[/\\].*/, '') : file,
  );
  // The folders with most files first, for the same reason as slow files.
  return [...folders.values()].sort((a, b) => b.length - a.length);
}

/** Reads uvu's summary (`Total:`, `Passed:`, `Skipped:`) from what a file printed. */
function readCounts(output: string): Counts | null {
  const number = (label: string): number | null => {
    const match = new RegExp(`${label}:\\s+(\\d+)`).exec(output);
    return match ? Number(match[1]) : null;
  };
  const total = number('Total');
  const passed = number('Passed');
  const skipped = number('Skipped') ?? 0;
  if (total === null || passed === null) return null;
  return { passed, failed: total - passed, skipped };
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Counts and prints one file; one that crashed, printed no summary or ran out of time counts as one failure. */
function report(file: string, output: string, ended: boolean, milliseconds: number): void {
  // uvu colours its summary when it thinks that it may.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  const plain = output.replaceAll(/\u001b\[\d+m/g, '');
  const counts = readCounts(plain) ?? { passed: 0, failed: 0, skipped: 0 };
  if (!ended || counts.passed + counts.failed + counts.skipped === 0) counts.failed ||= 1;
  console.log(
    `${counts.failed > 0 ? 'FAIL' : 'ok  '} ${file}  ${counts.passed} passed  ${(milliseconds / 1000).toFixed(1)} s`,
  );
  if (counts.failed > 0) console.log(plain);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

/** Runs the files of a batch in one process; when it ends before all have run, the rest in another one. */
async function runBatch(batch: readonly string[]): Promise<void> {
  for (let rest = batch; rest.length > 0; ) rest = rest.slice(await runProcess(rest));
}

/** Runs files in one process. Out: how many of them it has run, the one in which it crashed included. */
function runProcess(batch: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const paths = batch.map((file) => join(root, file));
    // No test prints it.
    const line = `--- ${randomUUID()}`;
    const run = batch.length === 1 ? paths : [join(root, 'run-files.ts'), line, ...paths];
    const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, ['--no-warnings', ...run], {
      cwd: join(root, '..'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let done = 0;
    let output = '';
    let started = performance.now();
    const limit = (): NodeJS.Timeout => {
      // When all have run, nothing should keep it alive.
      const time = done < batch.length ? LIMIT : 10_000;
      return setTimeout(() => {
        output += `\n(killed after ${time / 1000} s)\n`;
        child.kill('SIGKILL');
      }, time);
    };
    let timer = limit();
    const next = (ended: boolean, text: string): void => {
      const now = performance.now();
      report(batch[done++] as string, text, ended, now - started);
      started = now;
    };
    const read = (text: string): void => {
      output += text;
      for (let end = output.indexOf(line); end >= 0; end = output.indexOf(line)) {
        clearTimeout(timer);
        const text = output.slice(0, end);
        output = output.slice(end + line.length);
        next(true, text);
        timer = limit();
      }
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('close', (status) => {
      clearTimeout(timer);
      if (done < batch.length) next(status === 0, output);
      else if (batch.length > 1 && status !== 0) {
        // A rejection that came late, or something that kept the process alive.
        console.log(`FAIL after ${batch[done - 1]}\n${output}`);
        total.failed++;
      }
      resolve(done);
    });
  });
}

const queue = batches();
async function worker(): Promise<void> {
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) await runBatch(batch);
}
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
if (files.length === 0) {
  console.error('no test file matches');
  process.exitCode = 1;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (total.failed > 0) process.exitCode = 1;
