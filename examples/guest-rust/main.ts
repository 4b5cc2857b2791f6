/** Counts words with a component written in Rust: a resource of the guest's, and a function that the guest calls. */
import { readFile } from 'node:fs/promises';
import { instantiate } from '@gangway/host';

/** `gangway types words.wasm` writes this. */
interface Words {
  'example:words/counting@0.1.0': {
    Counter: new () => Disposable & {
      add(text: string): number;
      top(n: number): { word: string; times: number }[];
    };
  };
}

const poem = `Die Rose ist ohne Warum; sie blühet, weil sie blühet,
Sie acht nicht ihrer selbst, fragt nicht, ob man sie siehet.`;

const dull = new Set(['ist', 'ohne', 'weil', 'nicht', 'ob', 'man']);
const { instance } = await instantiate<Words>(await readFile(new URL('words.wasm', import.meta.url)), {
  skip: (word: string) => dull.has(word),
});
const { Counter } = instance.exports['example:words/counting@0.1.0'];

const counter = new Counter();
console.log(counter.add(poem), 'words');
for (const { word, times } of counter.top(3)) console.log(`${times} × ${word}`);
counter[Symbol.dispose](); // Rust frees what belongs to it.
