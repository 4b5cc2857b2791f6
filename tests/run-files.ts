/**
 * Runs test files in this process, one after the other. In, as arguments: a line, then the files' paths. Out: uvu's report of
 * each file on standard output, and after each that line, by which `run.ts` knows what belongs to which file. The exit code is
 * 0 when all have run, even if some failed.
 *
 * Rejected: `uvu/run`. It loads all files before it runs the first, and makes one report of all.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [line, ...files] = process.argv.slice(2);
const uvu = globalThis as unknown as { UVU_DEFER: 1; UVU_QUEUE: unknown[][] };
// uvu looks when it is loaded: suites wait for `exec`.
uvu.UVU_DEFER = 1;
const { exec } = await import('uvu');

for (const file of files) {
  // One group, without a name; `test.run()` adds the suites of the file to it.
  uvu.UVU_QUEUE.splice(0, uvu.UVU_QUEUE.length, [null]);
  await import(pathToFileURL(resolve(file)).href);
  await exec();
  // A rejection that nobody handles ends the process now, and not in the next file.
  await new Promise((done) => setImmediate(done));
  process.stdout.write(`\n${line}\n`);
}
process.exitCode = 0;
