/** Compiles a component and calls it: an import, two calls, a wrong argument, a trap. */
import { readFile } from 'node:fs/promises';
import { compile, instantiate, Trap } from '@gangway/host';

/** `gangway types greet.wasm` writes this. */
interface Greeter {
  greet(name: string): string;
}

const component = await compile(await readFile(new URL('greet.wasm', import.meta.url)));
console.log('it imports', component.imports.map(({ name }) => name).join(', '));

const { exports } = await instantiate<Greeter>(component, {
  log: (message: string) => console.log(`  log: ${message}`),
});
console.log(exports.greet('Ada'));
console.log(exports.greet('Grace'));

// Arguments are checked before the guest runs.
try {
  exports.greet(7 as unknown as string);
} catch (error) {
  console.log((error as TypeError).message);
}

// An import that throws is a trap: the instance cannot be used any more, and the next one knows nothing of it.
const unlucky = await instantiate<Greeter>(component, {
  log: () => {
    throw new Error('out of ink');
  },
});
try {
  unlucky.exports.greet('Ada');
} catch (error) {
  if (error instanceof Trap) console.log(`${error.code}: ${(error.cause as Error).message}`);
}
