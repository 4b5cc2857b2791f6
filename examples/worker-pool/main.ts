/**
 * A pool of workers that run one component. It is compiled once, here; the workers get the plan and the compiled modules by
 * `postMessage`, and load neither decoder nor code generator.
 *
 *     node examples/worker-pool/main.ts one.txt two.txt …
 *
 * Each file is numbered by the C program of `examples/hello-c`, in whichever worker is free.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { compile } from '@gangway/host';
import type { Answer, Job } from './worker.ts';

const bytes = await readFile(new URL('../hello-c/hello.wasm', import.meta.url));
const component = await compile(bytes);
const workerData = await component.toTransferable();

const jobs = process.argv.slice(2).map((file): Job => {
  const path = resolve(file);
  return { directory: dirname(path), file: basename(path) };
});

/** Takes jobs until there are none left. */
async function work(): Promise<void> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData });
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    worker.postMessage(job);
    // Rejects when the worker fails.
    const [{ exitCode, output }] = (await once(worker, 'message')) as [Answer];
    console.log(`worker ${worker.threadId}, exit code ${exitCode}: ${output.trim()}`);
  }
  await worker.terminate();
}

await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, work));
