/**
 * Runs the test files, each in a process of its own, and counts. In: `--unit` (without the slow files) or name filters.
 * Out: uvu's own report of a file that fails, and one last line `N passed, N failed, N skipped`.
 *
 * Rejected: uvu's command line. It runs all files in one process, where one file that never ends or leaves traps in a
 * store hides the others, and its totals are three lines instead of one.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const unitOnly = process.argv.includes('--unit');
const filters = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
/** Milliseconds that one file may take. */
const LIMIT = unitOnly ? 60_000 : 15 * 60_000;

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

/** Runs one file; a file that crashes, prints no summary or runs out of time counts as one failure. */
function runFile(file: string): Promise<Counts> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--no-warnings', join(root, file)], { cwd: join(root, '..'), env });
    let output = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, LIMIT);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('close', (status) => {
      clearTimeout(timer);
      // uvu colours its summary when it thinks that it may.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
      const plain = output.replaceAll(/\u001b\[\d+m/g, '');
      const counts = readCounts(plain) ?? { passed: 0, failed: 0, skipped: 0 };
      const crashed = timedOut || status !== 0 || counts.passed + counts.failed + counts.skipped === 0;
      if (crashed && counts.failed === 0) counts.failed = 1;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const mark = counts.failed > 0 ? 'FAIL' : 'ok  ';
      console.log(`${mark} ${relative(root, join(root, file))}  ${counts.passed} passed  ${seconds} s`);
      if (counts.failed > 0) console.log(timedOut ? `${plain}\n(killed after ${LIMIT / 1000} s)` : plain);
      resolve(counts);
    });
  });
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const queue = [...files];
async function worker(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const counts = await runFile(file);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
}
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
if (files.length === 0) {
  console.error('no test file matches');
  process.exitCode = 1;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (total.failed > 0) process.exitCode = 1;
