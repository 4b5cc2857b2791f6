/** The components that the page offers. In: nothing. Out: names, files, and what they are run with. */
import type { RunDefaults } from './wasi-form.ts';

export interface Example {
  /** In the folder `examples` beside the page. */
  readonly file: string;
  readonly title: string;
  readonly run?: RunDefaults;
  /** Files of components that serve its imports. */
  readonly parts?: readonly string[];
}

export const examples: readonly Example[] = [
  {
    file: 'hello.wasm',
    title: 'hello: a C program on WASI',
    run: {
      args: 'hello\n/poem.txt\nAda',
      env: 'GREETING=Ahoy',
      files: '== /poem.txt\nRoses are red,\nviolets are blue.',
    },
  },
  {
    file: 'scalars.wasm',
    title: 'scalars: numbers in, numbers out',
    run: { values: { 'hypotenuse#a': '3', 'hypotenuse#b': '4', 'next#c': "'a'" } },
  },
  {
    file: 'strings.wasm',
    title: 'strings: text and lists in memory',
    run: { values: { 'shout#text': '"how loud is it?"', 'lengths#words': '["one", "three", "fifteen"]' } },
  },
  { file: 'counter.wasm', title: 'counter: a resource and its handle table' },
  {
    file: 'two-components.wasm',
    title: 'two components, one calls the other',
    run: { values: { 'measure#text': '"seventeen letters"' } },
  },
  {
    file: 'overdrawn.wasm',
    title: 'overdrawn: a trap two components deep',
    run: { values: { 'withdraw#amount': '170' } },
  },
  {
    file: 'calculator.wasm',
    title: 'calculator: linked with another component as it starts',
    parts: ['adder.wasm'],
    run: { values: { 'sum#numbers': '[1, 2, 3, 4]' } },
  },
];
