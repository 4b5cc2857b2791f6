/** Two components, connected while the program runs: the calculator adds with the adder. */
import { readFile } from 'node:fs/promises';
import { compile, instantiate, Store } from '@gangway/host';

interface Calculator {
  sum(numbers: Iterable<number>): number;
}

const load = async (name: string) => compile(await readFile(new URL(name, import.meta.url)));

// In one store, calls from one to the other do not pass through JavaScript.
const store = new Store();
const adder = await instantiate(await load('adder.wasm'), {}, { store });

// What one exports is what the other imports: `docs:adder/add@0.1.0`.
const calculator = await instantiate<Calculator>(await load('calculator.wasm'), adder.exports, { store });
console.log(calculator.exports.sum([1, 2, 39]));

// The same import from JavaScript.
const loud = {
  add(a: number, b: number): number {
    console.log(`${a} + ${b}`);
    return a + b;
  },
};
const other = await instantiate<Calculator>(calculator.component, { 'docs:adder/add': loud });
console.log(other.exports.sum([1, 2, 39]));
