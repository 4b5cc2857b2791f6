import { compileStreaming } from '../../packages/host/dist/browser/index.js';

const output = document.querySelector('output');
const print = (text) => output.append(`${text}\n`);

const END = 400_000;
const WORKERS = 4;

// Compiled once: what is sent to the workers are the engine's compiled modules and a description of how they go together.
const component = await compileStreaming(fetch('primes.wasm'));
const compiled = await component.toTransferable();

/** Has a worker of its own count the primes of a part of the numbers. */
function count(first, end) {
  const worker = new Worker('worker.js', { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = reject;
    worker.postMessage({ compiled, first, end });
  });
}

const size = END / WORKERS;
const parts = Array.from({ length: WORKERS }, (_, i) => count(i * size, (i + 1) * size));
for (const [i, found] of (await Promise.all(parts)).entries()) print(`worker ${i + 1}: ${found}`);
print(`primes below ${END}: ${(await Promise.all(parts)).reduce((sum, found) => sum + found)}`);
output.dataset.done = '';
